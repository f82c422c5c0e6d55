"""A call's life, run as a worker runs it, against the sandbox marketplace over HTTP."""

import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django_rq
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone

from procurement.valkey import embedded_socket
from searches import jobs, recording
from searches.models import Credential, SearchCall, SearchJob, SupplierMatch
from searches.pipeline import Answer, answer
from searches.valkey import connection
from tests.factories import CredentialFactory
from tests.searches.conftest import make_due, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


def only_call(job: SearchJob) -> SearchCall:
    return SearchCall.objects.get(job=job)


def test_a_photo_becomes_matches(start, sandbox) -> None:
    job = work(start())
    call = only_call(job)
    assert (job.status, call.status) == (Job.DONE, Call.DONE)
    assert call.offers_found == 50
    assert call.offers_total > 100
    best = job.matches.order_by("rank").first()
    assert best.rank == 1
    assert best.similarity > 0.8
    assert best.title and best.url.startswith(sandbox.url) and best.image_url.startswith(sandbox.url)
    assert best.sightings.get().image == job.images.get()
    assert job.finished_at is not None


def test_as_many_pages_as_the_number_of_offers_asks_for(start, sandbox) -> None:
    job = work(start(wanted=100), turns=2)
    assert job.status == Job.DONE
    assert [call["page"] for call in sandbox.calls()] == [1, 2]
    ranks = list(job.matches.order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, 101))


def test_no_more_pages_than_the_marketplace_has(start, sandbox) -> None:
    work(start(wanted=500), turns=2)
    assert [call["page"] for call in sandbox.calls()] == [1, 2, 3]


def test_parameters_reach_the_marketplace(start) -> None:
    job = work(start(price_from=10, price_to=20, order="price", wanted=50))
    prices = list(job.matches.order_by("rank").values_list("price", flat=True))
    assert prices
    assert prices == sorted(prices)
    assert all(10 <= price <= 20 for price in prices)


def test_the_same_question_is_paid_once(start, sandbox) -> None:
    first, second = work(start()), work(start())
    assert len(sandbox.calls()) == 1
    assert only_call(second).from_cache and not only_call(first).from_cache
    assert only_call(second).fetched_at == only_call(first).fetched_at
    assert second.matches.count() == first.matches.count()


@pytest.mark.parametrize(
    "changes", [{"price_from": 1}, {"price_to": 900}, {"wholesale_only": True}, {"order": "price"}, {"wanted": 100}]
)
def test_another_question_is_asked_anew(start, sandbox, changes) -> None:
    work(start())
    job = work(start(**changes))
    paid = len(sandbox.calls())
    # A hundred offers come in pages of fifty too: the first of them was paid for already.
    assert paid == (1 if "wanted" in changes else 2)
    assert job.calls.first().from_cache == ("wanted" in changes)


def test_enhanced_preparation_is_another_question(start, sandbox) -> None:
    work(start())
    work(start(preparation="enhanced"))
    hashes = {call["image_sha256"] for call in sandbox.calls()}
    assert len(hashes) == 2


def test_a_fresh_search_bypasses_the_cache_and_feeds_it(start, sandbox) -> None:
    work(start())
    assert not only_call(work(start(fresh=True))).from_cache
    assert len(sandbox.calls()) == 2
    assert only_call(work(start())).from_cache


def test_a_fresh_search_whose_worker_died_after_the_answer_pays_once(start, sandbox) -> None:
    job = start(fresh=True)
    call = jobs.claim(only_call(job).pk)
    answer(call)  # the worker dies here: answered, cached, not written
    SearchCall.objects.filter(pk=call.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    job = work(job)
    assert job.status == Job.DONE
    assert len(sandbox.calls()) == 1


def test_a_damaged_cache_entry_is_asked_anew(start, sandbox) -> None:
    work(start())
    (key,) = [key.decode() for key in connection().keys("*result:*")]
    cache.set(key.split(":", 2)[2], {"offers": "damaged"})
    assert work(start()).status == Job.DONE
    assert len(sandbox.calls()) == 2


def test_a_call_that_somebody_else_has_is_left_alone(start) -> None:
    job = start()
    assert jobs.claim(only_call(job).pk) is not None
    assert jobs.claim(only_call(job).pk) is None


def test_a_worker_whose_lease_ran_out_changes_nothing(start) -> None:
    job = start()
    late = jobs.claim(only_call(job).pk)
    late_answer = answer(late)
    SearchCall.objects.filter(pk=late.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    newer = jobs.claim(late.pk)
    assert newer.run_token != late.run_token
    assert not recording.done(late, late_answer)
    assert job.matches.count() == 0
    assert recording.done(newer, late_answer)
    assert job.matches.count() == 50


def test_a_repeat_changes_nothing(start) -> None:
    job = work(start())
    before = list(job.matches.order_by("pk").values())
    call = only_call(job)
    again = answer(call)
    call.run_token = uuid.uuid4()
    SearchCall.objects.filter(pk=call.pk).update(status=Call.RUNNING, run_token=call.run_token)
    assert recording.done(call, again)
    assert list(job.matches.order_by("pk").values()) == before


def test_an_offer_on_two_pages_is_one_match_with_its_best_rank(start) -> None:
    job = work(start(wanted=100), turns=2)
    first, second = job.calls.order_by("page")
    best = job.matches.get(rank=1)
    page = answer(first).page
    second.run_token = uuid.uuid4()
    SearchCall.objects.filter(pk=second.pk).update(status=Call.RUNNING, run_token=second.run_token)
    later = tuple(replace(offer, rank=offer.rank + 50, similarity=0.1) for offer in page.offers)
    recording.done(second, Answer(replace(page, offers=later), from_cache=False))
    best.refresh_from_db()
    assert best.rank == 1
    assert best.similarity > 0.8
    assert job.matches.count() == 100


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


@pytest.mark.parametrize(("fault", "turns"), [("413", 2), ("400", 2), ("502", 4), ("http-429", 4)])
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


def test_429_waits_for_the_window(start, sandbox) -> None:
    sandbox.fault("http-429", times=1)
    job = work(start())
    call = only_call(job)
    assert (call.status, call.error_kind) == (Call.WAITING, "throttled")
    make_due(job)
    assert work(job).status == Job.DONE


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
    queue = django_rq.get_queue("default")
    for name in (f"call-{call.pk}-0", f"call-{call.pk}-0-{int(time.time()) // 60 - 1}"):
        # What a worker leaves behind that was killed between taking the job and claiming the call.
        queue.create_job("searches.jobs.run_call", args=(call.pk,), job_id=name).save()
    assert queued_calls() == []
    jobs.sweep()
    assert queued_calls() == [call.pk]


def queued_calls() -> list[int]:
    """What an RQ worker would find: one integer a job, nothing else."""
    waiting = django_rq.get_queue("default").jobs
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


def test_one_failed_marketplace_leaves_the_other_standing(start, credential) -> None:
    broken = CredentialFactory(base_url="http://127.0.0.1:1", name="down")
    job = start(credentials=[credential, broken])
    for _ in range(4):
        work(job)
        make_due(job)
    job = work(job)
    assert job.status == Job.PARTIAL
    assert job.matches.count() == 50
    assert job.calls.get(credential=broken).error_code == "connection"


def test_a_switched_off_credential_says_so(start, credential) -> None:
    job = start()
    Credential.objects.update(enabled=False)
    assert work(job).status == Job.FAILED
    assert only_call(job).error_code == "credential-off"


def test_a_secret_under_a_lost_key_says_so(start, settings) -> None:
    job = start()
    settings.CREDENTIAL_KEYS = ["A" * 43 + "="]
    assert work(job).status == Job.FAILED
    assert only_call(job).error_code == "secret-unreadable"


def test_a_wrong_secret_is_named(start, credential) -> None:
    credential.keep_secret("not it")
    credential.save()
    job = work(start())
    assert only_call(job).error_kind == "authentication"
    credential.refresh_from_db()
    assert credential.last_error_code == only_call(job).error_code


def test_a_picture_that_cannot_be_decoded_fails_by_itself(start, sandbox) -> None:
    job = start()
    image = job.images.get()
    with image.file.open() as file:
        whole = file.read()
    image.file.storage.delete(image.file.name)
    image.file.save("photo.jpg", ContentFile(whole[: len(whole) // 3]))
    empty_derived(image)
    job = work(job)
    assert (job.status, only_call(job).error_kind) == (Job.FAILED, "bad_image")
    assert sandbox.calls() == []


def test_a_photo_that_is_gone_says_so_and_waits_for_it(start, sandbox) -> None:
    job = start()
    image = job.images.get()
    with image.file.open() as file:
        data = file.read()
    image.file.storage.delete(image.file.name)
    empty_derived(image)
    call = only_call(work(job))
    assert (call.status, call.error_code) == (Call.WAITING, "storage")
    assert call.error_remedy
    image.file.storage.save(image.file.name, ContentFile(data))
    make_due(job)
    assert work(job).status == Job.DONE


def test_a_half_written_derived_picture_is_made_anew(start, sandbox) -> None:
    first = start()
    work(first)
    (whole,) = derived_files(first.images.get())
    whole_bytes = whole.read_bytes()
    whole.write_bytes(whole_bytes[: len(whole_bytes) // 2])
    assert work(start(fresh=True)).status == Job.DONE
    assert len({call["image_sha256"] for call in sandbox.calls()}) == 1
    assert whole.read_bytes() == whole_bytes


def derived_files(image) -> list[Path]:
    return sorted(Path(settings.MEDIA_ROOT).glob(f"derived/*/{image.sha256}-*.jpg"))


def empty_derived(image) -> None:
    for file in derived_files(image):
        file.unlink()


def test_an_answer_outlives_its_credential(start, credential) -> None:
    job = start(wanted=100)
    call = jobs.claim(only_call(job).pk)
    found = answer(call)
    credential.delete()
    assert recording.done(call, found)
    assert job.matches.count() == 50
    job.refresh_from_db()
    assert job.status == Job.DONE


def test_a_value_that_no_marketplace_takes_is_said(start) -> None:
    job = start(image_url="https://user:password@example.com/photo.jpg")
    call = only_call(work(job))
    assert (call.status, call.error_code) == (Call.FAILED, "invalid-image_url")


def test_a_call_that_keeps_losing_its_worker_is_given_up(start) -> None:
    job = start()
    for _ in range(4):
        assert jobs.claim(only_call(job).pk) is not None
        SearchCall.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    job = work(job)
    assert (job.status, only_call(job).error_code) == (Job.FAILED, "worker-lost")


def test_a_deleted_search_is_forgotten(start) -> None:
    job = start()
    call = jobs.claim(only_call(job).pk)
    found = answer(call)
    job.delete()
    assert not recording.done(call, found)
    jobs.run_call(call.pk)
    assert SupplierMatch.objects.count() == 0


def test_the_limiter_remembers_calls_that_valkey_forgot(start, credential) -> None:
    work(start())
    connection().flushall()
    job = work(start(price_from=3))
    assert only_call(job).waits_for == SearchCall.Reason.SLOT
