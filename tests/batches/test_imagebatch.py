"""`manage.py imagebatch`: alice at a shell, with the sandbox as her marketplace, and nobody else working."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from batches import actions, jobs, uploads
from batches.models import Batch, BatchFile, BatchRow
from procurement.management.commands import imagebatch
from procurement.progressbar import ProgressBar
from searches.models import Credential, SearchCall, SearchJob
from searches.valkey import connection
from tests.batches.making import zip_of
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches.commandline import Ended

pytestmark = pytest.mark.django_db
Status = Batch.Status
PRODUCTS = ("plate-01", "box-01", "ring-01")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def run(alice, sandbox):
    """`run("photos", "--csv", …)`: her portal knows one credential, the sandbox's."""
    CredentialFactory(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)

    def call(*args: object) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        status, message = 0, ""
        try:
            call_command("imagebatch", *map(str, args), stdout=out, stderr=err)
        except CommandError as error:
            status, message = error.returncode, str(error)
        return Ended(status, out.getvalue(), err.getvalue() + message)

    return call


@pytest.fixture
def folder(tmp_path, sandbox) -> Path:
    """Three products' photos, one in a folder of its own, beside what is no picture."""
    path = tmp_path / "spring range"
    (path / "cups").mkdir(parents=True)
    (path / "a.jpg").write_bytes(photo(sandbox, 0))
    (path / "b.jpg").write_bytes(photo(sandbox, 1))
    (path / "cups" / "c.jpg").write_bytes(photo(sandbox, 2))
    (path / ".hidden.jpg").write_bytes(b"x")
    (path / "notes.txt").write_text("call them")
    return path


def photo(sandbox: Sandbox, number: int) -> bytes:
    return sandbox.query(PRODUCTS[number])


def states(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("job__status", flat=True))


def test_a_folder_is_searched_and_written_without_any_worker(run, folder, tmp_path) -> None:
    ended = run(folder, "--xlsx", tmp_path / "a.xlsx", "--csv", tmp_path / "a.csv")
    assert ended.status == 0, ended.err
    batch = Batch.objects.get()
    assert (batch.title, batch.status, batch.owner.username) == ("spring range", Status.DONE, "alice")
    names = list(batch.rows.values_list("source_name", flat=True))
    assert names == ["spring range/a.jpg", "spring range/b.jpg", "spring range/cups/c.jpg"]
    assert states(batch) == ["done"] * 3
    assert "3 products. Searched: 3, repeated pictures: 0, refused: 0, failed: 0." in ended.out
    assert "1 other files in the folders are passed over" in ended.err
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book.worksheets[0]["A"][1:]][:1] == [1]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {line["row"] for line in csv.DictReader(file)} >= {"1", "2", "3"}
    # Nothing is left beside the results.
    assert {path.name for path in tmp_path.iterdir()} >= {"a.xlsx", "a.csv"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".imagebatch")]


def test_a_zip_and_a_sheet_make_products_together(run, tmp_path, sandbox) -> None:
    (tmp_path / "photos.zip").write_bytes(zip_of((f"{at}.jpg", photo(sandbox, at)) for at in range(3)))
    (tmp_path / "list.csv").write_text("货号,数量,图片\nA1,500,0.jpg\nA2,20,1.jpg\n", encoding="utf-8")
    # Whatever the order: the sheet is read when the pictures are there.
    ended = run(tmp_path / "list.csv", tmp_path / "photos.zip", "--title", "May")
    assert ended.status == 0, ended.err
    assert "list.csv is read as code: 货号; quantity: 数量; picture: 图片." in ended.err
    batch = Batch.objects.get(title="May")
    assert list(batch.rows.values_list("code", "quantity")) == [("A1", 500), ("A2", 20), ("", None)]


def test_the_question_is_that_of_the_options(run, folder) -> None:
    run(folder, "--wanted", 100, "--price-from", "5.5", "--wholesale", "--order", "price", "--preset", "enhanced")
    job = SearchJob.objects.first()
    assert (job.wanted, str(job.price_from), job.wholesale_only) == (100, "5.50", True)
    assert (job.order, job.preparation, job.urgency) == ("price", "enhanced", SearchJob.Urgency.BATCH)


def test_progress_is_told_in_lines_where_there_is_no_terminal(run, folder) -> None:
    err = run(folder).err
    assert "files 3/3\n" in err
    assert "searched 3/3" in err
    assert "\r" not in err
    assert run(folder, "--verbosity", 0).err == ""


def test_in_a_terminal_a_bar_moves() -> None:
    written: list[str] = []
    bar = ProgressBar(written.append, moves=True, quiet=False)
    bar.show("searched", 1, 4, "3 failed")
    bar.show("searched", 3, 4)
    bar.line("a word")
    bar.clear()
    text = "".join(written)
    assert "\r[######------------------]  25 % searched 1/4 · 3 failed" in text
    assert "\r[##################------]  75 % searched 3/4" in text
    # The word has a line of its own, and the bar stands below it again.
    assert "a word\n\r[####" in text
    # A shorter line leaves nothing of the longer one.
    shown = [line for line in text.split("\r") if line.startswith("[")]
    assert len(shown[1]) >= len(shown[0])
    assert text.endswith("\r")


# Taken up again


def interrupted_at(monkeypatch, door: object, name: str, times: int = 1) -> None:
    """Ctrl-C at the so many-th call of a function."""
    left = [times]
    real = getattr(door, name)

    def interrupt(*arguments, **options):
        left[0] -= 1
        if left[0] == 0:
            monkeypatch.undo()
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(door, name, interrupt)


def test_interrupted_it_pauses_says_how_to_go_on_and_goes_on(run, folder, monkeypatch, sandbox) -> None:
    interrupted_at(monkeypatch, imagebatch.jobs, "run_call", times=2)
    ended = run(folder)
    batch = Batch.objects.get()
    assert (ended.status, batch.status) == (130, Status.PAUSED)
    assert "run the same command again" in ended.err
    assert batch.get_absolute_url() in ended.err
    ended = run(folder)
    assert ended.status == 0, ended.err
    assert f"Batch {batch.pk} is taken up where it was left." in ended.err
    assert states(Batch.objects.get()) == ["done"] * 3
    # Nothing is paid for twice.
    assert len(sandbox.calls()) == SearchCall.objects.count()


@pytest.mark.parametrize("door", [(uploads, "receive"), (jobs, "read_file")])
def test_interrupted_while_files_come_in_it_takes_each_once(door, run, folder, monkeypatch) -> None:
    interrupted_at(monkeypatch, *door, times=2)
    ended = run(folder)
    assert (ended.status, Batch.objects.get().status) == (130, Status.COLLECTING)
    assert run(folder).status == 0
    assert BatchFile.objects.count() == BatchRow.objects.count() == 3


def test_after_a_kill_it_goes_on_too(run, folder, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    def kill(*_arguments) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(imagebatch.jobs, "run_call", kill)
        with pytest.raises(Killed):
            run(folder)
    assert Batch.objects.get().status == Status.RUNNING
    assert run(folder).status == 0
    assert states(Batch.objects.get()) == ["done"] * 3


def test_what_is_done_is_done_and_the_same_again_is_another_batch(run, folder) -> None:
    run(folder)
    run(folder)
    assert Batch.objects.count() == 2


@pytest.mark.parametrize("change", ["options", "file", "user"])
def test_another_question_or_file_or_user_is_another_batch(change, run, folder, monkeypatch, bob) -> None:
    interrupted_at(monkeypatch, imagebatch.jobs, "run_call")
    run(folder)
    options: tuple[object, ...] = ()
    if change == "options":
        options = ("--wanted", 100)
    elif change == "user":
        options = ("--user", "bob")
    else:
        (folder / "a.jpg").unlink()
        (folder / "z.jpg").write_bytes((folder / "b.jpg").read_bytes())
    run(folder, *options)
    assert Batch.objects.count() == 2


# Trouble


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
