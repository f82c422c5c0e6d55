"""The table of marketplaces and the errors' vocabulary."""

import re
from dataclasses import FrozenInstanceError

import pytest

from searches.marketplaces import (
    CATALOG,
    MARKETPLACES,
    PROTOCOLS,
    Account,
    ErrorKind,
    MarketplaceError,
    Remedy,
    RetryWith,
    client_for,
)
from searches.marketplaces import errors as vocabulary
from searches.marketplaces.errors import Rule
from tests.searches.marketplaces.gateway import APP_KEY, SECRET


def test_the_article_s_gateway_is_in_the_table() -> None:
    marketplace = MARKETPLACES["image_search_md5"]

    assert (marketplace.key, marketplace.label, marketplace.source) == (
        "image_search_md5",
        "1688 (MD5 gateway)",
        "1688",
    )
    assert marketplace.default_base_url == "https://gw.open.1688.com"
    assert (marketplace.max_page_size, marketplace.max_image_bytes) == (50, 5_000_000)
    assert (marketplace.takes_image_url, marketplace.gives_similarity) == (True, True)
    assert marketplace.cache_seconds == 3600
    assert marketplace.image_hosts == ("https://*.alicdn.com",)


@pytest.mark.parametrize("key", PROTOCOLS)
def test_every_row_is_whole(key: str) -> None:
    row = MARKETPLACES[key]

    assert row.key == key
    assert len(key) <= 32
    assert re.fullmatch("[a-z0-9_]+", key)
    assert row.label
    assert row.source
    assert row.check_proves.endswith(".")
    assert row.default_base_url.startswith("https://")
    assert row.takes_image or row.takes_image_url
    assert row.takes_image or not row.takes_region
    assert row.keys
    assert len({field.name for field in row.keys}) == len(row.keys)
    assert all(field.label and field.help.endswith(".") for field in row.keys)
    assert all(host.startswith("https://") for host in row.image_hosts)
    assert min(row.max_page_size, row.max_image_bytes, row.cache_seconds, row.calls_per_minute) > 0
    assert (row.authorizing is None) == (row.default_auth_url == "")


def test_the_team_s_own_catalogue_is_a_row_that_nobody_calls() -> None:
    row = MARKETPLACES[CATALOG]

    assert CATALOG not in PROTOCOLS
    assert [*PROTOCOLS, CATALOG] == list(MARKETPLACES)
    assert (row.key, row.keys, row.image_hosts, row.default_base_url) == (CATALOG, (), (), "")
    with pytest.raises(MarketplaceError) as failure:
        client_for(CATALOG, Account("https://gw.open.1688.com", APP_KEY, SECRET))
    assert failure.value.kind is ErrorKind.CONFIGURATION


def test_labels_and_keys_tell_the_rows_apart() -> None:
    assert len({row.label for row in MARKETPLACES.values()}) == len(MARKETPLACES)


def test_the_table_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        MARKETPLACES["other"] = MARKETPLACES["image_search_md5"]  # type: ignore[index]  # that is the point
    with pytest.raises(FrozenInstanceError):
        MARKETPLACES["image_search_md5"].key = "other"  # type: ignore[misc]  # that is the point


def test_an_unknown_marketplace_is_a_configuration_error() -> None:
    with pytest.raises(MarketplaceError) as failure:
        client_for("unknown", Account("https://gw.open.1688.com", APP_KEY, SECRET))

    assert (failure.value.kind, failure.value.code) == (ErrorKind.CONFIGURATION, "unknown-marketplace")


RULES = {name: rule for name, rule in vars(vocabulary).items() if isinstance(rule, Rule)}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_consistent(name: str) -> None:
    rule = RULES[name]

    assert isinstance(rule.remedy, Remedy)
    assert rule.message.endswith(".")
    assert rule.retryable or (rule.retry_after is None and rule.retry_with is None)


def test_every_remedy_belongs_to_a_rule() -> None:
    assert {rule.remedy for rule in RULES.values()} == set(Remedy)


def test_the_vocabulary_is_what_other_parts_store() -> None:
    assert {kind.value for kind in ErrorKind} == {
        "configuration",
        "permission",
        "authentication",
        "quota",
        "throttled",
        "bad_image",
        "no_result",
        "upstream",
        "protocol",
    }
    assert {word.value for word in RetryWith} == {"reencoded", "smaller"}
