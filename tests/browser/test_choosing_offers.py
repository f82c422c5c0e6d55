"""Offers are chosen: by mouse and by keyboard, from page to page, and what is then done with them."""

import pytest
from playwright.sync_api import expect

from tests.browser.comparison import finish, job, page, rows

__all__ = ("job", "page")

pytestmark = pytest.mark.django_db(transaction=True)


def test_offers_stay_chosen_from_page_to_page(open_page, alice, job) -> None:
    finish(job, 60)
    page = open_page(alice, f"/searches/{job.pk}/")
    page.locator("#rows input").first.check()
    page.get_by_role("link", name="next").click()
    expect(rows(page)).to_have_count(40)
    page.locator("#rows input").last.check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export chosen").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("马克杯") == 2
    page.get_by_role("link", name="previous").click()
    expect(page.locator("#rows input:checked")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#rows input:checked")).to_have_count(0)
    expect(page.locator("#tray")).to_be_hidden()


def test_saving_empties_the_tray(open_page, alice, job) -> None:
    finish(job, 1)
    page = open_page(alice, f"/searches/{job.pk}/")
    page.locator("#rows input").nth(1).check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").fill("Mugs")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("1 offer saved to Mugs.")).to_be_visible()
    expect(page.get_by_text("on list “Mugs”")).to_be_visible()
    expect(page.locator("#tray")).to_be_hidden()


def test_ranges_and_all(page, job) -> None:
    boxes = page.locator("#rows input")
    boxes.nth(2).click()
    boxes.nth(6).click(modifiers=["Shift"])
    expect(page.get_by_text("5 chosen")).to_be_visible()
    every = page.get_by_label("Choose all offers of this page")
    assert every.evaluate("box => box.indeterminate")
    every.check()
    expect(page.get_by_text("30 chosen")).to_be_visible()
    every.uncheck()
    expect(page.locator("#tray")).to_be_hidden()


def test_rows_are_walked_chosen_and_opened_by_keyboard(page, job) -> None:
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.keyboard.press("End")
    expect(rows(page).last).to_be_focused()
    expect(rows(page).last).to_be_in_viewport()
    with page.context.expect_page() as opened:
        page.context.route("https://detail.1688.com/**", lambda route: route.fulfill(body="offer"))
        page.keyboard.press("Enter")
    assert "detail.1688.com/offer/" in opened.value.url
