"""What is compared, and what is reckoned for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from reckoning.landed import Landed
from reckoning.tiers import unit_price
from searches.knownoffers import Known
from searches.models import OfferFields
from searches.reckoned import Judged, Terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that may be chosen. key: what stands for it in addresses. picture: an address, "" without one.

    known: what the team made of it. judged: its score, where weights are chosen and there is a search to judge it in.
    """

    key: str
    offer: OfferFields
    picture: str
    known: Sequence[Known] = ()
    judged: Judged | None = None


@dataclass(frozen=True)
class Subject:
    """A candidate with what it is reckoned with."""

    candidate: Candidate
    terms: Terms

    @property
    def offer(self) -> OfferFields:
        return self.candidate.offer

    @property
    def fits(self) -> bool:
        """Whether the order is large enough for the offer; what is unknown hinders nothing."""
        quantity, moq = self.terms.quantity, self.offer.moq
        return quantity is None or moq is None or moq <= quantity

    @cached_property
    def unit(self) -> Decimal | None:
        """The price a piece at the order's quantity, in the offer's currency."""
        quantity = self.terms.quantity
        return unit_price(quantity, self.offer.price, self.offer.price_tiers) if quantity else None

    @cached_property
    def landed(self) -> Landed[Decimal] | None:
        """None without a quantity or a cost profile."""
        terms = self.terms
        if terms.costing is None or terms.quantity is None:
            return None
        return terms.costing.landed(quantity=terms.quantity, price=self.unit, currency=self.offer.currency)
