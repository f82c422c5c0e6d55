"""CSV that opens in a spreadsheet and runs nothing there."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searches.exports import (
    FORMULA_STARTS,
    OFFER_COLUMNS,
    csv_response,
    notice_of,
    offer_cells,
    safe_cell,
    source_name,
    source_notice,
    write_csv,
)
from searches.models import SearchCall, SupplierMatch
from tests.factories import MARKETPLACE, NOON, SupplierMatchFactory


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1", " =1+1", "\u3000=1", "-"],
)
def test_formulas_of_strangers_are_defused(text: str):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["旅行包", "a=b", "5-10 件", "'=1", "", "1688", "mail@example.com", "(=1)"])
def test_other_text_stays_as_it_is(text: str):
    assert safe_cell(text) == text


@given(st.text())
def test_no_text_begins_like_a_formula(text: str):
    assert not safe_cell(text).lstrip().startswith(FORMULA_STARTS)
    assert safe_cell(text).endswith(text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        (True, "TRUE"),
        (False, "FALSE"),
        (-0.25, "-0.25"),
        (Decimal("23.5000"), "23.50"),
        (Decimal("-1"), "-1.00"),
        (Decimal("0.0350"), "0.035"),
        (Decimal("1E+3"), "1000.00"),
        (datetime(2026, 11, 22, 4, 5, 6, 789, tzinfo=UTC), "2026-11-22T12:05:06+08:00"),
    ],
)
def test_figures_stay_figures(value, cell: str):
    assert safe_cell(value) == cell


def test_a_file(tmp_path: Path):
    path = tmp_path / "offers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, ["title", "price"], [['a "b", c\nd', Decimal("1")], ["=x", None]], notice="数据来源：1688")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbftitle,price\r\n")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["title", "price"],
        ['a "b", c\nd', "1.00"],
        ["'=x", ""],
        ["数据来源：1688"],
    ]


def test_a_download_is_written_while_rows_are_read():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number]

    response = csv_response("offers", ["n"], rows())
    assert response.streaming
    lines = iter(response)
    assert next(lines).decode() == "\ufeffn\r\n"
    assert read == []
    assert next(lines) == b"0\r\n"
    assert read == [0]
    assert list(lines) == [b"1\r\n", b"2\r\n"]


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("offers.csv", 'attachment; filename="offers.csv"'),
        ("旅行包", "attachment; filename*=utf-8''%E6%97%85%E8%A1%8C%E5%8C%85.csv"),
        ('../a/b\\c"d\r\nX: y', 'attachment; filename="-a-b-c-d--X- y.csv"'),
        (" ... ", 'attachment; filename="export.csv"'),
        ("x" * 300, f'attachment; filename="{"x" * 80}.csv"'),
    ],
)
def test_the_file_name_is_a_file_name(name: str, disposition: str):
    assert csv_response(name, [], [])["Content-Disposition"] == disposition


@pytest.mark.django_db
def test_the_cells_of_an_offer():
    match = SupplierMatchFactory(price=Decimal("23.5"), similarity=0.912345, rank=3, supplier_credit=0)
    cells = dict(zip(OFFER_COLUMNS, offer_cells(SupplierMatch.objects.get(pk=match.pk)), strict=True))
    assert cells["source"] == "1688"
    assert cells["marketplace"] == MARKETPLACE
    assert cells["offer_id"] == match.offer_id
    assert cells["similarity"] == 0.9123
    assert (cells["price"], cells["currency"], cells["moq"], cells["rank"]) == (Decimal("23.5"), "CNY", 5, 3)
    assert (cells["supplier_credit"], cells["fetched_at"]) == (0, NOON)


@pytest.mark.django_db
def test_the_cells_of_an_offer_that_says_little():
    match = SupplierMatchFactory(price=None, similarity=None, moq=None, supplier_credit=None, url="")
    cells = dict(zip(OFFER_COLUMNS, map(safe_cell, offer_cells(match)), strict=True))
    assert {cells[name] for name in ("price", "similarity", "moq", "supplier_credit", "url")} == {""}
    assert {cells[name] for name in OFFER_COLUMNS[16:]} == {""}


def test_the_columns_keep_their_names_and_places():
    """Sheets are built on them: new ones come last."""
    promised = (
        *("source", "marketplace", "offer_id", "title", "url", "image_url", "price", "currency", "moq", "similarity"),
        *("rank", "supplier_id", "supplier_name", "supplier_location", "supplier_credit", "fetched_at"),
        *("price_original", "price_promotion", "price_dropship", "price_selected", "price_selected_wholesale"),
        *("tiers", "monthly_sales", "repurchase_rate", "ships_within_hours", "dropshipping", "patented", "advertised"),
        *("supplier_years", "supplier_medal", "supplier_score", "identities"),
    )
    assert promised == OFFER_COLUMNS


@pytest.mark.django_db
def test_the_cells_of_an_offer_that_says_all_it_can():
    match = SupplierMatchFactory(
        prices={"dropship": "25.5", "promotion": "0.0350", "selected-wholesale": "3"},
        tiers=[[1, "20"], [100, "17.5"]],
        monthly_sales=0,
        repurchase_rate=0.41,
        ships_within_hours=48,
        dropshipping=True,
        patented=False,
        supplier_years=9,
        supplier_medal=4,
        supplier_score=4.25,
        identities=["super-factory", "verified"],
    )
    cells = dict(zip(OFFER_COLUMNS, map(safe_cell, offer_cells(match)), strict=True))
    assert {name: cells[name] for name in OFFER_COLUMNS[16:]} == {
        "price_original": "",
        "price_promotion": "0.035",
        "price_dropship": "25.50",
        "price_selected": "",
        "price_selected_wholesale": "3.00",
        "tiers": "1+ 20.00; 100+ 17.50",
        "monthly_sales": "0",
        "repurchase_rate": "0.41",
        "ships_within_hours": "48",
        "dropshipping": "TRUE",
        "patented": "FALSE",
        "advertised": "",
        "supplier_years": "9",
        "supplier_medal": "4",
        "supplier_score": "4.25",
        "identities": "super-factory; verified",
    }


def test_sources_have_names():
    assert source_name(MARKETPLACE) == "1688"
    assert source_name("closed-down") == "closed-down"


def test_the_notice():
    later = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert source_notice([MARKETPLACE, MARKETPLACE], NOON) == (
        "Source: 1688, fetched 2026-11-22 12:00. For the team's own business; not for resale. 数据来源：1688"
    )
    assert "fetched 2026-11-22 12:00 – 2026-11-23 09:30." in source_notice([MARKETPLACE], NOON, later)
    assert "Source: 1688, closed-down," in source_notice(["closed-down", MARKETPLACE], NOON)
    assert source_notice([], NOON) == ""
    assert source_notice([MARKETPLACE], None) == ""


def test_the_notice_of_calls_names_only_what_was_fetched():
    later = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    calls = [
        SearchCall(fetched_at=later, marketplace=MARKETPLACE),
        SearchCall(fetched_at=NOON, marketplace=MARKETPLACE),
        SearchCall(fetched_at=None, marketplace="closed-down"),
    ]
    assert notice_of(calls) == source_notice([MARKETPLACE], NOON, later)
    assert notice_of(calls[2:]) == ""
