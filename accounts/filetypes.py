"""What a file is, by its contents: the few kinds that people attach. Nothing is unpacked, decoded or run.

A name's ending must be one of the kind's: what calls itself a picture and is none would mislead whoever opens it.
"""

import codecs
import struct
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

# The signatures of the formats' own documents: PNG (ISO 15948, 5.2), JPEG (ITU-T T.81, B.1.1.3), GIF89a, RIFF/WebP,
# ISO 14496-12's file type box with HEIF's brands, PDF (ISO 32000-1, 7.5.2).
HEAD_BYTES = 1024
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
# Text is read as the encodings that spreadsheets write; of longer texts only so much is looked at, in bytes.
TEXT_ENCODINGS = ("utf-8-sig", "gb18030")
TEXT_BYTES = 1_000_000
TEXT_CONTROLS = frozenset("\t\n\r\f\x1a")
# Appnote 4.3.16. A directory larger than this, in bytes, belongs to no document that somebody wrote.
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
LONGEST_COMMENT = 65_535
MOST_DIRECTORY_BYTES = 1_000_000
MACROS = "vbaproject.bin"


@dataclass(frozen=True, slots=True)
class FileType:
    """`suffixes` as names end, in small letters; the first is the usual one."""

    mime: str
    suffixes: tuple[str, ...]


JPEG = FileType("image/jpeg", (".jpg", ".jpeg"))
PNG = FileType("image/png", (".png",))
GIF = FileType("image/gif", (".gif",))
WEBP = FileType("image/webp", (".webp",))
HEIF = FileType("image/heic", (".heic", ".heif", ".avif"))
PDF = FileType("application/pdf", (".pdf",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
TEXT = FileType("text/plain", (".txt", ".csv"))
FILE_TYPES = (JPEG, PNG, GIF, WEBP, HEIF, PDF, XLSX, DOCX, TEXT)
SUFFIXES = tuple(suffix for kind in FILE_TYPES for suffix in kind.suffixes)
# A document's main part, by which Office tells its formats apart (ECMA-376-2, 10).
_PARTS = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}


def type_of(file: BinaryIO) -> FileType | None:
    """What the file is, or None for anything else, and for documents with macros. Leaves it at its beginning."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = _by_signature(head) or (_of_package(file) if head.startswith(b"PK\x03\x04") else _of_text(file))
    file.seek(0)
    return kind


def _by_signature(head: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return HEIF
    return PDF if head.startswith(b"%PDF-") else None


def _of_package(file: BinaryIO) -> FileType | None:
    """By the names in the archive's directory alone."""
    if not _has_small_directory(file):
        return None
    try:
        with ZipFile(file) as package:
            names = {name.lower().lstrip("/") for name in package.namelist()}
    except (BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        return None
    if any(name.rpartition("/")[2] == MACROS for name in names):
        return None
    found = [kind for part, kind in _PARTS.items() if part in names]
    return found[0] if len(found) == 1 and "[content_types].xml" in names else None


def _has_small_directory(file: BinaryIO) -> bool:
    """Python reads a directory of any size into memory: the end of the archive says how large it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - LONGEST_COMMENT - _END.size))
    tail = file.read()
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or at + _END.size > len(tail):
        return False
    *_, directory_bytes, _start, _comment = _END.unpack_from(tail, at)
    return bool(directory_bytes <= MOST_DIRECTORY_BYTES)


def _of_text(file: BinaryIO) -> FileType | None:
    file.seek(0)
    data = file.read(TEXT_BYTES)
    # Cut off in the midst of a character, the rest still is text.
    is_all = not file.read(1)
    encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else TEXT_ENCODINGS
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data, is_all)
        except UnicodeDecodeError:
            continue
        return TEXT if _is_plain(text) else None
    return None


def _is_plain(text: str) -> bool:
    return all(sign in TEXT_CONTROLS or not (sign < " " or sign == "\x7f") for sign in text)
