"""An archive that people make: what is in it, and which file of it can't be had."""

import tracemalloc
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from batches.reading import ARCHIVE_MESSAGES, PICTURES, ArchiveRejected, open_archive
from tests.batches.reading.zips import STORED, Packed, named, zipped


def refused(file: BytesIO) -> ArchiveRejected:
    """Why reading the only entry fails, though the archive opens."""
    with open_archive(file) as archive, pytest.raises(ArchiveRejected) as caught:
        archive.read(archive.entries[0])
    return caught.value


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_zipfile_packs_comes_out_again(method: int) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.writestr("red/1.jpg", b"\xff\xd8first" * 50_000)
        made.writestr("red/2.jpg", b"\xff\xd8second")
    with open_archive(file) as archive:
        first, second = archive.entries
        assert (first.name, first.size, first.position) == ("red/1.jpg", 350_000, 0)
        assert archive.read(second) == b"\xff\xd8second"
        assert archive.read(first) == b"\xff\xd8first" * 50_000
        assert [len(chunk) <= 65_536 for chunk in archive.stream(first)].count(False) == 0
        target = BytesIO()
        assert archive.copy(first, target) == 350_000
        assert target.getvalue() == archive.read(first)


def test_a_streamed_archive_with_sizes_behind_the_files() -> None:
    class Unseekable(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    pipe = Unseekable()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("1.jpg", b"first")
        made.writestr("2.jpg", b"second")
    archive = open_archive(BytesIO(pipe.getvalue()))
    assert [archive.read(entry) for entry in archive.entries] == [b"first", b"second"]


def test_a_large_archive_with_64_bit_sizes() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made, made.open("1.jpg", "w", force_zip64=True) as entry:
        entry.write(b"picture")
    archive = open_archive(file)
    assert archive.read(archive.entries[0]) == b"picture"


def test_something_in_front_and_a_comment_behind() -> None:
    archive = open_archive(zipped(Packed(b"1.jpg"), in_front=b"MZ self-extracting", comment=b"from the fair"))
    assert archive.read(archive.entries[0]) == b"a picture"


def test_folders_clutter_and_hidden_files_are_passed_over() -> None:
    archive = open_archive(
        named(
            "photos/",
            "__MACOSX/photos/._1.jpg",
            "photos/.DS_Store",
            "photos/Thumbs.db",
            "photos/desktop.ini",
            "photos/Icon\r",
            "photos/.thumbnails/1.jpg",
            "photos/1.jpg",
        )
    )
    assert [(entry.name, entry.position) for entry in archive.entries] == [("photos/1.jpg", 7)]


def test_an_archive_of_nothing_has_no_entries() -> None:
    assert open_archive(zipped()).entries == ()


def test_two_files_of_one_name_are_two() -> None:
    archive = open_archive(zipped(Packed(b"1.jpg", b"one"), Packed(b"1.jpg", b"two")))
    assert [archive.read(entry) for entry in archive.entries] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (Packed(b"1.jpg", checksum=1), "entry-damaged"),
        (Packed(b"1.jpg", b"longer than it says", size=6), "entry-damaged"),
        (Packed(b"1.jpg", b"shorter than it says", size=600), "entry-damaged"),
        (Packed(b"1.jpg", local_name=b"2.jpg"), "entry-damaged"),
        (Packed(b"1.jpg", method=12), "entry-method"),
        (Packed(b"1.jpg", method=14), "entry-method"),
        (Packed(b"1.jpg", method=9), "entry-method"),
    ],
)
def test_one_bad_file_is_named_and_the_next_is_read(packed: Packed, code: str) -> None:
    archive = open_archive(zipped(packed, Packed(b"good.jpg", b"good")))
    bad, good = archive.entries
    with pytest.raises(ArchiveRejected) as caught:
        archive.read(bad)
    assert (caught.value.code, caught.value.entry) == (code, "1.jpg")
    assert archive.read(good) == b"good"


def test_a_file_that_is_too_large_is_refused_by_itself() -> None:
    limits = replace(PICTURES, entry_bytes=1_000)
    file = zipped(Packed(b"1.jpg", bytes(1_001), method=STORED), Packed(b"2.jpg", bytes(1_000), method=STORED))
    archive = open_archive(file, limits)
    with pytest.raises(ArchiveRejected) as caught:
        archive.read(archive.entries[0])
    assert (caught.value.code, caught.value.entry) == ("entry-too-large", "1.jpg")
    assert archive.read(archive.entries[1]) == bytes(1_000)


def test_damaged_deflate_data() -> None:
    packed = Packed(b"1.jpg", b"a picture" * 10)
    packed.packed = b"\xff" * len(packed.packed)
    assert refused(zipped(packed)).code == "entry-damaged"


@pytest.mark.parametrize(
    "content",
    [
        zipped(Packed(b"1.jpg")).getvalue(),
        zipped().getvalue(),
        b"Rar!\x1a\x07\x01\x00",
        b"Rar!\x1a\x07\x00",
        b"7z\xbc\xaf\x27\x1c\x00\x04",
        b"\x1f\x8b\x08\x00",
        b"BZh91AY&SY",
        b"\xfd7zXZ\x00",
        b"\x28\xb5\x2f\xfd",
        b"MSCF\0\0\0\0",
        b"\x00" * 257 + b"ustar\x0000",
        b"\x21\x7b-lh5-",
    ],
)
@pytest.mark.parametrize("method", [STORED, 8])
def test_an_archive_in_the_archive_is_told_by_its_content(content: bytes, method: int) -> None:
    error = refused(zipped(Packed(b"1.jpg", content, method=method)))
    assert (error.code, error.entry) == ("nested", "1.jpg")


def test_a_workbook_may_come_along() -> None:
    workbook = zipped(Packed(b"[Content_Types].xml")).getvalue()
    archive = open_archive(zipped(Packed("产品.XLSX".encode(), workbook, flags=0x800)))
    assert archive.read(archive.entries[0]) == workbook
    assert refused(zipped(Packed(b"rows.xlsx", b"Rar!\x1a\x07\x00"))).code == "nested"


def test_messages_are_fit_for_the_person_who_sent_it() -> None:
    error = refused(zipped(Packed(b"1.jpg", checksum=1)))
    assert error.message == ARCHIVE_MESSAGES["entry-damaged"]
    assert str(error) == f"entry-damaged: {error.message}"


def test_reading_takes_one_piece_at_a_time() -> None:
    file = zipped(*(Packed(b"%d.jpg" % number, bytes(range(256)) * 20_000, method=STORED) for number in range(4)))
    archive = open_archive(file)
    tracemalloc.start()
    try:
        for entry in archive.entries:
            assert sum(map(len, archive.stream(entry))) == 5_120_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
