"""Users and teams in the administration."""

import pytest

from accounts.models import Membership, User
from tests.factories import MembershipFactory, TeamFactory, UserFactory


@pytest.fixture
def administrator(db) -> User:
    return UserFactory(username="root", is_superuser=True, is_staff=True)


def test_pages_answer(administrator, alice, team, signed_in):
    client = signed_in(administrator)
    for address in (
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{alice.pk}/change/",
        "/admin/accounts/user/add/",
        "/admin/accounts/team/",
        f"/admin/accounts/team/{team.pk}/change/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
    assert "Outdoor" in client.get("/admin/accounts/user/").content.decode()


def test_lists_cost_the_same_for_many(administrator, signed_in, django_assert_max_num_queries):
    for _ in range(3):
        team = TeamFactory()
        for _ in range(5):
            MembershipFactory(team=team)
    client = signed_in(administrator)
    with django_assert_max_num_queries(9):
        client.get("/admin/accounts/user/")
    with django_assert_max_num_queries(7):
        client.get("/admin/accounts/team/")


def test_a_member_is_added_with_a_role(administrator, team, signed_in):
    member = UserFactory()
    data = {
        "name": team.name,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": member.pk,
        "memberships-0-role": "viewer",
    }
    assert signed_in(administrator).post(f"/admin/accounts/team/{team.pk}/change/", data).status_code == 302
    assert Membership.objects.get(user=member).role == Membership.Role.VIEWER


def test_a_membership_names_its_role_in_words(alice, team):
    assert str(alice.memberships.get()) == f"{alice} · {team} (buyer: searches, keeps lists)"


def test_a_superuser_may_enter_and_an_ordinary_one_may_not(administrator, alice, signed_in):
    client = signed_in(administrator)
    data = {
        "username": "alice",
        "is_active": "on",
        "is_superuser": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    client.post(f"/admin/accounts/user/{alice.pk}/change/", data)
    assert signed_in(User.objects.get(pk=alice.pk)).get("/admin/").status_code == 200
    del data["is_superuser"]
    client.post(f"/admin/accounts/user/{alice.pk}/change/", data)
    assert signed_in(User.objects.get(pk=alice.pk)).get("/admin/").status_code == 302
