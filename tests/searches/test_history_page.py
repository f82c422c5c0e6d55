"""The searches of a user's teams, found again."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from searches.models import SearchJob
from tests.factories import NOON, CredentialFactory, MembershipFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of


@pytest.fixture
def jobs(team, alice, bob):
    """Three searches, the newest first: mug (alice's, two offers), vase (bob's, failed), bag (of somebody who left)."""
    mug = SearchJobFactory(team=team, owner=alice, title="Teal mug", created_at=NOON)
    for price in ("12.50", "9.90"):
        SupplierMatchFactory(job=mug, price=Decimal(price))
    SupplierMatchFactory(job=mug, price=None)
    vase = SearchJobFactory(
        team=team,
        owner=bob,
        title="White vase",
        keywords="花瓶",
        status=SearchJob.Status.FAILED,
        created_at=NOON - timedelta(days=1),
    )
    bag = SearchJobFactory(team=team, owner=None, title="Duffle bag", created_at=NOON - timedelta(days=9))
    return mug, vase, bag


@pytest.fixture
def page(alice, jobs, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get("/searches/", params)


def titles(response) -> list[str]:
    found = re.findall(r'<div class="t"><a href="/searches/\d+/">([^<]*)</a>', response.content.decode())
    return [html.unescape(title) for title in found]


def test_a_line_says_what_came_of_it(page, jobs):
    words = text_of(page())
    assert "Teal mug done 3 ¥9.90 alice 2026-11-22 12:00" in words
    assert "White vase 花瓶 failed 0 no price bob" in words
    assert "somebody who left" in words
    assert f"/searches/pictures/{jobs[0].images.get().pk}/thumb/" in page().content.decode()


def test_prices_in_several_currencies_have_no_best(page, jobs):
    mug, vase, _bag = jobs
    SupplierMatchFactory(job=mug, price=Decimal("1.5"), currency="USD")
    SupplierMatchFactory(job=vase, price=Decimal("3"), currency="USD")
    SupplierMatchFactory(job=vase, price=None, currency="CNY")
    words = text_of(page())
    assert "Teal mug done 4 several currencies alice" in words
    assert "White vase 花瓶 failed 2 $3.00 bob" in words
    assert titles(page(sort="price"))[0] == "White vase"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["Teal mug", "White vase", "Duffle bag"]),
        ({"text": "MUG"}, ["Teal mug"]),
        ({"text": "花瓶 white"}, ["White vase"]),
        ({"text": "teal vase"}, []),
        ({"status": "failed"}, ["White vase"]),
        ({"mine": "on"}, ["Teal mug"]),
        ({"since": "2026-11-21"}, ["Teal mug", "White vase"]),
        ({"until": "2026-11-21"}, ["White vase", "Duffle bag"]),
        ({"since": "2026-11-21", "until": "2026-11-21"}, ["White vase"]),
        ({"sort": "created"}, ["Duffle bag", "White vase", "Teal mug"]),
        ({"sort": "title"}, ["Duffle bag", "Teal mug", "White vase"]),
        ({"sort": "-offers"}, ["Teal mug", "Duffle bag", "White vase"]),
        ({"sort": "price"}, ["Teal mug", "Duffle bag", "White vase"]),
        ({"sort": "owner"}, ["Teal mug", "White vase", "Duffle bag"]),
    ],
)
def test_filters_and_order(params, expected, page):
    assert titles(page(**params)) == expected


def test_mine_is_the_readers(bob, jobs, signed_in):
    assert titles(signed_in(bob).get("/searches/", {"mine": "on"})) == ["White vase"]


@pytest.mark.parametrize("params", [{"status": "odd"}, {"since": "yesterday"}, {"text": "x" * 201}])
def test_a_filter_that_cannot_be_read_is_told(params, page):
    response = page(**params)
    assert response.status_code == 200
    assert len(titles(response)) == 3
    assert 'class="notice wait wide"' in response.content.decode()


def test_an_unknown_order_is_told(page):
    response = page(sort="colour")
    assert "There is no order called “colour”" in text_of(response)
    assert titles(response)[0] == "Teal mug"


def test_pages_of_fifty(page, team):
    SearchJobFactory.create_batch(55, team=team)
    assert len(titles(page())) == 50
    assert len(titles(page(page="2"))) == 8
    assert page(page="x").status_code == 200


def test_the_queries_do_not_grow_with_the_searches(page, team, django_assert_max_num_queries):
    for job in SearchJobFactory.create_batch(40, team=team):
        SupplierMatchFactory.create_batch(2, job=job)
    page()
    with django_assert_max_num_queries(8):
        page()


def test_nothing_found_offers_the_way_back(page):
    response = page(text="umbrella", sort="title")
    assert "No search is like that" in text_of(response)
    assert 'href="?sort=title"' in response.content.decode()


def test_the_first_visit_teaches(alice, vera, loner, signed_in):
    CredentialFactory()
    assert "Start the first search" in text_of(signed_in(alice).get("/searches/"))
    assert "The buyers of your team start searches" in text_of(signed_in(vera).get("/searches/"))
    assert "You are in no team yet" in text_of(signed_in(loner).get("/searches/"))


def test_teams_are_named_to_those_in_several(page, alice, charlies_team):
    assert "Outdoor" not in text_of(page()).replace("Team: Outdoor", "")
    MembershipFactory(user=alice, team=charlies_team)
    SearchJobFactory(team=charlies_team, title="Their pan")
    words = text_of(page())
    assert "Their pan Kitchen" in words
    assert "Teal mug Outdoor" in words
