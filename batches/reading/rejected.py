"""Why a file that holds products is refused: a stable code, and what to tell the person who sent it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

ArchiveCode = Literal[
    "not-a-zip",
    "truncated",
    "damaged",
    "encrypted",
    "too-many-files",
    "too-large",
    "bomb",
    "overlapping",
    "unsafe-name",
    "special-file",
    "entry-too-large",
    "entry-damaged",
    "entry-method",
    "nested",
]
SheetCode = Literal[
    "empty",
    "legacy",
    "password",
    "not-a-sheet",
    "damaged",
    "unsafe",
    "too-large",
    "too-many-rows",
    "too-many-columns",
    "cell-too-long",
    "encoding",
    "open-quote",
]


def gettext_noop(message: str) -> str:
    """Mark a message for the translators' tools; whoever shows it translates it."""
    return message


ARCHIVE_MESSAGES: Mapping[ArchiveCode, str] = MappingProxyType(
    {
        "not-a-zip": gettext_noop(
            "The file is not a ZIP archive. Pack the pictures as a ZIP, or upload them without packing."
        ),
        "truncated": gettext_noop(
            "The ZIP archive stops before its end, so it was not copied or downloaded completely. "
            "Copy or download it again and upload that."
        ),
        "damaged": gettext_noop(
            "The ZIP archive is damaged and can't be read. Pack the pictures again and upload that."
        ),
        "encrypted": gettext_noop("The ZIP archive has a password. Pack the pictures without one and upload that."),
        "too-many-files": gettext_noop(
            "The ZIP archive holds more than 2,000 files. Divide the pictures among several archives."
        ),
        "too-large": gettext_noop(
            "The ZIP archive unpacks to more than 2 GB. Divide the pictures among several archives."
        ),
        "bomb": gettext_noop(
            "The ZIP archive unpacks to more than 200 times its size, as pictures never do. It was not unpacked."
        ),
        "overlapping": gettext_noop(
            "Files in the ZIP archive share the same bytes, as no packing program makes it. It was not unpacked."
        ),
        "unsafe-name": gettext_noop(
            "A file name in the ZIP archive leads outside of it or can't be used. "
            "Pack the pictures again with a common program and upload that."
        ),
        "special-file": gettext_noop(
            "The ZIP archive holds a link or a device instead of a file. Pack the pictures themselves."
        ),
        "entry-too-large": gettext_noop("The file is larger than 20 MB. Make the picture smaller and upload it alone."),
        "entry-damaged": gettext_noop(
            "The file is damaged inside the ZIP archive. Upload it alone, or pack the pictures again."
        ),
        "entry-method": gettext_noop(
            "The file is packed in a way we don't unpack. Upload it alone, or pack the pictures as a plain ZIP."
        ),
        "nested": gettext_noop("The file is an archive inside the archive. Unpack it and upload the pictures in it."),
    }
)

SHEET_MESSAGES: Mapping[SheetCode, str] = MappingProxyType(
    {
        "empty": gettext_noop("The sheet has no products: under the line of headings every row is empty."),
        "legacy": gettext_noop(
            "The file is not an .xlsx workbook but another kind of spreadsheet. "
            "Open it in Excel or WPS, save it as .xlsx and upload that."
        ),
        "password": gettext_noop("The workbook has a password. Save it without one and upload that."),
        "not-a-sheet": gettext_noop(
            "The file is not a spreadsheet we can read. Upload an .xlsx workbook or a CSV file."
        ),
        "damaged": gettext_noop(
            "The sheet is damaged and can't be read. Open it in Excel or WPS, save it as .xlsx and upload that."
        ),
        "unsafe": gettext_noop(
            "The workbook holds parts that could harm whoever opens it. It was not read. "
            "Copy the rows to a new workbook and upload that."
        ),
        "too-large": gettext_noop("The sheet is too large to be read. Divide the products among several sheets."),
        "too-many-rows": gettext_noop("The sheet has more than 5,000 rows. Divide the products among several sheets."),
        "too-many-columns": gettext_noop("The sheet has more than 100 columns. Leave out those that we don't need."),
        "cell-too-long": gettext_noop(
            "A cell holds more than 32,767 characters. Shorten it; in a CSV file, look for a quotation mark "
            "that is not closed."
        ),
        "encoding": gettext_noop(
            "The characters of the CSV file can't be told. Save it as CSV UTF-8, or as .xlsx, and upload that."
        ),
        "open-quote": gettext_noop(
            "The CSV file opens a quotation mark and never closes it, so that rows would be lost. "
            "Close it, or save the sheet as .xlsx, and upload that."
        ),
    }
)


class ArchiveRejected(Exception):
    """A ZIP archive, or one file in it, is refused.

    `code` is stable, for programs; `message` is an English sentence out of `ARCHIVE_MESSAGES`, to be translated
    and shown. `entry` is the shown name of the file that gave the reason, "" when it is the archive itself.
    """

    def __init__(self, code: ArchiveCode, entry: str = "") -> None:
        super().__init__(code, entry)
        self.code = code
        self.message = ARCHIVE_MESSAGES[code]
        self.entry = entry

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class SheetRejected(Exception):
    """A workbook or CSV file is refused. `code` is stable, `message` out of `SHEET_MESSAGES`."""

    def __init__(self, code: SheetCode) -> None:
        super().__init__(code)
        self.code = code
        self.message = SHEET_MESSAGES[code]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
