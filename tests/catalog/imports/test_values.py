"""What people write into cells, and what is made of it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports import fields, values
from catalog.imports.fields import Field, guess_columns
from catalog.imports.rows import Reader
from catalog.imports.staged import StagedRow


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1,234.50", ("1234.50", "")),
        ("1.234,50", ("1234.50", "")),
        ("¥12.5", ("12.5", "CNY")),
        ("￥12.5", ("12.5", "CNY")),
        ("12.5元", ("12.5", "CNY")),
        ("5.8元/件", ("5.8", "CNY")),
        ("12.5 USD", ("12.5", "USD")),
        ("HK$ 12", ("12", "HKD")),
        ("12 美元", ("12", "USD")),
        ("0.00", ("0", "")),
        ("$5 元", None),
        ("10-12", None),
        ("-3", None),
        ("ask", None),
        ("", None),
    ],
)
def test_prices(text, read) -> None:
    assert values.price(text) == (None if read is None else (Decimal(read[0]), read[1]))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人民币", "CNY"),
        ("元", "CNY"),
        ("rmb", "CNY"),
        ("美元", "USD"),
        ("ＵＳＤ", "USD"),
        ("$", "USD"),
        ("XXX", None),
        ("", None),
    ],
)
def test_currencies(text, code) -> None:
    assert values.currency(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "1-99: 5.80; 100+: 5.20",
        "1-99：5.80；100以上：5.20",
        "1~99=5.8 | 100+=5.2",
        "1 pcs: 5.8\n100 pcs: 5.2",
        "≥1: 5.80元; ≥100: 5.20元",
    ],
)
def test_tiers(text) -> None:
    read = values.tiers(text)
    assert read is not None
    assert read[0] == [(1, Decimal("5.8")), (100, Decimal("5.2"))]
    assert values.tiers(values.tiers_text([[quantity, f"{price:f}"] for quantity, price in read[0]])) == (read[0], "")


@pytest.mark.parametrize("text", ["1-90: 5; 100+: 4", "100: 5; 50: 6", "0+: 5", "1: $5; 10: 4元", "5.80", "1-99: ask"])
def test_what_are_no_tiers(text) -> None:
    assert values.tiers(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "20260301",
        "2026年3月1日",
        "46082",
        "2026-03-01 10:30",
        "1 Mar 2026",
        "March 1, 2026",
    ],
)
def test_days(text) -> None:
    assert values.day(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["3/4/2026", "2026-13-01", "2026年3月", "soon", "12", "0000-01-01"])
def test_what_are_no_days(text) -> None:
    assert values.day(text) is None


def test_a_day_that_is_only_one_by_one_reading() -> None:
    assert values.day("13/4/2026") == values.day("4/13/2026") == date(2026, 4, 13)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Own code", Field.CODE),
        ("货号", Field.CODE),
        ("单价(元)", Field.PRICE),
        ("Supplier name", Field.SUPPLIER),
        ("MOQ", Field.MOQ),
        ("最近采购日期", Field.LAST_BOUGHT),
        ("100+", Field.TIER),
        ("1,000以上", Field.TIER),
        ("Picture 2", Field.PICTURE),
        ("100", None),
        ("Colour", None),
    ],
)
def test_headings(heading, field) -> None:
    assert fields.field_of(heading) == field


def test_a_field_that_an_item_has_once_is_taken_from_the_first_column() -> None:
    headings = ["Code", "SKU", "Unit price FOB", "Picture", "Photo 2", "100+", "1000+", "Colour"]
    assert guess_columns(headings) == ["code", "", "price", "picture", "picture", "tier", "tier", ""]


def test_the_labels_of_both_languages_are_headings_that_are_known() -> None:
    for field, label in fields.LABELS.items():
        if field is not Field.TIER:
            assert fields.field_of(str(label)) is field


@given(st.lists(st.text(max_size=200), min_size=len(Field), max_size=len(Field)))
def test_whatever_stands_in_the_cells_is_read_or_told(cells) -> None:
    reader = Reader([field.value for field in Field], ["100+" if field is Field.TIER else "" for field in Field])
    row = reader.read(StagedRow(2, {column: text for column, text in enumerate(cells) if text}))
    assert row.troubles or row.code
