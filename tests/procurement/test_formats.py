"""Dates, numbers and money as each language's readers know them, wherever they come from."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from searches.formats import day_and_clock, money, percent
from tests.factories import SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of

MOMENT = datetime(2026, 11, 2, 4, 5, tzinfo=UTC)
SHOWN = """{% load humanize %}{{ number|intcomma }} {{ moment|date }} {{ moment }} {{ price|floatformat:"2g" }}"""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_django_writes_as_the_rows_do(language) -> None:
    with override(language):
        shown = Template(SHOWN).render(Context({"number": 1234567, "moment": MOMENT, "price": Decimal("12345.678")}))
        assert shown == "1,234,567 2026-11-02 2026-11-02 12:05 12,345.68"
        assert day_and_clock(MOMENT) == "2026-11-02 12:05"
        assert (money(Decimal("12345.5"), "CNY"), percent(0.415)) == ("¥12,345.50", "42%")


@pytest.mark.parametrize(("language", "found"), [("en", "1,200 of 1,200"), ("zh-hans", "1,200")])
def test_a_page_parts_thousands(language, found, alice, team, signed_in) -> None:
    job = SearchJobFactory(team=team, owner=alice, title="many")
    SupplierMatchFactory.create_batch(1200, job=job, title="bag", supplier_name="Hengda", price=Decimal("23456.5"))
    said = text_of(signed_in(alice).get(job.get_absolute_url(), headers={"Accept-Language": language}))
    assert found in said
    assert "1200" not in said
    assert "¥23,456.50" in said


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_days_in_fields_are_what_browsers_take(language, alice, team, signed_in) -> None:
    """A field of the type "date" shows nothing of any other form."""
    SearchJobFactory(team=team, owner=alice)
    page = signed_in(alice).get("/searches/?since=2026-11-02", headers={"Accept-Language": language})
    assert 'value="2026-11-02"' in page.content.decode()


def test_the_language_outlives_the_browser_and_the_session(alice, signed_in) -> None:
    client = signed_in(alice)
    client.post("/i18n/set/", {"language": "zh-hans", "next": "/accounts/password/"})
    assert client.cookies["django_language"]["max-age"] == 365 * 24 * 60 * 60
    client.post("/accounts/sign-out/")
    assert "登录" in text_of(client.get("/accounts/sign-in/", headers={"Accept-Language": "en"}))
