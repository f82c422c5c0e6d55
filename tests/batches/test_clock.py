"""A clock that is put back or forward: what somebody is at stays theirs, and no longer than it would have."""

from datetime import timedelta

import pytest
from django.utils import timezone

from batches import exporting, jobs
from batches.entries import LEASE
from batches.models import Batch, BatchFile, BatchRow
from exports import jobs as export_jobs
from exports.models import Export
from searches.clock import ClockWatch
from tests.batches.bells import rung
from tests.batches.making import picture, send
from tests.searches.test_clock import HOUR, put_clock

__all__ = ["put_clock"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(batch: Batch) -> BatchFile:
    """A file, an address and a workbook, each of which a worker has begun with."""
    file = send(batch, "a.jpg", picture())
    batch.rows.create(number=1, source_url="https://pictures.example/a.jpg", state=BatchRow.State.FETCHING)
    exporting.ask_for(batch=batch, user=batch.owner, kind=Export.Kind.CSV, language="en")
    for model in (BatchFile, BatchRow, Export):
        model.objects.update(lease_until=timezone.now() + LEASE)
    return file


def watch() -> ClockWatch:
    return ClockWatch(BatchFile, BatchRow, Export)


def test_nobody_takes_work_away_because_the_clock_went_forward(at_work, put_clock) -> None:
    clock = watch()
    put_clock(HOUR)
    clock.look()
    jobs.ring_due()
    export_jobs.ring_due()
    assert rung() == set()
    jobs.read_file(at_work.pk)
    assert not BatchRow.objects.filter(source=at_work).exists()


def test_what_lost_workers_left_is_taken_up_although_the_clock_went_back(at_work, put_clock) -> None:
    clock = watch()
    put_clock(-HOUR)
    clock.look()
    jobs.read_file(at_work.pk)
    assert not BatchRow.objects.filter(source=at_work).exists()
    put_clock(-HOUR + LEASE + timedelta(seconds=1))
    jobs.ring_due()
    export_jobs.ring_due()
    assert len(rung()) == 3
    jobs.read_file(at_work.pk)
    assert BatchRow.objects.filter(source=at_work).exists()
