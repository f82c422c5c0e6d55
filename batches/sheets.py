"""A sheet's rows as a batch's: joined with the pictures that are there already, or made of what the sheet holds."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from batches import intake
from batches.models import BatchFile, BatchRow
from batches.reading.grid import EmbeddedPicture
from batches.reading.headings import Field
from batches.reading.items import FilePicture, Item, UrlPicture, join_items
from batches.reading.mapping import apply_mapping
from batches.reading.problems import PROBLEM_MESSAGES, ProblemCode
from batches.reading.rejected import ArchiveRejected
from batches.reading.sheets import Sheet

NO_PICTURE = _("The row has no picture to search with.")


def columns_as_json(columns: Mapping[Field, int]) -> dict[str, int]:
    return {field.value: column for field, column in columns.items()}


def columns_of(file: BatchFile) -> dict[Field, int]:
    """Which column means what, as it was guessed or confirmed."""
    return {Field(name): column for name, column in file.mapping.get("columns", {}).items()}


def make_rows(file: BatchFile, sheet: Sheet) -> Iterator[Callable[[], None]]:
    """One step for each product of the sheet, in order; steps that were taken before do nothing."""
    pictures = list(file.batch.rows.exclude(source=file).exclude(image=None).order_by("number"))
    products = apply_mapping(sheet, columns_of(file))
    items = join_items([row.source_name for row in pictures], products)
    names = {product.number: product.file_name for product in products}
    for place, item in enumerate(item for item in items if item.row is not None):
        if place < file.entries_read:
            yield lambda: None
        else:
            yield _step(file, sheet, item, pictures, names.get(item.row or 0, ""))


def _step(file: BatchFile, sheet: Sheet, item: Item, pictures: list[BatchRow], file_name: str) -> Callable[[], None]:
    def make() -> None:
        first = item.pictures[0] if item.pictures else None
        match first:
            case FilePicture(position=position):
                _fill(pictures[position], item)
            case EmbeddedPicture():
                _embedded(file, sheet, item, first)
            case UrlPicture(url=url):
                intake.add_row(file.batch, source=file, source_url=url, **_facts(item))
            case _:
                row = intake.add_row(file.batch, source=file, source_name=file_name[:255], **_facts(item))
                intake.refuse(row, _why(item, file_name))

    return make


def _fill(row: BatchRow, item: Item) -> None:
    """What the sheet knows of a picture that is there already."""
    for name, value in _facts(item).items():
        setattr(row, name, value)
    row.save(update_fields=list(_facts(item)))


def _embedded(file: BatchFile, sheet: Sheet, item: Item, picture: EmbeddedPicture) -> None:
    name = f"{file.name} {item.row}"
    row = intake.add_row(file.batch, source=file, source_name=name[-255:], **_facts(item))
    try:
        data = sheet.read_picture(picture)
    except ArchiveRejected as refusal:
        intake.refuse(row, intake.Refusal(refusal.code, refusal.message))
    else:
        intake.give_picture(row, data, name=name)


def _facts(item: Item) -> dict[str, Any]:
    return {
        "code": item.code[:100],
        "name": item.name[:200],
        "target_price": item.target_price,
        "quantity": item.quantity,
        "keywords": item.keywords[:200],
    }


def _why(item: Item, file_name: str) -> intake.Refusal:
    """Why the row has no picture; one whose file has not come yet takes it when it comes."""
    if file_name:
        return intake.Refusal(intake.FILE_MISSING, PROBLEM_MESSAGES[ProblemCode.FILE_MISSING])
    found = next((problem.code for problem in item.problems if problem.code in PROBLEM_MESSAGES), None)
    return intake.Refusal(str(found or "no-picture"), PROBLEM_MESSAGES[found] if found else NO_PICTURE)
