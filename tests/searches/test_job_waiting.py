"""Calls that wait: for a slot, for Valkey, for a bell that was not heard."""

import time
from contextlib import contextmanager
from datetime import timedelta

import django_rq
import pytest
from django.conf import settings
from django.utils import timezone

from procurement.valkey import embedded_socket
from searches import jobs
from searches.models import Credential, SearchCall, SearchJob
from searches.valkey import connection
from tests.searches.conftest import make_due, only_call, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


def test_without_a_free_slot_the_call_waits_and_no_attempt_is_spent(start, credential, sandbox) -> None:
    Credential.objects.update(calls_per_minute=1)
    job = work(start(wanted=100), turns=2)
    second = job.calls.get(page=2)
    assert (second.status, second.waits_for, second.attempts) == (Call.WAITING, SearchCall.Reason.SLOT, 0)
    assert timezone.now() < second.not_before <= timezone.now() + timedelta(seconds=120)
    assert len(sandbox.calls()) == 1
    assert job.matches.count() == 50


def test_without_valkey_no_call_is_made_and_nothing_is_lost(start, sandbox) -> None:
    job = start()
    with valkey_away():
        work(job)
    call = only_call(job)
    assert (call.status, call.waits_for, call.attempts) == (Call.WAITING, SearchCall.Reason.VALKEY, 0)
    assert sandbox.calls() == []
    make_due(job)
    assert work(job).status == Job.DONE


def test_a_search_started_without_valkey_is_rung_for_later(start, django_capture_on_commit_callbacks) -> None:
    with valkey_away(), django_capture_on_commit_callbacks(execute=True):
        job = start()
    assert queued_calls() == []
    SearchCall.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    jobs.sweep()
    jobs.sweep()
    assert queued_calls() == [only_call(job).pk]


def test_due_and_abandoned_calls_are_rung_for_and_no_others(start) -> None:
    due, later, running, lost = (only_call(start()) for _ in range(4))
    minute = timedelta(minutes=1)
    now = timezone.now()
    for call, columns in (
        (due, {"status": Call.WAITING, "not_before": now - minute}),
        (later, {"status": Call.WAITING, "not_before": now + minute}),
        (running, {"status": Call.RUNNING, "lease_until": now + minute}),
        (lost, {"status": Call.RUNNING, "lease_until": now - minute}),
    ):
        SearchCall.objects.filter(pk=call.pk).update(**columns)
    jobs.ring_due()
    assert queued_calls() == [due.pk]
    jobs.sweep()
    assert queued_calls() == [due.pk, lost.pk]


def test_a_turn_that_failed_before_its_claim_does_not_silence_the_bell(start, monkeypatch) -> None:
    call = only_call(start())
    SearchCall.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    jobs.ring_due()
    queue = django_rq.get_queue("interactive")
    for name in (f"call-{call.pk}-0", f"call-{call.pk}-0-{int(time.time()) // 60 - 1}"):
        # What a worker leaves behind that was killed between taking the job and claiming the call.
        queue.create_job("searches.jobs.work", args=(call.pk,), job_id=name).save()
    assert queued_calls() == []
    jobs.sweep()
    assert queued_calls() == [call.pk]


def test_a_work_horse_takes_along_what_waited_and_what_a_lost_worker_left(start) -> None:
    first, waited, lost = (only_call(start()) for _ in range(3))
    past = timezone.now() - timedelta(minutes=1)
    for call, columns in (
        (waited, {"status": Call.WAITING, "waits_for": SearchCall.Reason.VALKEY}),
        (lost, {"status": Call.RUNNING, "lease_until": past}),
    ):
        SearchCall.objects.filter(pk=call.pk).update(claims=1, not_before=past, **columns)
    jobs.work(first.pk)
    assert set(SearchCall.objects.values_list("status", flat=True)) == {Call.DONE}


def test_a_work_horse_leaves_the_rest_alone_while_valkey_is_away(start) -> None:
    first, second = (only_call(start()) for _ in range(2))
    with valkey_away():
        jobs.work(first.pk)
    second.refresh_from_db()
    assert (second.status, second.claims) == (Call.QUEUED, 0)


def queued_calls() -> list[int]:
    """What an RQ worker would find: one integer a job, nothing else."""
    waiting = [job for name in settings.RQ_QUEUES for job in django_rq.get_queue(name).jobs]
    assert all(job.kwargs == {} and len(job.args) == 1 for job in waiting)
    return sorted(job.args[0] for job in waiting)


@contextmanager
def valkey_away():
    """The server is there for nobody: its socket is gone, and every open connection is cut."""
    socket = embedded_socket(settings.VAR_DIR)
    hidden = socket.with_suffix(".hidden")
    connection().client_kill_filter(_type="normal", skipme=True)
    connection().connection_pool.disconnect()
    socket.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(socket)
