"""Exchange rates, as an administrator enters or uploads them."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

SMALLEST_RATE = Decimal("0.00000001")
_is_a_code = RegexValidator(r"^[A-Z]{3}$", _("Give a currency by its three letters, for example CNY."))


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    def latest_on(self, day: date, currencies: Collection[str] | None = None) -> "ExchangeRateQuerySet":
        """Of each pair of these currencies (of all by default) the newest rate that was valid by then; one query."""
        pair = ExchangeRate.objects.filter(source=OuterRef("source"), target=OuterRef("target"), valid_on__lte=day)
        newest = pair.order_by("-valid_on").values("pk")[:1]
        rates = self.filter(pk=Subquery(newest))
        return rates if currencies is None else rates.filter(source__in=currencies, target__in=currencies)


class ExchangeRate(models.Model):
    """From a day on, one unit of `source` is worth `rate` units of `target`."""

    source = models.CharField(_("from"), max_length=3, validators=[_is_a_code])
    target = models.CharField(_("to"), max_length=3, validators=[_is_a_code])
    rate = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=8, validators=[MinValueValidator(SMALLEST_RATE)]
    )
    valid_on = models.DateField(_("valid on"), help_text=_("and after it, until a newer rate."))
    note = models.CharField(
        _("where it is from"), max_length=200, blank=True, help_text=_("For example “Bank of China, middle rate”.")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField(_("entered"), auto_now=True)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_on", "source", "target")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "target", "valid_on"),
                name="one_rate_per_pair_and_day",
                violation_error_message=_("There is a rate of this pair for this day already: change that one."),
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="a_rate_is_above_zero"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_rate_is_between_two_currencies"),
        )
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")

    def __str__(self) -> str:
        return f"{self.source} → {self.target} {self.rate.normalize():f} ({self.valid_on:%Y-%m-%d})"

    def clean(self) -> None:
        if self.source and self.source == self.target:
            raise ValidationError({"target": _("Give two different currencies.")}, code="same")
