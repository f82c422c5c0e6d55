"""A disk that is full, a folder that cannot be written to: it is said, nothing half-written stays, and it goes on."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from searches.models import QueryImage, SearchJob
from searches.storages import FolderStorage
from tests.searches.conftest import work

pytestmark = pytest.mark.django_db
REASONS = (errno.ENOSPC, errno.EROFS, errno.EACCES)


class HalfReadable(ContentFile):
    """A disk that is full after the first half, as the storage sees it."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"the first half"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def refusing(monkeypatch: pytest.MonkeyPatch, reason: int) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    with monkeypatch.context() as patched:
        patched.setattr(FolderStorage, "_save", refuse)
        yield


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_there_whole_or_not_at_all(media_folder) -> None:
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("queries/1/photo.jpg", HalfReadable(b"x"))
    assert files(media_folder) == []
    assert default_storage.save("queries/1/photo.jpg", ContentFile(b"whole")) == "queries/1/photo.jpg"
    assert [path.name for path in files(media_folder)] == ["photo.jpg"]


def test_while_a_file_is_written_nobody_sees_it(media_folder) -> None:
    class Watched(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            seen.append(default_storage.exists("queries/1/photo.jpg"))
            yield b"whole"

    seen: list[bool] = []
    default_storage.save("queries/1/photo.jpg", Watched(b"x"))
    assert seen == [False]


def test_two_who_save_under_one_name_get_two_files(media_folder) -> None:
    class Late(ContentFile):
        """Somebody else saves while this one is written."""

        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            names.append(default_storage.save("photo.jpg", ContentFile(b"other")))
            yield b"mine"

    names: list[str] = []
    names.append(default_storage.save("photo.jpg", Late(b"x")))
    assert [(media_folder / name).read_bytes() for name in names] == [b"other", b"mine"]
    assert len(files(media_folder)) == 2


def test_without_hard_links_files_are_whole_too(media_folder, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert default_storage.save("a/photo.jpg", ContentFile(b"whole")) == "a/photo.jpg"
    assert default_storage.save("a/photo.jpg", ContentFile(b"other")) != "a/photo.jpg"
    assert (media_folder / "a/photo.jpg").read_bytes() == b"whole"
    assert len(files(media_folder)) == 2


@pytest.mark.parametrize("reason", REASONS)
def test_a_photo_that_cannot_be_kept_is_said_and_can_be_sent_again(
    alice, credential, signed_in, sandbox, media_folder, monkeypatch, reason
) -> None:
    client = signed_in(alice)

    def send() -> object:
        return client.post(
            "/search/new/",
            {
                "image": ContentFile(sandbox.query("plate-01"), name="plate.jpg"),
                "marketplaces": credential.marketplace,
                "title": "Plate",
                "order": "similarity",
                "wanted": "50",
                "preparation": "basic",
                "rights": "on",
            },
        )

    with refusing(monkeypatch, reason):
        response = send()
    assert response.status_code == 200
    assert "could not be stored" in response.content.decode()
    assert "Plate" in response.content.decode()
    assert not QueryImage.objects.exists()
    assert not SearchJob.objects.exists()
    assert files(media_folder) == []
    assert send().status_code == 302
    assert work(SearchJob.objects.get()).status == SearchJob.Status.DONE


@pytest.mark.parametrize("reason", REASONS)
def test_searches_go_on_although_prepared_pictures_cannot_be_kept(
    start: Callable[..., SearchJob], sandbox, media_folder, monkeypatch, caplog, reason
) -> None:
    job = start()
    for path in files(media_folder / "derived"):
        path.unlink()
    with refusing(monkeypatch, reason):
        assert work(job).status == SearchJob.Status.DONE
    assert "cannot be kept" in caplog.text
    assert files(media_folder / "derived") == []
