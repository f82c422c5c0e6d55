"""Landed costs by the exchange rates of a day: a link keeps its day, a page without one takes today's."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from reckoning.models import CostProfile
from saved.models import SavedView
from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.reckoning.making import ExchangeRateFactory
from tests.saved.factories import SavedViewFactory
from tests.searches.pages import text_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=1)
    SupplierMatchFactory(job=job, price=Decimal(10), tiers=[], moq=1)
    return job


@pytest.fixture
def goods_in_dollars(team) -> CostProfile:
    """What is paid for the goods, at the exchange rate, and nothing else."""
    return CostProfile.objects.create(team=team, name="Goods", target_currency="USD")


@pytest.fixture
def yesterday() -> date:
    """When a dollar was ¥5; since today it is ¥4."""
    day = timezone.localdate() - timedelta(days=1)
    ExchangeRateFactory(rate=Decimal("0.20"), valid_on=day)
    ExchangeRateFactory(rate=Decimal("0.25"), valid_on=timezone.localdate())
    return day


@pytest.fixture
def page(alice, job, goods_in_dollars, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(
        f"/searches/{job.pk}/", {"quantity": "10", "costs": goods_in_dollars.pk, **params}
    )


def test_without_a_day_it_is_todays(page, yesterday) -> None:
    words = text_of(page())
    assert "$2.50" in words
    assert "Reckon with today’s" not in words


def test_a_day_is_kept_said_and_can_be_left(page, yesterday) -> None:
    response = page(rates=yesterday.isoformat())
    words = text_of(response)
    assert "$2.00" in words
    assert f"reckoned with the exchange rates of {yesterday:%Y-%m-%d}" in words
    content = html.unescape(response.content.decode())
    assert f'name="rates" value="{yesterday:%Y-%m-%d}"' in content
    leaving = re.search(r'<a href="([^"]*)">Reckon with today’s', content)
    assert leaving
    assert "rates=" not in leaving[1]
    assert "costs=" in leaving[1]


def test_the_link_for_a_colleague_names_the_day(page) -> None:
    content = html.unescape(page().content.decode())
    link = re.search(r'id="saved-link"[^>]*value="([^"]*)"', content)
    assert link
    assert f"rates={timezone.localdate():%Y-%m-%d}" in link[1]


def test_a_view_that_was_saved_is_reckoned_anew(team, alice, job, goods_in_dollars, yesterday, page) -> None:
    query = f"costs={goods_in_dollars.pk}&quantity=10&sort=price"
    view: SavedView = SavedViewFactory(team=team, owner=alice, query=query)
    words = text_of(page(sort="price", view=view.pk, rates=yesterday.isoformat()))
    assert view.name in words
    assert "changed, not saved" not in words


@pytest.mark.parametrize("day", ["2026-13-40", "tomorrow", "9999-12-31"])
def test_a_day_that_is_none_yet_is_said(day, page, yesterday) -> None:
    words = text_of(page(rates=day))
    assert "Exchange rates of:" in words
    assert "$2.50" in words
