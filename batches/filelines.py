"""Files of a batch that are not rows yet: on their way, waiting, refused, or a sheet that is to be confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from batches.models import BatchFile
from batches.reading.headings import Field

LABELS = {
    Field.PICTURE: gettext_lazy("Picture’s file"),
    Field.URL: gettext_lazy("Picture’s address"),
    Field.CODE: gettext_lazy("Own code"),
    Field.NAME: gettext_lazy("Name"),
    Field.TARGET_PRICE: gettext_lazy("Target price"),
    Field.QUANTITY: gettext_lazy("Quantity"),
    Field.KEYWORDS: gettext_lazy("Keywords"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field, and the column that it is read from; -1 for none."""

    name: str
    label: str
    column: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file. With `choices` it is a sheet that waits to be confirmed; its headings and first rows are shown.

    `further`: columns with more photos of the same product.
    """

    id: int
    name: str
    state: str
    tone: str
    busy: bool
    why: str
    choices: list[Choice] = field(default_factory=list)
    further: list[int] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    sample: list[list[str]] = field(default_factory=list)
    rows: int = 0


def file_lines(files: Iterable[BatchFile]) -> list[FileLine]:
    return [_line(file) for file in files]


def _line(file: BatchFile) -> FileLine:
    mapping = file.state == BatchFile.State.MAPPING
    columns = file.mapping.get("columns", {})
    return FileLine(
        id=file.pk,
        name=file.name,
        state=_state(file),
        tone="bad" if file.state == BatchFile.State.REFUSED else "wait" if mapping else "",
        busy=file.state == BatchFile.State.RECEIVED,
        why=_(file.error_message) if file.error_message else "",
        choices=[Choice(field.value, str(label), columns.get(field.value, -1)) for field, label in LABELS.items()]
        if mapping
        else [],
        further=file.mapping.get("further", []),
        headings=file.mapping.get("headings", []),
        sample=file.mapping.get("sample", []),
        rows=file.mapping.get("rows", 0),
    )


def _state(file: BatchFile) -> str:
    if file.state == BatchFile.State.RECEIVING:
        share = 100 * file.received // file.size
        return _("%(percent)d %% arrived; choose the file again to go on") % {"percent": share}
    if file.entries_read:
        return _("being read: %(number)d so far") % {"number": file.entries_read}
    return file.get_state_display()
