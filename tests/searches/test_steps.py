"""What is done to a search from its page."""

import pytest

from searches.models import SearchCall, SearchJob
from tests.factories import CredentialFactory, SearchCallFactory, SearchJobFactory
from tests.searches.pages import text_of

Call, Job = SearchCall.Status, SearchJob.Status


@pytest.fixture
def job(team, alice) -> SearchJob:
    return SearchJobFactory(team=team, owner=alice, title="Teal mug", keywords="马克杯", price_to=20)


def after(client, job, step) -> tuple[str, str]:
    """Where the step leads, and what the page there says."""
    response = client.post(f"/searches/{job.pk}/{step}/", follow=True)
    return response.redirect_chain[0][0], text_of(response)


def test_again_asks_the_same_afresh(alice, job, signed_in):
    call = SearchCallFactory(job=job)
    address, _page = after(signed_in(alice), job, "again")
    repeated = SearchJob.objects.latest("pk")
    assert address == repeated.get_absolute_url() != job.get_absolute_url()
    assert (repeated.title, repeated.keywords, repeated.price_to, repeated.fresh) == ("Teal mug", "马克杯", 20, True)
    assert [again.marketplace for again in repeated.calls.all()] == [call.marketplace]


def test_again_without_a_marketplace_says_so_and_starts_nothing(alice, job, signed_in):
    SearchCallFactory(job=job, credential=CredentialFactory(enabled=False))
    address, page = after(signed_in(alice), job, "again")
    assert address == job.get_absolute_url()
    assert "None of this search's marketplaces is in use any more." in page
    assert SearchJob.objects.count() == 1


def test_a_part_is_searched_by_itself(alice, job, signed_in):
    SearchCallFactory(job=job)
    client = signed_in(alice)
    response = client.post(f"/searches/{job.pk}/part/", {"box": "0.1,0.2,0.6,0.9"})
    part = SearchJob.objects.latest("pk")
    assert response.url == part.get_absolute_url() != job.get_absolute_url()
    assert part.crops == {str(job.images.get().pk): [0.1, 0.2, 0.6, 0.9]}
    assert (part.title, part.price_to, part.fresh) == ("Teal mug", 20, False)
    assert list(part.images.all()) == list(job.images.all())
    job.refresh_from_db()
    assert job.crops == {}


@pytest.mark.parametrize("box", ["", "0.1,0.2,0.6", "0.6,0,0.1,1", "0,0,2,1", "a,b,c,d", "nan,0,1,1", "0,0,1,1,1"])
def test_what_is_no_part_is_not_searched(box, alice, job, signed_in):
    SearchCallFactory(job=job)
    assert signed_in(alice).post(f"/searches/{job.pk}/part/", {"box": box}).status_code == 404
    assert SearchJob.objects.count() == 1


def test_parts_are_for_those_who_may_search(vera, charlie, job, signed_in):
    SearchCallFactory(job=job)
    for user, status in ((vera, 403), (charlie, 404)):
        assert signed_in(user).post(f"/searches/{job.pk}/part/", {"box": "0,0,0.5,0.5"}).status_code == status
    assert SearchJob.objects.count() == 1


def test_a_part_without_a_marketplace_says_so(alice, job, signed_in):
    SearchCallFactory(job=job, credential=CredentialFactory(enabled=False))
    response = signed_in(alice).post(f"/searches/{job.pk}/part/", {"box": "0,0,0.5,0.5"}, follow=True)
    assert "None of this search's marketplaces is in use any more." in text_of(response)
    assert SearchJob.objects.count() == 1


def test_cancelling_keeps_what_was_found(alice, job, signed_in):
    SearchJob.objects.update(status=Job.RUNNING)
    SearchCallFactory(job=job, page=1, offers_found=50)
    waiting = SearchCallFactory(job=job, page=2, status=Call.WAITING)
    _address, page = after(signed_in(alice), job, "cancel")
    job.refresh_from_db()
    waiting.refresh_from_db()
    assert (job.status, waiting.status) == (Job.CANCELLED, Call.CANCELLED)
    assert "The offers found so far are kept." in page


def test_cancelling_too_late_changes_nothing(alice, job, signed_in):
    SearchCallFactory(job=job)
    _address, page = after(signed_in(alice), job, "cancel")
    job.refresh_from_db()
    assert job.status == Job.DONE
    assert "had ended before" in page


def test_retrying_starts_the_failed_calls_only(alice, job, signed_in):
    SearchJob.objects.update(status=Job.PARTIAL)
    done = SearchCallFactory(job=job, page=1)
    failed = SearchCallFactory(job=job, page=2, status=Call.FAILED, error_code="502", error_message="It failed.")
    _address, page = after(signed_in(alice), job, "retry")
    done.refresh_from_db()
    failed.refresh_from_db()
    assert (done.status, failed.status) == (Call.DONE, Call.QUEUED)
    assert "1 call is tried again." in page
    assert "It failed." not in page


def test_retrying_nothing_says_so(alice, job, signed_in):
    SearchCallFactory(job=job)
    assert "No call of this search has failed." in after(signed_in(alice), job, "retry")[1]
