"""A sheet's rows as a batch's: joined with the pictures that are there already, or made of what the sheet holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from batches import intake
from batches.entries import entry_of
from batches.models import Batch, BatchFile, BatchRow
from batches.reading.grid import EmbeddedPicture
from batches.reading.headings import Field
from batches.reading.items import FilePicture, Item, UrlPicture, join_items
from batches.reading.mapping import apply_mapping
from batches.reading.problems import PROBLEM_MESSAGES, ProblemCode
from batches.reading.rejected import ArchiveRejected
from batches.reading.sheets import Sheet

# Why a row has no picture, the most telling first.
WITHOUT_PICTURE = (
    ProblemCode.FILE_AMBIGUOUS,
    ProblemCode.FILE_MISSING,
    ProblemCode.BAD_URL,
    ProblemCode.NO_PICTURE,
)


def columns_as_json(columns: Mapping[Field, int]) -> dict[str, int]:
    return {field.value: column for field, column in columns.items()}


def columns_of(file: BatchFile) -> dict[Field, int]:
    """Which column means what, as it was guessed or confirmed."""
    return {Field(name): column for name, column in file.mapping.get("columns", {}).items()}


def make_rows(file: BatchFile, sheet: Sheet) -> Iterator[None]:
    """Makes a row for each product of the sheet, in order, one at each step; rows made before are passed over.

    Raises `Overtaken` and `BatchFull`.
    """
    pictures = list(file.batch.rows.exclude(source=file).exclude(image=None).order_by("number"))
    products = apply_mapping(sheet, columns_of(file))
    items = join_items([row.source_name for row in pictures], products)
    taken: set[int] = set()
    for place, (item, product) in enumerate(zip(items, products, strict=False)):
        first = item.pictures[0] if item.pictures else None
        again = isinstance(first, FilePicture) and first.position in taken
        if isinstance(first, FilePicture):
            taken.add(first.position)
        if place < file.entries_read:
            continue
        match first:
            case FilePicture(position=position) if not again:
                _fill(file, place, pictures[position], item)
            case FilePicture(position=position):
                _repeat(file, place, pictures[position], item)
            case EmbeddedPicture():
                _embedded(file, place, sheet, item, first)
            case UrlPicture(url=url):
                with entry_of(file, place) as batch:
                    _row(batch, file, item, source_url=url).save()
            case _:
                with entry_of(file, place) as batch:
                    intake.settle(_row(batch, file, item, source_name=product.file_name[:255]), _why(item))
        yield


def _row(batch: Batch, file: BatchFile, item: Item, **columns: object) -> BatchRow:
    return intake.next_row(batch, source=file, **_facts(item), **columns)


def _fill(file: BatchFile, place: int, row: BatchRow, item: Item) -> None:
    """What the sheet knows of a picture that is there already."""
    note = _note(item)
    told = {"error_code": note.code, "error_message": note.message} if note else {}
    with entry_of(file, place) as batch:
        # Its state stays as it is: it may have been started meanwhile.
        BatchRow.objects.filter(batch=batch, pk=row.pk).update(**_facts(item), **told)


def _repeat(file: BatchFile, place: int, row: BatchRow, item: Item) -> None:
    """A further product with the picture of one before it."""
    outcome = intake.Kept(row.image, row.perceptual_hash) if row.image else _why(item)
    with entry_of(file, place) as batch:
        intake.settle(_row(batch, file, item, source_name=row.source_name), outcome, note=_note(item))


def _embedded(file: BatchFile, place: int, sheet: Sheet, item: Item, picture: EmbeddedPicture) -> None:
    name = f"{file.name} {item.row}"
    outcome: intake.Outcome
    try:
        outcome = intake.keep(file.batch, sheet.read_picture(picture), name=name)
    except ArchiveRejected as refusal:
        outcome = intake.Refusal(refusal.code, refusal.message)
    with entry_of(file, place) as batch:
        intake.settle(_row(batch, file, item, source_name=name[-255:]), outcome, note=_note(item))


def _facts(item: Item) -> dict[str, Any]:
    return {
        "code": item.code[:100],
        "name": item.name[:200],
        "target_price": item.target_price,
        "quantity": item.quantity,
        "keywords": item.keywords[:200],
    }


def _why(item: Item) -> intake.Refusal:
    """Why the row has no picture; one whose file has not come yet takes it when it comes."""
    found = _first(item, WITHOUT_PICTURE) or ProblemCode.NO_PICTURE
    return intake.Refusal(found.value, PROBLEM_MESSAGES[found])


def _note(item: Item) -> intake.Refusal | None:
    """What of a row with a picture was left out."""
    found = _first(item, [code for code in ProblemCode if code not in WITHOUT_PICTURE])
    return intake.Refusal(found.value, PROBLEM_MESSAGES[found]) if found else None


def _first(item: Item, codes: Sequence[ProblemCode]) -> ProblemCode | None:
    present = {problem.code for problem in item.problems}
    return next((code for code in codes if code in present), None)
