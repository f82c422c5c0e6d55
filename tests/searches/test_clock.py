"""A clock that is put back or forward by an hour: no call is lost, none has two workers, none is paid twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from searches import jobs, pipeline, recording, results
from searches.clock import ClockWatch
from searches.marketplaces import MARKETPLACES
from searches.models import Credential, SearchCall, SearchJob
from tests.searches.conftest import only_call, work
from tests.searches.line import rung

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status
HOUR = timedelta(hours=1)


@pytest.fixture
def put_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Put the clock so far beside the right time."""
    right_now = timezone.now

    def put(beside: timedelta) -> None:
        def now() -> datetime:
            return right_now() + beside

        monkeypatch.setattr(timezone, "now", now)

    return put


def test_a_search_from_before_the_clock_went_back_is_answered(start, put_clock) -> None:
    job = start()
    put_clock(-HOUR)
    assert work(job).status == Job.DONE


def test_a_bell_that_was_lost_before_the_clock_went_back_rings_again(start, put_clock) -> None:
    call = only_call(start())
    put_clock(-HOUR)
    jobs.sweep()
    assert rung() == [call.pk]


def test_who_waits_waits_no_longer_for_a_clock_that_went_back(start, sandbox, put_clock) -> None:
    watch = ClockWatch()
    sandbox.fault("502", times=1)
    job = work(start())
    assert only_call(job).status == Call.WAITING
    put_clock(-HOUR)
    watch.look()
    assert only_call(job).not_before > timezone.now()
    put_clock(-HOUR + timedelta(minutes=1))
    assert work(job).status == Job.DONE


def test_what_a_lost_worker_left_is_taken_up_although_the_clock_went_back(start, put_clock) -> None:
    watch = ClockWatch()
    job = start()
    jobs.claim(only_call(job).pk)
    put_clock(-HOUR)
    watch.look()
    assert jobs.claim(only_call(job).pk) is None
    put_clock(-HOUR + timedelta(minutes=2))
    assert work(job).status == Job.DONE


def test_a_call_stays_its_workers_although_the_clock_went_forward(start, sandbox, put_clock) -> None:
    watch = ClockWatch()
    job = start()
    held = jobs.claim(only_call(job).pk)
    answer = pipeline.answer(held)
    put_clock(HOUR)
    watch.look()
    jobs.sweep()
    assert rung() == []
    assert jobs.claim(held.pk) is None
    assert recording.done(held, answer)
    assert work(job).status == Job.DONE
    assert len(sandbox.calls()) == 1


def test_before_anybody_noticed_a_call_is_paid_once(start, sandbox, put_clock) -> None:
    """The second worker finds that the first is asking, and later finds its answer."""
    job = start()
    held = jobs.claim(only_call(job).pk)
    with results.asking(held, results.question_of(held, MARKETPLACES[held.marketplace])):
        put_clock(HOUR)
        work(job)
        assert only_call(job).waits_for == SearchCall.Reason.SAME
        assert sandbox.calls() == []
    put_clock(timedelta())  # its time-out was reckoned before
    answer = pipeline.answer(held)
    assert not recording.done(held, answer)
    put_clock(HOUR + timedelta(minutes=1))
    assert work(job).status == Job.DONE
    assert len(sandbox.calls()) == 1
    assert job.matches.count() == len(answer.page.offers)


@pytest.mark.parametrize("beside", [HOUR, -HOUR, timedelta(seconds=3)])
def test_whoever_was_lost_or_waits_for_long_is_left_alone(start, put_clock, beside) -> None:
    """What lay in the past before the jump, or waits in line, is not the clock's."""
    lost, in_line = only_call(start()), only_call(start())
    long_ago, tomorrow = timezone.now() - 2 * HOUR, timezone.now() + 24 * HOUR
    SearchCall.objects.filter(pk=lost.pk).update(status=Call.RUNNING, lease_until=long_ago)
    SearchCall.objects.filter(pk=in_line.pk).update(
        status=Call.WAITING, waits_for=SearchCall.Reason.DAY, not_before=tomorrow
    )
    watch = ClockWatch()
    put_clock(beside)
    watch.look()
    lost.refresh_from_db()
    in_line.refresh_from_db()
    assert (lost.lease_until, in_line.not_before) == (long_ago, tomorrow)


def test_a_pause_ends_when_it_was_to_end_although_the_clock_went_back(start, put_clock) -> None:
    only_call(start())
    Credential.objects.update(paused_until=timezone.now() + timedelta(minutes=4), last_call_at=timezone.now())
    watch = ClockWatch()
    put_clock(-HOUR)
    watch.look()
    credential = Credential.objects.get()
    assert timedelta(minutes=3) < credential.paused_until - timezone.now() < timedelta(minutes=5)
    # Nor do slots that Valkey forgot count for an hour.
    assert credential.last_call_at <= timezone.now()
