from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = _("Suppliers’ dossiers")

    def ready(self) -> None:
        # Models can be imported from here on.
        from accounts.attachments import row_deleted
        from dossiers.models import SupplierFile

        post_delete.connect(row_deleted, sender=SupplierFile, dispatch_uid="files of suppliers follow their rows")
