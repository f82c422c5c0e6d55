"""A match as the comparison's line: every figure already in words, so that the template only places them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from searches.addresses import changed
from searches.badges import Badge, Standing, badges_of, price_lines, prices_told, standing_of
from searches.formats import money, percent
from searches.knownoffers import Known, OfferKey
from searches.marketplaces import MARKETPLACES
from searches.models import QueryImage, SupplierMatch
from searches.sightings import FoundBy, found_by

# The columns that a line needs; an offer's extras are long and stay in the database.
FIELDS = (
    "marketplace",
    "offer_id",
    "title",
    "url",
    "image_url",
    "price",
    "currency",
    "tiers",
    "prices",
    "moq",
    "similarity",
    "rank",
    "monthly_sales",
    "repurchase_rate",
    "ships_within_hours",
    "dropshipping",
    "patented",
    "advertised",
    "supplier_name",
    "supplier_location",
    "supplier_credit",
    "supplier_years",
    "supplier_medal",
    "supplier_score",
    "identities",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `tone` is "best" for the best of its column, "dim" for words about what is missing."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line; a cell is None where its column is not shown.

    percent: the length of the similarity's bar, None without one.
    """

    id: int
    title: str
    url: str
    image_url: str
    price: Cell
    price_lines: list[str]
    prices_told: str
    moq: Cell
    similarity: Cell
    percent: int | None
    sold: Cell | None
    repurchased: Cell | None
    supplier: Cell
    supplier_url: str
    standing: Standing
    credit: Cell | None
    location: Cell
    lists: list[str]
    marketplace: str
    badges: list[Badge]
    found_by: FoundBy | None


@dataclass(frozen=True, slots=True)
class Best:
    """The best figures of the filtered rows; None where none is to be set off."""

    price: Decimal | None
    moq: int | None
    similarity: float | None


def rows_of(
    matches: Iterable[SupplierMatch],
    best: Best,
    params: QueryDict,
    known: Mapping[OfferKey, list[Known]],
    *,
    columns: Collection[str],
    name_marketplace: bool,
    photos: Sequence[QueryImage],
) -> list[Row]:
    """`columns`: the keys of those that are shown. `photos`: the search's; of several, matches come with `seen`."""
    # Not `changed` for each row: fifty addresses that differ in one word.
    elsewhere = changed(params, supplier=None)
    return [
        _row(
            match,
            best,
            elsewhere,
            known,
            columns=columns,
            name_marketplace=name_marketplace,
            found_by=found_by(vars(match)["seen"], photos) if len(photos) > 1 else None,
        )
        for match in matches
    ]


def _row(
    match: SupplierMatch,
    best: Best,
    elsewhere: str,
    known: Mapping[OfferKey, list[Known]],
    *,
    columns: Collection[str],
    name_marketplace: bool,
    found_by: FoundBy | None,
) -> Row:
    similarity = match.similarity
    return Row(
        id=match.pk,
        title=match.title or _("offer %(id)s, without a title") % {"id": match.offer_id},
        url=match.url,
        image_url=match.image_url,
        price=_price(match, best),
        price_lines=price_lines(match),
        prices_told=prices_told(match),
        moq=_figure(match.moq, _("no MOQ"), best.moq),
        similarity=_similarity(match, best),
        percent=None if similarity is None else round(100 * min(1.0, max(0.0, similarity))),
        sold=_figure(match.monthly_sales, _("not given"), None) if "sold" in columns else None,
        repurchased=_share(match.repurchase_rate) if "repurchased" in columns else None,
        supplier=Cell(match.supplier_name) if match.supplier_name else Cell(_("unknown supplier"), "dim"),
        supplier_url=f"{elsewhere}&{urlencode({'supplier': match.supplier_name})}" if match.supplier_name else "",
        standing=standing_of(match),
        credit=_figure(match.supplier_credit, _("no rating"), None) if "credit" in columns else None,
        location=Cell(match.supplier_location) if match.supplier_location else Cell(_("unknown"), "dim"),
        lists=[one.list_name for one in known.get((match.marketplace, match.offer_id), [])],
        marketplace=marketplace_label(match.marketplace) if name_marketplace else "",
        badges=badges_of(match),
        found_by=found_by,
    )


def marketplace_label(key: str) -> str:
    return _(MARKETPLACES[key].label) if key in MARKETPLACES else key


def _price(match: SupplierMatch, best: Best) -> Cell:
    if match.price is None:
        return Cell(_("no price"), "dim")
    return Cell(money(match.price, match.currency), "best" if match.price == best.price else "")


def _figure(value: int | None, missing: str, best: int | None) -> Cell:
    if value is None:
        return Cell(missing, "dim")
    return Cell(f"{value:,}", "best" if value == best else "")


def _similarity(match: SupplierMatch, best: Best) -> Cell:
    if match.similarity is None:
        return Cell(_("rank %(rank)d") % {"rank": match.rank}, "dim")
    return Cell(f"{match.similarity:.2f}", "best" if match.similarity == best.similarity else "")


def _share(value: float | None) -> Cell:
    return Cell(_("not given"), "dim") if value is None else Cell(percent(value))
