"""Which column means what, and what each row then says."""

from decimal import Decimal
from io import BytesIO

import pytest

from batches.reading import (
    EmbeddedPicture,
    Field,
    ProblemCode,
    ProductRow,
    Reason,
    Row,
    Sheet,
    apply_mapping,
    guess_mapping,
    read_sheet,
)

ALL = {
    Field.PICTURE: 0,
    Field.URL: 1,
    Field.CODE: 2,
    Field.NAME: 3,
    Field.TARGET_PRICE: 4,
    Field.QUANTITY: 5,
    Field.KEYWORDS: 6,
}


@pytest.mark.parametrize(
    "headings",
    [
        ("图片", "图片链接", "货号", "品名", "目标价", "数量", "关键词"),
        ("主图", "链接", "编码", "名称", "目标价格", "采购数量", "关键字"),
        ("圖片", "圖片鏈接", "貨號", "品名", "目標價", "數量", "關鍵詞"),
        ("Photo", "Image URL", "SKU", "Product name", "Target price", "Qty", "Keywords"),
        ("File name", "url", "Item No.", "TITLE", "price", "Quantity", "keyword"),
        ("image_file", "image-url", "item_no", "product", "target_price", "qty", "search terms"),
        ("文件名", "图片地址", "商品编码", "商品名称", "目标价（元）", "数量(件)", "搜索关键词"),
        ("图片1*", "链接 1", "SKU*", "产品", "单价【RMB】", "ＱＴＹ", "标签"),
    ],
)
def test_known_headings(headings: tuple[str, ...]) -> None:
    guess = guess_mapping(headings)
    assert guess.columns == ALL
    assert set(guess.reasons.values()) == {Reason.HEADING}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("请上传产品图片", Field.PICTURE),
        ("Your target price, FOB", Field.TARGET_PRICE),
        ("供应商货号", Field.CODE),
        ("Estimated quantity per year", Field.QUANTITY),
        ("图片链接地址", Field.URL),
    ],
)
def test_a_word_in_the_heading(heading: str, field: Field) -> None:
    guess = guess_mapping(["x", heading])
    assert (guess.columns, guess.reasons) == ({field: 1}, {field: Reason.PART_OF_HEADING})


def test_a_known_heading_wins_over_an_earlier_one_that_only_contains_it() -> None:
    assert guess_mapping(["Supplier's product name", "Name"]).columns == {Field.NAME: 1}


def test_each_field_and_each_column_once() -> None:
    guess = guess_mapping(["photo", "image", "picture", "code", "sku"])
    assert guess.columns == {Field.PICTURE: 0, Field.CODE: 3}


@pytest.mark.parametrize("headings", [(), ("",), ("x", "y"), ("1", "2026"), ("(", "（）")])
def test_nothing_known(headings: tuple[str, ...]) -> None:
    assert guess_mapping(headings).columns == {}


def test_what_the_cells_hold_tells_too() -> None:
    rows = [Row(2, {0: "https://a.example/1", 1: "red/1.JPG", 2: "x"}), Row(3, {0: "//b.example/2"})]
    guess = guess_mapping(["a", "b", "c"], rows)
    assert guess.columns == {Field.URL: 0, Field.PICTURE: 1}
    assert set(guess.reasons.values()) == {Reason.CONTENT}
    assert guess_mapping(["a", "b", "c"], [*rows, Row(4, {0: "none", 1: "none"})]).columns == {}


def product(*cells: str, pictures: tuple[EmbeddedPicture, ...] = ()) -> ProductRow:
    texts = {column: cell for column, cell in enumerate(cells) if cell}
    (row,) = apply_mapping(Sheet("s", ("",) * 7, 1, (Row(2, texts, pictures),)), ALL)
    return row


def codes(row: ProductRow) -> list[ProblemCode]:
    return [problem.code for problem in row.problems]


def test_a_full_row() -> None:
    row = product("1.jpg", "https://a.example/1.jpg", "A1", "杯子", "¥12.50", "1,000", "mug, cup")
    assert row == ProductRow(
        number=2,
        code="A1",
        name="杯子",
        target_price=Decimal("12.50"),
        quantity=1000,
        keywords="mug, cup",
        file_name="1.jpg",
        urls=("https://a.example/1.jpg",),
    )


def test_bad_cells_leave_the_rest_of_the_row() -> None:
    row = product("1.jpg", "a.example/1.jpg", "A1", "cup", "ask", "some")
    assert codes(row) == [ProblemCode.BAD_PRICE, ProblemCode.BAD_QUANTITY, ProblemCode.BAD_URL]
    assert [problem.text for problem in row.problems] == ["ask", "some", "a.example/1.jpg"]
    assert (row.code, row.target_price, row.quantity, row.urls) == ("A1", None, None, ())
    assert row.problems[0].message.startswith("The target price")


def test_nothing_to_search_with() -> None:
    assert codes(product("", "", "A1", "cup")) == [ProblemCode.NO_PICTURE]
    assert codes(product("", "ftp://a.example/1.jpg")) == [ProblemCode.BAD_URL, ProblemCode.NO_PICTURE]
    assert codes(product(pictures=(EmbeddedPicture("p", 0),))) == []


@pytest.mark.parametrize(
    ("cell", "urls"),
    [
        ("https://a.example/1.jpg\nhttps://a.example/2.jpg", ("https://a.example/1.jpg", "https://a.example/2.jpg")),
        ("https://a.example/1.jpg;https://a.example/1.jpg", ("https://a.example/1.jpg",)),
        ("https://a.example/w,100/1.jpg,https://a.example/2", ("https://a.example/w,100/1.jpg", "https://a.example/2")),
        ("//img.example/1.jpg", ("https://img.example/1.jpg",)),
        ("HTTP://a.example/1.jpg", ("HTTP://a.example/1.jpg",)),
        ("https:///1.jpg", ()),
        ("https://[::1", ()),
        ("javascript:alert(1)", ()),
        ("https://a.example/" + "x" * 2_000, ()),
    ],
)
def test_addresses(cell: str, urls: tuple[str, ...]) -> None:
    row = product("", cell)
    assert row.urls == urls
    assert (ProblemCode.BAD_URL in codes(row)) == (not urls)


def test_addresses_under_picture() -> None:
    row = product("https://a.example/1.jpg", "https://a.example/2.jpg")
    assert (row.file_name, row.urls) == ("", ("https://a.example/1.jpg", "https://a.example/2.jpg"))


def test_a_cell_with_thousands_of_addresses() -> None:
    assert len(product("", " ".join(f"https://a.example/{at}" for at in range(1_500))).urls) <= 51


def test_long_texts_are_cut_and_it_is_said() -> None:
    row = product("1.jpg", "", "A" * 201, "n" * 501)
    assert (len(row.code), len(row.name), codes(row)) == (200, 500, [ProblemCode.TOO_LONG] * 2)
    assert len(row.problems[0].text) == 100


def test_only_pictures_in_columns_of_pictures_count_unless_there_are_none() -> None:
    chart, photo = EmbeddedPicture("chart", 5), EmbeddedPicture("photo", 0)
    assert product(pictures=(chart, photo)).pictures == (photo,)
    assert product(pictures=(chart,)).pictures == (chart,)


def test_columns_that_the_user_left_out_or_that_are_not_there() -> None:
    sheet = read_sheet(BytesIO(b"code,name\nA1,cup\n"), "a.csv")
    (row,) = apply_mapping(sheet, {Field.CODE: 1, Field.QUANTITY: 99})
    assert (row.number, row.code, row.name, row.quantity) == (2, "cup", "", None)
