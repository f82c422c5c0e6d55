"""The team's own catalogue, searched like a marketplace: by its team alone, at no cost, beside the others."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog import marketplace
from searches import actions
from searches.marketplaces import CATALOG
from searches.models import SearchCall, SearchJob, Sighting
from searches.models.usage import CallCount
from tests.catalog.stocked import KETTLEBELL, MUG, query, stocked
from tests.factories import CredentialFactory
from tests.sandbox.running import running_sandbox
from tests.searches.conftest import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(alice, team):
    """`search(product, **parameters)`: alice's search for a photo of the product in her team's catalogue, worked on."""

    def run(product=MUG, **parameters):
        asker = {"user": parameters.pop("user", alice), "team": parameters.pop("team", team)}
        photos = [
            actions.keep_query_image(data=query(one), name=f"{one}.jpg", **asker)
            for one in ([product] if isinstance(product, str) else product)
        ]
        asked = {"marketplaces": [CATALOG], "title": "Mug", "wanted": 50} | parameters
        return work(actions.start_search(images=photos, **asker, **asked))

    return run


def test_a_photo_finds_the_item_with_all_that_is_known_of_it(search, team) -> None:
    item = stocked(
        team,
        code="MUG-7",
        name="陶瓷马克杯",
        price=Decimal("12.5"),
        tiers=[[1, "12.5"], [100, "11.2"]],
        moq=24,
        last_bought=date(2026, 3, 5),
        notes="白色",
    )
    stocked(team, KETTLEBELL)

    job = search()

    assert job.status == SearchJob.Status.DONE
    (match,) = job.matches.all()
    assert (match.marketplace, match.offer_id, match.rank) == (CATALOG, str(item.pk), 1)
    assert match.title == "MUG-7 · 陶瓷马克杯"
    assert match.url == f"/catalog/{item.pk}/"
    assert match.image_url in {f"/catalog/pictures/{picture.pk}.jpg" for picture in item.pictures.all()}
    assert (match.price, match.currency, match.moq) == (Decimal("12.5"), "CNY", 24)
    assert match.price_tiers == [(1, Decimal("12.5")), (100, Decimal("11.2"))]
    assert match.supplier_name == item.supplier_name
    assert match.extras == {"code": "MUG-7", "last_bought": "2026-03-05", "notes": "白色"}


def test_its_similarity_is_our_eye_s_word_and_no_marketplace_s(search, team) -> None:
    stocked(team)

    (match,) = search().matches.all()

    assert match.similarity is None
    assert marketplace.LEAST_SIMILARITY <= match.visual <= 1
    assert match.likeness == match.visual
    (sighting,) = Sighting.objects.filter(match=match)
    assert (sighting.similarity, sighting.visual) == (None, match.visual)


def test_of_several_photos_the_most_alike_counts(search, team) -> None:
    stocked(team)

    (match,) = search([MUG, KETTLEBELL]).matches.all()

    assert match.photos_count == 1
    assert match.visual == match.sightings.get().visual


def test_nothing_is_called_counted_or_kept_for_the_next(search, team) -> None:
    CredentialFactory()
    stocked(team)

    job = search()

    call = SearchCall.objects.get(job=job)
    assert (call.status, call.credential, call.credential_name, call.from_cache) == ("done", None, "", False)
    assert (call.offers_found, call.offers_total, call.attempts) == (1, 1, 1)
    assert not CallCount.objects.exists()
    # A second later there is one item more: no answer of before stands for it.
    stocked(team)
    assert search().matches.count() == 2


def test_it_works_while_valkey_is_away(search, team, settings, monkeypatch) -> None:
    stocked(team)
    monkeypatch.setattr("searches.results.connection", lambda: pytest.fail("the result cache was asked"))
    monkeypatch.setattr("searches.slots.call_slot", lambda credential: pytest.fail("a slot was taken"))

    assert search().matches.count() == 1


def test_another_team_s_items_are_never_found(search, team, charlies_team) -> None:
    stocked(charlies_team)

    job = search()

    assert job.status == SearchJob.Status.DONE
    assert not job.matches.exists()


def test_archived_items_are_never_found(search, team) -> None:
    item = stocked(team)
    item.archived_at = timezone.now()
    item.save()

    assert not search().matches.exists()


def test_a_catalogue_is_searched_beside_a_marketplace(search, team) -> None:
    item = stocked(team)
    with running_sandbox() as sandbox:
        credential = CredentialFactory(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)
        job = search(marketplaces=[CATALOG, credential.marketplace])

        assert len(sandbox.calls()) == 1
    assert job.matches.get(marketplace=CATALOG).offer_id == str(item.pk)
    assert {call.status for call in job.calls.all()} == {"done"}


def test_without_the_eye_the_call_fails_and_the_others_results_stay(search, team, monkeypatch) -> None:
    stocked(team)

    def blind(pictures):
        raise marketplace.ModelUnavailable("the file is damaged")

    monkeypatch.setattr(marketplace, "embed", blind)
    with running_sandbox(floor=0.0) as sandbox:
        credential = CredentialFactory(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)
        job = search(marketplaces=[CATALOG, credential.marketplace])

    assert job.status == SearchJob.Status.PARTIAL
    failed = job.calls.get(marketplace=CATALOG)
    assert (failed.status, failed.error_code) == ("failed", "eye-unavailable")
    assert "administrator" in failed.error_remedy
    assert job.matches.exists()


def test_it_is_offered_to_those_who_have_something_in_it(team, charlies_team) -> None:
    assert actions.marketplaces_for([team, charlies_team]) == []

    stocked(team, seen=False)
    stocked(charlies_team, views=0)

    assert actions.marketplaces_for([team]) == [CATALOG]
    assert actions.marketplaces_for([charlies_team]) == []
    assert actions.marketplaces_for([charlies_team, team]) == [CATALOG]


def test_an_archived_catalogue_is_not_offered(team) -> None:
    item = stocked(team, seen=False)
    item.archived_at = timezone.now()
    item.save()

    assert actions.marketplaces_for([team]) == []


def test_it_is_searched_again_without_a_credential(search, alice, team) -> None:
    stocked(team)

    again = actions.search_again(user=alice, job=search())

    assert work(again).matches.count() == 1
