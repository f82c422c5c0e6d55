"""What the team has bought before: from whom, at what price."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet

LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE = 64, 300, 2000


class ItemQuerySet(TeamScopedQuerySet["Item"]):
    def current(self) -> "ItemQuerySet":
        """Those that are not archived: what searches find."""
        return self.filter(archived_at=None)


class Item(models.Model):
    """A product of the team's own catalogue. Its code names it: imports change the item of the same code."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(_("own code"), max_length=LONGEST_CODE)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    supplier_name = models.CharField(_("supplier"), max_length=200, blank=True)
    # Where it can be bought again.
    url = models.URLField(_("offer page"), max_length=1000, blank=True)
    # Which offer it was bought by; "" for what no marketplace offered.
    marketplace = models.CharField(_("marketplace"), max_length=40, blank=True)
    offer_id = models.CharField(_("offer id"), max_length=64, blank=True)
    price = models.DecimalField(
        _("price"), max_digits=14, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    # [[quantity from, price as text], …], ascending, as offers keep them.
    tiers = models.JSONField(_("price tiers"), default=list, blank=True)
    moq = models.PositiveIntegerField(_("MOQ"), null=True, blank=True)
    last_bought = models.DateField(_("last bought"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=LONGEST_NOTE, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    # Counts the changes: whoever saves says on which one theirs builds.
    version = models.PositiveIntegerField(default=1)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("team", "code"),
                name="one_item_per_team_and_code",
                violation_error_message=_("Your team already has an item with this code."),
            ),
        )
        indexes = (
            models.Index(fields=("team", "-changed_at", "-id"), condition=Q(archived_at=None), name="item_by_change"),
            models.Index(fields=("team", "supplier_name", "-changed_at", "-id"), name="item_by_supplier"),
            models.Index(fields=("team", "offer_id", "marketplace"), condition=~Q(offer_id=""), name="item_by_offer"),
        )
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("catalog:item", args=[self.pk])

    @property
    def price_tiers(self) -> list[tuple[int, Decimal]]:
        """From how many pieces on one costs how much."""
        return [(int(quantity), Decimal(price)) for quantity, price in self.tiers]
