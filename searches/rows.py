"""A match as the comparison's line: every figure already in words, so that the template only places them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.badges import Badge, badges_of
from searches.cell import Cell, Surroundings
from searches.cells import cell_of
from searches.knownoffers import Known, OfferKey
from searches.layout import Layout, opened
from searches.listing import Line
from searches.marketplaces import MARKETPLACES
from searches.models import SupplierMatch

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
    "visual",
    "unseen",
    "rank",
    "monthly_sales",
    "repurchase_rate",
    "ships_within_hours",
    "dropshipping",
    "patented",
    "advertised",
    "supplier_id",
    "supplier_name",
    "supplier_location",
    "supplier_credit",
    "supplier_years",
    "supplier_medal",
    "supplier_score",
    "identities",
)


@dataclass(frozen=True, slots=True)
class Further:
    """What is folded into a row, in words; with the address that opens it, or closes it again, where it can be."""

    text: str
    url: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line. cells: those of the shown columns behind the offer's own. member: it is folded into the row above.

    match: with the columns FIELDS, for what rooms above tell of it.
    """

    id: int
    match: SupplierMatch
    title: str
    url: str
    image_url: str
    cells: list[Cell]
    known: list[Known]
    marketplace: str
    badges: list[Badge]
    further: list[Further]
    member: bool


def rows_of(
    lines: Iterable[Line],
    matches: Mapping[int, SupplierMatch],
    known: Mapping[OfferKey, list[Known]],
    surroundings: Surroundings,
    *,
    columns: Collection[str],
    layout: Layout,
    name_marketplace: bool,
) -> list[Row]:
    """matches: by id, those of the lines as far as they are still there. columns: the keys of those that are shown."""
    shown = [key for key in columns if key != "title"]
    params = surroundings.params
    return [
        _row(
            match,
            [cell_of(key, match, surroundings) for key in shown],
            known.get((match.marketplace, match.offer_id), []),
            _further(line, layout, params),
            member=line.member,
            name_marketplace=name_marketplace,
        )
        for line in lines
        if (match := matches.get(line.id))
    ]


def _row(
    match: SupplierMatch,
    cells: list[Cell],
    known: list[Known],
    further: list[Further],
    *,
    member: bool,
    name_marketplace: bool,
) -> Row:
    return Row(
        id=match.pk,
        match=match,
        title=match.title or _("offer %(id)s, without a title") % {"id": match.offer_id},
        url=match.url,
        image_url=match.image_url,
        cells=cells,
        known=known,
        marketplace=marketplace_label(match.marketplace) if name_marketplace else "",
        badges=badges_of(match),
        further=further,
        member=member,
    )


def _further(line: Line, layout: Layout, params: QueryDict) -> list[Further]:
    if not line.further and not line.equal:
        return []
    texts = []
    if line.further:
        text = ngettext("%(number)s more of this supplier", "%(number)s more of this supplier", line.further)
        texts.append(Further(text % {"number": f"{line.further:,}"}, opened(params, layout, line.id), line.opened))
    if line.equal:
        # Of a supplier's group the members open; what is equal to them is only counted.
        url = "" if layout.grouped else opened(params, layout, line.id)
        texts.append(Further(_equal(line), url, line.opened and not layout.grouped))
    return texts


def _equal(line: Line) -> str:
    if line.sellers > 1:
        return _("same photo at %(number)s suppliers") % {"number": f"{line.sellers:,}"}
    text = ngettext("%(number)s equal offer", "%(number)s equal offers", line.equal)
    return text % {"number": f"{line.equal:,}"}


def marketplace_label(key: str) -> str:
    return _(MARKETPLACES[key].label) if key in MARKETPLACES else key
