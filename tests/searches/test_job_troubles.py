"""What can go wrong with a call besides the marketplace's own errors, and how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from searches import jobs, recording
from searches.models import Credential, SearchCall, SearchJob, SupplierMatch
from searches.pipeline import answer
from searches.valkey import connection
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.searches.conftest import make_due, only_call, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


def test_one_failed_marketplace_leaves_the_other_standing(start, credential) -> None:
    CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url="http://127.0.0.1:1", name="down")
    job = start(marketplaces=[credential.marketplace, OTHER_MARKETPLACE])
    for _ in range(4):
        work(job)
        make_due(job)
    job = work(job)
    assert job.status == Job.PARTIAL
    assert job.matches.count() == 50
    broken = job.calls.get(marketplace=OTHER_MARKETPLACE)
    assert (broken.status, broken.error_code, broken.credential_name) == (Call.FAILED, "connection", "down")


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
    job = start()
    call = jobs.claim(only_call(job).pk)
    found = answer(call)
    credential.delete()
    assert recording.done(call, found)
    assert job.matches.count() == 50
    job.refresh_from_db()
    assert job.status == Job.DONE
    assert (only_call(job).credential, only_call(job).credential_name) == (None, credential.name)


def test_without_any_credential_left_the_following_pages_say_so(start, credential) -> None:
    job = start(wanted=100)
    call = jobs.claim(only_call(job).pk)
    found = answer(call)
    credential.delete()
    assert recording.done(call, found)
    job = work(job)
    assert (job.status, job.matches.count()) == (Job.PARTIAL, 50)
    assert job.calls.get(page=2).error_code == "credential-off"


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
