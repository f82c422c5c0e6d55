"""What the comparison's lines say beside the figures: marks, standing, other prices, sales."""

from decimal import Decimal

import pytest

from searches.models import SearchJob
from tests.factories import (
    ListEntryFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=1)
    return job


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda query="": client.get(f"/searches/{job.pk}/{query}")


def tags(response) -> list[str]:
    """The words in frames, of all offers."""
    content = response.content.decode()
    return [part.split(">")[1].split("<")[0] for part in content.split('<span class="tag')[1:]]


@pytest.mark.parametrize(
    ("carried", "marks"),
    [
        ({}, []),
        ({"advertised": False, "patented": False, "dropshipping": False}, []),
        ({"advertised": True}, ["ad"]),
        ({"patented": True}, ["patented"]),
        ({"dropshipping": True}, ["dropshipping"]),
        ({"ships_within_hours": 24}, ["ships in 24 h"]),
        ({"ships_within_hours": 48}, ["ships in 48 h"]),
        ({"ships_within_hours": 72}, ["ships in 3 days"]),
        ({"ships_within_hours": 73}, ["ships in 4 days"]),
        (
            {"advertised": True, "patented": True, "dropshipping": True, "ships_within_hours": 24},
            ["ad", "patented", "ships in 24 h", "dropshipping"],
        ),
    ],
)
def test_an_offer_is_marked_for_what_it_is(carried, marks, page, job):
    SupplierMatchFactory(job=job, **carried)
    assert tags(page()) == marks


@pytest.mark.parametrize(
    ("identities", "badges", "told"),
    [
        ([], [], ""),
        (["verified"], ["verified"], "verified"),
        (["verified", "strong-merchant"], ["strong merchant"], "strong merchant · verified"),
        (["factory", "super-factory"], ["super factory"], "super factory · factory"),
        (["factory", "certified-factory"], ["certified factory"], "certified factory · factory"),
        (["strong-merchant", "factory"], ["factory", "strong merchant"], "factory · strong merchant"),
        (["of-a-later-version"], [], ""),
    ],
)
def test_a_supplier_is_shown_as_the_most_that_they_are(identities, badges, told, page, job):
    SupplierMatchFactory(job=job, identities=identities)
    response = page()
    assert tags(response) == badges
    assert (f'class="tags standing" title="{told}"' in response.content.decode()) == bool(told)


def test_a_suppliers_record(page, job):
    SupplierMatchFactory(job=job, supplier_years=9, supplier_medal=4, supplier_score=4.25)
    SupplierMatchFactory(job=job, supplier_years=1)
    response = page()
    assert "9 years · medal 4 · ★ 4.2" in text_of(response)
    assert 'title="9 years · medal 4 · service 4.2 of 5"' in response.content.decode()
    assert " 1 year " in text_of(response)


@pytest.mark.parametrize(
    ("prices", "tiers", "lines"),
    [
        ({}, [], []),
        ({"promotion": "18.00"}, [], ["promotion ¥18.00"]),
        ({"dropship": "25.5"}, [], ["dropshipped ¥25.50"]),
        ({"promotion": "20.00", "dropship": "20"}, [], []),
        ({"original": "30", "selected": "19", "selected-wholesale": "18"}, [], []),
        ({"dropship": "25"}, [[1, "20"], [100, "17"]], ["¥17.00 from 100", "dropshipped ¥25.00"]),
        ({}, [[1, "20"], [6000, "17"]], ["¥17.00 from 6,000"]),
        (
            {"promotion": "18", "dropship": "25"},
            [[1, "20"], [100, "17"]],
            ["promotion ¥18.00", "¥17.00 from 100"],
        ),
    ],
)
def test_other_prices_stand_small_below_the_price(prices, tiers, lines, page, job):
    SupplierMatchFactory(job=job, price=Decimal("20"), prices=prices, tiers=tiers)
    content = page().content.decode()
    assert [part.split("</div>")[0] for part in content.split('<div class="tier">')[1:]] == lines


def test_every_price_is_told_where_one_points_at_it(page, job):
    prices = {"original": "30", "promotion": "18", "dropship": "25", "selected": "19", "selected-wholesale": "18.5"}
    SupplierMatchFactory(job=job, price=Decimal("20"), prices=prices, tiers=[[1, "20"], [100, "17"]])
    content = page().content.decode()
    assert (
        'title="promotion ¥18.00\ndropshipped ¥25.00\nselected sourcing ¥19.00\n'
        "selected sourcing, wholesale ¥18.50\nbefore the reduction ¥30.00\n"
        '¥20.00 from 1\n¥17.00 from 100"'
    ) in content


def heads(response) -> list[str]:
    content = response.content.decode()
    return [part.split('"')[0] for part in content.split('id="sort-')[1:]]


def test_columns_that_nobody_fills_are_not_there(page, job):
    SupplierMatchFactory(job=job, title="A")
    assert heads(page()) == ["title", "price", "moq", "similarity", "supplier", "credit", "location"]
    SupplierMatchFactory(job=job, title="B", monthly_sales=0)
    assert heads(page()) == ["title", "price", "moq", "similarity", "supplier", "credit", "sold", "location"]
    SupplierMatchFactory(job=job, title="C", repurchase_rate=0.0)
    assert "repurchased" in heads(page())


def test_sales_are_figures_and_sort(page, job):
    SupplierMatchFactory(job=job, title="A", monthly_sales=25813, repurchase_rate=0.004)
    SupplierMatchFactory(job=job, title="B", monthly_sales=0, repurchase_rate=0.414)
    SupplierMatchFactory(job=job, title="C")
    words = text_of(page())
    for said in ("25,813", "0.4%", "41%", "not given"):
        assert said in words
    assert "".join(titles_of(page("?sort=-sold"))) == "ABC"
    assert "".join(titles_of(page("?sort=sold"))) == "BAC"
    assert "".join(titles_of(page("?sort=-repurchased"))) == "BAC"
    for order in ("most sold first", "most repurchased first"):
        assert order in words


def test_orders_by_what_nobody_says_are_not_offered(page, job):
    SupplierMatchFactory(job=job, similarity=None, supplier_credit=None)
    words = text_of(page())
    for order in ("most sold first", "most repurchased first", "best credit first", "most similar first"):
        assert (order in words) == (order == "most similar first"), "the order that was asked for is still named"
    assert page("?sort=-sold").status_code == 200


def test_without_similarities_there_are_ranks(page, job):
    SearchJob.objects.update(order="price")
    SupplierMatchFactory(job=job, title="B", similarity=None, rank=2, price=1)
    SupplierMatchFactory(job=job, title="A", similarity=None, rank=1, price=2)
    response = page("?sort=rank")
    assert "similarity" not in heads(response)
    assert heads(response)[3] == "rank"
    assert titles_of(response) == ["A", "B"]
    assert "rank 1" in text_of(response)


def test_offers_without_a_similarity_follow_the_others_by_rank(page, job):
    """Not by price, which decides between equally similar ones only."""
    SupplierMatchFactory(job=job, title="D", similarity=None, rank=2, price=1)
    SupplierMatchFactory(job=job, title="C", similarity=None, rank=1, price=9)
    SupplierMatchFactory(job=job, title="B", similarity=0.9, rank=7, price=5)
    SupplierMatchFactory(job=job, title="A", similarity=0.9, rank=8, price=4)
    assert "".join(titles_of(page())) == "ABCD"
    assert "".join(titles_of(page("?sort=similarity"))) == "ABCD"


def test_credit_has_no_column_when_nobody_has_one(page, job):
    SupplierMatchFactory(job=job, supplier_credit=None)
    response = page()
    assert "credit" not in heads(response)
    assert "no rating" not in text_of(response)


def test_a_list_keeps_and_shows_the_same(alice, team, signed_in):
    spring = SupplierListFactory(team=team, owner=alice)
    ListEntryFactory(
        supplier_list=spring,
        price=Decimal("20"),
        prices={"promotion": "18"},
        patented=True,
        identities=["super-factory", "factory"],
        supplier_years=9,
    )
    response = signed_in(alice).get(f"/lists/{spring.pk}/")
    words = text_of(response)
    for said in ("promotion ¥18.00", "patented", "super factory 9 years"):
        assert said in words
    assert 'title="super factory · factory · 9 years"' in response.content.decode()
