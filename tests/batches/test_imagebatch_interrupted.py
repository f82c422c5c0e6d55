"""`manage.py imagebatch` that was interrupted or killed: the same command takes the batch up again."""

import pytest

from batches import jobs, uploads
from batches.models import Batch, BatchFile, BatchRow
from procurement.management.commands import imagebatch
from searches.models import SearchCall
from tests.batches.commandline import states

pytestmark = pytest.mark.django_db
Status = Batch.Status


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
