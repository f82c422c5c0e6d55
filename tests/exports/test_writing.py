"""Files that are asked for: written by a worker that may be killed, kept for a week, gone with their rows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from exports import jobs, writers, writing
from exports.models import Export
from searches import orphans
from searches.clock import ClockWatch
from tests.batches.bells import rung
from tests.exports.making import ask, content, pass_lease, stored
from tests.searches.test_clock import HOUR, put_clock

__all__ = ["put_clock"]

pytestmark = pytest.mark.django_db
State = Export.State


class Killed(BaseException):
    """Stands for the end of a process."""


def kill(*_arguments, **_options) -> None:
    raise Killed


def test_it_is_written_by_whoever_hears_the_bell(alice, team, notes, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        export = ask(alice, team)
    assert rung() == {("exports.jobs.write_export", export.pk)}
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert content(export) == b"hello one\nhello two\nhello three\n"
    assert (export.state, export.rows_done, export.rows_all, export.size) == (State.DONE, 3, 3, len(content(export)))


def test_asked_for_twice_it_is_written_once(alice, team, notes) -> None:
    first, second = ask(alice, team), ask(alice, team)
    assert first.pk == second.pk
    jobs.write_export(first.pk)
    jobs.write_export(first.pk)
    assert notes.turns == 1
    # Once it is there, asking means anew.
    assert ask(alice, team).pk != first.pk


def test_what_differs_is_another_file(alice, bob, team, notes) -> None:
    first = ask(alice, team)
    others = [
        ask(bob, team),
        ask(alice, team, kind="xlsx"),
        ask(alice, team, subject=8),
        ask(alice, team, language="zh-hans"),
        ask(alice, team, params={"greeting": "good day"}),
    ]
    assert len({first.pk, *(other.pk for other in others)}) == 6


def test_nobody_asks_for_more_than_can_be_written(alice, team, notes) -> None:
    for number in range(writing.MOST_UNFINISHED):
        ask(alice, team, subject=number + 1)
    with pytest.raises(ValidationError, match="20 of your exports are being written"):
        ask(alice, team, subject=1000)


def test_how_far_it_is_is_kept_while_it_is_written(export, notes, monkeypatch) -> None:
    told = []
    tell = writing._tell

    def look(export, done, of) -> None:
        tell(export, done, of)
        told.append(Export.objects.values_list("rows_done", "rows_all").get(pk=export.pk))

    monkeypatch.setattr(writing, "_tell", look)
    jobs.write_export(export.pk)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_nobody_writes_what_somebody_is_writing(export, notes) -> None:
    Export.objects.update(state=State.WRITING, lease_until=timezone.now() + timedelta(seconds=60))
    jobs.write_export(export.pk)
    assert (notes.turns, stored()) == (0, [])


def test_a_worker_killed_while_it_writes_is_missed(export, notes, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_tell", kill)
        with pytest.raises(Killed):
            jobs.write_export(export.pk)
    jobs.ring_due()
    assert rung() == set()
    pass_lease(export)
    jobs.ring_due()
    assert rung() == {("exports.jobs.write_export", export.pk)}
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, stored()) == (State.DONE, 2, [export.file_name])


def test_a_worker_killed_between_storing_and_saying_so_leaves_nothing(export, notes, monkeypatch) -> None:
    save = default_storage.save

    def killed_after(name, data) -> str:
        save(name, data)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", killed_after)
        with pytest.raises(Killed):
            jobs.write_export(export.pk)
    assert len(stored()) == 1
    pass_lease(export)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, stored()) == (State.DONE, [export.file_name])


def test_after_several_lost_workers_it_is_given_up(export, notes, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writing, "may_see", kill)
        for _turn in range(writing.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                jobs.write_export(export.pk)
            pass_lease(export)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_message, notes.turns) == (State.FAILED, writing.LOST, 0)


def test_a_worker_that_comes_back_late_changes_nothing(export, notes, monkeypatch) -> None:
    put = writing._put_in_place

    def overtaken(late, path) -> None:
        monkeypatch.setattr(writing, "_put_in_place", put)
        pass_lease(export)
        jobs.write_export(export.pk)
        put(late, path)

    monkeypatch.setattr(writing, "_put_in_place", overtaken)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, stored()) == (State.DONE, 2, [export.file_name])


def test_one_that_was_deleted_meanwhile_is_written_no_further(export, notes, monkeypatch) -> None:
    tell = writing._tell

    def deleted(export, done, of) -> None:
        Export.objects.filter(pk=export.pk).delete()
        tell(export, done, of)

    monkeypatch.setattr(writing, "_tell", deleted)
    jobs.write_export(export.pk)
    assert stored() == []


def test_a_full_disk_is_told_and_leaves_nothing(export, notes, monkeypatch, uploads_folder) -> None:
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_message) == (State.FAILED, writing.STORAGE)
    assert list((uploads_folder / "exports").iterdir()) == []
    assert stored() == []


def test_who_may_not_see_it_any_more_gets_no_file(export, notes) -> None:
    notes.visible = False
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_message, notes.turns) == (State.FAILED, writing.GONE, 0)


def test_what_is_gone_is_said(export, notes, monkeypatch) -> None:
    def gone(*_arguments) -> None:
        raise writers.Gone

    monkeypatch.setitem(writers._writers, "notes", writers.Writer("", gone, notes.shown, notes.address))
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_message) == (State.FAILED, writing.GONE)


def test_a_writer_that_no_app_registers_any_more_writes_nothing(export, monkeypatch) -> None:
    monkeypatch.delitem(writers._writers, "notes")
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.state == State.FAILED


def test_it_is_kept_for_a_week_from_when_it_was_written(written, django_capture_on_commit_callbacks) -> None:
    assert written.expires_at == written.written_at + timedelta(days=7)
    assert not writing.expire(written.expires_at - timedelta(seconds=1))
    assert stored() == [written.file_name]
    with django_capture_on_commit_callbacks(execute=True):
        writing.expire(written.expires_at + timedelta(seconds=1))
    assert (stored(), Export.objects.count()) == ([], 0)


def test_many_go_in_steps(written, monkeypatch) -> None:
    monkeypatch.setattr(writing, "ROWS_A_STEP", 1)
    assert writing.expire(written.expires_at + timedelta(days=1))
    assert not writing.expire(written.expires_at + timedelta(days=1))


def test_a_file_goes_with_its_asker(written, alice, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        alice.delete()
    assert stored() == []


def test_files_without_a_row_are_found(written, monkeypatch) -> None:
    default_storage.save("exports/00/left.csv", ContentFile(b"row,code"))
    monkeypatch.setattr(orphans, "TIME_FOR_AN_UPLOAD", timedelta(seconds=-1))
    assert "exports/00/left.csv" in list(orphans.orphans())
    assert written.file_name not in list(orphans.orphans())


def test_nobody_takes_it_away_because_the_clock_went_forward(export, notes, put_clock) -> None:
    Export.objects.update(state=State.WRITING, lease_until=timezone.now() + writing.LEASE)
    clock = ClockWatch(Export)
    put_clock(HOUR)
    clock.look()
    jobs.write_export(export.pk)
    assert notes.turns == 0
