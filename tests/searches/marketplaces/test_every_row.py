"""Every row of the table keeps the promises of `Client`, against its own half of the sandbox.

A new row is tried here without a change, as soon as the sandbox speaks its dialect.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from searches.marketplaces import (
    PROTOCOLS,
    Account,
    Client,
    ErrorKind,
    InvalidRequest,
    MarketplaceError,
    SearchRequest,
    client_for,
    page_from_json,
    page_to_json,
)
from tests.sandbox.running import Sandbox, running_sandbox

EVERY_ROW = pytest.mark.parametrize("key", PROTOCOLS)
PAGE_SIZE = 5


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    """Every offer, some 130 of them, matches every picture here."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


@pytest.fixture
def sandbox(crowded: Sandbox) -> Iterator[Sandbox]:
    yield crowded
    crowded.clear_faults()


def account_at(sandbox: Sandbox) -> Account:
    token = sandbox.marketplace.accounts[sandbox.app_key].token
    return Account(sandbox.url, sandbox.app_key, sandbox.secret, token)


def client_at(sandbox: Sandbox, key: str, account: Account | None = None) -> "closing[Client]":
    return closing(client_for(key, account or account_at(sandbox)))


def question(sandbox: Sandbox, key: str, page: int = 1) -> SearchRequest:
    """In the way that the row takes pictures."""
    row = PROTOCOLS[key]
    return SearchRequest(
        image=sandbox.query() if row.takes_image else None,
        image_url=None if row.takes_image else f"{sandbox.url}/queries/plate-01.jpg",
        page=page,
        page_size=PAGE_SIZE,
    )


@EVERY_ROW
def test_two_pages_go_on_where_the_first_ended(sandbox: Sandbox, key: str) -> None:
    with client_at(sandbox, key) as client:
        first, second = (client.search(question(sandbox, key, page)) for page in (1, 2))

    offers = [*first.offers, *second.offers]
    assert [offer.rank for offer in offers] == list(range(1, 2 * PAGE_SIZE + 1))
    assert len({offer.offer_id for offer in offers}) == 2 * PAGE_SIZE
    assert {offer.marketplace for offer in offers} == {key}
    assert (first.page, second.page, second.page_size) == (1, 2, PAGE_SIZE)
    assert second.total >= 2 * PAGE_SIZE
    assert second.pages > 2
    for offer in offers:
        assert (offer.similarity is not None) == PROTOCOLS[key].gives_similarity
        assert offer.title
        assert offer.url.startswith("http")
        assert offer.image_url.startswith("http")
        assert offer.price


@EVERY_ROW
def test_a_new_picture_costs_as_many_calls_as_the_row_says(sandbox: Sandbox, key: str) -> None:
    sandbox.clear_calls()

    with client_at(sandbox, key) as client:
        client.search(question(sandbox, key))

    assert len(sandbox.calls()) == PROTOCOLS[key].calls_a_picture + 1


@EVERY_ROW
def test_pages_can_be_stored(sandbox: Sandbox, key: str) -> None:
    with client_at(sandbox, key) as client:
        page = client.search(question(sandbox, key))

    assert page_from_json(json.loads(json.dumps(page_to_json(page)))) == page


@EVERY_ROW
def test_the_end_of_a_search_is_an_empty_page(sandbox: Sandbox, key: str) -> None:
    with client_at(sandbox, key) as client:
        page = client.search(question(sandbox, key, 500))

    assert page.offers == ()
    assert page.pages <= 500


@EVERY_ROW
def test_a_page_may_be_as_large_as_the_row_says_and_no_larger(sandbox: Sandbox, key: str) -> None:
    largest = PROTOCOLS[key].max_page_size
    with client_at(sandbox, key) as client:
        assert len(client.search(replace(question(sandbox, key), page_size=largest)).offers) == largest
        with pytest.raises(InvalidRequest) as refusal:
            client.search(replace(question(sandbox, key), page_size=largest + 1))

    assert refusal.value.field == "page_size"


@EVERY_ROW
def test_a_picture_comes_only_in_the_ways_that_the_row_names(sandbox: Sandbox, key: str) -> None:
    row = PROTOCOLS[key]
    ways = {
        "image": (row.takes_image, SearchRequest(image=sandbox.query(), page_size=PAGE_SIZE)),
        "image_url": (
            row.takes_image_url,
            SearchRequest(image_url=f"{sandbox.url}/queries/plate-01.jpg", page_size=PAGE_SIZE),
        ),
    }
    for way, (taken, request) in ways.items():
        with client_at(sandbox, key) as client:
            if taken:
                assert client.search(request).offers
                continue
            with pytest.raises(InvalidRequest) as refusal:
                client.search(request)
        assert refusal.value.field == way


@EVERY_ROW
def test_the_check_passes_with_the_right_keys(sandbox: Sandbox, key: str) -> None:
    sandbox.clear_calls()
    with client_at(sandbox, key) as client:
        client.check()

    assert len(sandbox.calls()) == 1


@EVERY_ROW
def test_the_check_fails_with_wrong_keys(sandbox: Sandbox, key: str) -> None:
    wrong = replace(account_at(sandbox), app_key="404404", secret="wrong", token="wrong")
    with client_at(sandbox, key, wrong) as client, pytest.raises(MarketplaceError) as failure:
        client.check()

    assert failure.value.kind is ErrorKind.AUTHENTICATION
    assert not failure.value.retryable


@EVERY_ROW
@pytest.mark.parametrize(
    ("fault", "kind", "retryable"),
    [
        ("empty", ErrorKind.PROTOCOL, True),
        ("html", ErrorKind.PROTOCOL, False),
        ("malformed-json", ErrorKind.PROTOCOL, False),
        ("http-429", ErrorKind.THROTTLED, True),
        ("http-502", ErrorKind.UPSTREAM, True),
        ("reset", ErrorKind.UPSTREAM, True),
        ("truncated", ErrorKind.UPSTREAM, True),
    ],
)
def test_what_goes_wrong_on_the_way(sandbox: Sandbox, key: str, fault: str, kind: ErrorKind, retryable: bool) -> None:
    sandbox.fault(fault)
    with client_at(sandbox, key) as client, pytest.raises(MarketplaceError) as failure:
        client.search(question(sandbox, key))

    assert (failure.value.kind, failure.value.retryable) == (kind, retryable)


@EVERY_ROW
@pytest.mark.parametrize("base_url", ["", "gateway.example", "ftp://gateway.example", "https://u:p@gateway.example"])
def test_a_base_url_that_is_none_is_a_configuration_error(key: str, base_url: str) -> None:
    with pytest.raises(MarketplaceError) as failure:
        client_for(key, Account(base_url, "1", "s", "t"))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.CONFIGURATION, "base-url")
