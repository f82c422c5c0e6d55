from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReckoningConfig(AppConfig):
    name = "reckoning"
    verbose_name = _("Rates, costs and weights")
