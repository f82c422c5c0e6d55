"""Pictures in a workbook come with the row they belong to, however they were put there."""

from io import BytesIO

import openpyxl
import pytest
from openpyxl.drawing.image import Image as PlacedImage

from batches.reading import ArchiveRejected, EmbeddedPicture, Sheet
from tests.batches.reading.workbooks import cells, packed, parts, png, read, related, written
from tests.batches.reading.zips import Packed, zipped

EMU = 12_700
PICTURES = [png(shade) for shade in range(6)]


def by_row(sheet: Sheet) -> dict[int, list[int]]:
    """The shades of each row's pictures."""
    return {row.number: [PICTURES.index(sheet.read_picture(picture)) for picture in row.pictures] for row in sheet.rows}


def test_pictures_over_cells_and_rows_without_any() -> None:
    def fill(_book: object, sheet: object) -> None:
        for at, line in enumerate((("图片", "品名"), ("", "cup"), ("", "plate"), ("", "bowl"))):
            sheet.write_row(at, 0, line)
            sheet.set_row(at, 60)
        for row, column, shade in ((1, 0, 0), (2, 0, 1), (2, 2, 2), (5, 0, 3)):
            sheet.insert_image(row, column, "x.png", {"image_data": BytesIO(PICTURES[shade])})

    sheet = read(written(fill))
    assert by_row(sheet) == {2: [0], 3: [1, 2], 4: [], 6: [3]}
    assert [picture.column for picture in sheet.rows[1].pictures] == [0, 2]
    assert sheet.rows[-1].texts == {}


def test_pictures_that_openpyxl_places() -> None:
    book = openpyxl.Workbook()
    for line in (("image", "name"), ("", "cup"), ("", "plate")):
        book.active.append(line)
    for cell, shade in (("A2", 0), ("A3", 1)):
        book.active.row_dimensions[int(cell[1])].height = 60
        book.active.add_image(PlacedImage(BytesIO(PICTURES[shade])), cell)
    file = BytesIO()
    book.save(file)
    assert by_row(read(file)) == {2: [0], 3: [1]}


def test_pictures_in_cells_as_excel_places_them() -> None:
    def fill(_book: object, sheet: object) -> None:
        sheet.write_row(0, 0, ("图片", "品名"))
        for row, shade in ((1, 0), (2, 1), (3, 0)):
            sheet.embed_image(row, 0, "x.png", {"image_data": BytesIO(PICTURES[shade])})
            sheet.write(row, 1, "cup")

    sheet = read(written(fill))
    assert by_row(sheet) == {2: [0], 3: [1], 4: [0]}
    assert [row.texts for row in sheet.rows] == [{1: "cup"}] * 3


def test_pictures_in_cells_beside_other_kinds_of_rich_values() -> None:
    lines = "".join(f'<row r="{row}"><c r="A{row}" t="e" vm="{row - 1}"><v>#VALUE!</v></c></row>' for row in (2, 3, 4))
    made = parts(cells(("图片", "品名")).replace("</sheetData>", lines + "</sheetData>"))
    made["xl/_rels/workbook.xml.rels"] = related(
        r1=("worksheet", "worksheets/sheet1.xml"),
        r2=("sheetMetadata", "metadata.xml"),
        r3=("richValueRel", "richData/richValueRel.xml"),
        r4=("rdRichValue", "richData/rdrichvalue.xml"),
        r5=("rdRichValueStructure", "richData/rdrichvaluestructure.xml"),
    )
    # The first cell is a dynamic array, the second a stock price, the third the picture.
    made["xl/metadata.xml"] = (
        '<metadata><metadataTypes><metadataType name="XLDAPR"/><metadataType name="XLRICHVALUE"/></metadataTypes>'
        '<futureMetadata name="XLDAPR"><bk><rvb i="1"/></bk></futureMetadata>'
        '<futureMetadata name="XLRICHVALUE"><bk><rvb i="1"/></bk><bk><rvb i="0"/></bk></futureMetadata>'
        '<valueMetadata><bk><rc t="1" v="0"/></bk><bk><rc t="2" v="1"/></bk><bk><rc t="2" v="0"/></bk></valueMetadata>'
        "</metadata>"
    )
    made["xl/richData/rdrichvaluestructure.xml"] = (
        '<rvStructures><s t="_stock"><k n="Price" t="d"/></s>'
        '<s t="_localImage"><k n="CalcOrigin" t="i"/><k n="_rvRel:LocalImageIdentifier" t="i"/></s></rvStructures>'
    )
    made["xl/richData/rdrichvalue.xml"] = '<rvData><rv s="0"><v>0</v></rv><rv s="1"><v>5</v><v>0</v></rv></rvData>'
    made["xl/richData/richValueRel.xml"] = '<richValueRels xmlns:r="r"><rel r:id="r7"/></richValueRels>'
    made["xl/richData/_rels/richValueRel.xml.rels"] = related(r7=("image", "../media/1.png"))
    sheet = read(packed(made | {"xl/media/1.png": PICTURES[1]}))
    assert by_row(sheet) == {2: [], 3: [], 4: [1]}


def wps(sheet: str) -> BytesIO:
    """A workbook with two pictures as WPS keeps them."""
    made = parts(sheet)
    made["xl/_rels/workbook.xml.rels"] = related(
        r1=("worksheet", "worksheets/sheet1.xml"), r2=("cellImage", "cellimages.xml")
    )
    images = "".join(
        f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_{shade}"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="r{shade}"/></xdr:blipFill></xdr:pic></etc:cellImage>'
        for shade in (1, 2)
    )
    made["xl/cellimages.xml"] = (
        f'<etc:cellImages xmlns:etc="e" xmlns:xdr="x" xmlns:a="a" xmlns:r="r">{images}</etc:cellImages>'
    )
    made["xl/_rels/cellimages.xml.rels"] = related(r1=("image", "media/1.png"), r2=("image", "media/2.png"))
    return packed(made | {f"xl/media/{shade}.png": PICTURES[shade] for shade in (1, 2)})


def test_pictures_in_cells_as_wps_places_them() -> None:
    formula = '<f>_xlfn.DISPIMG("ID_{0}",1)</f><v>=DISPIMG("ID_{0}",1)</v>'
    lines = "".join(
        f'<row r="{row}"><c r="A{row}" t="str">{formula.format(name)}</c>'
        f'<c r="B{row}" t="inlineStr"><is><t>cup</t></is></c></row>'
        for row, name in ((2, 2), (3, 1), (4, "gone"))
    )
    heading = cells(("图片", "品名")).replace("</sheetData>", lines + "</sheetData>")
    sheet = read(wps(heading))
    assert by_row(sheet) == {2: [2], 3: [1], 4: []}
    assert sheet.rows[0].texts == {1: "cup"}
    assert sheet.rows[2].texts == {0: '=DISPIMG("ID_gone",1)', 1: "cup"}


def test_a_cached_text_is_enough_for_wps() -> None:
    sheet = read(wps(cells(("图片", "品名"), ('=DISPIMG("ID_1",1)', "cup"))))
    assert by_row(sheet) == {2: [1]}


def test_the_address_of_an_image_formula_is_read() -> None:
    formula = '<c r="A2" t="e"><f>_xlfn.IMAGE("https://img.example.com/1.jpg","cup")</f><v>#VALUE!</v></c>'
    heading = cells(("图片", "品名")).replace("</sheetData>", f'<row r="2">{formula}</row></sheetData>')
    assert read(packed(parts(heading))).rows[0].texts == {0: "https://img.example.com/1.jpg"}


def anchored(anchors: str) -> Sheet:
    """A sheet whose rows 1 to 6 are 60 points high, with this drawing over it."""
    high = "".join(
        f'<row r="{row}" ht="60" customHeight="1"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        f'<c r="B{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for row, text in enumerate(("name", "a", "b", "c", "d", "e"), start=1)
    ).replace('<c r="B1" t="inlineStr"><is><t>name', '<c r="B1" t="inlineStr"><is><t>image')
    made = parts(f'<sheetData>{high}</sheetData><drawing r:id="d1"/>')
    made["xl/worksheets/_rels/sheet1.xml.rels"] = related(d1=("drawing", "../drawings/drawing1.xml"))
    made["xl/drawings/drawing1.xml"] = f'<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">{anchors}</xdr:wsDr>'
    made["xl/drawings/_rels/drawing1.xml.rels"] = related(
        **{f"r{shade}": ("image", f"../media/{shade}.png") for shade in range(6)}
    )
    return read(packed(made | {f"xl/media/{shade}.png": picture for shade, picture in enumerate(PICTURES)}))


def corner(kind: str, row: int, offset: float) -> str:
    place = f"<xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
    return f"<xdr:{kind}>{place}<xdr:rowOff>{int(offset * 60 * EMU)}</xdr:rowOff></xdr:{kind}>"


def pic(shade: int) -> str:
    return (
        f'<xdr:pic><xdr:blipFill><a:blip r:embed="r{shade}"/></xdr:blipFill><xdr:spPr><a:xfrm>'
        '<a:ext cx="9" cy="9"/></a:xfrm></xdr:spPr></xdr:pic>'
    )


@pytest.mark.parametrize(
    ("begin", "end", "row"),
    [
        ((1, 0.1), (1, 0.9), 2),
        ((1, 0.1), (1, 0.2), 2),
        ((1, 0.9), (2, 0.95), 3),
        ((1, 0.0), (3, 0.9), 2),
        ((1, 0.2), (3, 0.9), 2),
        ((1, 0.8), (2, 0.4), 3),
        ((1, 0.6), (2, 0.3), 2),
        ((1, 7.0), (2, 0.9), 3),
        ((4, 0.0), (1, 0.5), 5),
    ],
)
def test_a_picture_across_rows_belongs_to_the_first_it_fills(
    begin: tuple[int, float], end: tuple[int, float], row: int
) -> None:
    anchor = f"<xdr:twoCellAnchor>{corner('from', *begin)}{corner('to', *end)}{pic(3)}</xdr:twoCellAnchor>"
    assert {number for number, shades in by_row(anchored(anchor)).items() if shades == [3]} == {row}


@pytest.mark.parametrize(
    ("offset", "height", "row"), [(0, 0.9, 2), (0.9, 1.0, 3), (0.2, 5, 2), (0, 0, 2), (0.8, 0.5, 3)]
)
def test_a_picture_with_a_height(offset: float, height: float, row: int) -> None:
    size = f'<xdr:ext cx="9" cy="{int(height * 60 * EMU)}"/>'
    anchor = f"<xdr:oneCellAnchor>{corner('from', 1, offset)}{size}{pic(4)}</xdr:oneCellAnchor>"
    assert {number for number, shades in by_row(anchored(anchor)).items() if shades == [4]} == {row}


def test_groups_are_several_pictures_and_fallbacks_none_of_their_own() -> None:
    both = f"<mc:AlternateContent xmlns:mc='m'><mc:Choice>{pic(0)}</mc:Choice><mc:Fallback>{pic(0)}</mc:Fallback>"
    group = f"<xdr:grpSp>{pic(1)}{pic(2)}</xdr:grpSp>"
    anchor = (
        f"<xdr:twoCellAnchor>{corner('from', 1, 0)}{corner('to', 1, 0.9)}{both}</mc:AlternateContent>{group}"
        "</xdr:twoCellAnchor>"
    )
    assert by_row(anchored(anchor))[2] == [0, 1, 2]


def test_pictures_without_a_cell_or_only_linked_are_left_out() -> None:
    linked = f'<xdr:twoCellAnchor>{corner("from", 1, 0)}{corner("to", 2, 0)}<a:blip r:link="r1"/></xdr:twoCellAnchor>'
    missing = f'<xdr:twoCellAnchor>{corner("from", 1, 0)}{corner("to", 2, 0)}<a:blip r:embed="r9"/></xdr:twoCellAnchor>'
    absolute = f'<xdr:absoluteAnchor><xdr:pos x="0" y="0"/>{pic(1)}</xdr:absoluteAnchor>'
    assert set(map(tuple, by_row(anchored(linked + missing + absolute)).values())) == {()}


def test_a_target_outside_of_the_workbook_is_not_looked_for_inside() -> None:
    anchor = f"<twoCellAnchor>{corner('from', 1, 0)}{corner('to', 2, 0)}{pic(1)}</twoCellAnchor>".replace("xdr:", "")
    made = parts(cells(("image", "name"), ("", "cup")) + '<drawing r:id="d1"/>')
    made["xl/worksheets/_rels/sheet1.xml.rels"] = related(d1=("drawing", "../drawing.xml"))
    made["xl/drawing.xml"] = f'<wsDr xmlns:a="a" xmlns:r="r">{anchor}</wsDr>'
    made["xl/1.png"] = PICTURES[1]
    for mode, pictures in (("Internal", [1]), ("External", [])):
        target = related(r1=("image", "1.png")).replace("/></", f' TargetMode="{mode}"/></')
        assert by_row(read(packed(made | {"xl/_rels/drawing.xml.rels": target})))[2] == pictures


def test_a_logo_above_the_headings_is_no_product() -> None:
    anchor = f"<xdr:twoCellAnchor>{corner('from', 0, 0)}{corner('to', 0, 0.9)}{pic(1)}</xdr:twoCellAnchor>"
    assert 1 not in by_row(anchored(anchor))


def test_a_damaged_picture_is_refused_by_itself() -> None:
    made = {name: str(content).encode() for name, content in parts(cells(("image", "name"), ("", "cup"))).items()}
    files = [Packed(name.encode(), content) for name, content in made.items()]
    sheet = read(zipped(*files, Packed(b"xl/media/1.png", PICTURES[0], checksum=1)))
    with pytest.raises(ArchiveRejected, match="entry-damaged"):
        sheet.read_picture(EmbeddedPicture("xl/media/1.png", 0))


def test_a_picture_of_another_sheet() -> None:
    with pytest.raises(KeyError):
        read(BytesIO(b"code,name\nA1,cup"), "a.csv").read_picture(EmbeddedPicture("xl/media/1.png", 0))
    with pytest.raises(KeyError):
        read(packed(parts(cells(("code", "name"), ("A1", "cup"))))).read_picture(EmbeddedPicture("x", 0))
