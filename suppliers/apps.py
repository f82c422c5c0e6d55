from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        # Models can be imported from here on.
        from accounts import attachments
        from exports import writers
        from searches import orphans
        from suppliers import exporting, pictures
        from suppliers.models import Attachment, KeptPicture

        # However a row goes, by a page or with its list, its file is to follow.
        post_delete.connect(attachments.row_deleted, sender=Attachment, dispatch_uid="attached files follow")
        post_delete.connect(pictures.row_deleted, sender=KeptPicture, dispatch_uid="kept pictures follow")
        orphans.look_into(attachments.FOLDER, attachments.named)
        orphans.look_into(pictures.FOLDER, pictures.named)
        entries = writers.Writer(_("supplier list"), exporting.write, exporting.shown, exporting.address)
        writers.register(exporting.WRITER, entries)
