"""What attached files are taken for."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.attachments import LONGEST_NAME, MOST_BYTES, checked, columns_of, shown_name
from accounts.filetypes import DOCX, PDF, TEXT, XLSX


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return buffer.getvalue()


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, b"<x/>")
    return buffer.getvalue()


TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.JPEG", picture("JPEG"), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.gif", picture("GIF"), "image/gif"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\n", PDF.mime),
        ("a.xlsx", package(TYPES, "xl/workbook.xml"), XLSX.mime),
        ("a.xlsx", package(f"/{TYPES}", "/xl/workbook.xml"), XLSX.mime),
        ("a.docx", package(TYPES, "word/document.xml"), DOCX.mime),
        ("报价.csv", "品名,价格\n旅行包,23.50".encode(), TEXT.mime),
        ("报价.csv", "品名,价格\n旅行包,23.50".encode("gb18030"), TEXT.mime),
        ("a.txt", "品名".encode("utf-16"), TEXT.mime),
        ("a.txt", ("包" * 400_000).encode(), TEXT.mime),
    ],
)
def test_what_is_taken(name: str, data: bytes, mime: str) -> None:
    assert checked(SimpleUploadedFile(name, data)).mime == mime


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ\x90\0", "ending"),
        ("page.html", b"<script>alert(1)</script>", "ending"),
        ("drawing.svg", b"<svg/>", "ending"),
        ("nothing", b"words", "ending"),
        ("a.xlsm", package(TYPES, "xl/workbook.xml"), "ending"),
        ("a.zip", package("a.txt"), "ending"),
        ("a.pdf", b"MZ\x90\0", "content"),
        ("a.txt", b"MZ\x90\0\x03\0", "content"),
        ("a.txt", b"\x1b[2J", "content"),
        ("a.png", picture("JPEG"), "content"),
        ("a.xlsx", package("a.txt"), "content"),
        ("a.xlsx", package("xl/workbook.xml"), "content"),
        ("a.xlsx", package(TYPES, "xl/workbook.xml", "xl/vbaProject.bin"), "content"),
        ("a.xlsx", package(TYPES, "xl/workbook.xml", "word/document.xml"), "content"),
        ("a.docx", package(TYPES, "xl/workbook.xml"), "content"),
        ("a.xlsx", package(TYPES, "xl/workbook.xml")[:-30], "content"),
        ("a.xlsx", b"PK\x03\x04", "content"),
    ],
)
def test_what_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked(SimpleUploadedFile(name, data))
    assert refused.value.code == code


def test_a_directory_of_absurd_size_is_not_read() -> None:
    """That a package's end says how large its directory is, is believed before Python reads it."""
    data = bytearray(package(TYPES, "xl/workbook.xml"))
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 500_000_000)
    with pytest.raises(ValidationError):
        checked(SimpleUploadedFile("a.xlsx", bytes(data)))


def test_twenty_megabytes_are_the_most() -> None:
    upload = SimpleUploadedFile("a.txt", b"words")
    upload.size = MOST_BYTES
    assert checked(upload) is TEXT
    upload.size = MOST_BYTES + 1
    with pytest.raises(ValidationError) as refused:
        checked(upload)
    assert refused.value.code == "too-large"


def test_a_name_is_shown_without_folders_and_tricks() -> None:
    assert shown_name("C:\\quotes\\报价\u202efdp.txt") == "报价fdp.txt"
    long = shown_name("x" * 300 + ".pdf")
    assert (len(long), long[-5:]) == (LONGEST_NAME, "x.pdf")
    upload = SimpleUploadedFile("报价😀.csv", b"a,b")
    assert columns_of(upload) == {"file": upload, "name": "报价😀.csv", "mime": "text/plain", "size": 3}
