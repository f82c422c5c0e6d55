"""What a team knows of suppliers: a record of each, and which records are one."""

from dossiers.models.counted import CountedSearch
from dossiers.models.merge import Merge
from dossiers.models.papers import LONGEST_NOTE, Note, SupplierFile
from dossiers.models.supplier import LONGEST_DISPLAY_NAME, Supplier, SupplierQuerySet

__all__ = [
    "LONGEST_DISPLAY_NAME",
    "LONGEST_NOTE",
    "CountedSearch",
    "Merge",
    "Note",
    "Supplier",
    "SupplierFile",
    "SupplierQuerySet",
]
