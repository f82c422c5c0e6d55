"""What a team keeps of what it found, and what it decides about it."""

from suppliers.models.approvals import LONGEST_REMARK, Approval
from suppliers.models.entries import (
    DECIDED,
    HELD,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_TAG,
    MOST_TAGS,
    EntrySnapshot,
    ListEntry,
    ListEntryQuerySet,
    Snapshot,
    Stage,
    Status,
    tags_in,
    tags_text,
)
from suppliers.models.gone import DeletedList
from suppliers.models.history import AppendOnly, EntryEvent
from suppliers.models.lists import BY_NAME, SupplierList, SupplierListQuerySet
from suppliers.models.pictures import KeptPicture
from suppliers.models.talk import LONGEST_COMMENT, Attachment, Comment, Mention

__all__ = [
    "BY_NAME",
    "DECIDED",
    "HELD",
    "LONGEST_COMMENT",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "LONGEST_REMARK",
    "LONGEST_TAG",
    "MOST_TAGS",
    "AppendOnly",
    "Approval",
    "Attachment",
    "Comment",
    "DeletedList",
    "EntryEvent",
    "EntrySnapshot",
    "KeptPicture",
    "ListEntry",
    "ListEntryQuerySet",
    "Mention",
    "Snapshot",
    "Stage",
    "Status",
    "SupplierList",
    "SupplierListQuerySet",
    "tags_in",
    "tags_text",
]
