"""Deleting a search: who may, what is asked first, what goes with it, and what stays."""

import pytest

from searches import jobs, recording
from searches.models import QueryImage, SearchCall, SearchJob, Sighting, SupplierMatch
from suppliers.models import ListEntry
from tests.factories import ListEntryFactory, SearchCallFactory, SupplierListFactory
from tests.searches.kept import files, keep_house, kept_photo, searched
from tests.searches.pages import photo, text_of
from tests.searches.test_concurrency import answer

# Files are removed after their rows are committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def image(team, alice) -> QueryImage:
    return kept_photo(team, user=alice)


@pytest.fixture
def job(image) -> SearchJob:
    return searched(image, title="Teal mug")


def delete(client, job):
    return client.post(f"/searches/{job.pk}/delete/", follow=True)


def test_its_rows_and_its_files_are_gone(job, alice, signed_in) -> None:
    response = delete(signed_in(alice), job)
    assert response.redirect_chain == [("/searches/", 302)]
    assert "The search “Teal mug” is deleted." in text_of(response)
    for model in (SearchJob, SearchCall, SupplierMatch, Sighting, QueryImage):
        assert not model.objects.exists(), model
    keep_house()
    assert files() == []


def test_a_photo_that_another_search_shows_stays(job, image, alice, signed_in) -> None:
    other = searched(image)
    delete(signed_in(alice), job)
    keep_house()
    assert files("queries/") == [image.file.name]
    assert other.matches.count() == 2
    delete(signed_in(alice), other)
    keep_house()
    assert files() == []


def test_what_was_saved_to_a_list_stays_with_its_photo(job, image, team, alice, signed_in) -> None:
    supplier_list = SupplierListFactory(team=team)
    saved = ListEntryFactory(supplier_list=supplier_list, source_match=job.matches.first(), query_image=image)
    delete(signed_in(alice), job)
    keep_house()
    entry = ListEntry.objects.get(pk=saved.pk)
    assert (entry.source_match, entry.query_image, entry.price) == (None, image, saved.price)
    assert signed_in(alice).get(f"/searches/pictures/{image.pk}/").getvalue() == photo()


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("bob", 302), ("vera", 403), ("charlie", 404), ("loner", 404)]
)
def test_buyers_and_leads_of_the_team_delete(name, status, job, request, signed_in) -> None:
    client = signed_in(request.getfixturevalue(name))
    page = client.get(f"/searches/{job.pk}/delete/")
    assert page.status_code == (200 if status == 302 else status)
    assert SearchJob.objects.filter(pk=job.pk).exists()
    assert client.post(f"/searches/{job.pk}/delete/").status_code == status
    assert SearchJob.objects.filter(pk=job.pk).exists() == (status != 302)


def test_nobody_anonymous_deletes(job, signed_in) -> None:
    assert signed_in(None).post(f"/searches/{job.pk}/delete/").url.startswith("/accounts/sign-in/")
    assert SearchJob.objects.exists()


def test_it_is_asked_first_and_named_what_is_lost(job, alice, signed_in) -> None:
    page = signed_in(alice).get(f"/searches/{job.pk}/delete/")
    words = text_of(page)
    assert "Delete “Teal mug”?" in words
    assert "2 offers that it found" in words
    assert "cannot be brought back" in words
    assert f'href="{job.get_absolute_url()}"' in page.content.decode()


def test_the_search_offers_it_to_those_who_may(job, alice, vera, signed_in) -> None:
    button = f'href="/searches/{job.pk}/delete/"'
    assert button in signed_in(alice).get(job.get_absolute_url()).content.decode()
    assert button not in signed_in(vera).get(job.get_absolute_url()).content.decode()
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    assert button not in signed_in(alice).get(job.get_absolute_url()).content.decode()


def test_a_call_on_its_way_is_let_go(job, image, alice, signed_in) -> None:
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    waiting = SearchCallFactory(job=job, image=image, page=2, status=SearchCall.Status.QUEUED, attempts=0)
    following = SearchCallFactory(job=job, image=image, page=3, status=SearchCall.Status.QUEUED, attempts=0)
    call = jobs.claim(waiting.pk)
    delete(signed_in(alice), job)
    assert recording.done(call, answer(1, 2)) is False
    jobs.run_call(following.pk)
    assert not SupplierMatch.objects.exists()


def test_deleting_twice_is_not_found_the_second_time(job, alice, signed_in) -> None:
    client = signed_in(alice)
    delete(client, job)
    assert client.post(f"/searches/{job.pk}/delete/").status_code == 404
