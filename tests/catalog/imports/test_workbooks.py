"""Rows of a workbook as imports read them: a row at a time, in their order."""

from io import BytesIO

import pytest

from batches.reading.rejected import SheetRejected
from catalog.imports.workbooks import LargeWorkbook, cells_of, rows_of
from tests.batches.reading.test_embedded_pictures import wps
from tests.batches.reading.workbooks import cells


def rows(file: BytesIO, folder) -> list:
    with LargeWorkbook(file, folder) as book:
        return list(rows_of(cells_of(book, book.worksheets[0])))


def sheet_with(lines: str) -> BytesIO:
    return wps(cells(("图片", "品名")).replace("</sheetData>", f"{lines}</sheetData>"))


def test_a_picture_of_wps_that_excel_shows_as_an_error_is_a_picture_all_the_same(tmp_path) -> None:
    """Excel does not know DISPIMG, and saves #NAME? for its value."""
    formula = '<f>_xlfn.DISPIMG("ID_{0}",1)</f><v>#NAME?</v>'
    line = f'<row r="2"><c r="A2" t="e">{formula.format(1)}</c><c r="B2" t="e">{formula.format("gone")}</c></row>'
    found = rows(sheet_with(line), tmp_path)[1]
    assert found.pictures == [("xl/media/1.png", 0)]
    assert found.unreckoned == [1]
    assert found.texts == {}


def test_rows_that_do_not_follow_each_other_are_damage(tmp_path) -> None:
    cup = '<row r="{0}"><c r="B{0}" t="inlineStr"><is><t>cup</t></is></c></row>'
    with pytest.raises(SheetRejected) as refused:
        rows(sheet_with(cup.format(3) + cup.format(2)), tmp_path)
    assert refused.value.code == "damaged"


def test_cells_belong_to_the_row_that_they_stand_in(tmp_path) -> None:
    line = '<row r="2"><c r="B9" t="inlineStr"><is><t>cup</t></is></c></row>'
    assert [(row.number, row.texts) for row in rows(sheet_with(line), tmp_path)][1:] == [(2, {1: "cup"})]
