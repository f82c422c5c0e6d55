"""Batches go when the results of their searches do, with what was uploaded and never read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from batches import retention
from batches.models import Batch, BatchRow
from batches.uploads import announce, path_of, receive
from searches.retention import step
from tests.searches.kept import files, kept_photo, searched, uploaded

# Files are removed after their rows are committed.
pytestmark = pytest.mark.django_db(transaction=True)
Status = Batch.Status


@pytest.fixture(autouse=True)
def upload_folder(settings, tmp_path) -> None:
    settings.UPLOAD_ROOT = tmp_path / "uploads"


def batch_of(team, *, days_ago: float, status: str = Status.DONE, images=()) -> Batch:
    when = timezone.now() - timedelta(days=days_ago)
    ended = when if status in (Status.DONE, Status.CANCELLED) else None
    batch = Batch.objects.create(team=team, title="Spring", status=status, created_at=when, finished_at=ended)
    for number, image in enumerate(images, 1):
        BatchRow.objects.create(batch=batch, number=number, image=image, state=BatchRow.State.READY)
    return batch


def keep_house() -> int:
    steps = 1
    while step(retention.expire_batches):
        steps += 1
    return steps


def test_an_old_batch_goes_with_its_photos_and_a_young_one_stays(team) -> None:
    old, young = (uploaded(kept_photo(team, number), days_ago=900) for number in range(2))
    searched(old, days_ago=366)
    gone, stays = batch_of(team, days_ago=366, images=[old]), batch_of(team, days_ago=364, images=[young])
    keep_house()
    assert list(Batch.objects.all()) == [stays] != [gone]
    assert stays.rows.get().image == young
    assert files("queries/") == [young.file.name]


@pytest.mark.parametrize("status", [Status.RUNNING, Status.PAUSED])
def test_a_batch_that_goes_on_stays(status, team) -> None:
    batch = batch_of(team, days_ago=900, status=status, images=[uploaded(kept_photo(team), days_ago=900)])
    assert keep_house() == 1
    assert batch.rows.get().image is not None
    assert len(files("queries/")) == 1


def test_one_that_was_never_started_goes_with_what_was_uploaded(team) -> None:
    batch = batch_of(team, days_ago=1, status=Status.COLLECTING)
    path = path_of(receive(announce(batch=batch, name="a.zip", size=9, fingerprint="a"), offset=0, data=b"half"))
    keep_house()
    assert path.exists()
    Batch.objects.update(created_at=timezone.now() - timedelta(days=366))
    keep_house()
    assert not Batch.objects.exists()
    assert not path.exists()


def test_nothing_goes_when_results_are_kept_for_ever(team, settings) -> None:
    settings.RETENTION_RESULTS_DAYS = 0
    batch_of(team, days_ago=9_000)
    assert keep_house() == 1
    assert Batch.objects.exists()


def test_each_step_is_bounded(team, monkeypatch) -> None:
    monkeypatch.setattr(retention, "ROWS_A_STEP", 2)
    batch = batch_of(team, days_ago=366, images=[None] * 5)
    left = []
    while step(retention.expire_batches):
        left.append(batch.rows.count())
    assert left == [3, 1, 0]
    assert not Batch.objects.exists()
