"""Who a supplier is: by its marketplace's id, or where that gives none, by its name there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from searches.models import OfferFields

# As long as their columns are.
LONGEST_MARKETPLACE, LONGEST_ID, LONGEST_NAME = 40, 64, 200


@dataclass(frozen=True, slots=True, order=True)
class SupplierKey:
    """`supplier_name` is empty where there is an id: names change, and the supplier stays the same."""

    marketplace: str
    supplier_id: str
    supplier_name: str

    @classmethod
    def of(cls, marketplace: str, supplier_id: str, supplier_name: str) -> Self | None:
        """None for an offer of which nobody said whose it is."""
        if not (supplier_id or supplier_name):
            return None
        return cls(marketplace, supplier_id, "" if supplier_id else supplier_name)

    @classmethod
    def of_offer(cls, offer: OfferFields) -> Self | None:
        return cls.of(offer.marketplace, offer.supplier_id, offer.supplier_name)

    @classmethod
    def from_address(cls, params: QueryDict) -> Self | None:
        """What `address` wrote; None for what no supplier can be called."""
        given = {name: params.get(name, "") for name in ("marketplace", "id", "name")}
        longest = {"marketplace": LONGEST_MARKETPLACE, "id": LONGEST_ID, "name": LONGEST_NAME}
        if any(len(text) > longest[name] or "\0" in text for name, text in given.items()):
            return None
        return cls.of(given["marketplace"], given["id"], given["name"])

    def query(self, team: int) -> str:
        """The parameters that name the supplier in an address."""
        named = {"id": self.supplier_id} if self.supplier_id else {"name": self.supplier_name}
        return urlencode({"team": team, "marketplace": self.marketplace, **named})

    def address(self, team: int) -> str:
        """Of the supplier's page, whether there is a record of it yet or not."""
        return f"{reverse('dossiers:find')}?{self.query(team)}"


def offers_of(keys: Iterable[SupplierKey]) -> Q:
    """The condition of offers, matches and list entries alike, of any of these suppliers."""
    condition = Q(pk__in=[])
    by_marketplace: dict[str, list[SupplierKey]] = {}
    for key in keys:
        by_marketplace.setdefault(key.marketplace, []).append(key)
    for marketplace, there in by_marketplace.items():
        ids = [key.supplier_id for key in there if key.supplier_id]
        names = [key.supplier_name for key in there if not key.supplier_id]
        if ids:
            condition |= Q(marketplace=marketplace, supplier_id__in=ids)
        if names:
            condition |= Q(marketplace=marketplace, supplier_id="", supplier_name__in=names)
    return condition
