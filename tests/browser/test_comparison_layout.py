"""The comparison's layout in a browser: what Shift, pointing and the keyboard do; and that nothing needs a script."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from searches.models import SearchJob
from tests.browser.test_screenshots import look_at
from tests.factories import (
    ListEntryFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory, ScoreWeightsFactory
from tests.searches.pages import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(team, alice) -> SearchJob:
    """Twenty-four offers of six suppliers, with tiers; one is rejected."""
    job = SearchJobFactory(team=team, owner=alice, title="Duffle bag", image__data=photo())
    SearchCallFactory(job=job, offers_found=24)
    for place in range(24):
        price = Decimal(12 + place % 7)
        SupplierMatchFactory(
            job=job,
            title=f"大容量防水旅行包 手提 {place:02}",
            rank=place + 1,
            similarity=round(0.99 - place * 0.02, 2),
            price=price if place != 5 else None,
            tiers=[] if place % 3 else [[1, str(price)], [300, str(price - 2)], [2000, str(price - 4)]],
            moq=(1, 10, 600)[place % 3],
            supplier_id=f"b2b-{place % 6}",
            supplier_name=f"白沟恒达箱包厂 {place % 6}",
            supplier_years=place % 6 + 1,
            supplier_credit=place % 6,
            image_url="",
            advertised=place == 3,
        )
    first = job.matches.first()
    kept = SupplierListFactory(team=team, name="Spring bags")
    ListEntryFactory(supplier_list=kept, offer_id=first.offer_id, status="rejected", reason="late samples")
    return job


@pytest.fixture
def open_page(open_page, alice) -> Callable[..., Page]:
    """`open_page(path)`: alice's window, wide enough for every column."""
    return partial(open_page, alice, viewport={"width": 1600, "height": 900})


@pytest.fixture
def everything(team) -> str:
    """The query of a page with all that can be reckoned."""
    ExchangeRateFactory()
    costs, weights = CostProfileFactory(team=team, name="By air"), ScoreWeightsFactory(team=team, name="Usual")
    return f"?quantity=500&costs={costs.pk}&weights={weights.pk}&sort=landed,-score"


def rows(page: Page):
    return page.locator("#rows > tr")


def test_shift_and_a_click_sorts_by_a_second_column(open_page, job) -> None:
    page = open_page(f"/searches/{job.pk}/?sort=moq")
    page.locator("#sort-price").click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("sort=moq%2Cprice"))
    expect(page.locator("th.sorted .place-in-order")).to_have_text(["2", "1"])
    expect(page.get_by_label("then by")).to_have_value("price")
    page.locator("#sort-price").click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("sort=moq%2C-price"))
    page.locator("#sort-credit").click()
    expect(page.locator(".place-in-order")).to_have_count(0)


def test_columns_are_chosen_and_moved_by_the_keyboard(open_page, job) -> None:
    page = open_page(f"/searches/{job.pk}/")
    page.get_by_role("button", name="Columns").press("Enter")
    expect(page.locator("#columns")).to_be_visible()
    page.locator("#down-price").press("Enter")
    expect(page.locator("thead a").nth(1)).to_have_text(re.compile("MOQ"))
    expect(page.locator("#columns")).to_be_visible()
    expect(page.locator("#down-price")).to_be_focused()
    page.locator("#column-years").press("Space")
    page.locator("#apply-columns").press("Enter")
    expect(page.locator("#sort-years")).to_be_visible()
    expect(rows(page).first.locator('[data-label="Years"]')).to_have_text("1")


def test_a_figures_parts_show_when_pointed_at_and_when_reached_by_the_keyboard(open_page, job, everything) -> None:
    page = open_page(f"/searches/{job.pk}/{everything}")
    figure = rows(page).first.locator(".made-of").first
    parts = rows(page).first.locator(".parts-of").first
    figure.hover()
    expect(parts).to_be_visible()
    expect(parts).to_contain_text("Freight")
    expect(parts).to_contain_text("By air")
    page.mouse.move(5, 5)
    expect(parts).to_be_hidden()
    rows(page).first.locator(".offer a").first.focus()
    page.keyboard.press("Tab")
    expect(figure).to_be_focused()
    expect(parts).to_be_visible()
    page.keyboard.press("Escape")
    expect(parts).to_be_hidden()
    figure.click()
    page.mouse.move(5, 5)
    expect(parts).to_be_visible()


def test_groups_open_in_place_and_keep_what_is_chosen(open_page, job) -> None:
    page = open_page(f"/searches/{job.pk}/")
    page.get_by_label("Group by supplier").check()
    expect(rows(page)).to_have_count(6)
    rows(page).first.locator("input[name=match]").check()
    rows(page).first.get_by_role("link", name="3 more of this supplier").click()
    expect(rows(page)).to_have_count(9)
    expect(page.locator("#rows input:checked")).to_have_count(1)
    page.locator("tr.member input").first.check()
    expect(page.locator("#tray [role=status]")).to_have_text("2 chosen")


def test_a_quantity_is_typed_and_told_when_it_is_none(open_page, job) -> None:
    page = open_page(f"/searches/{job.pk}/")
    page.get_by_label("Order quantity").fill("５００")
    page.get_by_label("Order quantity").press("Enter")
    expect(page.locator("#sort-unit")).to_have_text(re.compile("At 500"))
    expect(page.locator(".cheapest")).to_contain_text("At 500 pieces the cheapest is")
    page.get_by_label("Order quantity").fill("0")
    page.get_by_label("Order quantity").press("Enter")
    expect(page.locator("#bar .notice")).to_contain_text("An order has at least 1 piece.")


def test_without_scripts_everything_is_a_form_or_a_link(open_page, job, everything) -> None:
    page = open_page(f"/searches/{job.pk}/{everything}", java_script_enabled=False)
    page.get_by_label("then by").select_option("moq")
    page.get_by_label("Group by supplier").check()
    page.get_by_role("button", name="Apply").click()
    assert "then=moq" in page.url
    rows(page).first.locator("a.further").click()
    expect(page.locator("tr.member").first).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    page.locator("#up-moq").click()
    expect(page.locator("thead a").nth(4)).to_have_text(re.compile("MOQ"))
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("compact").check()
    page.locator("#apply-columns").click()
    expect(page.locator("table.offers")).to_have_class(re.compile("compact"))
    rows(page).first.locator(".made-of").first.click()
    expect(rows(page).first.locator(".parts-of").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_every_layout(open_page, job, everything, scheme) -> None:
    first = job.matches.order_by("rank").first().pk
    page = open_page(f"/searches/{job.pk}/{everything}", color_scheme=scheme)
    look_at(page, "comparison-reckoned", scheme)
    page.set_viewport_size({"width": 1600, "height": 900})
    rows(page).nth(2).locator(".made-of").first.hover()
    look_at(page, "comparison-parts", scheme)
    page.goto(page.url.partition("?")[0] + f"?group=supplier&fold=1&open={first}&sort=rank,-credit")
    look_at(page, "comparison-grouped", scheme)
    page.goto(page.url.partition("?")[0] + "?density=compact&cols=price,moq,supplier,years,credit,ships,location")
    page.get_by_role("button", name="Columns").click()
    look_at(page, "comparison-columns", scheme)
