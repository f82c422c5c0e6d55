"""Calls that find no slot: who may pass whom, until when they wait, and what lets them go on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches import actions, turns
from searches.models import SearchCall, SearchJob
from searches.models.credential import FAILURES_UNTIL_PAUSE
from searches.models.usage import CHINA
from searches.valkey import connection
from tests.factories import CredentialFactory
from tests.searches.conftest import only_call, pass_window, work
from tests.searches.line import handed_out, in_line, take_slots

pytestmark = pytest.mark.django_db
Call, Job, Reason, Urgency = SearchCall.Status, SearchJob.Status, SearchCall.Reason, SearchJob.Urgency


@pytest.fixture
def limits(credential):
    """`limits(calls_per_minute=1)`: change the credential, as an administrator does."""

    def change(**columns):
        for name, value in columns.items():
            setattr(credential, name, value)
        credential.save()
        return credential

    return change


def test_a_newcomer_does_not_overtake_the_line(start, sandbox, charlies_team) -> None:
    in_line(charlies_team)
    job = work(start())
    call = only_call(job)
    assert (call.status, call.waits_for, call.attempts) == (Call.WAITING, Reason.SLOT, 0)
    assert sandbox.calls() == []
    turns.hand_out()
    assert call.pk in handed_out()
    assert work(job).status == Job.DONE


def test_a_search_that_somebody_waits_for_passes_a_line_of_batches(start, charlies_team) -> None:
    in_line(charlies_team, urgency=Urgency.BATCH)
    assert work(start()).status == Job.DONE


def test_a_batch_passes_nobody(start, charlies_team, sandbox) -> None:
    in_line(charlies_team, urgency=Urgency.BATCH)
    job = start()
    SearchCall.objects.filter(job=job).update(urgency=Urgency.BATCH)
    assert only_call(work(job)).waits_for == Reason.SLOT
    assert sandbox.calls() == []


def test_what_is_known_already_waits_for_nobody(start, charlies_team) -> None:
    work(start())
    in_line(charlies_team)
    assert only_call(work(start())).from_cache


def test_another_marketplaces_line_keeps_nobody_waiting(start, charlies_team) -> None:
    in_line(charlies_team, marketplace="tmapi")
    assert work(start()).status == Job.DONE


def test_to_cancel_and_try_again_is_to_line_up_again(start, charlies_team, limits, sandbox) -> None:
    take_slots(limits(calls_per_minute=1), 1)
    job = work(start())
    assert only_call(job).waits_for == Reason.SLOT
    actions.cancel_search(job=job)
    in_line(charlies_team)
    actions.retry_failed_calls(job=job)
    pass_window()
    call = only_call(work(job))
    assert (call.status, call.waits_for) == (Call.WAITING, Reason.SLOT)
    assert sandbox.calls() == []


def test_the_wait_that_is_shown_grows_with_the_line(start, charlies_team, limits, settings) -> None:
    take_slots(limits(calls_per_minute=2), 2)
    for _ in range(5):
        in_line(charlies_team)
    call = only_call(work(start()))
    windows = (call.not_before - timezone.now()).total_seconds() / settings.CALL_WINDOW_SECONDS
    # Two a window: five before it take two of them whole.
    assert 1.5 < windows < 4


def test_a_higher_limit_lets_the_line_go_on_at_once(start, limits) -> None:
    take_slots(limits(calls_per_minute=1), 1)
    job = work(start())
    call = only_call(job)
    assert call.not_before > timezone.now() + timedelta(seconds=30)
    turns.hand_out()
    assert handed_out() == []
    limits(calls_per_minute=2)
    turns.hand_out()
    assert handed_out() == [call.pk]
    assert work(job).status == Job.DONE


def test_used_up_for_the_day_it_waits_for_chinas_midnight(start, limits, sandbox) -> None:
    limits(calls_per_day=1)
    work(start())
    job = work(start(price_from=2))
    call = only_call(job)
    assert (call.status, call.waits_for, call.attempts) == (Call.WAITING, Reason.DAY, 0)
    begins = (call.not_before + timedelta(seconds=2)).astimezone(CHINA)
    assert (begins.hour, begins.minute) == (0, 0)
    assert timezone.now() < call.not_before <= timezone.now() + timedelta(days=2)
    assert len(sandbox.calls()) == 1
    turns.hand_out()
    assert handed_out() == []


@pytest.mark.parametrize("raised", [2, None])
def test_a_higher_limit_of_the_day_lets_the_line_go_on_at_once(start, limits, raised) -> None:
    limits(calls_per_day=1)
    work(start())
    job = work(start(price_from=2))
    limits(calls_per_day=raised)
    turns.hand_out()
    assert handed_out() == [only_call(job).pk]
    assert work(job).status == Job.DONE


def test_a_day_that_valkey_forgot_is_counted_from_the_rows(start, limits, sandbox) -> None:
    limits(calls_per_day=1)
    work(start())
    connection().flushall()
    assert only_call(work(start(price_from=2))).waits_for in (Reason.DAY, Reason.SLOT)
    assert turns.slots.usage_of(limits()).today == 1
    assert len(sandbox.calls()) == 1


def test_a_pause_lifted_by_hand_lets_the_line_go_on_at_once(start, limits) -> None:
    credential = limits(paused_until=timezone.now() + timedelta(hours=1), failures_in_a_row=FAILURES_UNTIL_PAUSE)
    job = work(start())
    call = only_call(job)
    assert call.waits_for == Reason.PAUSED
    turns.hand_out()
    assert handed_out() == []
    credential.paused_until = None
    credential.failures_in_a_row = 0
    credential.save()
    turns.hand_out()
    assert handed_out() == [call.pk]
    assert work(job).status == Job.DONE


def test_a_credential_switched_on_lets_the_line_go_on_at_once(start, limits, credential, sandbox) -> None:
    take_slots(limits(calls_per_minute=1), 1)
    job = work(start())
    CredentialFactory(base_url=sandbox.url, app_key="1000001", secret="test124")
    turns.hand_out()
    assert handed_out() == [only_call(job).pk]
    assert work(job).status == Job.DONE
