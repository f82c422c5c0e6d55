"""What other pages tell of items: "you have this", from whom, at what price."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from catalog.models import Item, ItemPicture
from catalog.rows import pictures_of, price_of, shown, tier_lines


@dataclass(frozen=True, slots=True)
class Known:
    """An item that the team has. `small_url`: of its first picture, "" without one; `price`, `last_bought`: "" where
    unknown; `tiers`: a line each."""

    item: int
    code: str
    name: str
    supplier: str
    price: str
    tiers: list[str]
    moq: str
    last_bought: str
    url: str
    small_url: str


def known(item_ids: Collection[int], user: User | AnonymousUser) -> dict[int, Known]:
    """Those of these items that `user` may see and that are not archived, by their ids: two queries."""
    items = Item.objects.for_user(user).current().in_bulk(list(item_ids))
    pictures = pictures_of(items)
    return {pk: _known(item, pictures.get(pk, [])) for pk, item in items.items()}


def _known(item: Item, pictures: Sequence[ItemPicture]) -> Known:
    return Known(
        item=item.pk,
        code=item.code,
        name=item.name,
        supplier=item.supplier_name,
        price=price_of(item),
        tiers=tier_lines(item),
        moq="" if item.moq is None else f"{item.moq:,}",
        last_bought=item.last_bought.isoformat() if item.last_bought else "",
        url=item.get_absolute_url(),
        small_url=shown(pictures[0]).small_url if pictures else "",
    )
