"""XLSX files: by XlsxWriter where it can make them, part by part where a program or an attacker makes others."""

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from PIL import Image
from xlsxwriter.worksheet import Worksheet

from batches.reading import Sheet, read_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def png(shade: int = 0, size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture that differs from others by its shade."""
    file = BytesIO()
    Image.new("L", size, shade).save(file, "PNG")
    return file.getvalue()


def written(fill: Callable[[xlsxwriter.Workbook, Worksheet], object], options: Mapping[str, object] = {}) -> BytesIO:
    """A workbook of one worksheet that `fill` writes."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    fill(book, book.add_worksheet("Products"))
    book.close()
    return file


def rows(*lines: tuple[object, ...]) -> BytesIO:
    return written(lambda _book, sheet: [sheet.write_row(at, 0, line) for at, line in enumerate(lines)])


def related(**targets: tuple[str, str]) -> str:
    """A part of relations: id to kind and target."""
    inner = "".join(
        f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for identity, (kind, target) in targets.items()
    )
    return f"<Relationships>{inner}</Relationships>"


def parts(sheet: str = "", **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook whose only worksheet holds this XML; others by their path with __ for a slash."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": related(r1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": '<workbook><sheets><sheet name="Products" sheetId="1" id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related(r1=("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheet}</worksheet>',
    }
    return made | {name.replace("__", "/"): content for name, content in others.items()}


def packed(made: Mapping[str, str | bytes]) -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return file


def cells(*lines: tuple[str, ...]) -> str:
    """Rows of text cells as XML."""
    rows_of = ("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line) for line in lines)
    return "<sheetData>" + "".join(f"<row>{inner}</row>" for inner in rows_of) + "</sheetData>"


def texts(sheet: Sheet) -> list[list[str]]:
    """The rows under the headings, with a text for each column."""
    return [[row.texts.get(column, "") for column in range(len(sheet.headings))] for row in sheet.rows]


def read(file: BytesIO, name: str = "products.xlsx") -> Sheet:
    return read_sheet(file, name)
