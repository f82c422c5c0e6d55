"""Who sees a list and who changes it, when its owner says so."""

import pytest

from accounts.models import Membership
from accounts.sharing import Audience
from suppliers.models import ListEntry, SupplierList
from tests.factories import MembershipFactory, UserFactory
from tests.searches.pages import text_of


@pytest.fixture
def dora(team):
    """Another buyer of the team."""
    return MembershipFactory(user=UserFactory(username="dora"), team=team, role=Membership.Role.BUYER).user


def share(supplier_list, audience, *people, editing=False):
    supplier_list.audience, supplier_list.shared_for_editing = audience, editing
    supplier_list.save()
    supplier_list.people.set(people)


def test_a_new_list_is_the_teams_to_see_and_to_change(alice, team, signed_in):
    signed_in(alice).post("/lists/new/", {"name": "Pans"})
    made = SupplierList.objects.get()
    assert (made.audience, made.shared_for_editing) == (Audience.TEAM, True)


@pytest.mark.parametrize("name", ["bob", "vera", "dora", "charlie", "loner"])
def test_a_private_list_is_found_by_nobody_else(name, spring, entry, request, signed_in):
    share(spring, Audience.PRIVATE)
    user = request.getfixturevalue(name)
    client = signed_in(user)
    for address in ("", "board/", "inquiries/", f"entries/{entry.pk}/", "export.csv", "share/", "delete/"):
        assert client.get(f"/lists/{spring.pk}/{address}").status_code == 404, address
    assert not client.get("/lists/").context["rows"]
    assert not ListEntry.objects.for_user(user).exists()


def test_chosen_people_see_it_and_others_do_not(spring, entry, dora, bob, signed_in):
    share(spring, Audience.PEOPLE, dora)
    assert signed_in(dora).get(f"/lists/{spring.pk}/").status_code == 200
    assert signed_in(bob).get(f"/lists/{spring.pk}/").status_code == 404


def test_who_may_only_read_is_told_whose_list_it_is(spring, entry, dora, signed_in):
    share(spring, Audience.PEOPLE, dora)
    client = signed_in(dora)
    answer = client.post(f"/lists/{spring.pk}/entries/{entry.pk}/change/", {"status": "contacted", "version": 1})
    assert answer.status_code == 403
    assert "shared with you for reading. alice can let you change it" in text_of(answer)
    entry.refresh_from_db()
    assert entry.status == "candidate"
    assert "you read it" in text_of(client.get(f"/lists/{spring.pk}/"))


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("dora", 403), ("vera", 403), ("charlie", 404)]
)
@pytest.mark.parametrize("step", ["share/", "delete/"])
def test_its_owner_and_the_leads_share_and_delete_it(name, status, step, spring, request, signed_in):
    assert signed_in(request.getfixturevalue(name)).get(f"/lists/{spring.pk}/{step}").status_code == status


def test_sharing_with_chosen_people(alice, dora, spring, signed_in):
    data = {"audience": "people", "people": [dora.pk], "shared_for_editing": "on"}
    assert signed_in(alice).post(f"/lists/{spring.pk}/share/", data).url == spring.get_absolute_url()
    spring.refresh_from_db()
    assert (spring.audience, list(spring.people.all()), spring.shared_for_editing) == ("people", [dora], True)


def test_a_stranger_cannot_be_chosen(alice, bob, charlie, spring, signed_in):
    answer = signed_in(alice).post(f"/lists/{spring.pk}/share/", {"audience": "people", "people": [charlie.pk]})
    assert "Only members of the team can be chosen" in text_of(answer)
    spring.refresh_from_db()
    assert spring.audience == Audience.TEAM


def test_a_lead_who_takes_it_from_their_own_sight_lands_on_the_lists(bob, spring, signed_in):
    assert signed_in(bob).post(f"/lists/{spring.pk}/share/", {"audience": "private"}).url == "/lists/"
