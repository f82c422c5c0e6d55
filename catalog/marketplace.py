"""The catalogue as a marketplace: a team's items that look like a photo, as offers of its own (searches/own.py)."""

from collections.abc import Collection, Iterable

import numpy as np
from django.db.models import Exists, OuterRef
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from accounts.models import Team
from catalog.models import Item, ItemPicture
from catalog.vectors import Near, nearest
from searches.marketplaces import CATALOG, ErrorKind, MarketplaceError, Offer, Tier
from searches.visual import DIMENSIONS, ModelUnavailable, embed, similarities

# Strangers lie about 0.2: whatever is less alike would only be in the way.
LEAST_SIMILARITY = 0.35
PICTURE = "catalog:picture"


def find(team: int, picture: bytes, most: int) -> list[Offer]:
    """The team's items that look like the picture (a prepared JPEG), most alike first, at most so many.

    Raises MarketplaceError when our eye cannot look.
    """
    vector = _vector(picture)
    near = nearest([team], vector, limit=most)
    alike = _similarities(team, vector, near)
    items = Item.objects.current().filter(team=team).in_bulk([one.item for one in near])
    found = [one for one in near if one.item in items and alike.get(one.picture, 0.0) >= LEAST_SIMILARITY]
    found.sort(key=lambda one: -alike[one.picture])
    return [
        offer_of(items[one.item], one.picture, similarity=alike[one.picture], rank=rank)
        for rank, one in enumerate(found, 1)
    ]


def searchable(teams: Collection[int]) -> set[int]:
    """Those of the teams that have items with pictures; whether the eye has seen them already does not matter."""
    pictures = ItemPicture.objects.filter(team=OuterRef("pk"), item__archived_at=None)
    return set(Team.objects.filter(Exists(pictures), pk__in=teams).values_list("pk", flat=True))


def files_of(addresses: Collection[str]) -> dict[str, str]:
    """By the addresses of pictures as offers have them: the names of their files, of those that are still there."""
    ids = {address: pk for address in addresses if (pk := _picture_at(address))}
    names = dict(ItemPicture.objects.filter(pk__in=ids.values()).values_list("pk", "file"))
    return {address: names[pk] for address, pk in ids.items() if pk in names}


def _picture_at(address: str) -> int | None:
    try:
        found = resolve(address)
    except Resolver404:
        return None
    return found.kwargs["pk"] if found.view_name == PICTURE else None


def offer_of(item: Item, picture: int, *, similarity: float, rank: int) -> Offer:
    """An item as an offer. Its addresses are this portal's own, without a host, whatever name it is reached by."""
    return Offer(
        marketplace=CATALOG,
        offer_id=str(item.pk),
        title=str(item),
        url=item.get_absolute_url(),
        image_url=reverse(PICTURE, args=[picture]),
        price=item.price,
        currency=item.currency,
        rank=rank,
        tiers=tuple(Tier(quantity, price) for quantity, price in item.price_tiers),
        moq=item.moq,
        similarity=similarity,
        supplier_name=item.supplier_name,
        extras={
            "code": item.code,
            "last_bought": item.last_bought.isoformat() if item.last_bought else None,
            "notes": item.notes,
        },
    )


def _vector(picture: bytes) -> NDArray[np.float32]:
    try:
        vector: NDArray[np.float32] = embed([picture])[0]
    except ModelUnavailable as error:
        raise MarketplaceError(
            _("Pictures cannot be compared on this server, so the catalogue was not searched."),
            kind=ErrorKind.CONFIGURATION,
            code="eye-unavailable",
            remedy=_(
                "Ask an administrator to look at the portal’s health page: the model’s file is missing or damaged."
            ),
        ) from error
    except ValueError as error:
        raise MarketplaceError(
            _("The photo cannot be read, so the catalogue was not searched."),
            kind=ErrorKind.BAD_IMAGE,
            code="unreadable",
            remedy=_("Start a new search with another picture."),
        ) from error
    return vector


def _similarities(team: int, vector: NDArray[np.float32], near: Iterable[Near]) -> dict[int, float]:
    """By the pictures' ids, in the words of a buyer: 0 to 1."""
    rows = ItemPicture.objects.filter(team=team, pk__in=[one.picture for one in near]).exclude(vector=None)
    vectors = dict(rows.values_list("pk", "vector"))
    table = np.array([np.frombuffer(bytes(data or b""), "<f4") for data in vectors.values()]).reshape(-1, DIMENSIONS)
    return dict(zip(vectors, map(float, similarities(vector, table)), strict=True))
