"""What a worker does when the marketplace says that calls come too fast: slower for everybody, later for this call."""

import pytest
from django.utils import timezone

from searches import actions, jobs, slots
from searches.limiter import NoFreeSlot
from searches.models import CallCount, SearchCall, SearchJob
from tests.factories import CredentialFactory
from tests.searches.conftest import make_due, only_call, pass_window, work

pytestmark = pytest.mark.django_db
Call, Job, Reason = SearchCall.Status, SearchJob.Status, SearchCall.Reason


def test_a_429_waits_for_the_window_beside_the_attempts(start, sandbox) -> None:
    sandbox.fault("http-429", times=1)
    job = work(start())
    call = only_call(job)
    assert (call.status, call.waits_for, call.error_kind) == (Call.WAITING, Reason.RETRY, "throttled")
    assert (call.attempts, call.throttles) == (0, 1)
    assert call.error_remedy
    assert call.not_before > timezone.now()
    make_due(job)
    pass_window()
    job = work(job)
    assert job.status == Job.DONE
    assert only_call(job).error_code == ""


@pytest.mark.parametrize(("fault", "seconds"), [("http-429", 5), ("429", 60)])
def test_the_pause_that_the_marketplace_names_is_kept(start, sandbox, fault, seconds) -> None:
    sandbox.fault(fault)
    job = work(start())
    assert round((only_call(job).not_before - timezone.now()).total_seconds()) == pytest.approx(seconds, abs=1)


def test_without_a_named_pause_they_grow(start, sandbox, monkeypatch) -> None:
    forget_named_pauses(monkeypatch)
    sandbox.fault("http-429")
    job = start()
    pauses = []
    for _ in range(5):
        work(job)
        pauses.append(round((only_call(job).not_before - timezone.now()).total_seconds(), -1))
        make_due(job)
        pass_window()
    assert pauses == [10, 20, 40, 80, 120]


def forget_named_pauses(monkeypatch) -> None:
    """As if the gateway had sent no pause along."""
    answer = jobs.pipeline.answer

    def without_pause(call):
        try:
            return answer(call)
        except jobs.MarketplaceError as error:
            error.retry_after = None
            raise

    monkeypatch.setattr(jobs.pipeline, "answer", without_pause)


def test_after_five_pauses_it_is_given_up_and_no_attempt_was_spent(start, sandbox) -> None:
    sandbox.fault("http-429")
    job = start()
    promised = only_call(work(job)).error_remedy
    for _ in range(5):
        assert only_call(job).status == Call.WAITING
        make_due(job)
        pass_window()
        work(job)
    call = only_call(job)
    assert (call.status, call.error_kind, call.throttles) == (Call.FAILED, "throttled", 5)
    assert call.attempts == 1
    assert call.error_remedy and call.error_remedy != promised
    assert len(sandbox.calls()) == 6


def test_other_faults_have_their_attempts_after_it(start, sandbox) -> None:
    sandbox.fault("http-429", times=1)
    job = work(start())
    make_due(job)
    pass_window()
    sandbox.fault("502", times=3)
    for _ in range(3):
        work(job)
        assert only_call(job).status == Call.WAITING
        make_due(job)
    assert work(job).status == Job.DONE


def test_a_new_start_has_its_pauses_again(start, sandbox) -> None:
    job = start()
    SearchCall.objects.update(throttles=5)
    sandbox.fault("http-429")
    assert work(job).status == Job.FAILED
    actions.retry_failed_calls(job=job)
    pass_window()
    assert only_call(work(job)).status == Call.WAITING


def test_it_lowers_the_pace_for_everybody(start, sandbox, credential) -> None:
    credential.calls_per_minute = 10
    credential.save()
    for number in range(5):
        work(start(price_from=number))
    assert slots.usage_of(credential).free == 5
    sandbox.fault("http-429", times=1)
    work(start(price_from=99))
    # Six calls were too many: four fifths of them, four, are held to be the limit, and six are used.
    usage = slots.usage_of(credential)
    assert (usage.in_window, usage.free) == (6, 0)
    assert usage.seconds_until_free > 50
    with pytest.raises(NoFreeSlot) as refusal:
        slots.limiter_of(credential).acquire()
    assert refusal.value.limit == "pace"
    job = work(start(price_from=100))
    assert (only_call(job).waits_for, only_call(job).throttles) == (Reason.SLOT, 0)
    assert len(sandbox.calls()) == 6


def test_another_credential_is_asked_at_once(start, sandbox, credential) -> None:
    other = CredentialFactory(base_url=sandbox.url, app_key="1000001", secret="test124")
    sandbox.fault("http-429", times=1)
    job = work(start())
    assert job.status == Job.DONE
    first, second = (call["app_key"] for call in sandbox.calls())
    assert {first, second} == {credential.app_key, other.app_key}
    served = only_call(job).credential
    assert served.app_key == second
    throttled = CallCount.objects.get(outcome="throttled").credential
    assert throttled.app_key == first
    assert slots.usage_of(throttled).free == 0
    assert slots.usage_of(served).free > 0
