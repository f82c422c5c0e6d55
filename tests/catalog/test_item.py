"""An item's page, its form, and what is done with it."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Item
from tests.factories import ItemFactory, ItemPictureFactory
from tests.searches.pages import hidden, photo, text_of, upload

pytestmark = pytest.mark.django_db
FACTS = {
    "code": "BAG-9",
    "name": "旅行包",
    "supplier_name": "恒达箱包厂",
    "url": "https://detail.1688.com/offer/1.html",
    "price": "¥1,234.5",
    "currency": "USD",
    "moq": "５０",
    "last_bought": "2026-03-01",
    "notes": "good zips",
    "tier_from": ["100", "2", ""],
    "tier_price": ["21.80", "23.5", ""],
}


def test_an_item_is_added_with_pictures(alice, team, signed_in):
    client = signed_in(alice)
    data = FACTS | {"pictures": [upload("a.png", photo("teal")), upload("b.png", photo("red"))]}
    response = client.post("/catalog/new/", data)
    item = Item.objects.get()
    assert response.url == f"/catalog/{item.pk}/" and (item.team, item.created_by) == (team, alice)
    assert (item.price, item.currency, item.moq) == (Decimal("1234.5"), "USD", 50)
    assert item.last_bought == date(2026, 3, 1) and item.tiers == [[2, "23.5"], [100, "21.8"]]
    assert [picture.place for picture in item.pictures.all()] == [0, 1]
    text = text_of(client.get(response.url))
    for told in ("BAG-9", "旅行包", "恒达箱包厂", "$1,234.50", "2+ $23.50", "100+ $21.80", "2026-03-01", "good zips"):
        assert told in text
    assert "on its way" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": " "}, "This field is required"),
        ({"price": "cheap"}, "Give a number"),
        ({"price": "-1"}, "greater than or equal to 0"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"url": "javascript:alert(1)"}, "valid URL"),
        ({"moq": "1.5"}, "decimal places"),
        ({"last_bought": "yesterday"}, "valid date"),
        ({"tier_from": "10", "tier_price": ""}, "both a quantity and a price"),
        ({"tier_from": "0", "tier_price": "3"}, "greater than or equal to 1"),
        ({"tier_from": ["10", "10"], "tier_price": ["3", "4"]}, "start at the same quantity"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(alice, signed_in, changes, said):
    response = signed_in(alice).post("/catalog/new/", FACTS | changes)
    assert response.status_code == 422 and said in text_of(response)
    assert 'value="旅行包"' in response.content.decode() and not Item.objects.exists()


def test_a_picture_that_is_none_is_said_and_the_item_is_there(alice, signed_in):
    data = FACTS | {"pictures": [upload("a.png", b"no picture"), upload("b.png", photo())]}
    response = signed_in(alice).post("/catalog/new/", data, follow=True)
    assert "A picture is not kept: The file is not a picture" in text_of(response)
    assert Item.objects.get().pictures.count() == 1


def test_a_code_is_the_teams_once(alice, bag, charlie, signed_in):
    response = signed_in(alice).post("/catalog/new/", FACTS | {"code": "BAG-1"})
    assert response.status_code == 422 and "already has an item with this code" in text_of(response)
    assert signed_in(charlie).post("/catalog/new/", FACTS | {"code": "BAG-1"}).status_code == 302


def test_editing(alice, bag, signed_in):
    client = signed_in(alice)
    form = client.get(f"/catalog/{bag.pk}/edit/")
    assert 'value="23.5"' in form.content.decode()
    client.post(f"/catalog/{bag.pk}/edit/", FACTS | {"version": hidden(form, "version"), "code": "BAG-1"})
    bag.refresh_from_db()
    assert (bag.name, bag.version, bag.tiers[0]) == ("旅行包", 2, [2, "23.5"])


def test_the_second_editor_is_told_and_can_save_even_so(alice, bob, bag, signed_in):
    client = signed_in(alice)
    seen = hidden(client.get(f"/catalog/{bag.pk}/edit/"), "version")
    signed_in(bob).post(f"/catalog/{bag.pk}/edit/", FACTS | {"version": seen, "notes": "bob's"})
    refused = client.post(f"/catalog/{bag.pk}/edit/", FACTS | {"version": seen, "notes": "alice's"})
    text = text_of(refused)
    assert refused.status_code == 409 and "Somebody changed this since you opened it" in text
    assert "bob's" in text and "alice's" in text
    bag.refresh_from_db()
    assert bag.notes == "bob's"
    again = FACTS | {"version": hidden(refused, "version"), "notes": "alice's"}
    assert client.post(f"/catalog/{bag.pk}/edit/", again).status_code == 302
    bag.refresh_from_db()
    assert (bag.notes, bag.version) == ("alice's", 3)


def test_archiving_and_restoring(alice, bag, signed_in):
    client = signed_in(alice)
    client.post(f"/catalog/{bag.pk}/archive/")
    bag.refresh_from_db()
    assert bag.archived_at and "archived" in text_of(client.get(f"/catalog/{bag.pk}/"))
    client.post(f"/catalog/{bag.pk}/archive/", {"restore": "1"})
    bag.refresh_from_db()
    assert bag.archived_at is None


def test_deleting_asks_first(alice, bag, signed_in):
    client = signed_in(alice)
    assert "archive it instead" in text_of(client.get(f"/catalog/{bag.pk}/delete/"))
    assert Item.objects.filter(pk=bag.pk).exists()
    assert client.post(f"/catalog/{bag.pk}/delete/").url == "/catalog/"
    assert not Item.objects.filter(pk=bag.pk).exists()


STEPS = ("edit/", "delete/")
POSTED = ("archive/", "pictures/")


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [("alice", 200, 200), ("bob", 200, 200), ("vera", 200, 403), ("charlie", 404, 404), ("loner", 404, 404)],
)
def test_who_reaches_what(name, reads, writes, bag, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    assert client.get(f"/catalog/{bag.pk}/").status_code == reads
    for step in STEPS:
        assert client.get(f"/catalog/{bag.pk}/{step}").status_code == writes, step
    for step in POSTED:
        assert client.get(f"/catalog/{bag.pk}/{step}").status_code in (405, 404), step


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_nobody_else_changes_anything(name, status, bag, request, signed_in):
    picture = ItemPictureFactory(item=bag)
    client = signed_in(request.getfixturevalue(name))
    for step in (*STEPS, *POSTED):
        data = FACTS | {"version": 1, "pictures": upload()}
        assert client.post(f"/catalog/{bag.pk}/{step}", data).status_code == status, step
    for step in ("first/", "remove/"):
        assert client.post(f"/catalog/pictures/{picture.pk}/{step}").status_code == status, step
    bag.refresh_from_db()
    assert (bag.version, bag.archived_at, bag.pictures.count()) == (1, None, 1)


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("loner", 403), ("charlie", 422)])
def test_who_may_add_an_item(name, status, bag, request, signed_in):
    """charlie's form is about charlie's own team, whatever it says."""
    client = signed_in(request.getfixturevalue(name))
    assert client.post("/catalog/new/", {"team": bag.team_id}).status_code == status


def test_a_viewer_is_offered_nothing_to_change(vera, bag, signed_in):
    page = signed_in(vera).get(f"/catalog/{bag.pk}/").content.decode()
    assert bag.name in page
    for word in ("edit/", "archive/", "delete/", "pictures/"):
        assert f"/catalog/{bag.pk}/{word}" not in page


def test_a_strange_name_is_only_text(alice, team, signed_in):
    item = ItemFactory(team=team, name="<script>alert(1)</script>")
    for address in ("/catalog/", f"/catalog/{item.pk}/", f"/catalog/{item.pk}/edit/", f"/catalog/{item.pk}/delete/"):
        assert "<script>alert" not in signed_in(alice).get(address).content.decode()
