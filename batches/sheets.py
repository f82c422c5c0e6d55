"""A sheet's rows as a batch's: joined with the pictures that are there already, or made of what the sheet holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from batches import intake
from batches.entries import entry_of
from batches.joining import There, join, pictures_there
from batches.models import Batch, BatchFile, BatchPhoto, BatchRow
from batches.reading.grid import EmbeddedPicture
from batches.reading.headings import Field
from batches.reading.items import FilePicture, Item, UrlPicture, join_items
from batches.reading.mapping import apply_mapping
from batches.reading.problems import PROBLEM_MESSAGES, ProblemCode
from batches.reading.rejected import ArchiveRejected
from batches.reading.sheets import Sheet
from batches.settling import LEFT_OUT, Kept, Outcome, Refusal, photo_of, settle, settle_photos

# Why a row has no picture, the most telling first.
WITHOUT_PICTURE = (
    ProblemCode.FILE_AMBIGUOUS,
    ProblemCode.FILE_MISSING,
    ProblemCode.BAD_URL,
    ProblemCode.NO_PICTURE,
)
NAMES_NO_FILE = (ProblemCode.FILE_AMBIGUOUS, ProblemCode.FILE_MISSING)
# What the photos of a row say themselves.
SAID_BY_PHOTOS = (*WITHOUT_PICTURE, ProblemCode.TOO_MANY_PICTURES)


def columns_as_json(columns: Mapping[Field, int]) -> dict[str, int]:
    return {field.value: column for field, column in columns.items()}


def columns_of(file: BatchFile) -> dict[Field, int]:
    """Which column means what, as it was guessed or confirmed."""
    return {Field(name): column for name, column in file.mapping.get("columns", {}).items()}


def make_rows(file: BatchFile, sheet: Sheet) -> Iterator[None]:
    """Makes a row for each product of the sheet, in order, one at each step; rows made before are passed over.

    Raises `Overtaken` and `BatchFull`.
    """
    there = list(pictures_there(file.batch.rows.exclude(source=file)))
    products = apply_mapping(sheet, columns_of(file), file.mapping.get("further", ()))
    items = join_items([picture.name for picture in there], products)
    taken: set[int] = set()
    for place, (item, product) in enumerate(zip(items, products, strict=False)):
        positions = [picture.position for picture in _all(item) if isinstance(picture, FilePicture)]
        files = [there[position] for position in positions]
        free = [there[position].row for position in positions if position not in taken]
        taken.update(positions)
        if place < file.entries_read:
            continue
        missing = _missing(item)
        match item.pictures[0] if item.pictures else None:
            case EmbeddedPicture():
                _embedded(file, place, sheet, item)
            case UrlPicture():
                _addresses(file, place, item)
            case _ if len(files) + len(missing) > 1:
                _several(file, place, item, files, free, missing)
            case FilePicture() if free:
                _fill(file, place, free[0], item)
            case FilePicture():
                _repeat(file, place, files[0], item)
            case _:
                with entry_of(file, place) as batch:
                    settle(_row(batch, file, item, source_name=product.file_name[:255]), _why(item))
        yield


def _row(batch: Batch, file: BatchFile, item: Item, **columns: object) -> BatchRow:
    return intake.next_row(batch, source=file, **_facts(item), **columns)


def _all(item: Item) -> tuple[object, ...]:
    return (*item.pictures, *item.left_out)


def _missing(item: Item) -> list[BatchPhoto]:
    """For names that no one picture has: it may still come."""
    return [
        photo_of(Refusal(problem.code.value, problem.message), name=problem.text)
        for problem in item.problems
        if problem.code in NAMES_NO_FILE
    ]


def _several(
    file: BatchFile, place: int, item: Item, files: list[There], free: list[BatchRow], missing: list[BatchPhoto]
) -> None:
    """A product with several files: the row of the first that is its own takes the others along."""
    photos = [*(there.photo for there in files), *missing]
    with entry_of(file, place) as batch:
        # What is being searched for stays as it is, and so does a row that has several photos.
        alone = BatchRow.objects.filter(batch=batch, pk__in=[row.pk for row in free], started=False, photos=None)
        mine = {row.pk: row for row in alone}
        host = next((mine[row.pk] for row in free if row.pk in mine), None)
        if host is None:
            host = _row(batch, file, item, source_name=photos[0].source_name)
        for name, value in _facts(item).items():
            setattr(host, name, value)
        join(host, photos, mine.values(), note=_note(item))


def _fill(file: BatchFile, place: int, row: BatchRow, item: Item) -> None:
    """What the sheet knows of a picture that is there already."""
    note = _note(item)
    told = {"error_code": note.code, "error_message": note.message} if note and row.image else {}
    with entry_of(file, place) as batch:
        # Its state stays as it is: it may have been started meanwhile.
        BatchRow.objects.filter(batch=batch, pk=row.pk).update(**_facts(item), **told)


def _repeat(file: BatchFile, place: int, there: There, item: Item) -> None:
    """A further product with the picture of one before it."""
    photo = there.photo
    refusal = Refusal(photo.error_code, photo.error_message)
    outcome = Kept(photo.image, photo.fingerprint, photo.hints) if photo.image else refusal
    with entry_of(file, place) as batch:
        settle(_row(batch, file, item, source_name=there.name), outcome, note=_note(item))


def _addresses(file: BatchFile, place: int, item: Item) -> None:
    urls = [picture.url for picture in _all(item) if isinstance(picture, UrlPicture)]
    with entry_of(file, place) as batch:
        row = _row(batch, file, item, source_url=urls[0])
        row.save()
        if len(urls) > 1:
            settle_photos(row, [BatchPhoto(source_url=url) for url in urls], note=_note(item))


def _embedded(file: BatchFile, place: int, sheet: Sheet, item: Item) -> None:
    """Pictures in the sheet itself; read before the batch is held, as that takes a while."""
    name = f"{file.name} {item.row}"
    outcomes = [
        _read(file, sheet, picture, name=name) for picture in item.pictures if isinstance(picture, EmbeddedPicture)
    ]
    photos = [photo_of(outcome, name=name) for outcome in (*outcomes, *[LEFT_OUT] * len(item.left_out))]
    with entry_of(file, place) as batch:
        row = _row(batch, file, item, source_name=name[-255:])
        if len(photos) > 1:
            settle_photos(row, photos, note=_note(item))
        else:
            settle(row, outcomes[0], note=_note(item))


def _read(file: BatchFile, sheet: Sheet, picture: EmbeddedPicture, *, name: str) -> Outcome:
    try:
        return intake.keep(file.batch, sheet.read_picture(picture), name=name)
    except ArchiveRejected as refusal:
        return Refusal(refusal.code, refusal.message)


def _facts(item: Item) -> dict[str, Any]:
    return {
        "code": item.code[:100],
        "name": item.name[:200],
        "target_price": item.target_price,
        "quantity": item.quantity,
        "keywords": item.keywords[:200],
    }


def _why(item: Item) -> Refusal:
    """Why the row has no picture; one whose file has not come yet takes it when it comes."""
    found = _first(item, WITHOUT_PICTURE) or ProblemCode.NO_PICTURE
    return Refusal(found.value, PROBLEM_MESSAGES[found])


def _note(item: Item) -> Refusal | None:
    """What of a row with a picture was left out."""
    found = _first(item, [code for code in ProblemCode if code not in SAID_BY_PHOTOS])
    return Refusal(found.value, PROBLEM_MESSAGES[found]) if found else None


def _first(item: Item, codes: Sequence[ProblemCode]) -> ProblemCode | None:
    present = {problem.code for problem in item.problems}
    return next((code for code in codes if code in present), None)
