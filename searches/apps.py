from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class SearchesConfig(AppConfig):
    name = "searches"
    verbose_name = _("Searches")

    def ready(self) -> None:
        # Models can be imported from here on.
        from exports import writers, writing
        from searches import exporting, orphans, removal
        from searches.models import QueryImage

        # However a row goes, by a page, the administration or with its team, its files are to follow.
        post_delete.connect(removal.row_deleted, sender=QueryImage, dispatch_uid="files follow their rows")
        # The room below cannot ask for it.
        orphans.look_into(writing.FOLDER, writing.named)
        offers = writers.Writer(_("offers of a search"), exporting.write, exporting.shown, exporting.address)
        writers.register(exporting.WRITER, offers)
