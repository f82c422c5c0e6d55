"""`manage.py imagebatch` in trouble: what is refused, fails or is stopped is named, and the rest goes on."""

import pytest

from batches import actions, uploads
from batches.models import Batch
from procurement.management.commands import imagebatch
from searches.models import Credential
from searches.valkey import connection
from tests.batches.commandline import states
from tests.factories import OTHER_MARKETPLACE

pytestmark = pytest.mark.django_db


def test_a_refused_picture_is_named_and_the_others_are_searched(run, folder) -> None:
    (folder / "b.jpg").write_bytes(b"no picture")
    ended = run(folder)
    assert ended.status == 3
    assert "2 spring range/b.jpg: " in ended.err
    assert "[unsupported]" in ended.err
    assert "Searched: 2, repeated pictures: 0, refused: 1, failed: 0." in ended.out


def test_an_empty_file_is_named_and_the_others_are_searched(run, folder) -> None:
    (folder / "b.jpg").write_bytes(b"")
    ended = run(folder)
    assert ended.status == 3
    assert "b.jpg is empty." in ended.err
    assert "2 products. Searched: 2" in ended.out


def test_without_any_picture_there_is_nothing_to_search(run, tmp_path, sandbox) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    ended = run(tmp_path / "a.jpg")
    assert ended.status == 3
    assert "no picture in the batch yet" in ended.err
    assert sandbox.calls() == []


def test_a_failed_search_is_named_and_the_others_are_written(run, folder, sandbox, tmp_path) -> None:
    sandbox.fault("110", times=1)
    ended = run(folder, "--csv", tmp_path / "a.csv")
    assert ended.status == 4
    assert "[110]" in ended.err
    assert "Searched: 2, repeated pictures: 0, refused: 0, failed: 1." in ended.out
    assert (tmp_path / "a.csv").exists()


def test_free_slots_are_waited_for_without_a_scheduler(run, folder, settings) -> None:
    settings.CALL_WINDOW_SECONDS = 1
    Credential.objects.update(calls_per_minute=1)
    ended = run(folder)
    assert ended.status == 0, ended.err
    assert states(Batch.objects.get()) == ["done"] * 3


@pytest.mark.parametrize(("step", "word"), [("cancel_batch", "cancelled in the portal"), ("pause_batch", "paused in")])
def test_stopped_in_the_portal_it_ends_here_too(step, word, run, folder, monkeypatch) -> None:
    run_call = imagebatch.jobs.run_call

    def then_stopped(call: int) -> bool:
        getattr(actions, step)(batch=Batch.objects.get())
        return run_call(call)

    with monkeypatch.context() as patch:
        patch.setattr(imagebatch.jobs, "run_call", then_stopped)
        ended = run(folder)
    assert ended.status == 1
    assert word in ended.err


def test_a_file_that_cannot_be_written_ends_it_with_its_name(run, folder, tmp_path) -> None:
    (tmp_path / "taken").mkdir()
    ended = run(folder, "--xlsx", tmp_path / "taken")
    assert (ended.status, Batch.objects.count()) == (2, 0)
    assert "--xlsx:" in ended.err


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["no-such-folder"], "there is no such file or folder"),
        (["{folder}", "--price-from", "9", "--price-to", "5"], "--price-from is above"),
        (["{folder}", "--marketplace", OTHER_MARKETPLACE], "may not search at"),
        (["{folder}", "--user", "nobody"], "no active user nobody"),
        (["{empty}"], "no picture, ZIP or sheet"),
    ],
)
def test_wrong_use_is_said_and_begins_nothing(options, word, run, folder, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    ended = run(*(option.format(folder=folder, empty=tmp_path / "empty") for option in options))
    assert ended.status == 2
    assert word in ended.err
    assert not Batch.objects.exists()


def test_too_many_files_are_refused_before_any_is_copied(run, folder, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    ended = run(folder)
    assert (ended.status, Batch.objects.count()) == (2, 0)
    assert "divide them" in ended.err


def test_without_the_operators_valkey_it_says_so(run, folder, settings) -> None:
    settings.REDIS_URL = "redis://:pass-marked-3d@127.0.0.1:9/0"
    ended = run(folder)
    assert ended.status == 1
    assert "REDIS_URL" in ended.err
    assert "pass-marked" not in ended.err
    assert connection().ping()
