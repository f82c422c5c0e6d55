"""The table of a team's items: who sees it, what it can be asked, and how far its pictures are."""

from datetime import date
from decimal import Decimal

import pytest

from catalog import listing
from searches.visual import VERSION
from tests.factories import ItemFactory, ItemPictureFactory, MembershipFactory, TeamFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [row.item.code for row in response.context["rows"]]


def test_the_team_sees_its_items_and_nobody_elses(alice, bob, vera, charlie, bag, charlies_team, signed_in):
    ItemFactory(team=charlies_team, code="POT-1")
    for member in (alice, bob, vera):
        assert codes(signed_in(member).get("/catalog/")) == ["BAG-1"]
    assert codes(signed_in(charlie).get("/catalog/")) == ["POT-1"]
    # Another team's number in the address leads to one's own.
    assert codes(signed_in(charlie).get("/catalog/", {"team": bag.team_id})) == ["POT-1"]


def test_nobody_gets_in_without_signing_in(signed_in):
    assert signed_in(None).get("/catalog/").status_code == 302
    assert signed_in(None).get("/catalog/progress/").status_code == 302


def test_an_empty_catalogue_says_how_to_fill_it(alice, vera, loner, signed_in):
    page = signed_in(alice).get("/catalog/").content.decode()
    assert "Nothing in your catalogue yet" in page and "/catalog/new/" in page and "/lists/" in page
    assert "/catalog/new/" not in signed_in(vera).get("/catalog/").content.decode()
    assert "You are in no team yet" in signed_in(loner).get("/catalog/").content.decode()


def test_a_line_says_what_is_known(alice, team, signed_in):
    ItemFactory(
        team=team,
        code="BAG-7",
        name="旅行包",
        supplier_name="恒达箱包厂",
        price=Decimal("23.5"),
        tiers=[[2, "23.5"], [100, "21.8"]],
        moq=1500,
        last_bought=date(2026, 3, 1),
    )
    text = text_of(signed_in(alice).get("/catalog/"))
    for told in ("BAG-7", "旅行包", "恒达箱包厂", "¥23.50", "2+ ¥23.50", "100+ ¥21.80", "1,500", "2026-03-01"):
        assert told in text
    assert "no picture" in text


def test_words_are_found_in_code_name_supplier_and_notes(alice, team, signed_in):
    ItemFactory(team=team, code="A-1", name="Duffle bag", supplier_name="Hengda")
    ItemFactory(team=team, code="B-2", name="Pot", supplier_name="Kitchen works", notes="good zips")
    client = signed_in(alice)
    asked = {"a-1": ["A-1"], "DUFFLE": ["A-1"], "works": ["B-2"], "zips": ["B-2"], "pot kitchen": ["B-2"]}
    for words, found in asked.items():
        assert codes(client.get("/catalog/", {"q": words})) == found
    empty = client.get("/catalog/", {"q": "pot duffle"})
    assert codes(empty) == [] and "No item is like that" in empty.content.decode()
    assert codes(client.get("/catalog/", {"q": "100%_\\\0"})) == []


def test_filters(alice, team, signed_in):
    pictured = ItemFactory(team=team, code="PICTURED", supplier_name="One")
    ItemPictureFactory(item=pictured)
    ItemFactory(team=team, code="BARE", supplier_name="Other")
    ItemFactory(team=team, code="OLD", archived_at="2026-01-01T00:00Z")
    client = signed_in(alice)
    assert sorted(codes(client.get("/catalog/"))) == ["BARE", "PICTURED"]
    assert codes(client.get("/catalog/", {"archived": "1"})) == ["OLD"]
    assert codes(client.get("/catalog/", {"without": "picture"})) == ["BARE"]
    assert codes(client.get("/catalog/", {"supplier": "One"})) == ["PICTURED"]
    page = client.get("/catalog/", {"supplier": "One", "q": "pic"}).content.decode()
    assert 'href="?q=pic"' in page and 'href="?supplier=One"' in page


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("code", ["A", "B", "C"]),
        ("-name", ["B", "A", "C"]),
        ("supplier", ["C", "B", "A"]),
        ("price", ["B", "A", "C"]),
        ("-price", ["A", "B", "C"]),
        ("moq", ["C", "A", "B"]),
        ("-bought", ["B", "A", "C"]),
        ("-changed", ["C", "B", "A"]),
        ("nonsense", ["C", "B", "A"]),
    ],
)
def test_every_column_sorts_and_what_is_unknown_comes_last(alice, team, signed_in, sort, order):
    day = date(2026, 3, 1)
    ItemFactory(team=team, code="A", name="m", supplier_name="z", price=9, moq=5, last_bought=day)
    ItemFactory(team=team, code="B", name="n", supplier_name="y", price=2, moq=None, last_bought=date(2026, 4, 1))
    ItemFactory(team=team, code="C", name="l", supplier_name="x", price=None, moq=1, last_bought=None)
    assert codes(signed_in(alice).get("/catalog/", {"sort": sort})) == order


def test_pages_and_what_lies_beyond_them(alice, team, signed_in, monkeypatch):
    monkeypatch.setattr(listing, "ITEMS_PER_PAGE", 2)
    monkeypatch.setattr(listing, "MOST_SHOWN", 4)
    for number in range(6):
        ItemFactory(team=team, code=f"X-{number}", name="bag")
    client = signed_in(alice)
    last = client.get("/catalog/", {"sort": "code", "page": "9"})
    assert codes(last) == ["X-2", "X-3"] and "page 2 of 2" in text_of(last)
    assert "6 items" in text_of(last)
    found = client.get("/catalog/", {"sort": "code", "q": "bag", "page": "2"})
    assert codes(found) == ["X-2", "X-3"] and "more than" in text_of(found)


def test_somebody_in_two_teams_sees_one_at_a_time(alice, bag, signed_in):
    other = TeamFactory(name="Zelt")
    ItemFactory(team=other, code="TENT-1")
    MembershipFactory(user=alice, team=other)
    client = signed_in(alice)
    assert codes(client.get("/catalog/")) == ["BAG-1"]
    page = client.get("/catalog/", {"team": other.pk})
    assert codes(page) == ["TENT-1"] and f"?team={bag.team_id}" in page.content.decode()


def test_the_page_tells_how_many_pictures_are_ready_and_asks_again_until_all_are(alice, team, bag, signed_in):
    first, _second = (ItemPictureFactory(item=bag) for _ in range(2))
    type(first).objects.filter(pk=first.pk).update(vector_version=VERSION, vector=b"0")
    client = signed_in(alice)
    page = client.get("/catalog/").content.decode()
    assert "1 of 2 pictures are ready to be found" in page and f"/catalog/progress/?team={team.pk}" in page
    assert "every 2s" in client.get("/catalog/progress/").content.decode()
    type(first).objects.update(vector_version=VERSION, vector=b"0")
    line = client.get("/catalog/progress/").content.decode()
    assert "All 2 pictures are ready to be found." in line and "hx-get" not in line


def test_as_many_queries_for_many_items_as_for_few(alice, team, signed_in, django_assert_max_num_queries):
    for _ in range(8):
        ItemPictureFactory(item=ItemFactory(team=team))
    client = signed_in(alice)
    client.get("/catalog/")
    with django_assert_max_num_queries(12):
        assert len(codes(client.get("/catalog/"))) == 8
