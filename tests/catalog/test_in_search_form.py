"""The team's own catalogue in the form of a new search: offered, ticked, and told of where it is empty."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from searches.marketplaces import CATALOG
from searches.models import SearchJob
from tests.catalog.stocked import MUG, query, stocked
from tests.factories import CredentialFactory, MembershipFactory, SearchCallFactory, SearchJobFactory, TeamFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
NEW = "/search/new/"
HINT = "Your catalogue has no pictures to be found by yet"


def ticks(response) -> dict[str, bool]:
    """By the marketplaces that the form offers, in its order: whether they are ticked."""
    boxes = re.findall(r'<input type="checkbox" name="marketplaces"[^>]*>', response.content.decode())
    return {re.search(r'value="([^"]*)"', box)[1]: " checked" in box for box in boxes}


def sent(**fields):
    photo = SimpleUploadedFile("mug.jpg", query(MUG), "image/jpeg")
    return {"image": photo, "order": "similarity", "wanted": 50, "preparation": "basic", "rights": "on"} | fields


def test_it_is_offered_first_and_ticked(alice, team, signed_in) -> None:
    CredentialFactory(marketplace="onebound")
    CredentialFactory(marketplace="tmapi")
    stocked(team, seen=False)

    response = signed_in(alice).get(NEW)

    assert ticks(response) == {CATALOG: True, "tmapi": False, "onebound": False}
    assert "Our catalogue · what you have, without a call" in text_of(response)
    assert HINT not in text_of(response)


def test_beside_the_only_marketplace_both_are_ticked(alice, team, signed_in) -> None:
    CredentialFactory(marketplace="onebound")
    stocked(team, seen=False)

    assert ticks(signed_in(alice).get(NEW)) == {CATALOG: True, "onebound": True}


def test_it_is_ticked_beside_what_was_searched_last(alice, team, signed_in) -> None:
    for marketplace in ("onebound", "tmapi"):
        CredentialFactory(marketplace=marketplace)
    stocked(team, seen=False)
    SearchCallFactory(job=SearchJobFactory(team=team, owner=alice), marketplace="tmapi", credential=None)

    assert ticks(signed_in(alice).get(NEW)) == {CATALOG: True, "tmapi": True, "onebound": False}


def test_an_empty_one_is_not_offered_but_told_of(alice, team, signed_in) -> None:
    CredentialFactory(marketplace="onebound")

    response = signed_in(alice).get(NEW)

    assert ticks(response) == {"onebound": True}
    assert HINT in text_of(response)


def test_without_any_credential_the_catalogue_is_searched_alone(alice, team, signed_in) -> None:
    stocked(team, seen=False)
    client = signed_in(alice)

    assert ticks(client.get(NEW)) == {CATALOG: True}
    response = client.post(NEW, sent(marketplaces=[CATALOG]))

    job = SearchJob.objects.get()
    assert response.url == job.get_absolute_url()
    assert list(job.calls.values_list("marketplace", flat=True)) == [CATALOG]


def test_of_another_team_it_is_left_out_unasked(alice, team, signed_in) -> None:
    """It is ticked for whoever has one in any team; the team that is chosen then may have none."""
    CredentialFactory(marketplace="onebound")
    stocked(team, seen=False)
    other = MembershipFactory(user=alice, team=TeamFactory()).team

    signed_in(alice).post(NEW, sent(marketplaces=[CATALOG, "onebound"], team=other.pk))

    assert list(SearchJob.objects.get(team=other).calls.values_list("marketplace", flat=True)) == ["onebound"]


def test_of_another_team_alone_it_is_refused(alice, team, signed_in) -> None:
    stocked(team, seen=False)
    other = MembershipFactory(user=alice, team=TeamFactory(name="Shoes")).team

    response = signed_in(alice).post(NEW, sent(marketplaces=[CATALOG], team=other.pk))

    assert "The team Shoes may not search at: Our catalogue." in text_of(response)
    assert not SearchJob.objects.exists()


def test_a_stranger_s_catalogue_is_not_offered(alice, team, charlies_team, signed_in) -> None:
    CredentialFactory(marketplace="onebound")
    stocked(charlies_team, seen=False)

    assert CATALOG not in ticks(signed_in(alice).get(NEW))


def test_archived_items_do_not_count(alice, team, signed_in) -> None:
    CredentialFactory(marketplace="onebound")
    item = stocked(team, seen=False)
    item.archived_at = timezone.now()
    item.save()

    assert CATALOG not in ticks(signed_in(alice).get(NEW))
