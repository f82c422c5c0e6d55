"""Side by side, and prices and places, in a browser: they fit every width, labels stay in sight, and they print."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screenshots import look_at


def chosen(page: Page, number: int) -> str:
    """The query that chooses the first offers on the page."""
    boxes = page.locator("#rows input[name=match]")
    return "&".join(f"match={boxes.nth(place).get_attribute('value')}" for place in range(number))


def address_of(page: Page, name: str, query: str) -> str:
    return f"{page.url.partition('?')[0]}{name}/?{query}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_fit_every_width(visit, scheme) -> None:
    page = visit(color_scheme=scheme)
    search, query = page.url, chosen(page, 4)
    page.goto(address_of(page, "side-by-side", f"{query}&quantity=500"))
    expect(page.get_by_role("columnheader")).to_have_count(4)
    look_at(page, "side-by-side", scheme)
    page.goto(search)
    page.goto(address_of(page, "pictures", query))
    expect(page.locator(".diagram .pin")).to_have_count(4)
    look_at(page, "pictures", scheme)


def test_on_a_phone_labels_and_titles_stay_while_the_offers_scroll(visit) -> None:
    page = visit(viewport={"width": 390, "height": 520})
    page.goto(address_of(page, "side-by-side", chosen(page, 4)))
    label, title = page.locator("#row-price-1-1 th"), page.locator(".titles th").first
    box = page.locator(".tablebox")
    before = label.bounding_box()
    box.evaluate("box => box.scrollTo(200, 0)")
    assert label.bounding_box() == before
    box.evaluate("box => box.scrollTo(0, 600)")
    assert title.bounding_box()["y"] == pytest.approx(box.bounding_box()["y"], abs=2)


def test_columns_are_moved_by_keyboard(visit) -> None:
    page = visit()
    page.goto(address_of(page, "side-by-side", chosen(page, 3)))
    titles = page.locator(".titles .t")
    first, second, third = titles.all_inner_texts()
    page.get_by_role("link", name=re.compile("to the right")).first.press("Enter")
    expect(titles).to_have_text([second, first, third])
    page.get_by_role("link", name=re.compile("^Take")).nth(1).press("Enter")
    expect(titles).to_have_text([second, third])


def test_it_prints_in_landscape_with_its_heads(visit) -> None:
    page = visit()
    page.goto(address_of(page, "side-by-side", chosen(page, 6)))
    width, height = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))[0]
    assert float(width) > float(height)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("^Take")).first).to_be_hidden()
    expect(page.locator(".titles .t").first).to_be_visible()
