"""The official platform's clients against its half of the sandbox, which was written from the document alone."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from searches.marketplaces import (
    Account,
    ErrorKind,
    Identity,
    PriceKind,
    Region,
    Remedy,
    RetryWith,
    SearchRequest,
    Sort,
)
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.marketplaces.alibaba_similar import AlibabaSimilar
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches.marketplaces.alibaba import failure_of

REDIRECT = "https://portal.example/authorized"


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    """Every offer matches every picture here."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


@pytest.fixture
def sandbox(crowded: Sandbox) -> Iterator[Sandbox]:
    crowded.clear_calls()
    crowded.forget_uploads()
    yield crowded
    crowded.clear_faults()
    crowded.settings(token_seconds=36_000, rotate_refresh_tokens=False, ordered_apis={crowded.app_key: None})


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    """With its fixed token."""
    token = sandbox.marketplace.accounts[sandbox.app_key].token
    return Account(sandbox.url, sandbox.app_key, sandbox.secret, token, auth_url=sandbox.url)


@pytest.fixture
def client(account: Account) -> Iterator[AlibabaOpen]:
    with AlibabaOpen(account) as made:
        yield made


@pytest.fixture
def by_address(account: Account) -> Iterator[AlibabaSimilar]:
    with AlibabaSimilar(account) as made:
        yield made


def by_picture(sandbox: Sandbox, **changes: Any) -> SearchRequest:
    return replace(SearchRequest(image=sandbox.query(), page_size=20), **changes)


def at_address(sandbox: Sandbox, **changes: Any) -> SearchRequest:
    return replace(SearchRequest(image_url=f"{sandbox.url}/queries/plate-01.jpg", page_size=20), **changes)


def called(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(call["api"], call["outcome"]) for call in sandbox.calls()]


def test_two_pages_by_picture_cost_one_upload(sandbox: Sandbox, client: AlibabaOpen) -> None:
    first, second = (client.search(by_picture(sandbox, page=page)) for page in (1, 2))

    assert called(sandbox) == [("upload", "ok"), ("search", "ok"), ("search", "ok")]
    offers = [*first.offers, *second.offers]
    assert [offer.rank for offer in offers] == list(range(1, 41))
    assert len({offer.offer_id for offer in offers}) == 40
    assert (second.page, second.page_size) == (2, 20)
    assert second.total > 40


def test_what_offers_carry(sandbox: Sandbox, client: AlibabaOpen) -> None:
    offers = client.search(by_picture(sandbox, page_size=50)).offers

    assert all(offer.price for offer in offers)
    said = {"priceInfo", "monthSold", "minOrderQuantity", "repurchaseRate", "isOnePsale", "companyName", "imageUrl"}
    assert all(said.isdisjoint(offer.extras) for offer in offers)
    for name in (
        "moq",
        "monthly_sales",
        "repurchase_rate",
        "ships_within_hours",
        "dropshipping",
        "patented",
        "supplier_name",
        "supplier_location",
        "supplier_years",
        "supplier_medal",
        "supplier_score",
        "identities",
    ):
        assert any(getattr(offer, name) for offer in offers), name
    assert {identity for offer in offers for identity in offer.identities} >= {
        Identity.SUPER_FACTORY,
        Identity.STRONG_MERCHANT,
        Identity.VERIFIED,
    }
    kinds = {kind for offer in offers for kind in offer.prices}
    assert kinds >= {PriceKind.ORIGINAL, PriceKind.DROPSHIP, PriceKind.SELECTED}
    for offer in offers:
        if PriceKind.ORIGINAL in offer.prices:
            assert offer.price
            assert offer.price < offer.prices[PriceKind.ORIGINAL]


def test_the_parts_that_the_platform_saw_can_be_searched_for(sandbox: Sandbox, client: AlibabaOpen) -> None:
    with Image.open(BytesIO(sandbox.query()), formats=["JPEG"]) as picture:
        width, height = picture.size
    subject, *others = client.search(by_picture(sandbox)).regions
    page = client.search(by_picture(sandbox, region=Region(5, 10, width - 20, height - 30)))

    assert 0 < subject.width < width
    assert Region(0, 0, width, height) in others
    assert page.regions[0] == Region(5, 10, width - 20, height - 30)
    assert subject in page.regions
    assert page.offers
    assert client.search(by_picture(sandbox, region=subject)).regions[0] == subject


def test_a_region_beyond_the_picture_is_refused(sandbox: Sandbox, client: AlibabaOpen) -> None:
    error = failure_of(lambda: client.search(by_picture(sandbox, region=Region(0, 0, 9000, 9000))))

    assert (error.kind, error.retryable) == (ErrorKind.PROTOCOL, False)
    assert "region" in error.message


@pytest.mark.parametrize(("sort", "descending"), [(Sort.PRICE, False), (Sort.PRICE_DESC, True)])
def test_prices_between_bounds_in_their_order(
    sandbox: Sandbox, client: AlibabaOpen, by_address: AlibabaSimilar, sort: Sort, descending: bool
) -> None:
    asked = {"price_from": Decimal("2.50"), "price_to": Decimal(12), "sort": sort}

    for page in (client.search(by_picture(sandbox, **asked)), by_address.search(at_address(sandbox, **asked))):
        # The platform orders by the price before a promotion.
        prices = [offer.prices.get(PriceKind.ORIGINAL, offer.price) for offer in page.offers]
        assert len(prices) == 20
        assert all(price and Decimal("2.50") <= price <= 12 for price in prices)
        assert prices == sorted(prices, key=lambda price: price or 0, reverse=descending)


def test_both_searches_agree_about_an_offer(sandbox: Sandbox, client: AlibabaOpen, by_address: AlibabaSimilar) -> None:
    asked = {"sort": Sort.PRICE}
    by_id = {offer.offer_id: offer for offer in client.search(by_picture(sandbox, page_size=50, **asked)).offers}
    shared = [offer for offer in by_address.search(at_address(sandbox, **asked)).offers if offer.offer_id in by_id]

    assert shared
    for offer in shared:
        twin = by_id[offer.offer_id]
        assert offer.price == twin.prices.get(PriceKind.ORIGINAL, twin.price)  # fen and yuan
        assert (offer.moq, offer.title) == (twin.moq, twin.title)


def test_two_pages_by_address(sandbox: Sandbox, by_address: AlibabaSimilar) -> None:
    first, second = (by_address.search(at_address(sandbox, page=page)) for page in (1, 2))

    offers = [*first.offers, *second.offers]
    assert [offer.rank for offer in offers] == list(range(1, 41))
    assert any(offer.supplier_location for offer in offers)
    assert all("oldPrice" not in offer.extras for offer in offers)
    assert "unlimited" in {offer.extras.get("supplyAmount") for offer in offers}


def test_an_address_without_a_picture_is_a_bad_picture(sandbox: Sandbox, by_address: AlibabaSimilar) -> None:
    missing = f"{sandbox.url}/queries/no-such.jpg"

    error = failure_of(lambda: by_address.search(at_address(sandbox, image_url=missing)))

    assert (error.kind, error.remedy, error.code) == (
        ErrorKind.BAD_IMAGE,
        Remedy.GIVE_REACHABLE_ADDRESS,
        "SYSTEM_ERROR",
    )


def test_a_picture_that_is_none_is_a_bad_picture(sandbox: Sandbox, client: AlibabaOpen) -> None:
    error = failure_of(lambda: client.search(by_picture(sandbox, image=b"no picture")))

    assert (error.kind, error.retry_with) == (ErrorKind.BAD_IMAGE, RetryWith.REENCODED)


def test_an_upload_that_the_platform_forgot_is_repeated(sandbox: Sandbox, client: AlibabaOpen) -> None:
    client.search(by_picture(sandbox))
    sandbox.forget_uploads()

    assert client.search(by_picture(sandbox)).offers
    assert [api for api, _ in called(sandbox)] == ["upload", "search", "search", "upload", "search"]


FAULTS = [
    ("gw.SignatureInvalid", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.SignatureMissing", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.AppKeyMissing", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.AppKeyNotFound", ErrorKind.AUTHENTICATION, Remedy.CHECK_KEY_AND_SECRET, False),
    ("gw.APIUnsupported", ErrorKind.CONFIGURATION, Remedy.CHECK_BASE_URL, False),
    ("gw.APIACLDecline", ErrorKind.PERMISSION, Remedy.ORDER_INTERFACE, False),
    ("gw.ParamMissing", ErrorKind.PROTOCOL, Remedy.REPORT_TO_US, False),
    ("gw.QosAppFrequencyLimit", ErrorKind.THROTTLED, Remedy.RETRIED, True),
    ("gw.NoUsageLeftError", ErrorKind.QUOTA, Remedy.BUY_CALLS, False),
    ("401", ErrorKind.AUTHENTICATION, Remedy.AUTHORIZE_AGAIN, False),
]


@pytest.mark.parametrize("api", ["upload", "search", "similar"])
@pytest.mark.parametrize(("fault", "kind", "remedy", "retryable"), FAULTS)
def test_each_documented_fault(
    sandbox: Sandbox,
    client: AlibabaOpen,
    by_address: AlibabaSimilar,
    api: str,
    fault: str,
    kind: ErrorKind,
    remedy: Remedy,
    retryable: bool,
) -> None:
    sandbox.fault(fault, dialect="alibaba_open", api=api)

    error = failure_of(
        lambda: by_address.search(at_address(sandbox)) if api == "similar" else client.search(by_picture(sandbox))
    )

    assert (error.kind, error.code, error.remedy, error.retryable) == (kind, fault, remedy, retryable)
    assert error.retry_after is None
    assert called(sandbox)[-1] == (api, fault)


def test_an_image_id_of_zero_is_a_bad_picture(sandbox: Sandbox, client: AlibabaOpen) -> None:
    sandbox.fault("image-id-zero")

    error = failure_of(lambda: client.search(by_picture(sandbox)))

    assert (error.kind, error.retry_with) == (ErrorKind.BAD_IMAGE, RetryWith.REENCODED)


def test_an_interface_that_was_not_ordered(sandbox: Sandbox, client: AlibabaOpen) -> None:
    sandbox.settings(ordered_apis={sandbox.app_key: ["similar"]})

    error = failure_of(lambda: client.search(by_picture(sandbox)))

    assert (error.kind, error.code) == (ErrorKind.PERMISSION, "gw.APIACLDecline")
