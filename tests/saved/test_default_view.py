"""With which view searches open: a person's own choice before the team's."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from saved import actions
from saved.models import DefaultView
from saved.opening import default_query
from searches.opening import query_of
from tests.saved.factories import SavedViewFactory
from tests.searches.pages import text_of


@pytest.fixture
def teams(team, bob):
    return SavedViewFactory(team=team, owner=bob, audience="team", name="The team's", query="sort=price")


@pytest.fixture
def own(team, alice):
    return SavedViewFactory(team=team, owner=alice, name="My own", query="sort=-credit")


def choose(client, view, *, whose: str = "mine", on: str = "1"):
    return client.post(reverse("saved:view-default", args=[view.pk]), {"whose": whose, "on": on})


def test_without_a_choice_searches_open_as_they_are(alice, job):
    assert default_query(alice, job) == query_of(alice, job) == ""


def test_ones_own_choice_comes_before_the_teams(signed_in, alice, bob, vera, job, teams, own):
    choose(signed_in(bob), teams, whose="team")
    assert default_query(alice, job) == f"sort=price&view={teams.pk}"
    choose(signed_in(alice), own)
    assert default_query(alice, job) == f"sort=-credit&view={own.pk}"
    assert default_query(vera, job) == f"sort=price&view={teams.pk}"
    choose(signed_in(alice), own, on="0")
    assert default_query(alice, job) == f"sort=price&view={teams.pk}"


def test_a_viewer_chooses_for_themselves(signed_in, vera, job, teams):
    choose(signed_in(vera), teams)
    assert default_query(vera, job) == f"sort=price&view={teams.pk}"


def test_only_a_lead_chooses_for_the_team(signed_in, alice, job, teams):
    refused = choose(signed_in(alice), teams, whose="team")
    assert refused.status_code == 403
    assert "for its leads to choose" in text_of(refused)
    assert not DefaultView.objects.exists()


def test_what_not_all_see_cannot_be_the_teams(signed_in, bob, team):
    private = SavedViewFactory(team=team, owner=bob)
    response = signed_in(bob).post(
        reverse("saved:view-default", args=[private.pk]), {"whose": "team", "on": "1"}, follow=True
    )
    assert "Share the view with the whole team first" in text_of(response)
    assert not DefaultView.objects.exists()


def test_a_view_of_one_search_cannot_be_it(alice, team, bags):
    view = SavedViewFactory(team=team, owner=alice, search=bags)
    with pytest.raises(ValidationError, match="for any search"):
        actions.set_default(team=team, user=alice, view=view)


def test_choosing_again_replaces_the_choice(signed_in, alice, job, own, teams):
    for view in (own, teams, own):
        choose(signed_in(alice), view)
    assert DefaultView.objects.get().view == own


def test_what_is_shared_no_longer_is_passed_over(signed_in, alice, bob, job, teams):
    choose(signed_in(alice), teams)
    choose(signed_in(bob), teams, whose="team")
    teams.audience = "private"
    teams.save()
    assert default_query(alice, job) == ""
    assert default_query(bob, job) == f"sort=price&view={teams.pk}"


def test_a_deleted_view_is_nobodys_choice(alice, job, own):
    actions.set_default(team=own.team, user=alice, view=own)
    actions.delete_view(view=own)
    assert default_query(alice, job) == ""


def test_searches_of_another_team_open_as_they_are(alice, charlie, charlies_team, own, job):
    actions.set_default(team=own.team, user=alice, view=own)
    job.team = charlies_team
    job.save()
    assert default_query(alice, job) == ""


def test_the_words_of_the_question_are_kept(alice, job, own):
    job.keywords = "blue"
    assert query_of(alice, job) == "title_any=blue"
    actions.set_default(team=own.team, user=alice, view=own)
    assert query_of(alice, job) == f"sort=-credit&view={own.pk}&title_any=blue"


def test_the_page_says_whose_choice_it_is(signed_in, alice, bob, teams):
    choose(signed_in(bob), teams, whose="team")
    assert "Your team’s lead has searches open with this view" in text_of(
        signed_in(alice).get(teams.get_absolute_url())
    )
    listed = text_of(signed_in(alice).get("/saved/views/"))
    assert "the team’s searches open with it" in listed
