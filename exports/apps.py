from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = _("Exports")

    def ready(self) -> None:
        # Models can be imported from here on.
        from exports import writing
        from exports.models import Export

        # However a row goes, by a page or with its team, its file is to follow.
        post_delete.connect(writing.row_deleted, sender=Export, dispatch_uid="exported files follow their rows")
