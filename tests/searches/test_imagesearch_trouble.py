"""`manage.py imagesearch` when a photo is refused, a marketplace fails, a call waits, or somebody ends it."""

import errno
from pathlib import Path

import pytest
from django.db import OperationalError

from searches import actions, foreground, jobs, recording
from searches.models import SearchCall, SearchJob
from searches.pipeline import answer
from tests.searches.commandline import Ended
from tests.searches.test_storage_trouble import refusing

pytestmark = pytest.mark.django_db
Status = SearchJob.Status


@pytest.fixture
def no_pauses(monkeypatch) -> None:
    monkeypatch.setattr(jobs, "PAUSES", (0.01, 0.01, 0.01))


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b"not a picture", "unsupported"), (b"<svg xmlns='x'></svg>", "svg")]
)
def test_a_refused_photo_is_named_and_becomes_no_search(run, tmp_path, sandbox, data, code) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    ended = run(path)
    assert ended.status == 3
    assert f"[{code}]" in ended.err
    assert not SearchJob.objects.exists()
    assert sandbox.calls() == []


def test_a_photo_that_stops_in_the_middle_is_refused(run, photo) -> None:
    photo.write_bytes(photo.read_bytes()[:-2000])
    ended = run(photo)
    assert (ended.status, SearchJob.objects.count()) == (3, 0)
    assert "[truncated]" in ended.err


def test_a_photo_of_more_than_20_mb_is_not_read_whole(run, tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    with path.open("wb") as file:
        file.truncate(2**33)
    ended = run(path)
    assert ended.status == 3
    assert "[too-large]" in ended.err


def test_an_address_inside_the_network_is_refused(run, sandbox) -> None:
    ended = run(f"{sandbox.url}/a.jpg")
    assert ended.status == 3
    assert "[not-public]" in ended.err


def test_a_failed_marketplace_is_named_with_its_remedy(run, photo, sandbox) -> None:
    sandbox.fault("110")
    ended = run(photo, "--json")
    assert ended.status == 4
    assert "[110]" in ended.err
    assert "allow-list in the open platform's console" in ended.err
    assert ended.result == {"job": SearchJob.objects.get().pk, "status": "failed", "total": 0, "matches": []}
    assert run(photo, "--fresh").out == ""


def test_a_failed_search_leaves_an_older_csv_alone(run, photo, sandbox, tmp_path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text("of yesterday")
    sandbox.fault("110")
    assert run(photo, "--csv", path).status == 4
    assert path.read_text() == "of yesterday"


def test_what_was_found_before_a_failure_is_printed(run, photo, sandbox) -> None:
    sandbox.fault("110", page=2)
    ended = run(photo, "--json", "--limit", "100")
    assert ended.status == 4
    assert (ended.result["status"], ended.result["total"]) == ("partial", 50)
    assert "[110]" in ended.err
    ended = run(photo, "--limit", "100")
    assert ended.status == 4
    assert "50 of 50 offers" in ended.out


def test_a_passing_fault_is_waited_for_and_said(run, photo, sandbox, no_pauses) -> None:
    sandbox.fault("502", times=1)
    ended = run(photo, "--json")
    assert (ended.status, ended.result["total"]) == (0, 50)
    assert "[502] It is tried again at" in ended.err


def test_a_fault_that_stays_ends_the_search_after_four_attempts(run, photo, sandbox, no_pauses) -> None:
    sandbox.fault("502")
    ended = run(photo, "--verbosity", "0")
    assert ended.status == 4
    assert ended.err.count("[502]") == 1
    assert len(sandbox.calls()) == 4


def test_a_free_slot_is_waited_for_and_said(run, photo, credential, settings) -> None:
    settings.CALL_WINDOW_SECONDS = 1
    credential.calls_per_minute = 1
    credential.save()
    ended = run(photo, "--json", "--limit", "100")
    assert (ended.status, ended.result["total"]) == (0, 100)
    assert "for a free slot within the call limit" in ended.err


def test_a_gateway_of_ones_own_that_is_down_is_not_replaced_by_the_sandbox(run, photo, credential, no_pauses) -> None:
    credential.base_url, credential.app_key = "http://127.0.0.1:9", "2345678"
    credential.save()
    ended = run(photo, "--json")
    assert ended.status == 4
    assert "[connection]" in ended.err
    assert "sandbox" not in ended.err


def test_without_the_operators_valkey_no_search_is_started(run, photo, settings, sandbox) -> None:
    settings.REDIS_URL = "redis://:pass-marked-3d@127.0.0.1:9/0"
    ended = run(photo)
    assert ended.status == 1
    assert "REDIS_URL" in ended.err
    assert "pass-marked" not in ended.err
    assert not SearchJob.objects.exists()


def test_a_search_cancelled_in_the_portal_ends_here_too(run, photo, sandbox) -> None:
    sandbox.fault("502")
    ended = run_until_first_wait(run, photo, lambda: actions.cancel_search(job=SearchJob.objects.get()))
    assert ended.status == 1
    assert "cancelled in the portal" in ended.err


def test_an_interrupted_search_is_cancelled(run, photo, sandbox) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    sandbox.fault("502")
    ended = run_until_first_wait(run, photo, interrupt)
    assert ended.status == 130
    assert SearchJob.objects.get().status == Status.CANCELLED
    assert SearchCall.objects.get().status == SearchCall.Status.CANCELLED


def run_until_first_wait(run, photo: Path, then) -> Ended:
    """Run the command; when its first call has to wait, let `then` happen to it instead of the wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foreground.time, "sleep", lambda _seconds: then())
        return run(photo)


def test_a_call_that_another_worker_took_is_waited_for(start, sandbox) -> None:
    job = start(wanted=100)
    theirs = jobs.claim(job.calls.get().pk)

    def other_worker_ends(waiting) -> None:
        assert waiting == []
        recording.done(theirs, answer(theirs))

    foreground.finish(job, other_worker_ends)
    assert job.status == Status.DONE
    assert [call["page"] for call in sandbox.calls()] == [1, 2]


def test_a_full_disk_at_the_photo_is_said_and_nothing_was_begun(run, photo, monkeypatch) -> None:
    with refusing(monkeypatch, errno.ENOSPC):
        ended = run(photo)
    assert ended.status == 1
    assert "disk is full" in ended.err
    assert "No search was begun. Make room, and run the command again." in ended.err
    assert not SearchJob.objects.exists()
    assert run(photo).status == 0


def test_a_full_disk_at_an_answer_is_said_and_the_search_is_named(run, photo, monkeypatch) -> None:
    def fill(*_arguments: object, **_options: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(recording, "done", fill)
        ended = run(photo)
    job = SearchJob.objects.get()
    assert ended.status == 1
    assert f"disk is full: nothing can be written to it. Search {job.pk} keeps what was found so far." in ended.err


def test_another_error_of_the_database_is_none_of_the_disks(run, photo, monkeypatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(actions, "start_search", fail)
    with pytest.raises(OperationalError):
        run(photo)
