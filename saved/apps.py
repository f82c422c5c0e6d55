from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedConfig(AppConfig):
    name = "saved"
    verbose_name = _("Saved searches")

    def ready(self) -> None:
        # Models can be imported from here on.
        from saved.opening import default_query
        from searches import opening

        opening.register(default_query)
