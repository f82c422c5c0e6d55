"""The client of TMAPI and the sandbox's half, both written from the document: they understand each other."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from searches.marketplaces import Account, ErrorKind, Identity, MarketplaceError, Offer, PriceKind, SearchRequest, Sort
from searches.marketplaces.places import place_of
from searches.marketplaces.tmapi import Tmapi
from tests.sandbox.running import Sandbox, running_sandbox

DAY = 24 * 3600


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    """Every offer, some 130 of them, matches every picture here."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


@pytest.fixture
def sandbox(crowded: Sandbox) -> Iterator[Sandbox]:
    crowded.clear_calls()
    yield crowded
    crowded.clear_faults()


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Tmapi]:
    with closing(client_of(sandbox)) as made:
        yield made


def client_of(sandbox: Sandbox) -> Tmapi:
    return Tmapi(Account(sandbox.url, token=sandbox.marketplace.accounts[sandbox.app_key].token))


def question(sandbox: Sandbox) -> SearchRequest:
    return SearchRequest(image_url=f"{sandbox.url}/queries/plate-01.jpg", page_size=20)


def every_offer(sandbox: Sandbox, client: Tmapi, request: SearchRequest) -> list[Offer]:
    offers: list[Offer] = []
    page, pages = 0, 1
    while page < pages:
        page += 1
        found = client.search(replace(request, page=page))
        offers += found.offers
        pages = found.pages
    return offers


def outcomes(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(call["api"], call["outcome"]) for call in sandbox.calls()]


def test_all_pages_hold_every_offer_once_by_one_conversion(sandbox: Sandbox, client: Tmapi) -> None:
    offers = every_offer(sandbox, client, question(sandbox))

    everything = sandbox.marketplace.catalogue.offers_by_id
    assert len(offers) == len(everything)
    assert {offer.offer_id for offer in offers} == set(everything)
    assert [offer.rank for offer in offers] == list(range(1, len(offers) + 1))
    assert [api for api, _ in outcomes(sandbox)].count("convert") == 1


def test_every_offer_is_read_as_the_sandbox_has_it(sandbox: Sandbox, client: Tmapi) -> None:
    for offer in every_offer(sandbox, client, question(sandbox)):
        meant = sandbox.marketplace.catalogue.offers_by_id[offer.offer_id]
        trade, supplier = meant.trade, meant.supplier
        kinds = {PriceKind.ORIGINAL: trade.prices.origin, PriceKind.PROMOTION: trade.prices.promotion}
        assert (offer.title, offer.price) == (meant.title, meant.price)
        assert offer.prices == {kind: price for kind, price in kinds.items() if price is not None}
        assert [(tier.quantity, tier.price) for tier in offer.tiers] == [
            (tier.quantity, tier.price) for tier in trade.tiers
        ]
        assert offer.moq in (None, meant.min_buy)
        assert offer.repurchase_rate == (None if trade.repurchase_rate is None else float(trade.repurchase_rate))
        assert offer.advertised is trade.advertised
        assert offer.url == f"{sandbox.url}/offer/{offer.offer_id}.html"
        assert offer.image_url == f"{sandbox.url}/{meant.picture}"
        assert offer.extras.get("sale_info") == ({"sale_quantity_int": trade.sold} if trade.sold is not None else None)
        if supplier is not None:
            assert (offer.supplier_id, offer.supplier_name) == (supplier.member_id, supplier.company_name)
            assert (offer.supplier_location, offer.supplier_years) == (place_of(supplier.location), supplier.years)
            score = None if supplier.service_score is None else float(supplier.service_score)
            assert offer.supplier_score == score
            assert (Identity.FACTORY in offer.identities) == ("certified_factory" in supplier.identities)


def test_filters_and_orders(sandbox: Sandbox, client: Tmapi) -> None:
    usual = question(sandbox)
    low, high = Decimal(5), Decimal(20)

    between = every_offer(sandbox, client, replace(usual, price_from=low, price_to=high))
    rising = [offer.price for offer in every_offer(sandbox, client, replace(usual, sort=Sort.PRICE)) if offer.price]
    falling = [
        offer.price for offer in every_offer(sandbox, client, replace(usual, sort=Sort.PRICE_DESC)) if offer.price
    ]

    prices = [meant.price for meant in sandbox.marketplace.catalogue.offers_by_id.values()]
    assert len(between) == sum(low <= price <= high for price in prices)
    assert all(offer.price and low <= offer.price <= high for offer in between)
    assert rising == sorted(prices)
    assert falling == sorted(prices, reverse=True)
    assert any(first != second for first, second in pairwise(rising))


@pytest.mark.parametrize("api", ["search", "convert"])
@pytest.mark.parametrize(
    ("code", "kind", "retryable"),
    [
        ("417", ErrorKind.BAD_IMAGE, True),
        ("422", ErrorKind.PROTOCOL, False),
        ("439", ErrorKind.QUOTA, False),
        ("499", ErrorKind.UPSTREAM, True),
        ("500", ErrorKind.UPSTREAM, True),
        ("503", ErrorKind.THROTTLED, True),
        ("4011", ErrorKind.AUTHENTICATION, False),
    ],
)
def test_every_documented_code(
    sandbox: Sandbox, client: Tmapi, api: str, code: str, kind: ErrorKind, retryable: bool
) -> None:
    sandbox.fault(code, times=1, dialect="tmapi", api=api)

    with pytest.raises(MarketplaceError) as failure:
        client.search(question(sandbox))

    if (api, code) == ("convert", "422"):
        kind = ErrorKind.BAD_IMAGE
    assert (failure.value.kind, failure.value.code, failure.value.retryable) == (kind, code, retryable)
    assert outcomes(sandbox)[-1] == (api, code)
    assert client.search(question(sandbox)).offers


def test_a_path_whose_day_is_over_is_replaced() -> None:
    now = [1_800_000_000.0]
    with running_sandbox(clock=lambda: now[0]) as sandbox, closing(client_of(sandbox)) as client:
        first = client.search(question(sandbox))
        now[0] += DAY + 1
        again = client.search(question(sandbox))

        assert outcomes(sandbox) == [
            ("convert", "ok"),
            ("search", "ok"),
            ("search", "422"),
            ("convert", "ok"),
            ("search", "ok"),
        ]
    assert again.offers == first.offers


@pytest.mark.parametrize(
    ("address", "code", "retryable"),
    [("http://127.0.0.1:1/a.jpg", "417", True), ("https://shop.example/a.jpg", "422", False)],
)
def test_an_address_that_cannot_be_fetched(
    sandbox: Sandbox, client: Tmapi, address: str, code: str, retryable: bool
) -> None:
    with pytest.raises(MarketplaceError) as failure:
        client.search(SearchRequest(image_url=address, page_size=20))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.BAD_IMAGE, code)
    assert failure.value.retryable is retryable


def test_the_limit_is_throttling() -> None:
    with running_sandbox(limit=2) as sandbox, closing(client_of(sandbox)) as client:
        client.search(question(sandbox))
        with pytest.raises(MarketplaceError) as failure:
            client.search(question(sandbox))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.THROTTLED, "503")
