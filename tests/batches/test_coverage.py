"""Suppliers by how many of a batch's products they offer, and by what the quantities cost there."""

import csv
import io
import re
from decimal import Decimal

import pytest

from batches.coverage import COLUMNS, Missing, coverage_of, ranges
from batches.models import Batch, BatchRow
from batches.prices import cost_of, unit_price
from batches.views.coverage import SUPPLIERS_PER_PAGE
from searches.models import SearchJob, SupplierMatch
from tests.batches.making import found_row
from tests.factories import OTHER_MARKETPLACE, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
TIERS = [[10, "9.00"], [100, "8.00"], [1000, "6.50"]]


def offer(row: BatchRow, supplier: str = "s1", price: object = "10", **columns: object) -> SupplierMatch:
    given = {"supplier_id": supplier, "supplier_name": f"Factory {supplier}", "moq": None}
    return SupplierMatchFactory(job=row.job, price=price and Decimal(str(price)), **given | columns)


def supplier_of(batch: Batch, name: str = "s1"):
    return next(supplier for supplier in coverage_of(batch).suppliers if supplier.id == name)


@pytest.mark.parametrize(
    ("pieces", "price"), [(1, 10), (9, 10), (10, 9), (99, 9), (100, 8), (999, 8), (1000, "6.5"), (10**8, "6.5")]
)
def test_the_price_is_that_of_the_tier(pieces, price) -> None:
    assert unit_price(Decimal(10), TIERS, pieces) == Decimal(price)


@pytest.mark.parametrize(
    ("price", "tiers", "moq", "quantity", "unit", "pieces", "raised"),
    [
        (10, [], None, 5, 10, 5, False),
        (10, [], 5, 5, 10, 5, False),
        (10, [], 50, 5, 10, 50, True),
        # The smallest order brings the better price.
        (10, TIERS, 100, 5, 8, 100, True),
        (None, TIERS, None, 500, 8, 500, False),
        # Sold by tiers alone, so from the first of them on.
        (None, TIERS, None, 5, 9, 10, True),
    ],
)
def test_no_order_is_smaller_than_the_moq(price, tiers, moq, quantity, unit, pieces, raised) -> None:
    cost = cost_of(price and Decimal(price), "CNY", tiers, moq, quantity)
    assert cost is not None
    assert (cost.unit, cost.pieces, cost.raised, cost.total) == (unit, pieces, raised, unit * pieces)


def test_without_a_price_nothing_costs_nothing() -> None:
    assert cost_of(None, "CNY", [], 10, 10) is None
    assert unit_price(None, TIERS, 5) is None


def test_products_and_total_of_a_supplier(batch) -> None:
    offer(found_row(batch, 1, quantity=100), price=5)
    offer(found_row(batch, 2, quantity=20), price=7, tiers=[[1, "7"], [10, "6.25"]])
    found_row(batch, 3, quantity=1)
    supplier = supplier_of(batch)
    assert (supplier.products, coverage_of(batch).products) == (2, 3)
    assert supplier.totals == {"CNY": Decimal("625.00")}


def test_of_several_offers_of_a_product_the_cheapest_counts(batch) -> None:
    row = found_row(batch, 1, quantity=10)
    offer(row, price=9)
    offer(row, price=7)
    offer(row, price=2, moq=1000)
    offer(row, price=None)
    supplier = supplier_of(batch)
    assert (supplier.products, supplier.totals, supplier.raised) == (1, {"CNY": Decimal(70)}, 0)


def test_an_order_that_is_raised_to_the_moq_is_marked(batch) -> None:
    offer(found_row(batch, 1, quantity=10), price=3, moq=100)
    supplier = supplier_of(batch)
    assert (supplier.totals, supplier.raised) == ({"CNY": Decimal(300)}, 1)


def test_what_has_no_price_or_quantity_is_in_no_total(batch) -> None:
    offer(found_row(batch, 1, quantity=10), price=None)
    offer(found_row(batch, 2), price=5)
    offer(found_row(batch, 3, quantity=2), price=5)
    supplier = supplier_of(batch)
    assert (supplier.products, supplier.totals) == (3, {"CNY": Decimal(10)})
    assert (supplier.without(Missing.PRICE), supplier.without(Missing.QUANTITY)) == (1, 1)


def test_currencies_are_not_added_up(batch) -> None:
    offer(found_row(batch, 1, quantity=1), price=5)
    offer(found_row(batch, 2, quantity=1), price=3, currency="USD")
    assert supplier_of(batch).totals == {"CNY": Decimal(5), "USD": Decimal(3)}


def test_a_repeated_picture_is_a_product_with_its_own_quantity(batch) -> None:
    row = found_row(batch, 1, quantity=10)
    offer(row, price=2)
    batch.rows.create(number=2, state=BatchRow.State.DUPLICATE, duplicate_of=row, quantity=100)
    supplier = supplier_of(batch)
    assert (supplier.products, supplier.totals) == (2, {"CNY": Decimal(220)})


def test_suppliers_are_told_apart_by_id_else_by_name_and_by_source(batch) -> None:
    row = found_row(batch, 1)
    offer(row, "b2b-1", supplier_name="One")
    offer(row, "b2b-1", supplier_name="One, renamed")
    offer(row, "", supplier_name="Two")
    offer(row, "", supplier_name="Two")
    offer(row, "", supplier_name="")
    # Another protocol of the same source knows the same suppliers.
    offer(row, "b2b-1", supplier_name="One", marketplace=OTHER_MARKETPLACE)
    coverage = coverage_of(batch)
    assert sorted(supplier.name for supplier in coverage.suppliers) == ["One", "Two"]
    assert coverage.nameless == 1


def test_only_the_batchs_own_offers_count(batch, team) -> None:
    found_row(batch, 1)
    SupplierMatchFactory(job=SearchJobFactory(team=team))
    assert coverage_of(batch).suppliers == []


def test_a_thousand_products_take_two_queries(batch, django_assert_num_queries) -> None:
    for number in (1, 2, 3):
        found_row(batch, number, offers=3)
    with django_assert_num_queries(2):
        assert len(coverage_of(batch).suppliers) == 9


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([3], "3"), ([1, 2, 3], "1–3"), ([9, 1, 2, 4, 7, 8], "1–2, 4, 7–9")]
)
def test_neighbouring_numbers_are_told_as_one(numbers, text) -> None:
    assert ranges(numbers) == text


# The page


@pytest.fixture
def three(batch) -> Batch:
    """Broad offers both products; cheap one of them for less, dear one for more, silent names no price."""
    first, second = found_row(batch, 1, quantity=10), found_row(batch, 2, quantity=10)
    for row in (first, second):
        offer(row, "broad", 5)
    offer(first, "cheap", 4)
    offer(second, "dear", 20)
    offer(second, "silent", None)
    return batch


def names(response) -> list[str]:
    return re.findall(r'<span lang="zh">Factory (\w+)</span>', response.content.decode())


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["broad", "cheap", "dear", "silent"]),
        ("?sort=-products", ["broad", "cheap", "dear", "silent"]),
        ("?sort=products", ["cheap", "dear", "silent", "broad"]),
        ("?sort=total", ["cheap", "broad", "dear", "silent"]),
        ("?sort=-total", ["dear", "broad", "cheap", "silent"]),
        ("?sort=supplier", ["broad", "cheap", "dear", "silent"]),
        ("?sort=-supplier", ["silent", "dear", "cheap", "broad"]),
        ("?sort=nonsense", ["broad", "cheap", "dear", "silent"]),
    ],
)
def test_it_is_sorted_by_its_address_and_what_is_unknown_comes_last(sort, order, three, alice, signed_in) -> None:
    assert names(signed_in(alice).get(f"/batches/{three.pk}/coverage/{sort}")) == order


def test_the_page_tells_what_a_total_is_made_of(three, alice, signed_in) -> None:
    page = text_of(signed_in(alice).get(f"/batches/{three.pk}/coverage/"))
    assert "2 of 2" in page
    assert "¥100.00" in page
    assert "no total" in page
    assert "1 without a price" in page
    assert "数据来源：1688" in page


def test_it_is_linked_from_the_batch(three, alice, signed_in) -> None:
    Batch.objects.update(status=Batch.Status.DONE)
    assert f"/batches/{three.pk}/coverage/" in signed_in(alice).get(f"/batches/{three.pk}/").content.decode()


def test_the_page_has_pages_and_as_many_queries_however_many_suppliers(
    batch, alice, signed_in, django_assert_max_num_queries
) -> None:
    row = found_row(batch, 1, quantity=1)
    for number in range(SUPPLIERS_PER_PAGE + 5):
        offer(row, f"s{number:03}", 1 + number)
    client = signed_in(alice)
    with django_assert_max_num_queries(12):
        first = client.get(f"/batches/{batch.pk}/coverage/")
    assert len(names(first)) == SUPPLIERS_PER_PAGE
    assert names(client.get(f"/batches/{batch.pk}/coverage/?page=2")) == [f"s{number:03}" for number in range(50, 55)]


def test_before_anything_was_found_there_is_a_word(batch, alice, signed_in) -> None:
    assert "No suppliers yet" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/coverage/"))


def test_csv_has_every_supplier_in_the_pages_order(three, vera, signed_in) -> None:
    answer = signed_in(vera).get(f"/batches/{three.pk}/coverage.csv?sort=-total")
    head, *lines, notice = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert tuple(head) == COLUMNS
    found = [dict(zip(head, line, strict=True)) for line in lines]
    assert [line["supplier_id"] for line in found] == ["dear", "broad", "cheap", "silent"]
    told = {"products": "2", "products_in_batch": "2", "total": "100.00", "currency": "CNY", "rows": "1–2"}
    assert told.items() <= found[1].items()
    assert (found[3]["total"], found[3]["without_price"]) == ("", "1")
    assert "数据来源：1688" in notice[0]


def test_a_supplier_with_two_currencies_has_a_line_for_each(batch, alice, signed_in) -> None:
    offer(found_row(batch, 1, quantity=1), price=5)
    offer(found_row(batch, 2, quantity=1), price=3, currency="USD")
    answer = signed_in(alice).get(f"/batches/{batch.pk}/coverage.csv")
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[:2]
    assert [(line["currency"], line["total"], line["products_in_total"]) for line in lines] == [
        ("CNY", "5.00", "1"),
        ("USD", "3.00", "1"),
    ]


def test_a_search_that_failed_is_a_product_that_nobody_offers(batch) -> None:
    found_row(batch, 1, status=SearchJob.Status.FAILED)
    batch.rows.create(number=2, state=BatchRow.State.REFUSED)
    assert coverage_of(batch).products == 1
