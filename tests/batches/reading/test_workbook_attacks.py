"""Workbooks made to do harm, and files that are none."""

import tracemalloc
from io import BytesIO

import pytest

from batches.reading import SHEET_MESSAGES, SheetRejected
from batches.reading.markup import Budget, tags
from tests.batches.reading.workbooks import cells, packed, parts, read, related, rows
from tests.batches.reading.zips import Packed, zipped

PRODUCTS = (("code", "name"), ("A1", "cup"))
LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))


def refusal(file: BytesIO, name: str = "products.xlsx") -> SheetRejected:
    with pytest.raises(SheetRejected) as caught:
        read(file, name)
    assert caught.value.message == SHEET_MESSAGES[caught.value.code]
    return caught.value


@pytest.mark.parametrize(
    "declaration",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE a [<!ENTITY l9 "{"ha" * 1_000}">]>',
        '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/evil.dtd">',
        '<!DOCTYPE a [<!ENTITY % l9 SYSTEM "http://127.0.0.1/evil.dtd"> %l9;]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels", "xl/sharedStrings.xml"])
def test_entities_inside_and_outside(declaration: str, part: str) -> None:
    made = parts(cells(*PRODUCTS).replace('<c t="inlineStr">', '<c t="s"><v>0</v></c><c t="inlineStr">'))
    made["xl/_rels/workbook.xml.rels"] = related(
        r1=("worksheet", "worksheets/sheet1.xml"), r2=("sharedStrings", "sharedStrings.xml")
    )
    made.setdefault("xl/sharedStrings.xml", "<sst><si><t>x</t></si></sst>")
    made[part] = '<?xml version="1.0"?>' + declaration + str(made[part]).replace("cup", "&l9;")
    tracemalloc.start()
    try:
        assert refusal(packed(made)).code == "unsafe"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_a_zip_bomb_in_a_part() -> None:
    bomb = b"<worksheet>" + b" " * 5_000_000 + b"</worksheet>"
    assert refusal(packed(parts() | {"xl/worksheets/sheet1.xml": bomb})).code == "unsafe"


def test_parts_that_share_their_bytes() -> None:
    assert refusal(zipped(Packed(b"[Content_Types].xml"), Packed(b"xl/workbook.xml", offset=0))).code == "unsafe"


def test_more_elements_than_a_workbook_has_are_not_read() -> None:
    with pytest.raises(SheetRejected, match="too-large"):
        list(tags([b"<a>", b"<b/>" * 100, b"</a>"], Budget(100)))
    assert len(list(tags([b"<a>", b"<b/>" * 99, b"</a>"], Budget(100)))) == 200


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<a>" * 201 + b"</a>" * 201, "damaged"),
        (b"<a " + b" ".join(b'b%d=""' % number for number in range(200_000)) + b"/>", "too-large"),
        (b"<a>" + b"".join(b"<b%d/>" % number for number in range(6_000)) + b"</a>", "too-large"),
        (b"<a>", "damaged"),
        (b"<a></b>", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "damaged"),
        (b"", "damaged"),
    ],
)
def test_documents_that_fill_the_memory_or_are_none(document: bytes, code: str) -> None:
    chunks = [document[at : at + 65_536] for at in range(0, len(document), 65_536)]
    tracemalloc.start()
    try:
        with pytest.raises(SheetRejected, match=code):
            list(tags(chunks, Budget()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_documents_may_be_200_deep() -> None:
    assert len(list(tags([b"<a>" * 200 + b"</a>" * 200], Budget()))) == 400


def test_merged_ranges_that_never_end() -> None:
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 2_000
    lines = [*PRODUCTS, *(("A", "cup") for _ in range(300))]
    assert refusal(packed(parts(f"{cells(*lines)}<mergeCells>{merged}</mergeCells>"))).code == "damaged"


def test_rows_with_numbers_of_any_length() -> None:
    made = parts(
        cells(*PRODUCTS).replace("<row>", f'<row r="{"9" * 5_000}" ht="nan">').replace("<c ", '<c r="A²" s="-1" ')
    )
    assert read(packed(made)).rows[0].texts == {0: "A1", 1: "cup"}


def test_numbers_of_any_size_stay_short() -> None:
    made = parts("<sheetData><row><c><v>1</v></c></row><row><c><v>1e999999</v></c><c><v>NaN</v></c></row></sheetData>")
    assert read(packed(made)).rows[0].texts == {0: "1e999999", 1: "NaN"}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xls", "legacy"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "renamed.xlsx", "legacy"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "secret.xlsx",
            "password",
        ),
        (packed({"xl/workbook.bin": b"x"}).getvalue(), "binary.xlsb", "legacy"),
        (packed({"mimetype": "x", "content.xml": "<a/>"}).getvalue(), "open.ods", "legacy"),
        (packed({"Index/Document.iwa": b"x"}).getvalue(), "mac.numbers", "legacy"),
        (b"<html><table><tr><td>code</td></tr></table>", "web.xls", "legacy"),
        (b"\n<?xml version='1.0'?><Workbook/>", "2003.xls", "legacy"),
        (packed({"1.jpg": b"x"}).getvalue(), "pictures.xlsx", "not-a-sheet"),
        (packed({}).getvalue(), "empty.xlsx", "not-a-sheet"),
        (b"code,name\n", "renamed.xlsx", "damaged"),
        (b"", "nothing.xlsx", "damaged"),
        (b"", "nothing.csv", "empty"),
        (rows(*PRODUCTS).getvalue()[:3_000], "cut.xlsx", "damaged"),
        (zipped(Packed(b"xl/workbook.xml", flags=1)).getvalue(), "secret.xlsx", "password"),
        (packed(parts("<sheetData><row><c></row>")).getvalue(), "broken.xlsx", "damaged"),
        (packed(parts() | {"xl/workbook.xml": "<workbook/>"}).getvalue(), "hollow.xlsx", "empty"),
        (packed(parts() | {"xl/worksheets/sheet1.xml": zipped().getvalue()}).getvalue(), "nested.xlsx", "unsafe"),
    ],
)
def test_what_is_no_sheet(data: bytes, name: str, code: str) -> None:
    assert refusal(BytesIO(data), name).code == code
