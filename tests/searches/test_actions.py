"""What people do with searches."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image

from searches import actions, jobs
from searches.imaging import ImageRejected
from searches.models import Credential, QueryImage, SearchCall, SearchJob
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.searches.conftest import work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


def photo(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


def test_a_photo_is_kept_as_it_came(alice, team) -> None:
    image = actions.keep_query_image(team=team, user=alice, data=photo(), name="../../my mug.jpeg")
    assert (image.name, image.mime, image.width, image.height) == ("my mug.jpeg", "image/png", 60, 40)
    assert image.file.name.endswith(f"{image.sha256}.png")
    with image.file.open() as file:
        assert file.read() == photo()


def test_a_name_keeps_what_can_be_shown(alice, team) -> None:
    name = "mug\0 \x1b[1m杯\ud800\u202egpj.exe\n"
    assert actions.keep_query_image(team=team, user=alice, data=photo(), name=name).name == "mug [1m杯gpj.exe"


def test_a_name_of_nothing_else_gives_way(alice, team) -> None:
    image = actions.keep_query_image(team=team, user=alice, data=photo(), name="\0\n")
    assert image.name == f"{image.sha256[:12]}.png"


def test_equal_bytes_are_one_row_in_a_team_and_two_in_two(alice, team, charlie, charlies_team) -> None:
    first = actions.keep_query_image(team=team, user=alice, data=photo(), name="a.png")
    again = actions.keep_query_image(team=team, user=alice, data=photo(), name="b.png")
    theirs = actions.keep_query_image(team=charlies_team, user=charlie, data=photo(), name="c.png")
    assert first == again != theirs
    assert QueryImage.objects.count() == 2


def test_the_loser_of_a_race_leaves_no_file(alice, team, monkeypatch) -> None:
    first = actions.keep_query_image(team=team, user=alice, data=photo(), name="a.png")
    # The moment before the other's row could be seen.
    monkeypatch.setattr(QueryImage.objects, "filter", lambda **unused: QueryImage.objects.none())
    again = actions.keep_query_image(team=team, user=alice, data=photo(), name="b.png")
    assert again == first
    folder = first.file.name.rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == [f"{first.sha256}.png"]


def test_what_is_no_picture_is_not_kept(alice, team) -> None:
    with pytest.raises(ImageRejected):
        actions.keep_query_image(team=team, user=alice, data=b"no picture", name="a.png")
    assert QueryImage.objects.count() == 0
    assert not default_storage.exists("queries")


def cut(kind: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(file, kind)
    return file.getvalue()[: len(file.getvalue()) // 2]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_stops_before_its_end_is_not_kept(alice, team, kind) -> None:
    with pytest.raises(ImageRejected) as refusal:
        actions.keep_query_image(team=team, user=alice, data=cut(kind), name="a.jpg")
    assert refusal.value.code == "truncated"
    assert QueryImage.objects.count() == 0
    assert [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()] == []


def test_prices_the_wrong_way_round_are_refused(start) -> None:
    with pytest.raises(ValidationError):
        start(price_from=Decimal(20), price_to=Decimal(10))
    assert SearchJob.objects.count() == 0


def test_a_search_needs_a_marketplace(start) -> None:
    with pytest.raises(ValidationError):
        start(marketplaces=[])
    assert SearchJob.objects.count() == 0


def test_one_call_for_each_marketplace(start, credential) -> None:
    CredentialFactory(base_url=credential.base_url)
    job = start(marketplaces=[credential.marketplace, OTHER_MARKETPLACE])
    assert job.status == Job.QUEUED
    calls = list(job.calls.order_by("pk").values_list("marketplace", "page", "page_size", "credential"))
    assert calls == [(credential.marketplace, 1, 50, None), (OTHER_MARKETPLACE, 1, 20, None)]


def test_the_workers_are_rung_for_on_commit_and_not_before(start, django_capture_on_commit_callbacks) -> None:
    rung: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("searches.doorbell.ring", lambda calls: rung.extend(call.pk for call in calls))
        with django_capture_on_commit_callbacks() as callbacks:
            job = start()
        assert rung == []
        for callback in callbacks:
            callback()
    assert rung == [job.calls.get().pk]


def test_search_again_asks_the_same_and_accepts_no_old_answer(start, alice, sandbox) -> None:
    job = work(start(price_from=Decimal(5), keywords="盘", order="price"))
    again = work(actions.search_again(user=alice, job=job))
    assert again.pk != job.pk
    assert (again.price_from, again.keywords, again.order, again.fresh) == (5, "盘", "price", True)
    assert again.images.get() == job.images.get()
    assert len(sandbox.calls()) == 2


def test_search_again_leaves_out_what_was_switched_off(start, alice, credential) -> None:
    other = CredentialFactory(marketplace=OTHER_MARKETPLACE)
    job = start(marketplaces=[credential.marketplace, OTHER_MARKETPLACE])
    Credential.objects.filter(pk=other.pk).update(enabled=False)
    again = actions.search_again(user=alice, job=job)
    assert [call.marketplace for call in again.calls.all()] == [credential.marketplace]


def test_a_cancelled_search_makes_no_further_call(start, sandbox) -> None:
    job = start()
    actions.cancel_search(job=job)
    job = work(job)
    assert (job.status, job.calls.get().status) == (Job.CANCELLED, Call.CANCELLED)
    assert sandbox.calls() == []


def test_cancelling_keeps_what_was_found(start) -> None:
    job = work(start(wanted=100))
    actions.cancel_search(job=job)
    job.refresh_from_db()
    assert job.status == Job.CANCELLED
    assert job.matches.count() == 50


def test_an_answer_that_comes_after_the_cancel_is_not_written(start) -> None:
    job = start()
    call = jobs.claim(job.calls.get().pk)
    found = jobs.pipeline.answer(call)
    actions.cancel_search(job=job)
    assert not jobs.recording.done(call, found)
    assert job.matches.count() == 0


def test_failed_calls_get_a_new_start(start, sandbox) -> None:
    sandbox.fault("110", times=1)
    job = work(start())
    assert job.status == Job.FAILED
    assert actions.retry_failed_calls(job=job) == 1
    job = work(job)
    assert job.status == Job.DONE
    assert job.calls.get().error_message == ""
    assert actions.retry_failed_calls(job=job) == 0
