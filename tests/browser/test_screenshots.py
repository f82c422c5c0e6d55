"""Every page at three widths, light and dark: nothing hangs over the edge, and people can look at the pictures.

With $SCREENSHOTS set to a folder the pictures are kept there (`make screenshots`).
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_story import search_for

WIDTHS = {1600: 900, 1024: 768, 390: 844}
PAGES = {
    "new-search": "/search/new/",
    "searches": "/searches/",
    "lists": "/lists/",
    "not-found": "/searches/999999/",
}


def keep(page: Page, name: str, **options: bool) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", caret="initial", **options)


def look_at(page: Page, name: str, scheme: str) -> None:
    """At each width: keep a picture, and see that nothing but tables scrolls sideways."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state("networkidle")
        keep(page, f"{name}-{width}-{scheme}")
        hanging_over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert hanging_over <= 0, f"{name} at {width} px hangs over by {hanging_over} px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_buyer(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    look_at(page, "comparison", scheme)
    page.get_by_role("link", name=re.compile("Best suppliers")).first.click()
    look_at(page, "best", scheme)
    for name, address in PAGES.items():
        page.goto(portal.address + address)
        look_at(page, name, scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_with_entries(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    page.locator("#rows input[name=match]").first.check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").or_(page.get_by_label("or a new one")).fill(f"Kept in {scheme}")
    keep(page, f"adding-1600-{scheme}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{portal.address}/lists/")
    page.get_by_role("link", name=f"Kept in {scheme}").click()
    look_at(page, "list", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_search_in_trouble(visit, calm_sandbox, scheme) -> None:
    page = visit(color_scheme=scheme)
    calm_sandbox.sandbox_control("POST", "faults", {"fault": "110", "times": 1})
    search_for(page, "mug-01", title="Not allowed in", price_to="2001" if scheme == "light" else "2002")
    expect(page.locator("#troubles .notice")).to_be_visible()
    look_at(page, "trouble", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_with_mistakes(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    page.goto(f"{portal.address}/search/new/")
    page.get_by_label("Price from").fill("9")
    page.get_by_label("Price to").fill("1")
    page.get_by_role("button", name="Search", exact=True).click()
    look_at(page, "mistakes", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_administration(visit, portal, scheme) -> None:
    page = visit("admin", color_scheme=scheme)
    page.goto(f"{portal.address}/admin/searches/credential/")
    look_at(page, "credentials", scheme)
    page.get_by_role("link", name="1688 sandbox", exact=True).click()
    expect(page.get_by_label("Secret")).to_have_value("")
    look_at(page, "credential", scheme)
    page.get_by_role("button", name=re.compile("test the connection", re.IGNORECASE)).click()
    expect(page.get_by_text("the connection works")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door(visit, scheme) -> None:
    page = visit(None, color_scheme=scheme)
    look_at(page, "sign-in", scheme)
