"""A new search before anything is entered: what is chosen and filled in already."""

import pytest

from tests.factories import (
    OTHER_MARKETPLACE,
    CredentialFactory,
    MembershipFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    UserFactory,
)
from tests.searches.pages import kept, photo, text_of

NEW = "/search/new/"


def test_the_only_marketplace_is_chosen_already(alice, signed_in):
    credential = CredentialFactory()
    page = signed_in(alice).get(NEW).content.decode()
    assert f'value="{credential.marketplace}" id="id_marketplaces_0" checked' in page


def test_of_several_those_are_chosen_that_were_asked_last(alice, team, signed_in):
    CredentialFactory()
    CredentialFactory(marketplace=OTHER_MARKETPLACE)
    SearchCallFactory(job=SearchJobFactory(team=team, owner=alice), marketplace=OTHER_MARKETPLACE)
    page = signed_in(alice).get(NEW).content.decode()
    assert page.count(" checked") == 1
    assert f'value="{OTHER_MARKETPLACE}" id="id_marketplaces_1" checked' in page


def test_without_a_credential_the_page_says_who_adds_one(alice, team, signed_in):
    page = text_of(signed_in(alice).get(NEW))
    assert "No marketplace can be searched yet" in page
    assert "An administrator adds it" in page

    admin = UserFactory(is_superuser=True, is_staff=True)
    MembershipFactory(user=admin, team=team)
    assert 'href="/admin/searches/credential/add/"' in signed_in(admin).get(NEW).content.decode()


def test_another_searchs_question_fills_the_form(alice, team, signed_in):
    credential = CredentialFactory()
    image = QueryImageFactory(team=team, data=photo())
    job = SearchJobFactory(team=team, title="Old mug", image=image, price_to=12, keywords="杯", wholesale_only=True)
    SearchCallFactory(job=job, credential=credential)
    response = signed_in(alice).get(f"{NEW}?like={job.pk}")
    page = response.content.decode()
    assert kept(response) == [str(image.pk)]
    assert 'value="Old mug"' in page
    assert 'value="杯"' in page
    assert 'value="12.00"' in page or 'value="12"' in page


@pytest.mark.parametrize("like", ["999999", "x", "", "1" * 40, "1" * 5000])
def test_an_unknown_search_fills_nothing(like, alice, signed_in):
    CredentialFactory()
    assert kept(signed_in(alice).get(f"{NEW}?like={like}")) == []


def test_another_teams_search_fills_nothing(alice, charlies_team, signed_in):
    CredentialFactory()
    job = SearchJobFactory(team=charlies_team, title="Secret mug")
    assert "Secret mug" not in signed_in(alice).get(f"{NEW}?like={job.pk}").content.decode()
