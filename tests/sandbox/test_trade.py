"""The terms of offers: the same every time, consistent with price and supplier, and with gaps as in real data."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from sandbox.companies import CERTIFIED_FACTORY, SUPER_FACTORY, TP_MEMBER, all_suppliers
from sandbox.manifest import read_manifest
from sandbox.offers import Offer, derive_offers
from sandbox.trade import NEW_DAYS, REFERENCE_DATE, UNLIMITED_SUPPLY, category_id
from tests.sandbox.running import REAL_CATALOGUE


@pytest.fixture(scope="module")
def offers() -> tuple[Offer, ...]:
    return derive_offers(read_manifest(REAL_CATALOGUE))


def _share(offers: tuple[Offer, ...], holds: Callable[[Offer], bool]) -> float:
    return sum(map(holds, offers)) / len(offers)


def test_an_offers_terms_stay_what_they_are(offers):
    """Values that recorded answers and demos may rely on."""
    offer = next(offer for offer in offers if offer.picture == "pictures/mug-01-1.jpg")
    assert (offer.offer_id, str(offer.price), offer.min_buy) == ("854740103624", "10.80", 10)
    trade = offer.trade
    assert (trade.monthly_sold, trade.repurchase_rate, trade.category_id) == (39, Decimal("0.47"), "169690305")


def test_tiers_start_at_the_offers_price_and_fall(offers):
    assert _share(offers, lambda offer: bool(offer.trade.tiers)) > 0.75
    for offer in offers:
        tiers = offer.trade.tiers
        assert len(tiers) in (0, 2, 3)
        if tiers:
            assert tiers[0].price == offer.price
            assert tiers[0].quantity == offer.min_buy or offer.min_buy is None
        for tier, further in pairwise(tiers):
            assert further.quantity > tier.quantity
            assert 0 < further.price < tier.price
            assert further.price == further.price.quantize(Decimal("0.01"))


def test_kinds_of_price_lie_on_their_side_of_the_price(offers):
    for offer in offers:
        prices = offer.trade.prices
        assert prices.origin is None or prices.origin > offer.price
        assert prices.promotion is None or 0 < prices.promotion <= offer.price
        assert prices.consign is None or prices.consign >= offer.price
        assert (prices.consign is not None) == offer.trade.dropshipping
        assert prices.selected is None or 0 < prices.selected <= offer.price
        assert prices.selected_wholesale is None or (
            prices.selected is not None and prices.selected_wholesale <= prices.selected
        )


@pytest.mark.parametrize(
    ("low", "high", "holds"),
    [
        (0.1, 0.4, lambda offer: offer.trade.prices.promotion is not None),
        (0.1, 0.3, lambda offer: offer.trade.prices.selected is not None),
        (0.05, 0.3, lambda offer: offer.trade.prices.selected_wholesale is not None),
        (0.4, 0.8, lambda offer: offer.trade.prices.origin is not None),
        (0.1, 0.5, lambda offer: offer.trade.dropshipping),
        (0.1, 0.5, lambda offer: offer.trade.free_shipping),
        (0.01, 0.1, lambda offer: offer.trade.patented),
        (0.02, 0.12, lambda offer: offer.trade.advertised),
        (0.02, 0.12, lambda offer: offer.trade.is_new),
        (0.1, 0.4, lambda offer: offer.trade.ships_within == 24),
        (0.2, 0.6, lambda offer: offer.trade.ships_within == 48),
        (0.2, 0.6, lambda offer: offer.trade.ships_within is None),
        (0.02, 0.2, lambda offer: offer.trade.monthly_sold is None),
        (0.02, 0.2, lambda offer: offer.trade.sold is None),
        (0.02, 0.2, lambda offer: offer.trade.repurchase_rate is None),
        (0.02, 0.2, lambda offer: offer.trade.created is None),
        (0.02, 0.2, lambda offer: offer.trade.trade_score is None),
        (0.05, 0.3, lambda offer: offer.trade.supply == UNLIMITED_SUPPLY),
    ],
)
def test_shares_are_as_in_a_real_market(offers, low, high, holds):
    assert low <= _share(offers, holds) <= high


def test_values_are_in_their_ranges(offers):
    for offer in offers:
        trade = offer.trade
        assert trade.unit in {"件", "个", "套"}
        assert trade.category_id == category_id(offer.product.rsplit("-", 1)[0])
        assert trade.monthly_sold is None or trade.sold is None or 0 <= trade.monthly_sold <= trade.sold
        assert trade.repurchase_rate is None or (
            0 <= trade.repurchase_rate <= 1 and trade.repurchase_rate == round(trade.repurchase_rate, 2)
        )
        assert trade.trade_score is None or (
            0 <= trade.trade_score <= 5 and trade.trade_score.as_tuple().exponent == -1
        )
        assert trade.created is None or trade.created <= REFERENCE_DATE
        assert ("select" in trade.identities) == (trade.prices.selected is not None)
        if trade.created is not None:
            assert trade.is_new == (trade.created > REFERENCE_DATE - timedelta(days=NEW_DAYS))


def test_suppliers_have_a_standing_and_a_place():
    suppliers = all_suppliers()
    for supplier in suppliers:
        assert (supplier.years is not None) == (TP_MEMBER in supplier.identities)
        assert supplier.years is None or 1 <= supplier.years <= 15
        assert supplier.medal_level in (None, 1, 2, 3, 4, 5)
        assert supplier.service_score is None or 0 <= supplier.service_score <= 5
        assert supplier.repeat_rate is None or 0 <= supplier.repeat_rate <= 1
        assert f"{supplier.province} {supplier.city}" == supplier.location
        assert supplier.member_id == f"b2b-{supplier.user_id}"
        assert SUPER_FACTORY not in supplier.identities or CERTIFIED_FACTORY in supplier.identities
    for identity in (SUPER_FACTORY, CERTIFIED_FACTORY):
        assert 5 <= sum(identity in supplier.identities for supplier in suppliers) <= 30
    for lacking in ("years", "medal_level", "service_score", "repeat_rate"):
        assert 1 <= sum(getattr(supplier, lacking) is None for supplier in suppliers) <= 20
