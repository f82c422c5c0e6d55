"""All lists, and what is done with a whole one."""

from datetime import timedelta

import pytest

from suppliers.models import SupplierList
from tests.factories import NOON, ListEntryFactory, MembershipFactory, SupplierListFactory


@pytest.fixture
def spring(team, alice) -> SupplierList:
    return SupplierListFactory(team=team, owner=alice, name="Spring bags")


def test_a_line_says_what_is_in_a_list(alice, spring, signed_in):
    ListEntryFactory(supplier_list=spring, supplier_id="1", added_at=NOON)
    ListEntryFactory(supplier_list=spring, supplier_id="1", added_at=NOON + timedelta(days=1))
    ListEntryFactory(supplier_list=spring, supplier_id="", supplier_name="义乌", added_at=NOON)
    ListEntryFactory(supplier_list=spring, supplier_id="", supplier_name="", added_at=NOON)
    ((row, newest),) = signed_in(alice).get("/lists/").context["rows"]
    assert (row.entry_count, row.supplier_count, newest) == (4, 2, "2026-11-23 12:00")


def test_by_name_in_pages(alice, team, signed_in):
    for number in range(52):
        SupplierListFactory(team=team, name=f"List {number:02}")
    SupplierListFactory(team=team, name="a first one")
    client = signed_in(alice)
    page = client.get("/lists/").context["page"]
    assert [row.name for row in page][:2] == ["a first one", "List 00"]
    assert len(page) == 50
    assert [row.name for row in client.get("/lists/?page=2").context["page"]] == ["List 49", "List 50", "List 51"]
    assert client.get("/lists/?page=99").context["page"].number == 2
    assert client.get("/lists/?page=x").context["page"].number == 1


def test_found_by_name(alice, spring, team, signed_in):
    SupplierListFactory(team=team, name="户外背包 50%")
    client = signed_in(alice)
    assert [row.name for row in client.get("/lists/?q=背包 50%25").context["page"]] == ["户外背包 50%"]
    page = client.get("/lists/?q=pans").content.decode()
    assert "No list has this in its name" in page
    assert 'value="pans"' in page
    assert client.get("/lists/?q=%00").status_code == 200
    assert client.get("/lists/", {"q": "x" * 60_000}).status_code == 200


def test_many_lists_cost_the_same(alice, team, signed_in, django_assert_num_queries):
    for _ in range(30):
        ListEntryFactory(supplier_list=SupplierListFactory(team=team, owner=alice))
    client = signed_in(alice)
    # Session, user, count, rows, may create, in a team, mentions and how many are unread, teams in the bar.
    with django_assert_num_queries(9):
        client.get("/lists/")


def test_empty_says_how_to_begin(alice, signed_in):
    assert "Tick offers in a search" in signed_in(alice).get("/lists/").content.decode()


def test_starting_one(alice, team, signed_in):
    response = signed_in(alice).post("/lists/new/", {"name": "Spring bags"})
    made = SupplierList.objects.get()
    assert response.url == made.get_absolute_url()
    assert (made.team, made.owner) == (team, alice)


def test_starting_one_in_another_team(alice, team, charlies_team, signed_in):
    MembershipFactory(user=alice, team=charlies_team)
    client = signed_in(alice)
    assert 'name="team"' in client.get("/lists/new/").content.decode()
    client.post("/lists/new/", {"name": "Pans", "team": charlies_team.pk})
    assert SupplierList.objects.get().team == charlies_team


def test_not_in_a_team_of_others(alice, charlies_team, signed_in):
    signed_in(alice).post("/lists/new/", {"name": "Pans", "team": charlies_team.pk})
    assert SupplierList.objects.get().team != charlies_team


@pytest.mark.parametrize("step", ["new/", "{pk}/rename/"])
@pytest.mark.parametrize(
    ("name", "error"), [("autumn", "already has a list"), ("", "required"), ("x" * 101, "at most 100")]
)
def test_a_bad_name_is_told_beside_its_field(alice, team, spring, step, name, error, signed_in):
    SupplierListFactory(team=team, name="Autumn")
    response = signed_in(alice).post(f"/lists/{step.format(pk=spring.pk)}", {"name": name})
    page = response.content.decode()
    assert error in page.split('id="id_name_error"')[1].split("</ul>")[0]
    assert f'value="{name}"' in page or not name
    assert set(SupplierList.objects.values_list("name", flat=True)) == {"Spring bags", "Autumn"}


def test_renaming(alice, spring, signed_in):
    client = signed_in(alice)
    assert 'value="Spring bags"' in client.get(f"/lists/{spring.pk}/rename/").content.decode()
    response = client.post(f"/lists/{spring.pk}/rename/", {"name": "Summer"}, follow=True)
    assert response.redirect_chain[0][0] == spring.get_absolute_url()
    assert "The list is now called “Summer”." in response.content.decode()


def test_deleting_asks_and_names_what_is_lost(alice, spring, signed_in):
    ListEntryFactory(supplier_list=spring, note="late")
    ListEntryFactory(supplier_list=spring)
    client = signed_in(alice)
    page = client.get(f"/lists/{spring.pk}/delete/").content.decode()
    assert "2 offers" in page
    assert "1 note<" in page
    assert f"/lists/{spring.pk}/export.csv" in page
    assert SupplierList.objects.exists()
    assert client.post(f"/lists/{spring.pk}/delete/").url == "/lists/"
    assert not SupplierList.objects.exists()
