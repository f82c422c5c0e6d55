"""Whatever the bytes and whatever the cells, nothing comes out but a result or the exceptions that are told of."""

from contextlib import suppress
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batches.reading import (
    ArchiveRejected,
    Field,
    Row,
    Sheet,
    SheetRejected,
    apply_mapping,
    guess_mapping,
    join_items,
    open_archive,
    read_sheet,
)
from batches.reading.archives import PICTURES
from tests.batches.reading.test_embedded_pictures import wps
from tests.batches.reading.workbooks import cells, packed, parts, png, related, written
from tests.batches.reading.zips import STORED, UTF_8, Packed, zipped

RUNS = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _pictures_everywhere(_book: object, sheet: object) -> None:
    sheet.write_row(0, 0, ("image", "name", "price"))
    sheet.embed_image(1, 0, "x.png", {"image_data": BytesIO(png(1))})
    sheet.insert_image(2, 0, "y.png", {"image_data": BytesIO(png(2))})
    sheet.write_row(1, 1, ("cup", 12.5))
    sheet.merge_range(3, 1, 4, 1, "plate")


ARCHIVES = [
    zipped(Packed(b"1.jpg", b"\xff\xd8" * 50), Packed("红.jpg".encode("gbk"), b"x", method=STORED)).getvalue(),
    zipped(
        Packed("a/红.jpg".encode(), b"y" * 99, flags=UTF_8, extra=b"\x75\x70\x06\x00\x01\0\0\0\0x"), comment=b"!"
    ).getvalue(),
]
WORKBOOKS = [written(_pictures_everywhere).getvalue(), wps(cells(("image", "name"), ("x", "cup"))).getvalue()]
# The XML itself, which damage to packed bytes hardly ever reaches.
DOCUMENTS = [
    '<row r="3" ht="9"><c r="B3" s="7" t="s" vm="2"><f>DISPIMG("ID_1",1)</f><v>0</v></c></row>',
    '<row><c t="d"><v>2026</v></c><c t="e" vm="1"><v>#N/A</v></c></row><mergeCell ref="A1:B9"/><drawing r:id="d1"/>',
    '<twoCellAnchor><from><row>1</row><rowOff>5</rowOff></from><to><row>9</row></to><blip embed="r1"/></twoCellAnchor>',
    '<valueMetadata><bk><rc t="1" v="0"/></bk></valueMetadata><futureMetadata name="XLRICHVALUE"><bk><rvb i="0"/></bk>',
]
CSVS = ["货号,品名\nA1,杯子\n".encode("gbk"), 'code;name\nA1;"a\nb"\n'.encode("utf-16"), b"sep=,\na,b\n1,2\n"]


@st.composite
def damaged(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """One of these with some bytes changed, taken out, or put in."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        # Counted from the end as often, for there a ZIP has its directory.
        at = draw(st.integers(-len(data), len(data) - 1)) if data else 0
        span = draw(st.sampled_from((0, 1, 1, 2, 4, 40)))
        stop = len(data) if at < 0 <= at + span else at + span
        data[at:stop] = draw(st.binary(max_size=4))
    return bytes(data)


@RUNS
@given(damaged(ARCHIVES))
def test_damaged_archives(data: bytes) -> None:
    with suppress(ArchiveRejected):
        archive = open_archive(BytesIO(data))
        for entry in archive.entries:
            with suppress(ArchiveRejected):
                assert len(archive.read(entry)) == entry.size <= PICTURES.entry_bytes


@RUNS
@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=20), st.sampled_from((0, UTF_8)))))
def test_names_of_any_bytes(files: list[tuple[bytes, bytes, int]]) -> None:
    with suppress(ArchiveRejected):
        archive = open_archive(zipped(*(Packed(name, flags=flags, extra=extra) for name, extra, flags in files)))
        for entry in archive.entries:
            entry.name.encode()
            assert not entry.name.startswith("/")
            assert ".." not in entry.name.split("/")


def _use(data: bytes, name: str) -> None:
    with suppress(SheetRejected):
        sheet = read_sheet(BytesIO(data), name)
        for row in sheet.rows:
            assert row.texts or row.pictures
            for picture in row.pictures:
                with suppress(ArchiveRejected):
                    sheet.read_picture(picture)
        apply_mapping(sheet, guess_mapping(sheet.headings, sheet.rows).columns)


@RUNS
@given(damaged(WORKBOOKS))
def test_damaged_workbooks(data: bytes) -> None:
    _use(data, "a.xlsx")


@RUNS
@given(st.data())
def test_workbooks_of_damaged_documents(data: st.DataObject) -> None:
    documents = st.one_of(damaged([text.encode() for text in DOCUMENTS]), st.sampled_from([b"", b"<row><c"]))
    made = parts()
    made["xl/_rels/workbook.xml.rels"] = related(
        r1=("worksheet", "worksheets/sheet1.xml"),
        r2=("sheetMetadata", "metadata.xml"),
        r3=("richValueRel", "rel.xml"),
        r4=("styles", "styles.xml"),
    )
    made["xl/worksheets/_rels/sheet1.xml.rels"] = related(d1=("drawing", "../drawing.xml"))
    made["xl/_rels/drawing.xml.rels"] = related(r1=("image", "1.png"))
    made["xl/1.png"] = png()
    for part in ("worksheets/sheet1", "drawing", "metadata", "rel", "styles", "cellimages"):
        made[f"xl/{part}.xml"] = b"<root>" + data.draw(documents) + data.draw(documents) + b"</root>"
    _use(packed(made).getvalue(), "a.xlsx")


@RUNS
@given(st.one_of(damaged(CSVS), st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode())))
def test_damaged_csv_files(data: bytes) -> None:
    _use(data, "a.csv")


TEXTS = st.one_of(
    st.text(max_size=20), st.from_regex(r"\A[0-9.,¥ 万/-]{1,12}\Z"), st.sampled_from(["1.jpg", "//[", "a,b"])
)


@RUNS
@given(st.lists(TEXTS, max_size=7), st.lists(st.lists(TEXTS, min_size=7, max_size=7), max_size=4), st.lists(TEXTS))
def test_cells_and_names_of_any_text(headings: list[str], lines: list[list[str]], names: list[str]) -> None:
    rows = tuple(Row(at, dict(enumerate(line))) for at, line in enumerate(lines, start=2))
    sheet = Sheet("any", tuple(headings), 1, rows)
    guess = guess_mapping(sheet.headings, rows)
    assert len(set(guess.columns.values())) == len(guess.columns) == len(guess.reasons)
    assert all(0 <= column < len(headings) for column in guess.columns.values())
    products = apply_mapping(sheet, {field: at for at, field in enumerate(Field)})
    assert [product.number for product in products] == [row.number for row in rows]
    for product in products:
        assert product.target_price is None or 0 < product.target_price < 10**10
        assert product.quantity is None or 0 < product.quantity <= 10**9
    items = join_items(names, products)
    assert sum(item.row is not None for item in items) == len(rows)
    held = {picture for item in items for picture in item.pictures}
    assert len(held) >= len(names)
    assert all(item.pictures or item.problems for item in items)
