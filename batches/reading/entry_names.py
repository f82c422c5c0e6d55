"""The names of files in a ZIP: which characters they are, where they lead, and which are nobody's picture."""

import re
import struct
import unicodedata
import zlib
from zipfile import ZipInfo

# Appnote 4.4.4, bit 11: the name is UTF-8. Appnote 4.6.9: the Info-ZIP Unicode Path extra field.
_UTF_8_FLAG = 0x800
_UNICODE_PATH = 0x7075
# Longer than any file system allows for a whole path that people make.
_MAX_NAME = 1_000

_DRIVE = re.compile(r"^[A-Za-z]:")
# They turn or hide parts of a name when it is shown.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CLUTTER = frozenset(("thumbs.db", "desktop.ini", "icon\r", "__macosx"))


def shown_name(info: ZipInfo) -> str:
    """The name as its author saw it.

    Windows tools in China write GBK without saying so, and others code page 437, as Appnote D.1 wants. A few names
    are valid in two of these; then the order UTF-8, GB 18030, code page 437 decides.
    """
    if info.flag_bits & _UTF_8_FLAG:
        return unicodedata.normalize("NFC", info.orig_filename)
    raw = info.orig_filename.encode("cp437")
    return unicodedata.normalize("NFC", _unicode_path(info.extra, raw) or _decoded(raw))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name out of the extra field, "" when there is none, or when the name was changed after it was written."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        content = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind != _UNICODE_PATH or len(content) < 5:
            continue
        version, checksum = struct.unpack_from("<BL", content)
        if version == 1 and checksum == zlib.crc32(raw):
            return content[5:].decode("utf-8", "ignore")
    return ""


def is_unsafe(name: str) -> bool:
    """Whether the name could lead outside of the folder it is unpacked to, on any system, or is none at all."""
    return (
        not name
        or len(name) > _MAX_NAME
        or "\0" in name
        or "\\" in name
        or name.startswith("/")
        or bool(_DRIVE.match(name))
        or ".." in name.split("/")
    )


def is_clutter(name: str) -> bool:
    """Whether it is what macOS and Windows put beside pictures, or hidden."""
    return any(part.startswith(".") or part.casefold() in _CLUTTER for part in name.split("/"))


def printable(name: str) -> str:
    """The name without characters that change how the text around it is shown."""
    without_directions = _DIRECTIONS.sub("\ufffd", name)
    return "".join("\ufffd" if unicodedata.category(letter) == "Cc" else letter for letter in without_directions)
