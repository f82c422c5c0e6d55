"""Prices and quantities as people write them."""

from decimal import Decimal

import pytest

from batches.reading.figures import price, quantity


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.50"),
        ("12", "12"),
        ("¥12.50", "12.50"),
        ("￥ 12.5", "12.5"),
        ("１２.５", "12.5"),
        ("12.5元", "12.5"),
        ("12.5 元/个", "12.5"),
        ("约12元", "12"),
        ("US$ 1,234.50", "1234.50"),
        ("$3.2/pc", "3.2"),
        ("3.20 USD", "3.20"),
        ("RMB 8.8", "8.8"),
        ("CNY8.8 each", "8.8"),
        ("€ 1.234,50", "1234.50"),
        ("1234,5", "1234.5"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1.5万", "15000.0"),
        ("0.00456", "0.0046"),
    ],
)
def test_prices(text: str, amount: str) -> None:
    assert str(price(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ask",
        "10-12",
        "-5",
        "0",
        "0.00",
        "1e5",
        "12.5.6",
        "1,23,4",
        "NaN",
        "12 34元x",
        "9" * 11,
        "9999999999.99999",
        "0.00001",
        "١٢",
        "=1",
    ],
)
def test_what_is_no_price(text: str) -> None:
    assert price(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("100", 100),
        ("1,000", 1000),
        ("100件", 100),
        ("100 pcs", 100),
        ("100.0", 100),
        ("2万", 20_000),
        ("1.5万个", 15_000),
    ],
)
def test_quantities(text: str, number: int) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["", "some", "1.5", "0", "-1", "10-20", "9" * 12, "100+"])
def test_what_is_no_quantity(text: str) -> None:
    assert quantity(text) is None


def test_a_price_is_exact() -> None:
    assert price("0.1") == Decimal("0.1")
