"""All suppliers: found by name, sorted, each once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.sharing import Audience
from dossiers.models import Supplier
from dossiers.stock import take_stock
from tests.factories import (
    MARKETPLACE,
    NOON,
    ListEntryFactory,
    MembershipFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)


@pytest.fixture
def stock(team, march, today):
    """Three suppliers: 甲 with three offers of long ago, 乙 with one of today, 丙 with two of yesterday."""
    for name, offers, days in (("甲 箱包", 3, 250), ("乙 箱包", 1, 0), ("丙 户外", 2, 1)):
        for number in range(offers):
            SupplierMatchFactory(
                job=march if days == 250 else today,
                offer_id=f"{name}{number}",
                supplier_id=f"b2b-{name[0]}",
                supplier_name=name,
                fetched_at=NOON - timedelta(days=days),
            )
    take_stock(timezone.now())


def names(client, **params) -> list[str]:
    return [row.name for row in client.get("/suppliers/", params).context["rows"]]


def test_sorted_by_whatever_the_address_says(alice, team, bob, stock, signed_in):
    spring = SupplierListFactory(team=team)
    ListEntryFactory.create_batch(2, supplier_list=spring, supplier_id="b2b-丙", supplier_name="another name by now")
    ListEntryFactory(supplier_list=spring, supplier_id="b2b-甲")
    hidden = SupplierListFactory(team=team, owner=bob, audience=Audience.PRIVATE)
    ListEntryFactory.create_batch(5, supplier_list=hidden, supplier_id="b2b-乙")
    take_stock(timezone.now())
    client = signed_in(alice)
    assert names(client) == ["乙 箱包", "丙 户外", "甲 箱包"]
    assert names(client, sort="seen") == ["甲 箱包", "丙 户外", "乙 箱包"]
    assert names(client, sort="-offers") == ["甲 箱包", "丙 户外", "乙 箱包"]
    assert names(client, sort="-lists") == ["丙 户外", "甲 箱包", "乙 箱包"]
    assert names(client, sort="nonsense") == ["乙 箱包", "丙 户外", "甲 箱包"]
    assert sorted(names(client)) == names(client, sort="name")
    # Bob's own list counts for him alone.
    assert names(signed_in(bob), sort="-lists") == ["乙 箱包", "丙 户外", "甲 箱包"]
    assert [row.entries for row in client.get("/suppliers/").context["rows"]] == [0, 2, 1]


def test_found_by_all_words_in_any_order(alice, stock, signed_in):
    client = signed_in(alice)
    assert names(client, q="箱包") == ["乙 箱包", "甲 箱包"]
    assert names(client, q="箱包，甲") == ["甲 箱包"]
    assert names(client, q="\0" + "x" * 5000) == []
    page = client.get("/suppliers/", {"q": "100%"}).content.decode()
    assert "No supplier is called that" in page
    Supplier.objects.filter(supplier_id="b2b-丙").update(display_name="Mr Bing")
    assert names(client, q="bing") == ["Mr Bing"]


def test_empty_teaches(alice, vera, loner, signed_in):
    assert "Nobody has to enter any" in signed_in(alice).get("/suppliers/").content.decode()
    assert "When a buyer of your team searches" in signed_in(vera).get("/suppliers/").content.decode()
    assert "You are in no team yet" in signed_in(loner).get("/suppliers/").content.decode()


def test_of_several_teams_each_line_says_whose_it_is(alice, stock, charlies_team, signed_in):
    MembershipFactory(user=alice, team=charlies_team)
    SupplierMatchFactory(job__team=charlies_team, supplier_name="锅", marketplace=MARKETPLACE)
    take_stock(timezone.now())
    rows = signed_in(alice).get("/suppliers/").context["rows"]
    assert {row.name: row.team for row in rows} == {
        "甲 箱包": "Outdoor",
        "乙 箱包": "Outdoor",
        "丙 户外": "Outdoor",
        "锅": "Kitchen",
    }


def test_many_cost_the_same(alice, team, stock, signed_in, django_assert_num_queries):
    Supplier.objects.bulk_create(
        Supplier(team=team, marketplace=MARKETPLACE, supplier_id=str(number), names="箱包", last_seen_at=NOON)
        for number in range(120)
    )
    client = signed_in(alice)
    with django_assert_num_queries(9):  # session, user, entries, count, rows, merged, teams: three
        page = client.get("/suppliers/?page=2&sort=-lists")
    assert len(page.context["rows"]) == 50
