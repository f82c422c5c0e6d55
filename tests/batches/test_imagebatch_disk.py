"""`manage.py imagebatch` on a full disk: it stops, says so, and goes on where it was when there is room."""

import errno
import os

import pytest

from batches import uploads
from batches.models import Batch

pytestmark = pytest.mark.django_db


def test_a_full_disk_stops_it_before_anything_is_searched_for(run, folder, sandbox, monkeypatch) -> None:
    written = []

    def write(path: object, offset: int, data: bytes) -> bool:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        return real(path, offset, data)

    real = uploads.write_part
    with monkeypatch.context() as patched:
        patched.setattr(uploads, "write_part", write)
        ended = run(folder)
    assert ended.status == 1
    assert "disk is full" in ended.err
    assert "to go on, run the same command again" in ended.err
    assert (Batch.objects.get().status, sandbox.calls()) == (Batch.Status.COLLECTING, [])
    assert run(folder).status == 0
    assert Batch.objects.get().rows.count() == 3
