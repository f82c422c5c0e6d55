"""Archives made to do harm are refused as a whole, before a byte of them is unpacked."""

import struct
import tracemalloc
from io import BytesIO

import pytest

from batches.reading import PICTURES, ArchiveRejected, open_archive
from tests.batches.reading.zips import STORED, Packed, named, zipped


def refusal(file: BytesIO) -> ArchiveRejected:
    with pytest.raises(ArchiveRejected) as caught:
        open_archive(file)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-zip"),
        (b"PK", "not-a-zip"),
        (b"\xff\xd8\xff\xe0 a picture", "not-a-zip"),
        (b"Rar!\x1a\x07\x00", "not-a-zip"),
        (zipped(Packed(b"1.jpg", b"x" * 900)).getvalue()[:60], "truncated"),
        (zipped(Packed(b"1.jpg")).getvalue()[:-30], "truncated"),
        (b"PK\x05\x06", "damaged"),
        (zipped(Packed(b"1.jpg")).getvalue().replace(b"PK\1\2", b"PK\1\3"), "damaged"),
        (zipped(Packed(b"1.jpg")).getvalue().replace(b"PK\3\4", b"PK\3\5"), "damaged"),
        (zipped(Packed(b"1.jpg", offset=5_000_000)).getvalue(), "damaged"),
        (zipped(Packed(b"1.jpg", version=99)).getvalue(), "damaged"),
        (zipped(Packed(b"\xff\xfe.jpg", flags=0x800)).getvalue(), "damaged"),
    ],
)
def test_what_is_no_archive(data: bytes, code: str) -> None:
    error = refusal(BytesIO(data))
    assert (error.code, error.entry) == (code, "")


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2000])
def test_encrypted(flags: int) -> None:
    assert refusal(zipped(Packed(b"1.jpg"), Packed(b"2.jpg", flags=flags))).code == "encrypted"


def test_too_many_files_but_clutter_does_not_count() -> None:
    pictures = [f"{number}.jpg" for number in range(2_000)]
    clutter = [f"__MACOSX/._{name}" for name in pictures]
    assert len(open_archive(named(*pictures, *clutter)).entries) == 2_000
    assert refusal(named(*pictures, "one more.jpg")).code == "too-many-files"


def test_a_directory_of_any_length_is_not_read_into_memory() -> None:
    directory = Packed(b"1.jpg").directory(0) * 200_000
    end = struct.pack("<4H2LH", 0, 0, 0xFFF, 0xFFF, len(directory), 100, 0)
    file = BytesIO(b"PK\3\4".ljust(100) + directory + b"PK\5\6" + end)
    tracemalloc.start()
    try:
        assert refusal(file).code == "too-many-files"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000


def test_more_than_2_gb_in_all() -> None:
    content = bytes(range(256)) * 500
    files = [Packed(b"%d.jpg" % number, content, method=STORED, size=19_999_999) for number in range(101)]
    assert refusal(zipped(*files)).code == "too-large"


def test_a_bomb_in_one_file() -> None:
    error = refusal(zipped(Packed(b"fine.jpg"), Packed(b"flat.bmp", bytes(10_000_000))))
    assert (error.code, error.entry) == ("bomb", "flat.bmp")


def test_a_bomb_of_many_small_files() -> None:
    flat = bytes(900_000)
    assert refusal(zipped(*(Packed(b"%d.bmp" % number, flat) for number in range(3)))).code == "bomb"


def test_a_small_flat_picture_is_no_bomb() -> None:
    archive = open_archive(zipped(Packed(b"white.bmp", bytes(900_000))))
    assert archive.read(archive.entries[0]) == bytes(900_000)


def test_sizes_that_lie_unpack_to_no_more_than_they_say() -> None:
    bomb = Packed(b"1.jpg", bytes(20_000_000), size=1_000)
    file = zipped(bomb)
    tracemalloc.start()
    try:
        archive = open_archive(file)
        with pytest.raises(ArchiveRejected) as caught:
            archive.read(archive.entries[0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.code == "entry-damaged"
    assert peak < 500_000


def test_entries_that_point_at_the_same_bytes() -> None:
    assert refusal(zipped(Packed(b"1.jpg"), Packed(b"2.jpg", offset=0))).code == "overlapping"


def test_entries_that_overlap_by_a_part() -> None:
    inner = Packed(b"2.jpg", b"inner").local()
    outer = Packed(b"1.jpg", inner + b"tail", method=STORED)
    assert refusal(zipped(outer, Packed(b"2.jpg", b"inner", offset=35))).code == "overlapping"


def test_entries_that_overlap_by_one_byte() -> None:
    first = Packed(b"1.jpg", b"abcP", method=STORED)
    second = Packed(b"2.jpg", method=STORED)
    apart = zipped(first, second)
    assert len(open_archive(apart).entries) == 2
    # The last byte of the first file is the first of the second's header.
    second.offset = len(first.local()) - 1
    body = first.local()[:-1] + second.local()
    directory = first.directory(0) + second.directory(0)
    end = struct.pack("<4H2LH", 0, 0, 2, 2, len(directory), len(body), 0)
    assert refusal(BytesIO(body + directory + b"PK\5\6" + end)).code == "overlapping"


def test_an_entry_that_reaches_into_the_directory() -> None:
    packed = Packed(b"1.jpg", b"some")
    local = packed.local()
    packed.packed += b"more"
    directory = packed.directory(0)
    end = struct.pack("<4H2LH", 0, 0, 1, 1, len(directory), len(local), 0)
    assert refusal(BytesIO(local + directory + b"PK\5\6" + end)).code == "overlapping"


@pytest.mark.parametrize(
    "name",
    [
        "../1.jpg",
        "photos/../../1.jpg",
        "photos/..",
        "/etc/1.jpg",
        "//server/1.jpg",
        "C:/1.jpg",
        "c:1.jpg",
        "photos\\1.jpg",
        "..\\1.jpg",
        "1.jpg\0.txt",
        "",
        "x" * 1_001,
        "__MACOSX/../../1.jpg",
    ],
)
def test_names_that_lead_outside(name: str) -> None:
    assert refusal(named("fine.jpg", name)).code == "unsafe-name"


def test_dots_in_a_name_lead_nowhere() -> None:
    assert open_archive(named("a..b/1...jpg")).entries[0].name == "a..b/1...jpg"


@pytest.mark.parametrize("mode", [0o120777, 0o020644, 0o060644, 0o010644, 0o140777])
def test_links_and_devices(mode: int) -> None:
    error = refusal(zipped(Packed(b"1.jpg", b"/etc/passwd", mode=mode)))
    assert (error.code, error.entry) == ("special-file", "1.jpg")


@pytest.mark.parametrize("mode", [0, 0o644, 0o100600])
def test_plain_modes_pass(mode: int) -> None:
    assert len(open_archive(zipped(Packed(b"1.jpg", mode=mode))).entries) == 1


def test_the_limits_are_those_that_the_messages_tell() -> None:
    assert (PICTURES.entries, PICTURES.entry_bytes, PICTURES.total_bytes, PICTURES.ratio) == (
        2_000,
        20_000_000,
        2_000_000_000,
        200,
    )
