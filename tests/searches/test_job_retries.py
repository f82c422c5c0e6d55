"""What a worker does when the marketplace answers badly: again, changed, later, or not at all."""

import pytest
from django.utils import timezone

from searches.models import SearchCall, SearchJob
from tests.searches.conftest import make_due, only_call, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


RETRIED = [("502", "502"), ("http-502", "502"), ("reset", "connection"), ("truncated", "connection")]


@pytest.mark.parametrize(("fault", "code"), RETRIED)
def test_a_passing_fault_is_retried_with_a_pause(start, sandbox, fault, code) -> None:
    sandbox.fault(fault, times=1)
    job = work(start())
    call = only_call(job)
    assert (call.status, call.waits_for, call.error_code) == (Call.WAITING, SearchCall.Reason.RETRY, code)
    assert call.error_remedy
    assert call.not_before > timezone.now()
    assert job.status == Job.RUNNING
    make_due(job)
    assert work(job).status == Job.DONE
    assert only_call(job).error_code == ""


def test_pauses_grow_and_end_after_four_attempts(start, sandbox) -> None:
    sandbox.fault("502")
    job = start()
    pauses = []
    for _ in range(3):
        work(job)
        pauses.append((only_call(job).not_before - timezone.now()).total_seconds())
        make_due(job)
    assert pauses == sorted(pauses)
    job = work(job)
    assert (job.status, only_call(job).error_code) == (Job.FAILED, "502")
    assert len(sandbox.calls()) == 4


@pytest.mark.parametrize(
    ("fault", "kind"), [("110", "permission"), ("malformed-json", "protocol"), ("html", "protocol")]
)
def test_what_cannot_pass_is_not_retried(start, sandbox, fault, kind) -> None:
    sandbox.fault(fault)
    job = work(start())
    call = only_call(job)
    assert (job.status, call.status, call.error_kind) == (Job.FAILED, Call.FAILED, kind)
    assert call.error_message and call.error_remedy
    assert len(sandbox.calls()) == 1


@pytest.mark.parametrize(("fault", "variant"), [("400", "reencoded"), ("413", "smaller")])
def test_a_refused_picture_goes_out_once_more_changed(start, sandbox, fault, variant) -> None:
    sandbox.fault(fault, times=1)
    job = work(start())
    assert only_call(job).variant == variant
    job = work(job)
    assert job.status == Job.DONE
    first, second = sandbox.calls()
    assert first["image_sha256"] != second["image_sha256"]


@pytest.mark.parametrize("fault", ["400", "413"])
def test_a_picture_refused_twice_is_given_up(start, sandbox, fault) -> None:
    sandbox.fault(fault)
    job = work(start(), turns=3)
    assert (job.status, only_call(job).error_code) == (Job.FAILED, fault)
    assert len(sandbox.calls()) == 2


def test_a_picture_refused_at_the_last_attempt_still_goes_out_changed(start, sandbox) -> None:
    job = start()
    SearchCall.objects.update(attempts=3)
    sandbox.fault("413", times=1)
    assert only_call(work(job)).variant == "smaller"
    assert work(job).status == Job.DONE


@pytest.mark.parametrize(("fault", "turns"), [("413", 2), ("400", 2), ("502", 4)])
def test_a_call_that_is_given_up_promises_no_further_attempt(start, sandbox, fault, turns) -> None:
    sandbox.fault(fault)
    job = start()
    promised = only_call(work(job)).error_remedy
    for _ in range(turns - 1):
        make_due(job)
        work(job)
    call = only_call(job)
    assert call.status == Call.FAILED
    assert call.error_remedy and call.error_remedy != promised
