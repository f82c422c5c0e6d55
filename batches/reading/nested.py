"""Archives told by their first bytes, whatever they are called."""

_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"LZIP",
    b"!<arch>\n",
)
_TAR_MARK = slice(257, 262)
_LHA_MARK = slice(2, 5)
# A workbook is a ZIP too. It may come along, for whoever reads it opens it with the same care, and reads no
# archive inside it.
_WORKBOOKS = (".xlsx", ".xlsm")


def is_archive(name: str, head: bytes) -> bool:
    """Whether the file of this name, with these first bytes (512 are enough), is an archive and not a workbook."""
    if head.startswith(b"PK") and name.casefold().endswith(_WORKBOOKS):
        return False
    return head.startswith(_STARTS) or head[_TAR_MARK] == b"ustar" or head[_LHA_MARK] in (b"-lh", b"-lz")
