"""What tests of batches put in: pictures that differ, files as a browser sends them, rows that found something."""

import io
import random
from collections.abc import Iterable
from zipfile import ZipFile

from PIL import Image, ImageDraw

from batches import jobs, uploads
from batches.models import Batch, BatchFile, BatchRow
from searches.models import SearchJob
from tests.factories import QueryImageFactory, SearchCallFactory, SearchJobFactory, SupplierMatchFactory


def drawing(seed: int, size: tuple[int, int] = (320, 320)) -> Image.Image:
    """Coarse shapes in strong colours: another seed is another picture, to the eye and to the hash."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, tuple(dice.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(8):
        left, top = (dice.randrange(side * 3 // 4) for side in size)
        box = (left, top, left + dice.randrange(30, size[0] // 2), top + dice.randrange(30, size[1] // 2))
        pen.rectangle(box, fill=tuple(dice.randrange(256) for _ in range(3)))
    return image


def picture(seed: int = 1, kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    drawing(seed).save(file, kind, **options)
    return file.getvalue()


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file.getvalue()


def send(batch: Batch, name: str, data: bytes) -> BatchFile:
    """The file as it is when all its bytes have arrived."""
    file = uploads.announce(batch=batch, name=name, size=len(data), fingerprint=name)
    return uploads.receive(file, offset=0, data=data)


def read(*files: BatchFile) -> None:
    """Let a worker hear the bell for each of them."""
    for file in files:
        jobs.read_file(file.pk)
        file.refresh_from_db()


def put_in(batch: Batch, name: str, data: bytes) -> BatchFile:
    file = send(batch, name, data)
    read(file)
    return file


def confirm(file: BatchFile, **columns: int) -> None:
    """As the page's preview: the columns as they were guessed, but for those given here (-1: none)."""
    chosen = file.mapping["columns"] | columns
    file.mapping |= {"columns": {name: at for name, at in chosen.items() if at >= 0}, "confirmed": True}
    file.state = BatchFile.State.RECEIVED
    file.save()
    read(file)


def found_row(batch: Batch, number: int, offers: int = 0, **columns: object) -> BatchRow:
    """A row whose search is done, with so many offers; `status` is its search's, `data` its picture's bytes."""
    status = columns.pop("status", SearchJob.Status.DONE)
    data = columns.pop("data", None)
    photo = QueryImageFactory(team=batch.team, **({"data": data} if data else {}))
    job = SearchJobFactory(team=batch.team, owner=batch.owner, image=photo, status=status)
    SearchCallFactory(job=job, credential=None, credential_name="1688")
    for _ in range(offers):
        SupplierMatchFactory(job=job)
    return BatchRow.objects.create(
        batch=batch,
        number=number,
        state=BatchRow.State.READY,
        image=photo,
        job=job,
        started=job is not None,
        **columns,
    )


def become(batch: Batch, status: str, **columns: object) -> None:
    Batch.objects.filter(pk=batch.pk).update(status=status, **columns)
