"""The client of Onebound and the sandbox's half, both written from the document: they understand each other."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from searches.marketplaces import Account, ErrorKind, MarketplaceError, Offer, PriceKind, SearchRequest, Sort
from searches.marketplaces.onebound import Onebound
from searches.marketplaces.places import place_of
from tests.sandbox.running import Sandbox, running_sandbox

DAY = 24 * 3600
CODES = [
    ("2000", ErrorKind.NO_RESULT, False),
    ("4000", ErrorKind.UPSTREAM, True),
    ("4001", ErrorKind.UPSTREAM, True),
    ("4002", ErrorKind.UPSTREAM, True),
    ("4003", ErrorKind.PROTOCOL, False),
    ("4004", ErrorKind.AUTHENTICATION, False),
    ("4005", ErrorKind.AUTHENTICATION, False),
    ("4008", ErrorKind.THROTTLED, True),
    ("4009", ErrorKind.UPSTREAM, True),
    ("4013", ErrorKind.QUOTA, False),
    ("4014", ErrorKind.PROTOCOL, False),
    ("4016", ErrorKind.QUOTA, False),
    ("4017", ErrorKind.UPSTREAM, True),
]


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
def client(sandbox: Sandbox) -> Iterator[Onebound]:
    with closing(client_of(sandbox)) as made:
        yield made


def client_of(sandbox: Sandbox) -> Onebound:
    return Onebound(Account(sandbox.url, sandbox.app_key, sandbox.secret))


def question(sandbox: Sandbox) -> SearchRequest:
    return SearchRequest(image=sandbox.query(), page_size=20)


def every_offer(client: Onebound, request: SearchRequest) -> list[Offer]:
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


def test_all_pages_hold_every_offer_once_by_one_upload(sandbox: Sandbox, client: Onebound) -> None:
    offers = every_offer(client, question(sandbox))

    everything = sandbox.marketplace.catalogue.offers_by_id
    assert len(offers) == len(everything)
    assert {offer.offer_id for offer in offers} == set(everything)
    assert [offer.rank for offer in offers] == list(range(1, len(offers) + 1))
    assert [api for api, _ in outcomes(sandbox)].count("upload") == 1


def test_every_offer_is_read_as_the_sandbox_has_it(sandbox: Sandbox, client: Onebound) -> None:
    for offer in every_offer(client, question(sandbox)):
        meant = sandbox.marketplace.catalogue.offers_by_id[offer.offer_id]
        trade, supplier = meant.trade, meant.supplier
        promotion = trade.prices.promotion
        assert (offer.title, offer.price) == (meant.title, promotion or meant.price)
        assert offer.prices == ({PriceKind.ORIGINAL: meant.price, PriceKind.PROMOTION: promotion} if promotion else {})
        assert offer.repurchase_rate == (None if trade.repurchase_rate is None else float(trade.repurchase_rate))
        assert offer.extras == ({} if trade.sold is None else {"sales": trade.sold})
        assert offer.url == f"{sandbox.url}/offer/{offer.offer_id}.html"
        assert offer.image_url == f"{sandbox.url}/{meant.picture}"
        assert offer.supplier_name == ("" if supplier is None else supplier.company_name)
        assert offer.supplier_location == ("" if supplier is None else place_of(supplier.location))


def test_what_the_row_ignores_changes_nothing(sandbox: Sandbox, client: Onebound) -> None:
    usual = question(sandbox)
    narrowed = replace(usual, sort=Sort.PRICE, price_from=Decimal(10**6), wholesale_only=True)

    assert client.search(narrowed).offers == client.search(usual).offers


@pytest.mark.parametrize(
    ("api", "code", "kind", "retryable"),
    # An upload searches for nothing, so that it never has no result.
    [(api, *row) for api in ("search", "upload") for row in CODES if (api, row[0]) != ("upload", "2000")],
)
def test_every_documented_code(
    sandbox: Sandbox, client: Onebound, api: str, code: str, kind: ErrorKind, retryable: bool
) -> None:
    sandbox.fault(code, times=1, dialect="onebound", api=api)

    with pytest.raises(MarketplaceError) as failure:
        client.search(question(sandbox))

    if api == "upload" and code in {"4003", "4014"}:
        kind, retryable = ErrorKind.BAD_IMAGE, True
    assert (failure.value.kind, failure.value.code, failure.value.retryable) == (kind, code, retryable)
    assert failure.value.request_id
    assert outcomes(sandbox)[-1] == (api, code)
    assert client.search(question(sandbox)).offers


def test_no_result_on_a_later_page_is_the_search_s_end(sandbox: Sandbox, client: Onebound) -> None:
    sandbox.fault("2000", times=1, dialect="onebound", api="search")

    page = client.search(replace(question(sandbox), page=2))

    assert (page.offers, page.pages) == ((), 1)


def test_an_imgid_whose_day_is_over_is_replaced() -> None:
    now = [1_800_000_000.0]
    with running_sandbox(clock=lambda: now[0]) as sandbox, closing(client_of(sandbox)) as client:
        first = client.search(question(sandbox))
        now[0] += DAY + 1
        again = client.search(question(sandbox))

        assert outcomes(sandbox) == [
            ("upload", "ok"),
            ("search", "ok"),
            ("search", "4003"),
            ("upload", "ok"),
            ("search", "ok"),
        ]
    assert again.offers == first.offers


def test_what_is_no_picture_is_refused_as_one(sandbox: Sandbox, client: Onebound) -> None:
    with pytest.raises(MarketplaceError) as failure:
        client.search(SearchRequest(image=b"no picture", page_size=20))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.BAD_IMAGE, "4003")


def test_the_limit_is_throttling() -> None:
    with running_sandbox(limit=2) as sandbox, closing(client_of(sandbox)) as client:
        client.search(question(sandbox))
        with pytest.raises(MarketplaceError) as failure:
            client.search(question(sandbox))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.THROTTLED, "4008")


def test_the_wrong_secret_is_the_account_s_fault(sandbox: Sandbox) -> None:
    with (
        closing(Onebound(Account(sandbox.url, sandbox.app_key, "wrong"))) as client,
        pytest.raises(MarketplaceError) as failure,
    ):
        client.check()

    assert (failure.value.kind, failure.value.code) == (ErrorKind.AUTHENTICATION, "4004")
