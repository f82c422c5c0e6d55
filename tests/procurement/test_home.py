"""Where somebody lands."""

from datetime import timedelta

import pytest

from tests.factories import NOON, CredentialFactory, MembershipFactory, SearchJobFactory, UserFactory
from tests.searches.pages import text_of


def test_newest_search_of_the_team(alice, bob, team, charlies_team, signed_in):
    SearchJobFactory(team=team, owner=alice, created_at=NOON)
    newest = SearchJobFactory(team=team, owner=bob, created_at=NOON + timedelta(hours=1))
    SearchJobFactory(team=charlies_team, created_at=NOON + timedelta(hours=2))
    assert signed_in(alice).get("/").url == newest.get_absolute_url()


@pytest.fixture
def start(charlies_team, signed_in):
    """`start(user)`: what the page says before that user's team has searched."""
    SearchJobFactory(team=charlies_team)

    def words(user) -> str:
        response = signed_in(user).get("/")
        assert response.status_code == 200
        return text_of(response)

    return words


def test_three_steps_before_the_first_search(alice, start):
    CredentialFactory()
    said = start(alice)
    assert "three steps" in said
    assert "Start the first search" in said


def test_without_a_credential_it_says_who_adds_one(alice, team, start):
    said = start(alice)
    assert "No marketplace can be searched yet" in said
    assert "An administrator adds it once for everybody" in said
    assert "Start the first search" not in said
    administrator = UserFactory(is_staff=True, is_superuser=True)
    MembershipFactory(user=administrator, team=team)
    assert "Add a credential" in start(administrator)


def test_a_reader_learns_who_searches(vera, start):
    CredentialFactory()
    said = start(vera)
    assert "The buyers of your team start searches" in said
    assert "Start the first search" not in said


def test_without_a_team_it_says_what_to_do(loner, start):
    said = start(loner)
    assert "Ask an administrator to add you to one" in said
    assert "Your user name, for them: loner" in said


def test_anonymous_signs_in_first(signed_in):
    assert signed_in(None).get("/").url == "/accounts/sign-in/?next=/"
