"""Many items at once: the ticked ones, or all that the page's address asks for."""

import pytest

from catalog.models import Item
from tests.factories import ItemFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bags(team) -> list[Item]:
    return [ItemFactory(team=team, code=f"BAG-{number}", name="bag") for number in range(3)]


def archived() -> list[str]:
    return list(Item.objects.exclude(archived_at=None).order_by("code").values_list("code", flat=True))


def test_the_ticked_ones_are_archived_and_restored(alice, bags, signed_in):
    client = signed_in(alice)
    chosen = [bags[0].pk, bags[2].pk, "x", 2**70]
    answer = client.post("/catalog/change/", {"do": "archive", "entry": chosen, "next": "/catalog/?q=bag"})
    assert answer.url == "/catalog/?q=bag" and archived() == ["BAG-0", "BAG-2"]
    assert "2 items are archived" in text_of(client.get(answer.url))
    bags[0].refresh_from_db()
    assert bags[0].version == 2
    client.post("/catalog/change/", {"do": "restore", "entry": [bags[0].pk]})
    assert archived() == ["BAG-2"]


def test_all_that_match(alice, team, bags, charlies_team, signed_in):
    ItemFactory(team=team, code="POT", name="pot")
    ItemFactory(team=charlies_team, code="THEIRS", name="bag")
    data = {"do": "archive", "entry": [bags[0].pk], "all": "1", "query": "?q=bag&sort=code&page=2"}
    assert "3 items are archived" in text_of(signed_in(alice).post("/catalog/change/", data, follow=True))
    assert archived() == ["BAG-0", "BAG-1", "BAG-2"]


def test_nothing_chosen_is_said(alice, bags, signed_in):
    client = signed_in(alice)
    assert "No item was chosen" in text_of(client.post("/catalog/change/", {"do": "archive"}, follow=True))
    assert client.post("/catalog/change/", {"do": "dance", "entry": bags[0].pk}).url == "/catalog/"
    assert archived() == []


def test_one_is_not_led_elsewhere(alice, bags, signed_in):
    data = {"do": "archive", "entry": bags[0].pk, "next": "https://example.com/catalog/"}
    assert signed_in(alice).post("/catalog/change/", data).url == "/catalog/"


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("loner", 403), ("charlie", 302)])
def test_nobody_else_changes_anything(name, status, team, bags, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for scope in ({"entry": [bag.pk for bag in bags]}, {"all": "1", "query": "?q=bag"}):
        data = {"do": "archive", "team": team.pk, **scope}
        assert client.post("/catalog/change/", data).status_code == status
    assert archived() == [] and client.get("/catalog/change/").status_code == 405
