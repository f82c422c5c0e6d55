"""Photos that came in folders: on request, each folder is one product.

It is offered only where it can mean nothing else: no sheet says what the products are, every picture lies in a folder,
no folder with pictures lies within another such one, and there are at least two of them. It is never done unasked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from batches.joining import join, number_anew
from batches.models import Batch, BatchFile, BatchRow
from batches.settling import photos_of
from searches.models import SearchJob

UNREAD = (BatchFile.State.RECEIVING, BatchFile.State.RECEIVED, BatchFile.State.MAPPING)
# A folder as it came: the archive that it is in (None for one that was chosen or dropped), and its path.
Place = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class FolderOffer:
    """What there would be. `too_full`: folders with more photos than a product may have."""

    folders: int
    photos: int
    too_full: int


def offer_of(batch: Batch) -> FolderOffer | None:
    """What taking each folder for one product would make; None where it is not offered."""
    folders = _folders(batch)
    numbers = [len(rows) for rows in folders.values()]
    # Each photo in a folder of its own is a product already.
    if not numbers or max(numbers) < 2:
        return None
    return FolderOffer(len(numbers), sum(numbers), sum(number > SearchJob.MOST_PHOTOS for number in numbers))


@transaction.atomic
def one_product_a_folder(*, batch: Batch) -> int:
    """Make the pictures of each folder the photos of one product; answers how many products there are.

    Raises `ValidationError` where that is not offered, or not any more.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    folders = _folders(batch)
    if not folders:
        raise ValidationError(_("The photos of this batch do not lie in folders of products."), code="no-folders")
    for (_archive, path), keys in folders.items():
        if len(keys) > 1:
            _join(list(batch.rows.filter(pk__in=keys).select_related("image").order_by("number")), path)
    number_anew(batch)
    return len(folders)


def _join(rows: list[BatchRow], path: str) -> None:
    host = rows[0]
    host.name = host.name or path.rpartition("/")[2][:200]
    join(host, [photo for row in rows for photo in photos_of(row)], rows)


def _folders(batch: Batch) -> dict[Place, list[int]]:
    """The rows' keys by their folders; empty where these can not be told for products."""
    if batch.status != Batch.Status.COLLECTING or batch.files.filter(state__in=UNREAD).exists():
        return {}
    columns = ("pk", "source_name", "source_url", "code", "source", "source__name")
    folders: dict[Place, list[int]] = defaultdict(list)
    for pk, name, url, code, source, file_name in batch.rows.order_by("number").values_list(*columns):
        folder = name.rpartition("/")[0]
        if not folder or url or code:
            return {}
        # Of a file that was chosen in its folder, the name is the row's.
        folders[source if file_name != name else None, folder].append(pk)
    return {} if len(folders) < 2 or any(_is_inside(place, folders) for place in folders) else folders


def _is_inside(place: Place, folders: Collection[Place]) -> bool:
    archive, path = place
    return any((archive, above) in folders for above in _above(path))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
