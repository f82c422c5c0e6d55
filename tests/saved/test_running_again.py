"""Asking a saved search's question anew, changing the question, and what its photos and runs survive."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from saved import actions
from saved.models import Run, SavedSearch
from searches import retention
from searches.actions import delete_search as delete_job
from searches.actions import question_of
from searches.models import QueryImage, SearchJob
from tests.factories import CredentialFactory, QueryImageFactory, SearchJobFactory
from tests.saved.factories import RunFactory, SavedSearchFactory
from tests.searches.pages import text_of


@pytest.fixture(autouse=True)
def no_worker(monkeypatch) -> None:
    """Calls stay as they are written: nobody takes them."""
    monkeypatch.setattr("searches.doorbell.ring", lambda calls: None)


def again(client, search):
    return client.post(reverse("saved:again", args=[search.pk]))


def test_the_same_question_is_asked_without_cached_answers(signed_in, alice, bags, job):
    response = again(signed_in(alice), bags)
    new = SearchJob.objects.exclude(pk=job.pk).get()
    assert new.fresh
    assert (new.title, new.owner, new.team) == ("Bags", alice, bags.team)
    assert question_of(new) == question_of(job)
    assert new.photos == job.photos
    assert [call.marketplace for call in new.calls.all()] == bags.marketplaces
    assert response.url == f"/searches/{new.pk}/?price_to=20&sort=price&saved={bags.pk}"
    assert [run.job for run in bags.runs.all()] == [new, job]


def test_parts_of_photos_are_asked_for_again(alice, job):
    job.crops = {str(job.photos[0].pk): [0.1, 0.1, 0.9, 0.9]}
    job.save()
    saved = actions.save_search(user=alice, job=job, name="Part")
    run, _is_new = actions.run_again(user=alice, search=saved)
    assert run.job.crops == job.crops


def test_who_sees_it_and_is_a_buyer_runs_it(signed_in, ben, vera, bags, let_in):
    let_in(bags, ben, vera)
    again(signed_in(ben), bags)
    assert bags.runs.first().job.owner == ben
    assert again(signed_in(vera), bags).status_code == 403
    bags.refresh_from_db()
    assert bags.version == 1


def test_while_a_run_is_on_its_way_there_is_no_second(signed_in, alice, bags):
    again(signed_in(alice), bags)
    response = signed_in(alice).post(reverse("saved:again", args=[bags.pk]), follow=True)
    assert "being asked already" in text_of(response)
    assert bags.runs.count() == 2


def test_a_marketplace_that_is_in_use_no_more_is_left_out_and_told(signed_in, alice, team):
    CredentialFactory()
    search = SavedSearchFactory(team=team, owner=alice, marketplaces=["image_search_md5", "onebound"])
    page = text_of(signed_in(alice).post(reverse("saved:again", args=[search.pk]), follow=True))
    assert "Not asked, as it is not in use any more" in page
    assert [call.marketplace for call in search.runs.get().job.calls.all()] == ["image_search_md5"]


def test_without_a_marketplace_nothing_is_asked(signed_in, alice, team):
    search = SavedSearchFactory(team=team, owner=alice)
    response = signed_in(alice).post(reverse("saved:again", args=[search.pk]), follow=True)
    assert "None of its marketplaces is in use" in text_of(response)
    assert not SearchJob.objects.exists()


def test_photos_that_are_kept_no_longer_are_left_out(alice, team):
    CredentialFactory()
    kept, lost = QueryImageFactory(team=team), QueryImageFactory(team=team, file="")
    search = SavedSearchFactory(team=team, owner=alice, photos=[lost, kept])
    run, _is_new = actions.run_again(user=alice, search=search)
    assert run.job.photos == [kept]
    QueryImage.objects.update(file="")
    Run.objects.all().delete()
    with pytest.raises(ValidationError, match="None of its photos"):
        actions.run_again(user=alice, search=search)


def test_opening_leads_to_the_newest_run_that_is_over(signed_in, alice, bags, job):
    again(signed_in(alice), bags)
    address = reverse("saved:open", args=[bags.pk])
    assert signed_in(alice).get(address).url.startswith(f"/searches/{job.pk}/?")
    later = RunFactory(search=bags, job=SearchJobFactory(team=bags.team))
    assert signed_in(alice).get(address).url.startswith(f"/searches/{later.job.pk}/?")


def test_a_saved_search_outlives_its_runs(signed_in, alice, bags, job):
    delete_job(job=job)
    assert bags.images
    response = signed_in(alice).get(reverse("saved:open", args=[bags.pk]), follow=True)
    assert "results are kept no longer" in text_of(response)


def test_its_photos_are_not_removed_for_their_age(settings, alice, bags, job):
    settings.RETENTION_ORIGINALS_DAYS = 30
    photo = bags.images[0]
    old = timezone.now() - timedelta(days=90)
    QueryImage.objects.update(created_at=old)
    SearchJob.objects.update(created_at=old)
    other = QueryImageFactory(team=bags.team)
    QueryImage.objects.filter(pk=other.pk).update(created_at=old)
    retention.expire_originals(timezone.now())
    assert list(QueryImage.objects.exclude(file="")) == [photo]


def test_deleting_it_removes_the_photos_that_nothing_else_shows(alice, team, bags, job):
    own = actions.copy_search(user=alice, search=bags)
    actions.delete_search(search=bags)
    assert QueryImage.objects.exists()
    delete_job(job=job)
    assert QueryImage.objects.exists()
    actions.delete_search(search=own)
    assert not QueryImage.objects.exists()


def test_deleting_what_is_deleted_already_is_no_mistake(bags):
    stale = SavedSearch.objects.get()
    actions.delete_search(search=bags)
    actions.delete_search(search=stale)
    assert not SavedSearch.objects.exists()


ASKED = {
    "price_from": "12.5",
    "price_to": "",
    "keywords": "防水 👜",
    "order": "price",
    "wanted": "200",
    "preparation": "enhanced",
    "marketplaces": ["image_search_md5"],
    "version": "1",
}


def edited(client, search, **fields):
    return client.post(reverse("saved:edit", args=[search.pk]), ASKED | fields)


def test_changing_the_question_changes_the_next_run(signed_in, alice, bags, job):
    assert edited(signed_in(alice), bags).url == bags.get_absolute_url()
    run, _is_new = actions.run_again(user=alice, search=SavedSearch.objects.get())
    new = run.job
    assert (new.price_from, new.price_to, new.wanted) == (Decimal("12.50"), None, 200)
    assert (new.keywords, new.order, new.preparation) == ("防水 👜", "price", "enhanced")
    job.refresh_from_db()
    assert job.price_to == Decimal("80.50")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("１２．５", None), ("１２", "12"), ("0", "0"), (" 7 ", "7")],
)
def test_prices_as_people_type_them(signed_in, alice, bags, typed, read):
    edited(signed_in(alice), bags, price_from=typed)
    question = SavedSearch.objects.get().question
    assert question["price_from"] == (bags.question["price_from"] if read is None else read)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price_from": "-1"}, "greater than or equal to 0"),
        ({"price_from": "9" * 13}, "no more than"),
        ({"price_from": "cheap"}, "Enter a number"),
        ({"price_from": "9", "price_to": "1"}, "The highest price is below the lowest."),
        ({"marketplaces": []}, "Choose at least one marketplace."),
        ({"marketplaces": ["elsewhere"]}, "Select a valid choice"),
        ({"wanted": "7"}, "Select a valid choice"),
        ({"keywords": "nul\0"}, "Null characters"),
    ],
)
def test_questions_that_are_none(signed_in, alice, bags, fields, words):
    response = edited(signed_in(alice), bags, **fields)
    assert response.status_code == 200
    assert words in text_of(response)
    assert SavedSearch.objects.get().version == 1


def test_a_question_that_was_changed_meanwhile_is_not_overwritten(signed_in, alice, ben, bags, let_in):
    let_in(bags, ben, editing=True)
    edited(signed_in(alice), bags)
    response = edited(signed_in(ben), bags, keywords="theirs")
    assert "alice" in text_of(response)
    assert 'value="theirs"' in response.content.decode()
    assert SavedSearch.objects.get().question["keywords"] == "防水 👜"


def test_who_may_change_the_question(signed_in, ben, vera, bags, let_in):
    let_in(bags, ben, vera)
    for reader in (ben, vera):
        assert edited(signed_in(reader), bags).status_code == 403
        assert signed_in(reader).get(reverse("saved:edit", args=[bags.pk])).status_code == 403
