"""`manage.py removeorphans`: files without a row go, rows without a file are named."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from searches.bucket import BucketFailed
from searches.models import QueryImage
from tests.searches.kept import age_files, files, kept_photo, searched

pytestmark = pytest.mark.django_db
OURS = ("queries/", "derived/")


def removeorphans(*arguments: str) -> tuple[str, str]:
    """What it says on standard output and on standard error."""
    said, complained = io.StringIO(), io.StringIO()
    try:
        call_command("removeorphans", *arguments, stdout=said, stderr=complained)
    except CommandError as error:
        assert error.returncode == 1
        complained.write(str(error))
    return said.getvalue(), complained.getvalue()


@pytest.fixture
def image(team) -> QueryImage:
    """What the installation is to keep."""
    image = kept_photo(team)
    searched(image)
    return image


@pytest.fixture
def orphans(image, team, media_folder) -> list[str]:
    """As a crash leaves them: a photo and its prepared picture whose row is gone, and the file of an upload."""
    gone = kept_photo(team, 1)
    QueryImage.objects.filter(pk=gone.pk)._raw_delete("default")
    left = default_storage.save(f"queries/{team.pk}/ab/{'ab' * 32}_x1.png", ContentFile(b"upload"))
    age_files(media_folder, days=2)
    return sorted(name for folder in OURS for name in files(folder) if name == left or gone.sha256 in name)


def test_files_without_a_row_are_removed_and_named(image, orphans) -> None:
    assert len(orphans) == 3
    said, complained = removeorphans()
    assert sorted(said.splitlines()) == sorted([*orphans, "3 files are removed."])
    assert complained == ""
    assert [name for name in files() if image.sha256 not in name] == []
    assert len(files()) == 2
    assert removeorphans() == ("0 files are removed.\n", "")


def test_a_dry_run_only_names_them(orphans) -> None:
    before = files()
    said, _ = removeorphans("--dry-run")
    assert sorted(said.splitlines()) == sorted([*orphans, "3 files would be removed."])
    assert files() == before


def test_what_was_written_today_may_be_an_upload_on_its_way(orphans, media_folder) -> None:
    age_files(media_folder, days=0.9)
    assert removeorphans() == ("0 files are removed.\n", "")


def test_files_of_other_folders_are_not_ours(image, media_folder) -> None:
    default_storage.save("elsewhere/report.xlsx", ContentFile(b"report"))
    age_files(media_folder, days=2)
    removeorphans()
    assert files("elsewhere/") == ["elsewhere/report.xlsx"]


def test_a_prepared_picture_of_any_teams_photo_stays(image, charlies_team, media_folder) -> None:
    other = kept_photo(charlies_team)
    QueryImage.objects.filter(pk=image.pk).delete()
    age_files(media_folder, days=2)
    removeorphans()
    assert files("queries/") == [other.file.name]
    assert len(files("derived/")) == 1


def test_a_row_without_its_file_is_named(image, team) -> None:
    default_storage.delete(image.file.name)
    said, complained = removeorphans()
    assert f"Photo {image.pk} (photo-0.png, Outdoor) has no file: {image.file.name}" in complained
    assert "1 photos have no file" in complained
    assert "0 files are removed" in said
    assert QueryImage.objects.filter(pk=image.pk).exists()


def test_a_photo_that_was_removed_for_its_age_is_not_missed(image) -> None:
    default_storage.delete(image.file.name)
    QueryImage.objects.update(file="")
    assert removeorphans() == ("0 files are removed.\n", "")


def test_a_storage_that_fails_is_said(image, monkeypatch) -> None:
    def fails(name: str) -> bool:
        raise BucketFailed("the bucket answered SlowDown")

    monkeypatch.setattr(default_storage, "exists", fails)
    assert "The storage fails: the bucket answered SlowDown." in removeorphans()[1]
