"""Files with many products, read without trusting them: ZIP archives, workbooks, CSV. Knows nothing of Django.

`open_archive` for a ZIP of pictures; `read_sheet`, `guess_mapping` and `apply_mapping` for a sheet with one product
a row; `join_items` for the items that both make together.
"""

from batches.reading.archives import PICTURES, Archive, Entry, Limits, open_archive
from batches.reading.grid import EmbeddedPicture
from batches.reading.headings import Field
from batches.reading.items import MAX_PICTURES, FilePicture, Item, Picture, UrlPicture, join_items
from batches.reading.mapping import REASONS, Guess, ProductRow, Reason, apply_mapping, guess_mapping
from batches.reading.problems import PROBLEM_MESSAGES, Problem, ProblemCode
from batches.reading.rejected import ARCHIVE_MESSAGES, SHEET_MESSAGES, ArchiveRejected, SheetRejected
from batches.reading.sheets import Row, Sheet, read_sheet

__all__ = [
    "ARCHIVE_MESSAGES",
    "MAX_PICTURES",
    "PICTURES",
    "PROBLEM_MESSAGES",
    "REASONS",
    "SHEET_MESSAGES",
    "Archive",
    "ArchiveRejected",
    "EmbeddedPicture",
    "Entry",
    "Field",
    "FilePicture",
    "Guess",
    "Item",
    "Limits",
    "Picture",
    "Problem",
    "ProblemCode",
    "ProductRow",
    "Reason",
    "Row",
    "Sheet",
    "SheetRejected",
    "UrlPicture",
    "apply_mapping",
    "guess_mapping",
    "join_items",
    "open_archive",
    "read_sheet",
]
