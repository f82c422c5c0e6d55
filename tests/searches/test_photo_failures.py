"""One of several photos fails: the others' offers stand, and the page says which photo it is about."""

import pytest
from django.core.files.storage import default_storage

from searches import actions
from searches.models import QueryImage, SearchCall, SearchJob
from searches.storages import walk
from tests.factories import QueryImageFactory, SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.conftest import work
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status
REFUSED = {
    "status": Call.FAILED,
    "error_kind": "bad_image",
    "error_code": "400",
    "error_message": "The marketplace cannot read the picture.",
    "error_remedy": "Give a JPG or PNG photo.",
}


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice, status=Job.PARTIAL, image=QueryImageFactory(team=team))
    for image in QueryImageFactory.create_batch(3, team=team):
        job.images.add(image)
    SupplierMatchFactory(job=job)
    return job


@pytest.fixture
def words(alice, job, signed_in):
    """`words({}, REFUSED, …)`: the page's words about calls like these, of photo 1, 2, …"""

    def read(*calls: dict) -> str:
        for image, call in zip(job.photos, calls, strict=False):
            SearchCallFactory(**{"job": job, "image": image, "offers_found": 20} | call)
        return text_of(signed_in(alice).get(f"/searches/{job.pk}/"))

    return read


def test_the_pill_the_remedy_and_the_side_name_the_photo(words, job) -> None:
    said = words({}, REFUSED, {}, {})
    assert "1688 (MD5 gateway) · 3 of 4 photos · photo 2: failed: 400" in said
    assert "1688 (MD5 gateway), photo 2: The marketplace cannot read the picture. 400" in said
    assert "Give a JPG or PNG photo. What the other photos found stands below." in said
    assert "Search with another picture in place of photo 2" in said
    assert "Photo 2 has no answer: at most 3 photos can have found an offer." in said


def test_the_same_failure_of_two_photos_is_told_once(words) -> None:
    said = words({}, REFUSED, {}, REFUSED)
    assert "2 of 4 photos · photo 2, 4: failed: 400" in said
    assert said.count("The marketplace cannot read the picture.") == 1
    assert "1688 (MD5 gateway), photo 2, 4: The" in said
    assert "in place of photo 2, 4" in said
    assert "Photos 2, 4 have no answer: at most 2 photos" in said


def test_what_no_photo_is_to_blame_for_asks_for_no_other(words) -> None:
    said = words(*[REFUSED | {"error_kind": "configuration"}] * 4)
    assert "1688 (MD5 gateway): The marketplace" in said
    assert "in place of photo" not in said


def test_a_later_page_is_named_with_its_photo(words, job) -> None:
    words({}, {}, {}, {})
    SearchCallFactory(job=job, image=job.photos[1], page=3, **REFUSED)
    said = words()
    assert "3 of 4 photos, 4 of 5 pages · photo 2: failed: 400" in said
    assert "1688 (MD5 gateway), photo 2 (page 3): The marketplace" in said
    assert "has no answer" not in said


def test_a_photo_that_waits_is_named_and_not_given_up(words) -> None:
    said = words({}, {}, {"status": Call.WAITING, "waits_for": "slot", "offers_found": 0}, {})
    assert "3 of 4 photos · photo 3: waits for a free slot" in said
    assert "has no answer" not in said


def test_each_call_is_listed_under_its_photo(words) -> None:
    said = words({}, REFUSED, {}, {})
    listed = [said.index(f"photo {number}, page 1") for number in (1, 2, 3, 4)]
    assert listed == sorted(listed)


def test_who_may_not_search_is_not_sent_to_the_form(vera, words, job, signed_in) -> None:
    words({}, REFUSED, {}, {})
    said = text_of(signed_in(vera).get(f"/searches/{job.pk}/"))
    assert "photo 2: failed" in said
    assert "in place of photo" not in said


def test_a_photo_that_fails_is_tried_again_by_itself(start, sandbox) -> None:
    job = start(photos=[sandbox.query("plate-01"), sandbox.query("ring-01")])
    gone = job.photos[1]
    QueryImage.objects.filter(pk=gone.pk).update(file="")
    for derived in walk(f"derived/{gone.sha256[:2]}/{gone.sha256}"):
        default_storage.delete(derived.name)
    assert work(job).status == Job.PARTIAL
    failed = job.calls.get(status=Call.FAILED)
    assert (failed.image, failed.error_code) == (gone, "photo-gone")
    assert set(job.matches.values_list("photos_count", flat=True)) == {1}
    assert job.matches.count() == 50

    QueryImage.objects.filter(pk=gone.pk).update(file=gone.file.name)
    assert actions.retry_failed_calls(job=job) == 1
    assert work(job).status == Job.DONE
    assert len(sandbox.calls()) == 2
    assert set(job.matches.values_list("photos_count", flat=True)) == {1, 2}
