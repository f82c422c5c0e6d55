"""The portal's settings for benches: the same, and its workers tell where their time goes (`benchmarks.timing`)."""

from procurement.settings import *  # noqa: F403  all of them, as they are
from procurement.settings import INSTALLED_APPS as USUAL_APPS

INSTALLED_APPS = [*USUAL_APPS, "benchmarks.timing.Timing"]
