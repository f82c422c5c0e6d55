"""A folder of pictures, walked in order."""

import os
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from searches.storages import walk

NAMES = ["a/1-2/x.jpg", "a/1/x.jpg", "a/1/y.jpg", "a/10/x.jpg", "a/2/x.jpg", "b/1/x.jpg"]


@pytest.fixture(autouse=True)
def files() -> None:
    for name in reversed(NAMES):
        default_storage.save(name, ContentFile(b"x"))


def names(beginning: str, after: str = "") -> list[str]:
    return [file.name for file in walk(beginning, after)]


@pytest.mark.parametrize("beginning", ["", "a/", "a/1/", "a/1", "a/1/y", "c/", "a/1/x.jpg/"])
def test_the_files_whose_names_begin_so(beginning) -> None:
    assert names(beginning) == [name for name in NAMES if name.startswith(beginning)]


def test_from_any_name_on_as_if_they_were_sorted() -> None:
    for after in ("", "a", "a/1/x", *NAMES, "a/3", "z"):
        assert names("", after) == [name for name in NAMES if name > after]


def test_when_each_was_written(media_folder) -> None:
    os.utime(media_folder / "b/1/x.jpg", (0, 86_400))
    assert [file.modified for file in walk("b/")] == [datetime(1970, 1, 2, tzinfo=UTC)]


def test_a_file_that_goes_meanwhile_is_left_out() -> None:
    walked = walk("a/1/")
    assert next(walked).name == "a/1/x.jpg"
    default_storage.delete("a/1/y.jpg")
    assert list(walked) == []
