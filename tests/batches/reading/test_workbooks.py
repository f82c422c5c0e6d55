"""What the cells of a workbook say, as text."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import Font

from batches.reading import SheetRejected
from tests.batches.reading.workbooks import cells, packed, parts, read, related, rows, texts, written

HEADINGS = ("货号", "品名", "目标价")


def test_headings_rows_and_their_numbers() -> None:
    sheet = read(rows(HEADINGS, ("A1", "杯子", 12.5), (), ("A2", "盘子", 3)))
    assert sheet.title == "Products"
    assert sheet.headings == HEADINGS
    assert sheet.heading_row == 1
    assert texts(sheet) == [["A1", "杯子", "12.5"], ["A2", "盘子", "3"]]
    assert [row.number for row in sheet.rows] == [2, 4]


def test_the_heading_is_found_below_titles() -> None:
    sheet = read(rows(("报价单 2026",), ("Tel. 0571", "price list"), (), HEADINGS, ("A1", "杯子", 1)))
    assert (sheet.heading_row, sheet.headings) == (4, HEADINGS)
    assert len(sheet.rows) == 1


def test_without_known_headings_the_first_filled_row_is_taken() -> None:
    sheet = read(rows((), ("alpha", "beta"), ("1", "2", "3")))
    assert (sheet.heading_row, sheet.headings) == (2, ("alpha", "beta", ""))


def test_a_heading_after_the_20th_row_is_not_looked_for() -> None:
    sheet = read(rows(*((f"line {number}",) for number in range(20)), HEADINGS, ("A1", "杯子", 1)))
    assert sheet.heading_row == 1


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12.5, "General", "12.5"),
        (12.5, "0.00", "12.50"),
        (12.3, '"¥"#,##0.00', "12.30"),
        (1234.5, "#,##0.00_ ;[Red]-#,##0.00", "1234.50"),
        (12.345, "0.00", "12.345"),
        (0.1 + 0.2, "General", "0.3"),
        (12.300000000000001, "General", "12.3"),
        (100, "General", "100"),
        (1e20, "General", "100000000000000000000"),
        (6901234567890, "0", "6901234567890"),
        (123, "00000", "00123"),
        (-5, "0.0", "-5.0"),
        (0.5, "0%", "0.5"),
        (1e300, "General", "1e+300"),
        (True, "General", "TRUE"),
        (date(2026, 11, 22), "yyyy-mm-dd", "2026-11-22"),
        (date(2026, 11, 22), 'yyyy"年"m"月"d"日"', "2026-11-22"),
        (datetime(2026, 11, 22, 10, 30), "m/d/yy h:mm", "2026-11-22 10:30"),
        (time(10, 30), "h:mm", "10:30"),
        (1.5, "[h]:mm", "1.5"),
        ("=1+1", "General", "7"),
        ("  spaced \r\n twice ", "General", "spaced \n twice"),
        ("line\nbreak", "General", "line\nbreak"),
    ],
)
def test_values_as_text(value: object, number_format: str, text: str) -> None:
    def fill(book: object, sheet: object) -> None:
        sheet.write_row(0, 0, ("code", "name"))
        form = book.add_format({"num_format": number_format})
        if isinstance(value, str) and value.startswith("="):
            sheet.write_formula(1, 0, value, form, 7)
        elif isinstance(value, date | time):
            sheet.write_datetime(1, 0, value, form)
        else:
            sheet.write(1, 0, value, form)

    result = texts(read(written(fill)))[0][0]
    assert result.casefold() == text.casefold()
    if isinstance(value, float) and number_format == "0.00":
        assert Decimal(result) == Decimal(str(value))


def test_dates_of_old_macs_count_from_1904() -> None:
    def fill(book: object, sheet: object) -> None:
        sheet.write_row(0, 0, ("code", "name"))
        sheet.write_datetime(1, 0, date(2026, 11, 22), book.add_format({"num_format": "yyyy-mm-dd"}))

    assert texts(read(written(fill, {"date_1904": True})))[0][0] == "2026-11-22"


@pytest.mark.parametrize(
    ("stored", "number_format", "text"),
    [
        ("12.300000000000001", "General", "12.3"),
        ("0.30000000000000004", "0.00", "0.30"),
        ("1.23E-2", "General", "0.0123"),
        ("12.5", "&quot;" + "x" * 300 + "&quot;0.00", "12.5"),
    ],
)
def test_numbers_as_they_are_stored(stored: str, number_format: str, text: str) -> None:
    made = parts(f"<sheetData><row><c><v>1</v></c></row><row><c s='0'><v>{stored}</v></c></row></sheetData>")
    made["xl/styles.xml"] = (
        f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{number_format}"/></numFmts>'
        '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    made["xl/_rels/workbook.xml.rels"] = related(r1=("worksheet", "worksheets/sheet1.xml"), r2=("styles", "styles.xml"))
    assert texts(read(packed(made))) == [[text]]


def test_dates_by_the_numbers_of_chinese_editions() -> None:
    styles = '<styleSheet><cellXfs><xf numFmtId="31"/></cellXfs></styleSheet>'
    made = parts("<sheetData><row><c><v>1</v></c></row><row><c s='0'><v>46348</v></c></row></sheetData>")
    made["xl/styles.xml"] = styles
    made["xl/_rels/workbook.xml.rels"] = related(r1=("worksheet", "worksheets/sheet1.xml"), r2=("styles", "styles.xml"))
    assert texts(read(packed(made))) == [["2026-11-22"]]


def test_a_formula_never_computed_shows_nothing() -> None:
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.append(["A1", "=B1"])
    file = BytesIO()
    book.save(file)
    assert texts(read(file)) == [["A1", ""]]


def test_rich_text_is_text_and_readings_above_characters_are_not() -> None:
    shared = (
        "<sst><si><r><t>red </t></r><r><t>cup</t></r></si><si><t>課</t><rPh><t>か</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_c</t></si></sst>"
    )
    made = parts(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c>'
        '<c r="D2" t="s"><v>99</v></c><c r="E2" t="inlineStr"><is><t>款</t><rPh><t>kuan</t></rPh></is></c></row>'
        "</sheetData>"
    )
    made["xl/sharedStrings.xml"] = shared
    made["xl/_rels/workbook.xml.rels"] = related(
        r1=("worksheet", "/xl/worksheets/sheet1.xml"), r2=("sharedStrings", "sharedStrings.xml")
    )
    assert texts(read(packed(made))) == [["red cup", "課", "a\nb_c", "", "款"]]


def test_hidden_rows_are_kept() -> None:
    def fill(_book: object, sheet: object) -> None:
        for at, line in enumerate((HEADINGS, ("A1", "杯子", 1), ("A2", "盘子", 2))):
            sheet.write_row(at, 0, line)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    assert texts(read(written(fill))) == [["A1", "杯子", "1"], ["A2", "盘子", "2"]]


def test_merged_cells_give_their_value_to_the_first_only() -> None:
    made = parts(
        cells(("code", "name", "qty"), ("A1", "cup", "1"), ("A2", "hidden below", "2"), ("A3", "plate", "3"))
        + '<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="A4:C4"/></mergeCells>'
    )
    assert texts(read(packed(made))) == [["A1", "cup", "1"], ["A2", "", "2"], ["A3", "", ""]]


def test_formatted_but_empty_cells_are_no_rows() -> None:
    empties = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="XFD{row}" s="1"/></row>' for row in range(3, 8_000))
    made = parts(cells(("code", "name"), ("A1", "cup")).replace("</sheetData>", empties + "</sheetData>"))
    assert texts(read(packed(made))) == [["A1", "cup"]]


def test_the_first_visible_worksheet_with_headings_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["How to fill this in"])
    book.active.append(["Write one product a row"])
    hidden = book.create_sheet("old")
    hidden.sheet_state = "hidden"
    products = book.create_sheet("产品")
    more = book.create_sheet("more")
    for sheet, code in ((hidden, "OLD"), (products, "A1"), (more, "B1")):
        sheet.append(["货号", "品名"])
        sheet.append([code, "杯子"])
    products["A2"].font = Font(bold=True)
    file = BytesIO()
    book.save(file)
    sheet = read(file)
    assert (sheet.title, sheet.others, texts(sheet)) == ("产品", ("说明", "more"), [["A1", "杯子"]])


@pytest.mark.parametrize(
    "lines",
    [(), (HEADINGS,), (("",),)],
)
def test_a_workbook_without_products_is_empty(lines: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(SheetRejected, match="empty"):
        read(rows(*lines))


def test_limits_of_rows_and_columns() -> None:
    full = [("code", "name"), *((f"A{number}", "cup") for number in range(4_999))]
    assert len(read(rows(*full)).rows) == 4_999
    with pytest.raises(SheetRejected, match="too-many-rows"):
        read(rows(*full, ("one", "more")))
    assert len(read(rows(tuple(range(100)), tuple(range(100)))).headings) == 100
    with pytest.raises(SheetRejected, match="too-many-columns"):
        read(rows(tuple(range(101)), tuple(range(101))))


def test_a_cell_of_more_than_excel_takes() -> None:
    with pytest.raises(SheetRejected, match="cell-too-long"):
        read(packed(parts(cells(("code", "name"), ("x" * 32_768, "cup")))))


def test_names_of_parts_differ_by_case_and_by_a_slash_in_front() -> None:
    made = parts(cells(("code", "name"), ("A1", "cup")))
    made["/XL/Worksheets/Sheet1.xml"] = made.pop("xl/worksheets/sheet1.xml")
    assert texts(read(packed(made))) == [["A1", "cup"]]


def test_the_strict_edition_of_the_format() -> None:
    made = parts(cells(("code", "name"), ("A1", "cup")))
    strict = {
        name: content.replace("schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml")
        for name, content in made.items()
    }
    assert texts(read(packed(strict))) == [["A1", "cup"]]
