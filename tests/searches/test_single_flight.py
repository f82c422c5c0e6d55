"""Equal questions at the same time: one asks, the others wait for its answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from searches import jobs, pipeline
from searches.models import CallCount, SearchCall, SearchJob
from tests.searches.conftest import make_due, only_call, work
from tests.searches.line import rung, take_slots

pytestmark = pytest.mark.django_db
Call, Job, Reason = SearchCall.Status, SearchJob.Status, SearchCall.Reason


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[Callable[[], object]], None]:
    """`meanwhile(what)`: let something happen while the next call is at the marketplace."""
    search = pipeline._search

    def arrange(what: Callable[[], object]) -> None:
        def slowly(*args):
            monkeypatch.setattr(pipeline, "_search", search)
            what()
            return search(*args)

        monkeypatch.setattr(pipeline, "_search", slowly)

    return arrange


def test_two_equal_searches_started_together_make_one_call(start, sandbox, meanwhile) -> None:
    first, second = start(), start()
    meanwhile(lambda: work(second))
    assert work(first).status == Job.DONE
    call = only_call(second)
    assert (call.status, call.waits_for, call.attempts) == (Call.WAITING, Reason.SAME, 0)
    assert call.not_before <= timezone.now() + timedelta(seconds=1)
    make_due(second)
    assert work(second).status == Job.DONE
    assert len(sandbox.calls()) == 1
    assert not only_call(first).from_cache
    assert only_call(second).from_cache
    assert second.matches.count() == first.matches.count() == 50


def test_those_that_wait_are_rung_for_as_soon_as_they_are_due(start, meanwhile) -> None:
    first, second = start(), start()
    meanwhile(lambda: work(second))
    work(first)
    make_due(second)
    assert jobs.ring_due()
    assert rung() == [only_call(second).pk]


def test_fresh_searches_started_together_make_one_call(start, sandbox, meanwhile) -> None:
    work(start())
    first, second = start(fresh=True), start(fresh=True)
    meanwhile(lambda: work(second))
    work(first)
    make_due(second)
    assert work(second).status == Job.DONE
    assert len(sandbox.calls()) == 2
    assert only_call(second).from_cache
    assert only_call(second).fetched_at == only_call(first).fetched_at


def test_a_fresh_search_does_not_take_an_answer_from_before_it(start, sandbox, meanwhile) -> None:
    first = start()
    later: list[SearchJob] = []

    def another_comes() -> None:
        later.append(start(fresh=True))
        work(later[0])

    meanwhile(another_comes)
    work(first)
    # The answer came after the search was started: it is as fresh as its own would be.
    make_due(later[0])
    assert only_call(work(later[0])).from_cache
    assert not only_call(work(start(fresh=True))).from_cache
    assert len(sandbox.calls()) == 2


def test_when_the_first_fails_the_next_asks(start, sandbox, meanwhile) -> None:
    first, second = start(), start()
    sandbox.fault("502", times=1)
    meanwhile(lambda: work(second))
    assert only_call(work(first)).error_code == "502"
    make_due(second)
    assert work(second).status == Job.DONE
    assert not only_call(second).from_cache
    make_due(first)
    assert work(first).status == Job.DONE
    assert only_call(first).from_cache
    assert len(sandbox.calls()) == 2


def test_when_the_first_has_to_wait_for_a_slot_the_next_is_not_kept_back(start, sandbox, credential, meanwhile) -> None:
    take_slots(credential, 100)
    first, second = work(start()), work(start())
    assert [only_call(job).waits_for for job in (first, second)] == [Reason.SLOT, Reason.SLOT]
    credential.calls_per_minute = 101
    credential.save()
    make_due(second)
    assert work(second).status == Job.DONE
    make_due(first)
    assert only_call(work(first)).from_cache
    assert len(sandbox.calls()) == 1


def test_other_questions_keep_nobody_waiting(start, sandbox, meanwhile) -> None:
    first, second = start(), start(price_from=5)
    meanwhile(lambda: work(second))
    work(first)
    second.refresh_from_db()
    assert second.status == Job.DONE
    assert len(sandbox.calls()) == 2


def test_a_crash_of_the_first_keeps_nobody_waiting(start, meanwhile) -> None:
    first, second = start(), start()

    def crash() -> None:
        raise RuntimeError("nobody thought of this")

    meanwhile(crash)
    with pytest.raises(RuntimeError):
        work(first)
    assert work(second).status == Job.DONE


def test_waiting_together_is_counted_as_cached(start, credential, meanwhile) -> None:
    first, second = start(), start()
    meanwhile(lambda: work(second))
    work(first)
    make_due(second)
    work(second)
    assert dict(CallCount.objects.values_list("outcome", "number")) == {"calls": 1, "cached": 1}
