"""From an item in the team's catalogue to "you have this" above what another photo of it finds, and to new offers."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.catalog.stocked import picture, query


@pytest.fixture
def page(visit, portal) -> Iterator[Page]:
    """A buyer's window; what is added here is not there for the next test."""
    opened = visit()
    yield opened
    for code in ("MUG-07", "KETTLE-01"):
        opened.goto(f"{portal.address}/catalog/?q={code}")
        link = opened.locator("table.items").get_by_role("link", name=re.compile(code)).first
        if not link.is_visible():
            continue
        link.click()
        opened.get_by_role("link", name="Delete").click()
        opened.get_by_role("button", name=re.compile("Delete")).click()


def add_item(page: Page, address: str, code: str, name: str, product: str, **facts: str) -> None:
    """By the form, with two pictures; waits until searches find it."""
    page.goto(f"{address}/catalog/new/")
    files = [
        {"name": f"{product}-{view}.jpg", "mimeType": "image/jpeg", "buffer": picture(product, view)} for view in (1, 2)
    ]
    page.set_input_files("#pictures", files)
    for label, value in {"Own code": code, "Name": name, **facts}.items():
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_role("button", name="Add to the catalogue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)

    def ready() -> bool:
        page.reload()
        return page.get_by_text("searches find it").is_visible()

    for _ in range(60):
        if ready():
            return
        page.wait_for_timeout(500)
    raise AssertionError("no worker has looked at the item's pictures")


def kept(page: Page, name: str) -> None:
    """A picture for people, where they asked for some."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_photo_of_what_the_team_has_is_answered_with_it(page, portal) -> None:
    add_item(page, portal.address, "MUG-07", "陶瓷马克杯", "mug-01", Supplier="佛山陶瓷厂", Price="12.5")
    add_item(page, portal.address, "KETTLE-01", "壶铃", "kettlebell-01")

    page.goto(f"{portal.address}/search/new/")
    own = page.get_by_label("Our catalogue")
    expect(own).to_be_checked()
    page.set_input_files("#id_image", {"name": "mug.jpg", "mimeType": "image/jpeg", "buffer": query("mug-01")})
    page.get_by_label("Title", exact=True).fill("Do we have this mug?")
    page.get_by_label("I may use this picture").check()
    kept(page, "new-search-with-catalogue")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))

    # A worker loads the model for it first.
    expect(page.locator("#calls[hx-get]")).to_have_count(0, timeout=40_000)
    strip = page.locator("#you-have")
    expect(strip.get_by_role("heading", name="You have this")).to_be_visible()
    expect(strip.get_by_role("link", name=re.compile("MUG-07"))).to_be_visible()
    expect(strip.get_by_text("¥12.50")).to_be_visible()
    expect(strip.get_by_text("佛山陶瓷厂")).to_be_visible()
    expect(strip.get_by_text("KETTLE-01")).to_have_count(0)
    shown = strip.locator("img").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator("#rows .tag.known", has_text="ours").first).to_be_visible()
    # What the marketplaces found stands beside it.
    assert page.locator("#rows tr").count() > 1
    kept(page, "you-have-this")
    strip.get_by_role("link", name=re.compile("MUG-07")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("MUG-07")


def test_items_are_searched_for_within_a_budget_and_the_rest_later(page, portal) -> None:
    add_item(page, portal.address, "MUG-07", "陶瓷马克杯", "mug-01", Price="99")
    add_item(page, portal.address, "KETTLE-01", "壶铃", "kettlebell-01")

    page.goto(f"{portal.address}/catalog/")
    for code in ("MUG-07", "KETTLE-01"):
        page.get_by_role("row", name=re.compile(code)).get_by_role("checkbox").check()
    kept(page, "catalogue-chosen")
    page.get_by_role("button", name="Find offers for these").click()
    page.get_by_label("1688 (MD5 gateway)").check()
    sums = page.locator("#sums")
    expect(sums).to_contain_text(re.compile(r"Calls for that, at most\s*2"))
    page.get_by_label("Budget of calls").fill("1")
    expect(sums).to_contain_text(re.compile(r"Calls for that, at most\s*1"))
    expect(sums).to_contain_text("Left for later")
    page.get_by_label("We may use these pictures").check()
    kept(page, "matching-before")
    page.get_by_role("button", name="Start the searches").click()

    page.wait_for_url(re.compile(r"/batches/\d+/"))
    expect(page.locator("#rows").get_by_text("done", exact=True)).to_be_visible(timeout=40_000)
    kept(page, "matching-batch")
    page.get_by_role("link", name="items of your catalogue beside what was found").click()
    expect(page.get_by_role("heading", name="Go on with the others")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("KETTLE-01"))).to_contain_text("done")
    page.get_by_label("We may use these pictures").check()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.wait_for_url(re.compile(r"/batches/\d+/"))
    expect(page.locator("#rows").get_by_text("done", exact=True)).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="items of your catalogue beside what was found").click()
    expect(page.get_by_role("row", name=re.compile("MUG-07"))).to_contain_text("below ours")
    kept(page, "matching-after")
