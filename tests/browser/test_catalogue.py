"""The catalogue in a browser: what the demo has is found without anybody's doing, and an item comes and goes."""

import re

from playwright.sync_api import expect

from tests.browser.test_story import QUERIES


def test_pictures_become_ready_by_themselves_and_items_come_and_go(visit, portal) -> None:
    page = visit()
    page.goto(f"{portal.address}/catalog/")
    # By the scheduler and a worker; the line asks until it is so.
    expect(page.get_by_text(re.compile(r"All \d+ pictures are ready to be found"))).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="HW-1001")).to_be_visible()

    page.get_by_role("link", name="Add an item").first.click()
    page.get_by_label("Own code").fill("BROWSER-1")
    page.get_by_label("Name", exact=True).fill("Toy car, red")
    page.locator("#id_price").fill("5.40")
    page.locator("input[name=tier_from]").first.fill("100")
    page.locator("input[name=tier_price]").first.fill("4.90")
    page.locator("#pictures").set_input_files([QUERIES / "car-01.jpg"])
    page.get_by_role("button", name="Add to the catalogue").click()
    expect(page.get_by_text("“BROWSER-1” is in your catalogue.")).to_be_visible()
    expect(page.get_by_text("100+ ¥4.90")).to_be_visible()

    page.goto(f"{portal.address}/catalog/?q=browser-1")
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()
    page.get_by_label("choose BROWSER-1").check()
    expect(bar.get_by_text("1 chosen")).to_be_visible()
    bar.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("1 item is archived: searches do not find it any more.")).to_be_visible()
    expect(page.get_by_role("heading", name="No item is like that")).to_be_visible()
    page.goto(f"{portal.address}/catalog/?archived=1")
    page.get_by_label("choose BROWSER-1").check()
    bar.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 item is back in your catalogue.")).to_be_visible()
    page.goto(f"{portal.address}/catalog/?q=browser-1")
    page.get_by_role("link", name="BROWSER-1", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("“BROWSER-1” is deleted.")).to_be_visible()
