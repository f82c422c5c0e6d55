"""Names out of archives as their authors saw them."""

import struct
import zlib

import pytest

from batches.reading import ArchiveRejected, open_archive
from tests.batches.reading.zips import UTF_8, Packed, zipped


def shown(packed: Packed) -> str:
    return open_archive(zipped(packed)).entries[0].name


def unicode_path(raw: bytes, name: bytes, version: int = 1) -> bytes:
    content = struct.pack("<BL", version, zlib.crc32(raw)) + name
    return struct.pack("<HH", 0x7075, len(content)) + content


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("产品/红色 1.jpg".encode(), UTF_8, "产品/红色 1.jpg"),
        ("产品/红色 1.jpg".encode(), 0, "产品/红色 1.jpg"),
        ("产品/红色 1.jpg".encode("gbk"), 0, "产品/红色 1.jpg"),
        ("𠮷野家.jpg".encode("gb18030"), 0, "𠮷野家.jpg"),
        ("联通.jpg".encode("gbk"), 0, "联通.jpg"),
        # Its second byte is a backslash.
        ("誠.jpg".encode("gbk"), 0, "誠.jpg"),
        ("café.jpg".encode("cp437"), 0, "café.jpg"),
        ("cafe\u0301.jpg".encode(), UTF_8, "café.jpg"),
        (b"plain.jpg", 0, "plain.jpg"),
        (b"turned\xe2\x80\xaegpj.exe", UTF_8, "turned\ufffdgpj.exe"),
        (b"bell\x07.jpg", 0, "bell\ufffd.jpg"),
    ],
)
def test_characters(raw: bytes, flags: int, name: str) -> None:
    assert shown(Packed(raw, flags=flags)) == name


def test_the_unicode_path_says_what_the_name_can_not() -> None:
    raw = b"??.jpg"
    other = struct.pack("<HHL", 0x5455, 4, 0)
    assert shown(Packed(raw, extra=other + unicode_path(raw, "红色.jpg".encode()))) == "红色.jpg"


@pytest.mark.parametrize(
    "extra",
    [
        unicode_path(b"other.jpg", "红色.jpg".encode()),
        unicode_path(b"1.jpg", "红色.jpg".encode(), version=2),
        struct.pack("<HH", 0x7075, 2) + b"\1\2",
    ],
)
def test_a_unicode_path_that_does_not_fit_is_passed_over(extra: bytes) -> None:
    assert shown(Packed(b"1.jpg", extra=extra)) == "1.jpg"


def test_every_name_is_read_and_its_file_found() -> None:
    raws = ["红.jpg".encode("gbk"), "蓝.jpg".encode(), "é.jpg".encode("cp437")]
    archive = open_archive(zipped(*(Packed(raw, raw) for raw in raws)))
    assert [entry.name for entry in archive.entries] == ["红.jpg", "蓝.jpg", "é.jpg"]
    assert [archive.read(entry) for entry in archive.entries] == raws


def test_a_unicode_path_can_not_lead_outside() -> None:
    with pytest.raises(ArchiveRejected, match="unsafe-name"):
        open_archive(zipped(Packed(b"1.jpg", extra=unicode_path(b"1.jpg", b"../1.jpg"))))
