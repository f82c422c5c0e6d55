"""Where somebody lands."""

from datetime import timedelta

from tests.factories import NOON, SearchJobFactory


def test_newest_search_of_the_team(alice, bob, team, charlies_team, signed_in):
    SearchJobFactory(team=team, owner=alice, created_at=NOON)
    newest = SearchJobFactory(team=team, owner=bob, created_at=NOON + timedelta(hours=1))
    SearchJobFactory(team=charlies_team, created_at=NOON + timedelta(hours=2))
    assert signed_in(alice).get("/").url == newest.get_absolute_url()


def test_first_search_when_there_is_none(alice, charlies_team, signed_in):
    SearchJobFactory(team=charlies_team)
    assert signed_in(alice).get("/").url == "/search/new/"


def test_without_a_team_it_says_what_to_do(loner, charlies_team, signed_in):
    SearchJobFactory(team=charlies_team)
    response = signed_in(loner).get("/")
    assert response.status_code == 200
    assert "Ask an administrator to add you to a team" in response.content.decode()


def test_anonymous_signs_in_first(signed_in):
    assert signed_in(None).get("/").url == "/accounts/sign-in/?next=/"
