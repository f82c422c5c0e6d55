"""A writer of its own, whose files say what was asked for, and an export that alice asked for."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from exports import writers, writing
from exports.models import Export
from tests.exports.making import ask

__all__ = ["ask"]


class Notes:
    """A writer that the tests hold in their hands."""

    def __init__(self) -> None:
        self.visible = True
        self.turns = self.asked = 0
        self.lines = ["one", "two", "three"]

    def write(self, export: Export, path: Path, beat: writers.Beat) -> None:
        self.turns += 1
        with path.open("w") as file:
            for number, line in enumerate(self.lines, 1):
                file.write(f"{export.params['greeting']} {line}\n")
                beat(number, len(self.lines))

    def shown(self, user: object, subjects: Iterable[int]) -> set[int]:
        self.asked += 1
        return set(subjects) if self.visible else set()

    def address(self, export: Export) -> str:
        return f"/notes/{export.subject}/"


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path) -> Path:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def notes(monkeypatch) -> Notes:
    made = Notes()
    writer = writers.Writer("a heap of notes", made.write, made.shown, made.address)
    monkeypatch.setitem(writers._writers, "notes", writer)
    return made


@pytest.fixture
def export(alice, team, notes) -> Export:
    return ask(alice, team)


@pytest.fixture
def written(export) -> Export:
    writing.write(export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.DONE
    return export
