"""The comparison under a reader's hands: what the poll and the filters replace, and what they must not touch."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.comparison import finish, job, page, rows

__all__ = ("job", "page")

pytestmark = pytest.mark.django_db(transaction=True)


def test_new_offers_leave_choice_focus_and_scrolling_alone(page, job) -> None:
    expect(rows(page)).to_have_count(30)
    page.locator("#rows input").nth(2).check()
    page.locator("details.call summary").click()
    box = page.locator(".tablebox")
    rows(page).nth(9).focus()
    page.keyboard.press("ArrowDown")
    box.evaluate("box => box.scrollTo(0, 320)")
    before = page.evaluate("[document.activeElement.id, document.querySelector('.tablebox').scrollTop]")
    chosen = page.locator("#rows input:checked").get_attribute("value")

    finish(job)
    expect(rows(page)).to_have_count(50)
    assert page.evaluate("[document.activeElement.id, document.querySelector('.tablebox').scrollTop]") == before
    assert before[1] == 320
    assert before[0].startswith("match-")
    assert page.locator("#rows input:checked").get_attribute("value") == chosen
    expect(page.get_by_text("1 chosen")).to_be_visible()
    assert page.locator("details.call").get_attribute("open") is not None
    expect(page.locator("#announce")).to_have_text("50 of 50 offers, the search is done")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") != before[0], "the walk goes on from where it was"


def test_the_poll_ends_with_the_search(page, job) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    finish(job)
    expect(page.get_by_role("button", name="Search again")).to_be_visible()
    expect(page.locator("[hx-trigger='every 1s']")).to_have_count(0)
    asked.clear()
    page.wait_for_timeout(1500)
    assert asked == []


def test_typing_in_a_filter_is_not_taken_away(page, job) -> None:
    field = page.get_by_label("any of these words")
    field.press_sequentially("红")
    finish(job)
    expect(rows(page)).to_have_count(50)
    expect(field).to_be_focused()
    field.press_sequentially("色")
    expect(field).to_have_value("红色")
    page.keyboard.press("Tab")
    expect(rows(page)).to_have_count(17)
    expect(page.get_by_text("title has any of: 红色")).to_be_visible()


def test_counts_follow_when_the_reader_leaves_the_filters(page, job) -> None:
    page.get_by_label("any of these words").focus()
    finish(job)
    expect(rows(page)).to_have_count(50)
    page.get_by_label("Offers side by side").focus()
    expect(page.locator("label[for=id_similarity_from_0]")).to_contain_text("50")


def test_a_filter_applies_itself_and_stays_in_reach(page, job) -> None:
    page.get_by_label("0.9 and up").check()
    expect(page).to_have_url(re.compile(r"similarity_from=0\.9"))
    expect(rows(page)).to_have_count(23)
    assert page.evaluate("document.activeElement.value") == "0.9"
    assert "price_from" not in page.url, "empty filters stay out of the address"
    page.keyboard.press("ArrowUp")
    expect(rows(page)).to_have_count(11)
    page.go_back()
    expect(rows(page)).to_have_count(23)
    page.get_by_role("link", name="similarity 0.9 and up").click()
    expect(rows(page)).to_have_count(30)


def test_a_filter_chosen_during_the_search_filters_what_comes(page, job) -> None:
    page.get_by_label("any of these words").fill("蓝色")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(10)
    finish(job)
    expect(page.locator("#bar")).to_contain_text("17 of 50")
    expect(rows(page)).to_have_count(17)


def test_a_phone_opens_the_filters_as_a_sheet(open_page, alice, job) -> None:
    page = open_page(alice, f"/searches/{job.pk}/", viewport={"width": 390, "height": 800}, has_touch=True)
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(sheet).to_be_visible()
    page.get_by_label("0.95 and up").check()
    expect(rows(page)).to_have_count(11)
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("link", name="similarity 0.95 and up")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1024, 1600])
@pytest.mark.parametrize("path", ["/searches/{}/", "/searches/", "/search/new/"])
def test_no_page_is_wider_than_its_window(width, path, open_page, alice, job) -> None:
    page = open_page(alice, path.format(job.pk), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
