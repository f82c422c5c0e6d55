"""CSV files as Excel, WPS and others save them."""

from io import BytesIO

import pytest

from batches.reading import SheetRejected, read_sheet
from tests.batches.reading.workbooks import texts

CHINESE = "货号,品名,目标价\nA1,杯子,12.50\n"


def rows_of(data: bytes | str, name: str = "产品.csv") -> list[list[str]]:
    return texts(read_sheet(BytesIO(data.encode() if isinstance(data, str) else data), name))


def refusal(data: bytes | str) -> str:
    with pytest.raises(SheetRejected) as caught:
        rows_of(data)
    return caught.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030", "gb2312"]
)
def test_encodings(encoding: str) -> None:
    text = CHINESE + "B2,a plain English name of some length,3\n" * 3
    assert rows_of(text.encode(encoding))[0] == ["A1", "杯子", "12.50"]


def test_a_mark_for_utf_16_with_the_high_byte_first() -> None:
    assert rows_of(b"\xfe\xff" + CHINESE.encode("utf-16-be")) == [["A1", "杯子", "12.50"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    lines = ["code|name|price", 'A1|"cups, saucers; plates"|3', "", "A2|bowl|4"]
    sheet = read_sheet(BytesIO(end.join(lines).replace("|", delimiter).encode()), "products.csv")
    assert texts(sheet) == [["A1", "cups, saucers; plates", "3"], ["A2", "bowl", "4"]]
    assert (sheet.title, [row.number for row in sheet.rows]) == ("products", [2, 4])


def test_the_delimiter_is_that_of_the_headings_not_of_the_prices() -> None:
    assert rows_of("code;price;name\nA1;1,5;a,b,c,d\nA2;2,5;a,b,c,d\n")[0] == ["A1", "1,5", "a,b,c,d"]


def test_unknown_headings_are_divided_by_what_makes_most_cells() -> None:
    assert rows_of("alpha\tbeta, or so\n1\t2\n") == [["1", "2"]]


def test_a_row_too_long_for_one_cell_of_another_delimiter() -> None:
    text = "x" * 30_000
    assert rows_of(f"a,b,c,d,e\n{text},{text},{text},{text},{text}\n") == [[text] * 5]


def test_the_delimiter_may_be_named() -> None:
    sheet = read_sheet(BytesIO(b"sep=;\r\ncode;name\r\nA1;a,b\r\n"), "a.csv")
    assert (sheet.headings, texts(sheet), sheet.rows[0].number) == (("code", "name"), [["A1", "a,b"]], 3)


def test_quotes_and_line_breaks_inside() -> None:
    text = 'code,name\nA1,"two\nlines and ""quotes"""\nA2,5" holder\nA3,"after"wards\n'
    assert rows_of(text) == [["A1", 'two\nlines and "quotes"'], ["A2", '5" holder'], ["A3", "afterwards"]]


def test_what_looks_like_a_formula_is_text() -> None:
    assert rows_of("code,name\n=1+1,@SUM(A1)\n+1,-1\n\"=cmd|' /C calc'!A0\",x\n") == [
        ["=1+1", "@SUM(A1)"],
        ["+1", "-1"],
        ["=cmd|' /C calc'!A0", "x"],
    ]


def test_an_open_quote_would_swallow_rows() -> None:
    assert refusal('code,name\nA1,"cup\nA2,plate\nA3,bowl\n') == "open-quote"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\xff", "encoding"),
        ("code,name\nA1,ü".encode("latin-1"), "encoding"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not-a-sheet"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "encoding"),
        (b"code,name\nA1,\x00", "not-a-sheet"),
        (b"code,name\n", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"<!DOCTYPE html><table>", "legacy"),
        (b"code,name\n" + b"A1,cup\n" * 5_001, "too-many-rows"),
        (b"code,name\n" + b"x," * 101, "too-many-columns"),
        (b"," * 1_000_001, "too-many-columns"),
        (b"code,name\nA1," + b"x" * 32_768, "cell-too-long"),
        (b"code,name\nA1," + b"x" * 200_000, "cell-too-long"),
        (b"x" * 10_000_001, "too-large"),
    ],
)
def test_refusals(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_control_characters_are_no_text() -> None:
    assert rows_of("code,name\nA1,a\x0bb\x0cc\n") == [["A1", "abc"]]
