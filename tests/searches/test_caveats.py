"""What a search asked and a marketplace cannot do: the page says so."""

import re

import pytest

from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory
from tests.searches.pages import text_of


@pytest.fixture
def page(team, alice, signed_in):
    """`page(marketplaces, **question)`: the page of a search that asked so there."""

    def read(marketplaces, query="", **question):
        job = SearchJobFactory(team=team, owner=alice, **question)
        for marketplace in marketplaces:
            SearchCallFactory(job=job, marketplace=marketplace)
        return signed_in(alice).get(f"/searches/{job.pk}/{query}")

    return read


@pytest.mark.parametrize(
    ("marketplaces", "question", "told"),
    [
        (["onebound"], {}, []),
        (["image_search_md5"], {"wholesale_only": True, "price_to": 9, "order": SearchJob.Order.PRICE}, []),
        (["retired_protocol"], {"wholesale_only": True}, []),
        (
            ["tmapi"],
            {"wholesale_only": True, "price_to": 9},
            ["1688 by TMAPI does not filter by wholesale: its offers are not filtered."],
        ),
        (
            ["image_search_md5", "onebound", "tmapi"],
            {"wholesale_only": True},
            ["1688 by Onebound, 1688 by TMAPI do not filter by wholesale: their offers are not filtered."],
        ),
        (
            ["onebound"],
            {"price_from": 2, "order": SearchJob.Order.PRICE_DESC},
            [
                "1688 by Onebound does not filter by price: its offers are of any price. Filter them here",
                "1688 by Onebound does not sort by price: these are the first offers of its own order.",
            ],
        ),
    ],
)
def test_what_was_ignored_is_told(marketplaces, question, told, page):
    response = page(marketplaces, **question)
    found = re.search(r'<ul class="caveats[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    assert found
    caveats = re.findall(r"<li>(.*?)</li>", found[1])
    assert [re.sub(r"<[^>]+>", "", caveat) for caveat in caveats] == told


def test_offers_of_any_price_can_be_narrowed_at_once(page):
    response = page(["onebound"], "?sort=price&page=2", price_from=2, price_to="9.50")
    assert 'href="?sort=price&amp;price_from=2&amp;price_to=9.5">Filter them here' in response.content.decode()
    assert "Filter them here" not in text_of(page(["onebound"], "?price_to=9.5", price_to="9.50"))
