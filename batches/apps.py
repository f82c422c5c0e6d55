from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BatchesConfig(AppConfig):
    name = "batches"
    verbose_name = _("Batches")

    def ready(self) -> None:
        # Models can be imported from here on.
        from batches import exporting
        from exports import writers

        batch = writers.Writer(_("results of a batch"), exporting.write, exporting.shown, exporting.address)
        writers.register(exporting.WRITER, batch)
