"""The examples of docs/costs.md, reckoned."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from reckoning.costing import costing_of
from reckoning.figures import quantised
from reckoning.scoring import Criterion, Weights, score_of
from tests.reckoning.making import FRIDAY, CostProfileFactory, ExchangeRateFactory

DOCUMENT = (Path(__file__).parents[2] / "docs" / "costs.md").read_text()
PARTS = ("goods", "freight", "inspection", "other costs", "agent fee", "duty", "landed")


@pytest.mark.django_db
def test_the_order_of_bags():
    ExchangeRateFactory(rate=Decimal("0.14"))
    costing = costing_of(CostProfileFactory(), ["CNY"], FRIDAY)
    found = costing.landed(quantity=500, price=Decimal(10), currency="CNY")
    table = DOCUMENT.split("### An example")[1].split("\n## ")[0]
    told = re.findall(r"^\| \**([a-z ]+?)\** \|[^|]*\| \**([\d,.]+)\** \| \**([\d.]+)\** \|$", table, re.MULTILINE)
    assert tuple(name for name, _, _ in told) == PARTS
    for name, order, piece in told:
        attribute = {"other costs": "other", "agent fee": "agent_fee", "landed": "total"}.get(name, name)
        assert f"{quantised(getattr(found.order, attribute), 2):,}" == order
        assert f"{quantised(getattr(found.piece, attribute), 4)}" == piece


def test_the_usual_weights():
    section = DOCUMENT.split("## Score")[1]
    told = re.findall(r"^\| (\w+) \|[^|]*\| (\d+) \|$", section, re.MULTILINE)
    names = {"repurchased": "repurchase"}
    assert {names.get(name, name): int(weight) for name, weight in told} == {
        criterion.value: Weights().of(criterion) for criterion in Criterion
    }


def test_the_score_of_an_offer():
    found = score_of(
        price=Decimal(10),
        similarity=Decimal("0.9"),
        credit=4,
        years=3,
        repurchase=Decimal("0.2"),
        delivery=48,
        cheapest=Decimal(8),
        weights=Weights(),
    )
    told = re.search(r"÷ 18 = ([\d.]+)\.$", DOCUMENT, re.MULTILINE)
    assert told is not None
    assert str(quantised(found.total, 1)) == told[1]
