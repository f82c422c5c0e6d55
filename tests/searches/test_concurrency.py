"""Two at once on PostgreSQL, where rows are locked one by one: the first has not committed when the second begins."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from searches import actions, jobs, recording
from searches.marketplaces import ErrorKind, MarketplaceError, Offer, SearchPage
from searches.models import CallCount, Credential, QueryImage, SearchCall, SearchJob
from searches.models.usage import CALLS, count
from searches.pipeline import Answer
from tests.factories import NOON, CredentialFactory, QueryImageFactory, SearchCallFactory, SearchJobFactory
from tests.searches.pages import photo

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other"),
]
Call, Job = SearchCall.Status, SearchJob.Status
FAILURE = MarketplaceError("It failed.", kind=ErrorKind.UPSTREAM, code="500", remedy="Try again.")


def at_once(first: Callable[[], object], second: Callable[[], object]) -> tuple[object, object]:
    """Both results, where the second ran while the first had done its work and not yet committed it."""
    written, may_commit = threading.Event(), threading.Event()

    def held() -> object:
        with transaction.atomic():
            result = first()
            written.set()
            assert may_commit.wait(30)
        return result

    with ThreadPoolExecutor(2) as pool:
        earlier = pool.submit(disconnecting, held)
        try:
            assert written.wait(30)
            later = pool.submit(disconnecting, second)
            wait_until_blocked_or_done(later)
        finally:
            may_commit.set()
        return earlier.result(30), later.result(30)


def disconnecting(action: Callable[[], object]) -> object:
    """A thread's own connection would keep the test's database from being emptied."""
    try:
        return action()
    finally:
        connection.close()


def wait_until_blocked_or_done(running: "Future[object]") -> None:
    deadline = time.monotonic() + 30
    while not running.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def job(team, alice) -> SearchJob:
    """A running search with two photos of one item and a call for each."""
    job = SearchJobFactory(team=team, owner=alice, status=Job.QUEUED, finished_at=None, wanted=50)
    job.images.add(QueryImageFactory(team=team))
    for image in job.images.order_by("pk"):
        SearchCallFactory(job=job, image=image, status=Call.QUEUED, claims=0, attempts=0, finished_at=None)
    return job


def claimed(job: SearchJob) -> tuple[SearchCall, SearchCall]:
    first, second = (jobs.claim(pk) for pk in job.calls.order_by("pk").values_list("pk", flat=True))
    assert first and second
    return first, second


def answer(*ranks: int) -> Answer:
    """One offer for each rank, always of the same ids in the same order."""
    offers = tuple(
        Offer(
            marketplace="image_search_md5",
            offer_id=str(number),
            title="Mug",
            url="",
            image_url="",
            price=Decimal(10),
            currency="CNY",
            rank=rank,
            similarity=1 / rank,
        )
        for number, rank in enumerate(ranks)
    )
    page = SearchPage(offers=offers, total=len(offers), page=1, pages=1, page_size=50, fetched_at=NOON)
    return Answer(page, Credential.objects.earliest("pk"), from_cache=False)


def test_one_of_two_workers_gets_a_call(job) -> None:
    pk = job.calls.earliest("pk").pk
    winner, loser = at_once(lambda: jobs.claim(pk), lambda: jobs.claim(pk))
    assert isinstance(winner, SearchCall)
    assert loser is None
    call = SearchCall.objects.get(pk=pk)
    assert (call.claims, call.attempts, call.run_token) == (1, 1, winner.run_token)


def test_two_workers_that_find_the_same_offers_double_none_and_keep_the_best(job) -> None:
    first, second = claimed(job)
    better_at_first = at_once(
        lambda: recording.done(first, answer(1, 2, 30)), lambda: recording.done(second, answer(11, 12, 3))
    )
    assert better_at_first == (True, True)
    assert list(job.matches.order_by("offer_id").values_list("rank", "similarity")) == [(1, 1), (2, 1 / 2), (3, 1 / 3)]
    for match in job.matches.all():
        assert set(match.sightings.values_list("image", flat=True)) == {first.image_id, second.image_id}
    job.refresh_from_db()
    assert job.status == Job.DONE
    assert job.finished_at is not None


def test_the_last_two_calls_of_a_search_end_it_whatever_each_brought(job) -> None:
    """Without the search's row held, each would see the other's call as running, and the search would never end."""
    first, second = claimed(job)
    assert at_once(lambda: recording.done(first, answer(1)), lambda: recording.failed(second, FAILURE)) == (True, True)
    job.refresh_from_db()
    assert (job.status, job.matches.count()) == (Job.PARTIAL, 1)


def test_a_search_that_is_cancelled_while_a_worker_writes_keeps_what_was_written(job) -> None:
    first, second = claimed(job)
    at_once(lambda: recording.done(first, answer(1, 2)), lambda: actions.cancel_search(job=job))
    assert recording.done(second, answer(1, 2, 3)) is False
    job.refresh_from_db()
    assert (job.status, job.matches.count()) == (Job.CANCELLED, 2)
    assert set(job.calls.values_list("status", flat=True)) == {Call.DONE, Call.CANCELLED}


def test_a_worker_that_writes_while_a_search_is_cancelled_changes_nothing(job) -> None:
    first, _second = claimed(job)
    _cancelled, written = at_once(
        lambda: actions.cancel_search(job=job), lambda: recording.done(first, answer(1, 2, 3))
    )
    assert written is False
    job.refresh_from_db()
    assert (job.status, job.matches.count()) == (Job.CANCELLED, 0)


def test_two_searches_of_one_photo_deleted_at_once_take_it_along(job) -> None:
    photo_of_both = job.images.earliest("pk")
    other = SearchJobFactory(team=job.team, image=photo_of_both)
    at_once(lambda: actions.delete_search(job=job), lambda: actions.delete_search(job=other))
    assert not SearchJob.objects.exists()
    assert not QueryImage.objects.exists()


def test_the_first_calls_of_a_day_are_counted_once_each() -> None:
    credential = CredentialFactory()
    at_once(lambda: count(credential, CALLS), lambda: count(credential, CALLS))
    assert CallCount.objects.get(credential=credential).number == 2


def test_the_same_photo_uploaded_twice_at_once_is_one_row_and_one_file(team, alice, bob, media_folder) -> None:
    data = photo()
    first, second = at_once(
        lambda: actions.keep_query_image(team=team, user=alice, data=data, name="mug.png"),
        lambda: actions.keep_query_image(team=team, user=bob, data=data, name="mug (1).png"),
    )
    assert first == second == QueryImage.objects.get()
    (file,) = (path for path in (media_folder / "queries").rglob("*") if path.is_file())
    assert file.read_bytes() == data
