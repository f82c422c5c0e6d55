"""A sheet with pictures becomes items, in a browser: files, columns, dry run, import, the rows to mend."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screenshots import look_at
from tests.catalog.imports.making import picture, xlsx_of

# Workers may have other things to do first.
LONG = 60_000
HEADINGS = ("Picture", "货号", "产品名称", "供应商", "采购价", "币种", "起订量", "阶梯价", "上次采购", "Remarks")


def sheet(prefix: str) -> bytes:
    tiers = "1-99: 25; 100+: 23.5"
    lines = [
        (None, f"{prefix}-1", "大容量防水旅行包", "白沟恒达箱包厂", 25, "人民币", 50, tiers, "2026年3月1日", ""),
        (None, f"{prefix}-2", "跨境运动健身包女", "义乌市拓野户外用品", "¥18.50", "", 20, "", "2026-02-11", "红色"),
        (None, f"{prefix}-3", "陶瓷杯", "", "ask", "CNY", "", "", "", "price unknown"),
    ]
    return xlsx_of(HEADINGS, *lines, pictures={(1, 0): picture(11), (2, 0): picture(12)})


def send(page: Page, name: str, data: bytes) -> None:
    page.set_input_files(
        "input[name=files]", files=[{"name": name, "mimeType": "application/octet-stream", "buffer": data}]
    )


def begin(page: Page) -> None:
    page.get_by_role("link", name="Catalogue", exact=True).first.click()
    page.get_by_role("link", name="Import a sheet").first.click()
    page.get_by_role("button", name="Import a sheet").click()
    expect(page.get_by_text("Drop the sheet here, and its pictures")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sheet_with_pictures_is_imported(visit, scheme) -> None:
    page = visit(color_scheme=scheme)
    begin(page)
    look_at(page, "import-begun", scheme)
    send(page, "spring.xlsx", sheet(f"WEB-{scheme}"))

    expect(page.get_by_role("heading", name="What is in which column?")).to_be_visible(timeout=LONG)
    expect(page.get_by_label("采购价")).to_have_value("price")
    expect(page.get_by_label("Remarks")).to_have_value("notes")
    expect(page.get_by_text("“ask” is no single amount")).to_be_visible()
    look_at(page, "import-columns", scheme)
    page.get_by_label("Remarks").select_option("")
    expect(page.locator("#preview").get_by_role("columnheader", name="Notes")).to_have_count(0)

    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible(timeout=LONG)
    expect(page.locator("#tally-new")).to_have_text("2")
    expect(page.locator("#tally-refused")).to_have_text("1")
    look_at(page, "import-tried", scheme)

    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=LONG)
    look_at(page, "import-done", scheme)
    page.get_by_role("button", name="These rows as CSV").click()
    page.wait_for_url(re.compile(r"/exports/\d+/"))
    page.go_back()
    page.get_by_role("link", name="Import into the catalogue").click()
    expect(page.get_by_role("link", name="spring.xlsx").first).to_be_visible()
    look_at(page, "imports", scheme)
    page.get_by_role("link", name="To the catalogue", exact=True).click()
    expect(page.get_by_role("link", name=f"WEB-{scheme}-1")).to_be_visible()
    expect(page.get_by_role("link", name=f"WEB-{scheme}-3")).to_have_count(0)


def test_without_scripts_everything_works(visit) -> None:
    page = visit(java_script_enabled=False)
    begin(page)
    send(page, "plain.xlsx", sheet("PLAIN"))
    page.get_by_role("button", name="Send").click()
    heading = page.get_by_role("heading", name="What is in which column?")
    _wait_for(page, heading)
    page.get_by_label("Remarks").select_option("")
    page.get_by_role("button", name="Show the rows again").click()
    expect(page.get_by_role("columnheader", name="Notes")).to_have_count(0)
    page.get_by_role("button", name="Dry run").click()
    _wait_for(page, page.get_by_role("heading", name="What the import would do"))
    page.get_by_role("button", name="Import", exact=True).click()
    _wait_for(page, page.get_by_role("heading", name="Imported"))
    page.get_by_role("link", name="To the catalogue", exact=True).click()
    expect(page.get_by_role("link", name="PLAIN-1")).to_be_visible()


def _wait_for(page: Page, heading) -> None:
    """The page reloads itself."""
    expect(heading).to_be_visible(timeout=LONG)


def test_by_keyboard(visit) -> None:
    page = visit()
    begin(page)
    send(page, "keys.xlsx", sheet("KEYS"))
    expect(page.get_by_role("heading", name="What is in which column?")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Dry run").press("Enter")
    start = page.get_by_role("button", name="Import", exact=True)
    expect(start).to_be_visible(timeout=LONG)
    start.press("Enter")
    expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=LONG)
