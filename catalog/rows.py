"""Items as lines of a table and as pages show them: every figure already in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.models import Item, ItemPicture
from searches.formats import day_and_clock, money
from searches.visual import VERSION

MOST_TIERS_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture of an item: its addresses, small and as it is kept, and what the eye made of it, if that is worth
    telling."""

    pk: int
    small_url: str
    url: str
    width: int
    height: int
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """state, tone: of the pill; "" for an item that searches find."""

    item: Item
    url: str
    picture: PictureShown | None
    price: str
    tiers: list[str]
    moq: str
    last_bought: str
    changed: str
    state: str
    tone: str


def rows_of(ids: Sequence[int]) -> list[Row]:
    """Two queries, in the order of the ids."""
    items = Item.objects.in_bulk(ids)
    pictures = pictures_of(ids)
    return [row_of(items[pk], pictures.get(pk, [])) for pk in ids if pk in items]


def pictures_of(items: Iterable[int]) -> dict[int, list[ItemPicture]]:
    """The pictures of these items (ids), in their order, without their vectors: one query."""
    found: dict[int, list[ItemPicture]] = defaultdict(list)
    for picture in ItemPicture.objects.filter(item__in=list(items)).defer("vector").order_by("place", "pk"):
        found[picture.item_id].append(picture)
    return found


def row_of(item: Item, pictures: Sequence[ItemPicture]) -> Row:
    state, tone = _state(item, pictures)
    tiers = tier_lines(item)
    return Row(
        item=item,
        url=item.get_absolute_url(),
        picture=shown(pictures[0]) if pictures else None,
        price=price_of(item),
        tiers=tiers[-MOST_TIERS_IN_A_ROW:],
        moq="" if item.moq is None else f"{item.moq:,}",
        last_bought=item.last_bought.isoformat() if item.last_bought else "",
        changed=day_and_clock(item.changed_at),
        state=state,
        tone=tone,
    )


def price_of(item: Item) -> str:
    """ "" where none is known."""
    return "" if item.price is None else money(item.price, item.currency)


def tier_lines(item: Item) -> list[str]:
    return [f"{quantity:,}+ {money(price, item.currency)}" for quantity, price in item.price_tiers]


def shown(picture: ItemPicture) -> PictureShown:
    state, tone = picture_state(picture)
    return PictureShown(
        pk=picture.pk,
        small_url=reverse("catalog:thumb", args=[picture.pk]),
        url=reverse("catalog:picture", args=[picture.pk]),
        width=picture.width,
        height=picture.height,
        state=state,
        tone=tone,
    )


def picture_state(picture: ItemPicture) -> tuple[str, str]:
    """What is to be said of it, and in which tone; two times "" of one that searches find."""
    if picture.trouble:
        return _("cannot be read"), "bad"
    return ("", "") if picture.vector_version == VERSION else (_("on its way"), "wait")


def _state(item: Item, pictures: Sequence[ItemPicture]) -> tuple[str, str]:
    if item.archived_at is not None:
        return pgettext("of items", "archived"), ""
    if not pictures:
        return _("no picture"), "wait"
    states = [picture_state(picture) for picture in pictures]
    # One picture is enough to be found by.
    return ("", "") if ("", "") in states else states[0]
