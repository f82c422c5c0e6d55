"""A credential that keeps failing by its own fault pauses, says why, and comes back by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches import slots, turns
from searches.marketplaces.errors import BAD_KEY
from searches.models import Credential, SearchCall, SearchJob
from searches.models.credential import FAILURES_UNTIL_PAUSE, LONGEST_PAUSE, SHORTEST_PAUSE, pause_after
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.searches.conftest import make_due, only_call, work
from tests.searches.line import handed_out
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Call, Job, Reason = SearchCall.Status, SearchJob.Status, SearchCall.Reason


def fail(start, sandbox, times: int, fault: str = "110") -> None:
    """So many searches, each refused."""
    sandbox.fault(fault, times=times)
    for _ in range(times):
        work(start(fresh=True))


@pytest.fixture
def paused(start, sandbox, credential) -> Credential:
    fail(start, sandbox, FAILURES_UNTIL_PAUSE)
    sandbox.clear_calls()
    credential.refresh_from_db()
    return credential


def end_pause(credential: Credential) -> None:
    """Let the time of the pause pass."""
    Credential.objects.filter(pk=credential.pk).update(paused_until=timezone.now())


def test_three_failures_in_a_row_pause_it(start, sandbox, credential) -> None:
    fail(start, sandbox, FAILURES_UNTIL_PAUSE - 1)
    credential.refresh_from_db()
    assert not credential.is_paused
    fail(start, sandbox, 1)
    credential.refresh_from_db()
    assert credential.is_paused
    assert credential.paused_until <= timezone.now() + SHORTEST_PAUSE


@pytest.mark.parametrize("fault", ["502", "400", "429", "malformed-json", "reset"])
def test_what_is_not_the_accounts_fault_never_does(start, sandbox, credential, fault) -> None:
    fail(start, sandbox, FAILURES_UNTIL_PAUSE + 1, fault)
    credential.refresh_from_db()
    assert (credential.failures_in_a_row, credential.paused_until) == (0, None)


def test_who_waits_is_told_why_and_until_when(start, sandbox, paused, alice, signed_in) -> None:
    job = work(start(fresh=True))
    call = only_call(job)
    assert (job.status, call.status, call.waits_for) == (Job.RUNNING, Call.WAITING, Reason.PAUSED)
    assert (call.error_code, call.error_message) == ("110", paused.last_error_message)
    assert call.error_remedy == paused.last_error_remedy
    assert call.error_remedy
    assert abs(call.not_before - paused.paused_until) < timedelta(seconds=2)
    assert call.attempts == 0
    assert sandbox.calls() == []
    page = text_of(signed_in(alice).get(job.get_absolute_url()))
    assert call.error_message in page
    assert call.error_remedy in page


def test_it_comes_back_by_itself_with_one_call_that_tries(start, sandbox, paused) -> None:
    waiting = [work(start(price_from=number, fresh=True)) for number in range(3)]
    turns.hand_out()
    assert handed_out() == []
    end_pause(paused)
    turns.hand_out()
    first = only_call(waiting[0])
    assert handed_out() == [first.pk]
    assert work(waiting[0]).status == Job.DONE
    paused.refresh_from_db()
    assert (paused.failures_in_a_row, paused.paused_until) == (0, None)
    turns.hand_out()
    assert handed_out() == [only_call(job).pk for job in waiting[1:]]
    assert only_call(waiting[0]).error_message == ""


def test_as_long_as_it_fails_the_pause_doubles(start, sandbox, paused) -> None:
    lengths = []
    for number in range(3):
        end_pause(paused)
        fail(start, sandbox, 1)
        paused.refresh_from_db()
        lengths.append(paused.paused_until - timezone.now())
        assert len(sandbox.calls()) == number + 1
    assert [round(length / SHORTEST_PAUSE) for length in lengths] == [2, 4, 8]


def test_calls_that_were_under_way_when_it_began_do_not_lengthen_it(credential) -> None:
    """Of eight workers that fail at once the last three are not told to wait for an hour."""
    under_way = [Credential.objects.get() for _ in range(8)]
    for stale in under_way:
        stale.record_failure(BAD_KEY.error("25"))
    credential.refresh_from_db()
    assert credential.failures_in_a_row == FAILURES_UNTIL_PAUSE
    assert credential.paused_until <= timezone.now() + SHORTEST_PAUSE
    assert credential.last_error_code == "25"


def test_while_one_call_tries_the_others_wait(start, sandbox, paused) -> None:
    end_pause(paused)
    with slots.trial(paused, "another worker") as ours:
        assert ours
        call = only_call(work(start(fresh=True)))
        assert (call.status, call.waits_for, call.attempts) == (Call.WAITING, Reason.PAUSED, 0)
        assert call.error_message == paused.last_error_message
        assert call.not_before > timezone.now()
        assert sandbox.calls() == []
        turns.hand_out()
        assert handed_out() == []
    turns.hand_out()
    assert handed_out() == [call.pk]


def test_while_one_is_tried_the_other_serves(start, sandbox, paused) -> None:
    CredentialFactory(base_url=sandbox.url, app_key="1000001", secret="test124")
    end_pause(paused)
    with slots.trial(paused, "another worker"):
        assert work(start(fresh=True)).status == Job.DONE
    assert [call["app_key"] for call in sandbox.calls()] == ["1000001"]


def test_no_pause_is_longer_than_the_longest() -> None:
    assert pause_after(FAILURES_UNTIL_PAUSE) == SHORTEST_PAUSE
    assert pause_after(10_000) == LONGEST_PAUSE


def test_an_answer_between_them_makes_failures_no_row(start, sandbox, credential) -> None:
    fail(start, sandbox, FAILURES_UNTIL_PAUSE - 1)
    assert work(start(fresh=True)).status == Job.DONE
    fail(start, sandbox, FAILURES_UNTIL_PAUSE - 1)
    credential.refresh_from_db()
    assert (credential.failures_in_a_row, credential.paused_until) == (FAILURES_UNTIL_PAUSE - 1, None)


def test_to_find_nothing_is_an_answer_too(start, sandbox, credential) -> None:
    other = CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url=sandbox.url)
    Credential.objects.filter(pk=other.pk).update(failures_in_a_row=FAILURES_UNTIL_PAUSE)
    sandbox.fault("2000", dialect=OTHER_MARKETPLACE)
    job = work(start(marketplaces=[OTHER_MARKETPLACE]))
    call = only_call(job)
    assert (job.status, call.offers_found, call.error_code) == (Job.DONE, 0, "")
    other.refresh_from_db()
    assert (other.failures_in_a_row, other.last_error_at) == (0, None)
    assert other.last_success_at is not None


def test_while_one_pauses_the_other_serves(start, sandbox, paused) -> None:
    other = CredentialFactory(base_url=sandbox.url, app_key="1000001", secret="test124")
    job = work(start(fresh=True))
    assert job.status == Job.DONE
    assert only_call(job).credential == other
    assert [call["app_key"] for call in sandbox.calls()] == ["1000001"]


def test_when_all_pause_the_first_that_comes_back_counts(start, paused, sandbox) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    Credential.objects.update(paused_until=timezone.now() + timedelta(hours=1))
    CredentialFactory(
        base_url=sandbox.url,
        failures_in_a_row=FAILURES_UNTIL_PAUSE,
        paused_until=soon,
        last_error_code="25",
        last_error_message="The key is unknown.",
    )
    call = only_call(work(start(fresh=True)))
    assert (call.waits_for, call.error_code) == (Reason.PAUSED, "25")
    assert abs(call.not_before - soon) < timedelta(seconds=2)


def test_an_answer_that_is_known_is_shown_all_the_same(start, sandbox, credential) -> None:
    work(start())
    fail(start, sandbox, FAILURES_UNTIL_PAUSE)
    assert only_call(work(start())).from_cache


def test_a_credential_deleted_meanwhile_breaks_nothing(start, sandbox, credential) -> None:
    stale = Credential.objects.get()
    credential.delete()
    stale.record_success()
    for _ in range(FAILURES_UNTIL_PAUSE):
        stale.record_failure(BAD_KEY.error("25"))
    assert not Credential.objects.exists()


def test_searches_that_waited_are_answered_when_it_is_mended(start, sandbox, paused) -> None:
    job = work(start(fresh=True))
    end_pause(paused)
    make_due(job)
    turns.hand_out()
    job = work(job)
    assert (job.status, only_call(job).waits_for) == (Job.DONE, "")
