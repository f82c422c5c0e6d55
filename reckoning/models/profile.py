"""A team's reusable answer to "what comes on top of the price until it is here?"."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Team, TeamScopedQuerySet
from reckoning import landed

LONGEST_NOTES = 2000
_NOT_NEGATIVE = MinValueValidator(Decimal(0))


class CostProfileQuerySet(TeamScopedQuerySet["CostProfile"]):
    def current(self) -> "CostProfileQuerySet":
        """Without those that are archived, which only results that were reckoned with them still show."""
        return self.filter(archived_at=None)


def _amount(name: StrOrPromise) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(name, max_digits=14, decimal_places=4, default=Decimal(0), validators=[_NOT_NEGATIVE])


def _percent(name: StrOrPromise) -> "models.DecimalField[Decimal, Decimal]":
    most = MaxValueValidator(Decimal(999))
    return models.DecimalField(
        name, max_digits=6, decimal_places=3, default=Decimal(0), validators=[_NOT_NEGATIVE, most]
    )


def _currency(name: StrOrPromise, default: str) -> "models.CharField[str, str]":
    return models.CharField(name, max_length=3, default=default)


class CostProfile(models.Model):
    """Freight, duty, fees and the currency that all is told in. `reckoning.landed` has the formula."""

    class Freight(models.TextChoices):
        NONE = landed.FreightKind.NONE.value, _("none: the price includes it")
        PIECE = landed.FreightKind.PIECE.value, _("by the piece")
        KILOGRAM = landed.FreightKind.KILOGRAM.value, _("by the kilogram")
        ORDER = landed.FreightKind.ORDER.value, _("flat for the order")

    class Other(models.TextChoices):
        PIECE = landed.OtherKind.PIECE.value, _("by the piece")
        ORDER = landed.OtherKind.ORDER.value, _("flat for the order")

    class DutyBase(models.TextChoices):
        CIF = landed.DutyBase.CIF.value, _("goods, freight and other costs (CIF: EU, UK, China and most)")
        FOB = landed.DutyBase.FOB.value, _("goods alone (FOB: USA, Canada, Australia)")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="cost_profiles")
    name = models.CharField(_("name"), max_length=100)
    target_currency = _currency(_("landed cost in"), "USD")
    freight_kind = models.CharField(_("freight"), max_length=10, choices=Freight, default=Freight.KILOGRAM)
    freight_amount = _amount(_("freight amount"))
    freight_currency = _currency(_("currency of the freight"), "USD")
    kg_per_piece = models.DecimalField(
        _("kilograms a piece"),
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
    )
    duty_percent = _percent(_("duty"))
    duty_base = models.CharField(_("duty on"), max_length=3, choices=DutyBase, default=DutyBase.CIF)
    agent_percent = _percent(_("agent fee"))
    inspection_amount = _amount(_("inspection for the order"))
    inspection_currency = _currency(_("currency of the inspection"), "USD")
    other_kind = models.CharField(_("other costs"), max_length=10, choices=Other, default=Other.ORDER)
    other_amount = _amount(_("other costs, amount"))
    other_currency = _currency(_("currency of the other costs"), "USD")
    notes = models.TextField(
        _("notes"), max_length=LONGEST_NOTES, validators=[MaxLengthValidator(LONGEST_NOTES)], blank=True
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Counts the changes, so that the second of two who edit at once is told.
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = CostProfileQuerySet.as_manager()

    class Meta:
        ordering = (Lower("name"), "pk")
        constraints = (
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at=None),
                name="one_cost_profile_per_team_and_name",
                violation_error_message=_("Your team already has a cost profile of this name."),
            ),
        )
        verbose_name = _("cost profile")
        verbose_name_plural = _("cost profiles")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reckoning:profile", args=[self.pk])

    def clean(self) -> None:
        if self.freight_kind != self.Freight.NONE and not self.freight_amount:
            raise ValidationError({"freight_amount": _("Give the amount, or choose “none”.")}, code="required")
