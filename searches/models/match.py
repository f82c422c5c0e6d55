"""What a search found: offers, and which image saw each at which rank."""

from decimal import Decimal
from enum import IntFlag
from functools import reduce
from operator import add

from django.db import models
from django.db.models import Case, Expression, Q, TextField, Value, When
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from accounts.models import TeamScopedQuerySet
from searches.marketplaces import Identity, PriceKind
from searches.models.image import QueryImage
from searches.models.job import SearchCall, SearchJob


class OfferFields(models.Model):
    """An offer as a marketplace showed it at one moment. Matches and list entries are both such snapshots."""

    marketplace = models.CharField(_("marketplace"), max_length=40)
    offer_id = models.CharField(_("offer id"), max_length=64)
    title = models.CharField(_("title"), max_length=500)
    url = models.URLField(_("offer page"), max_length=1000, blank=True)
    image_url = models.URLField(_("picture"), max_length=1000, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    # [[quantity from, price as text], …], ascending.
    tiers = models.JSONField(_("price tiers"), default=list)
    # {kind: price as text}, kinds as `PriceKind` names them.
    prices = models.JSONField(_("other prices"), default=dict)
    moq = models.PositiveIntegerField(_("MOQ"), null=True)
    similarity = models.FloatField(_("similarity"), null=True, help_text=_("0 to 1, as the marketplace gives it"))
    rank = models.PositiveIntegerField(_("rank"))
    monthly_sales = models.PositiveIntegerField(_("sold a month"), null=True)
    repurchase_rate = models.FloatField(_("repurchased"), null=True, help_text=_("share of buyers, 0 to 1"))
    ships_within_hours = models.PositiveIntegerField(_("ships within hours"), null=True)
    dropshipping = models.BooleanField(_("dropshipping"), null=True)
    patented = models.BooleanField(_("patented"), null=True)
    advertised = models.BooleanField(_("advertised"), null=True)
    supplier_id = models.CharField(_("supplier id"), max_length=64, blank=True)
    supplier_name = models.CharField(_("supplier"), max_length=200, blank=True)
    supplier_location = models.CharField(_("location"), max_length=100, blank=True)
    supplier_credit = models.PositiveSmallIntegerField(_("credit"), null=True)
    supplier_years = models.PositiveSmallIntegerField(_("years"), null=True)
    supplier_medal = models.PositiveSmallIntegerField(_("trade medal"), null=True)
    supplier_score = models.FloatField(_("service score"), null=True, help_text=_("0 to 5"))
    # As `Identity` names them.
    identities = models.JSONField(_("certified as"), default=list)
    extras = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(_("fetched"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def other_prices(self) -> dict[PriceKind, Decimal]:
        """The prices beside the one that everybody pays, by their kinds, in the kinds' order."""
        return {kind: Decimal(self.prices[kind]) for kind in PriceKind if kind in self.prices}

    @property
    def price_tiers(self) -> list[tuple[int, Decimal]]:
        """From how many pieces on one costs how much."""
        return [(int(quantity), Decimal(price)) for quantity, price in self.tiers]


class Trait(IntFlag):
    """What offers are filtered by that is either so or not, as bits of `SupplierMatch.traits`."""

    SUPER_FACTORY = 1
    FACTORY = 2
    STRONG_MERCHANT = 4
    CERTIFIED_FACTORY = 8
    VERIFIED = 16
    DROPSHIPPING = 32
    SHIPS_IN_24_HOURS = 64
    SHIPS_IN_48_HOURS = 128


def _traits() -> Expression:
    """The sum of an offer's bits. Whether a JSON list holds a text is asked in words that every database knows."""
    conditions: dict[Trait, Q] = {
        Trait[identity.name]: Q(GreaterThan(StrIndex(Cast("identities", TextField()), Value(f'"{identity}"')), 0))
        for identity in Identity
    }
    conditions |= {
        Trait.DROPSHIPPING: Q(dropshipping=True),
        Trait.SHIPS_IN_24_HOURS: Q(ships_within_hours__lte=24),
        Trait.SHIPS_IN_48_HOURS: Q(ships_within_hours__lte=48),
    }
    bits = [Case(When(asked, then=Value(trait.value)), default=Value(0)) for trait, asked in conditions.items()]
    return reduce(add, bits)


class SupplierMatchQuerySet(TeamScopedQuerySet["SupplierMatch"]):
    team_path = "job__team"


class SupplierMatch(OfferFields):
    """An offer that a job found; its similarities and its rank are the best of its sightings.

    `similarity` is the marketplace's word, `visual` our own.
    """

    job = models.ForeignKey(SearchJob, on_delete=models.CASCADE, related_name="matches")
    # Of all sightings together, written with each: ten thousand matches are sorted without reading their sightings.
    photos_count = models.PositiveSmallIntegerField(_("photos that found it"), default=1)
    fused = models.FloatField(_("ranks of all photos, blended"), default=0.0)
    visual = models.FloatField(
        _("similarity by our eye"), null=True, help_text=_("0 to 1, as we compared its picture with the photos")
    )
    # Why its picture could not be compared (searches/looks/reasons.py).
    unseen = models.CharField(max_length=20, blank=True)
    # Offers of one search that show the same picture have the same number: the smallest id among them.
    photo_group = models.BigIntegerField(_("same photo"), null=True)
    # Kept by the database: one number to read of each of very many offers, instead of JSON and flags.
    traits = models.GeneratedField(
        expression=_traits(), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )

    objects = SupplierMatchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("job", "marketplace", "offer_id"), name="one_match_per_job_marketplace_and_offer"
            ),
        )
        indexes = (
            models.Index(fields=("job", "rank", "id"), name="match_by_rank"),
            # An offer in all of a team's searches, with its prices, without touching the rows (searches/memory.py).
            models.Index(
                fields=("offer_id", "marketplace", "fetched_at", "job", "price", "currency"), name="match_by_offer"
            ),
            # All offers of a supplier; of marketplaces that give no ids, by the name.
            models.Index(fields=("supplier_id", "supplier_name"), name="match_by_supplier"),
        )
        verbose_name = _("supplier match")
        verbose_name_plural = _("supplier matches")

    @property
    def likeness(self) -> float | None:
        """What offers are sorted and filtered by: the marketplace's similarity, else ours."""
        return self.visual if self.similarity is None else self.similarity


class Sighting(models.Model):
    """One image found one offer, at this rank."""

    match = models.ForeignKey(SupplierMatch, on_delete=models.CASCADE, related_name="sightings")
    call = models.ForeignKey(SearchCall, on_delete=models.CASCADE, related_name="sightings")
    image = models.ForeignKey(QueryImage, on_delete=models.CASCADE, related_name="sightings")
    rank = models.PositiveIntegerField()
    similarity = models.FloatField(null=True, help_text=_("0 to 1, as the marketplace gives it"))
    visual = models.FloatField(null=True, help_text=_("0 to 1, as our own eye sees it"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("match", "image"), name="one_sighting_per_match_and_image"),)

    def __str__(self) -> str:
        return f"rank {self.rank} by image {self.image_id}"
