"""Without JavaScript: photo, comparison, list, decision. Only cropping, pasting and live progress are missing."""

import re

from playwright.sync_api import expect

from tests.browser.test_story import QUERIES, prices, search_for


def test_from_a_photo_to_a_decision(visit) -> None:
    page = visit(java_script_enabled=False)
    search_for(page, "mug-01", title="Without scripts", price_to="1999")
    # It reloads itself until it is finished.
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.locator("noscript meta[http-equiv=refresh]")).to_have_count(0)

    page.get_by_role("columnheader", name="Price").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=price"))
    assert prices(page) == sorted(prices(page))
    page.get_by_label("Order quantity, pieces").fill("500")
    page.get_by_label("Group by supplier").check()
    page.get_by_role("button", name="Apply").first.click()
    expect(page).to_have_url(re.compile("quantity=500"))
    expect(page).to_have_url(re.compile("group=supplier"))
    expect(page.get_by_role("columnheader", name="At 500")).to_be_visible()

    titles = page.locator("#rows .t").all_inner_texts()[:2]
    for place in range(2):
        page.locator("#rows input[name=match]").nth(place).check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").or_(page.get_by_label("or a new one")).fill("Kept without scripts")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("on list “Kept without scripts”").first).to_be_visible()

    page.get_by_role("link", name="Supplier lists").first.click()
    page.get_by_role("link", name="Kept without scripts").click()
    for title in titles:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    page.get_by_role("link", name=titles[0], exact=True).click()
    page.get_by_label("Status").select_option("rejected")
    page.get_by_label("Reason").fill("late samples")
    page.locator("section:has(#decision-title)").get_by_role("button", name="Save").click()
    expect(page.get_by_text("late samples").first).to_be_visible()


def test_menus_open_without_scripts(visit) -> None:
    """They are the browser's own; what only scripts could do is not offered."""
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator("[popovertarget=user-menu]").click()
    expect(page.get_by_role("link", name="Score weights")).to_be_visible()
    expect(page.get_by_role("button", name="Keyboard")).to_be_hidden()
    page.get_by_role("link", name="Exports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your exports")


def test_a_photo_of_the_camera_without_scripts(visit) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    camera = page.get_by_label("Take a photo")
    page.get_by_role("link", name="New search").first.click()
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files(QUERIES / "mug-01.jpg")
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("mug 01")


def test_a_photo_of_the_camera_joins_the_others(visit, portal) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{portal.address}/search/new/")
    expect(page.locator("[data-dropzone].ready")).to_be_visible()
    page.get_by_label("Take a photo").set_input_files(QUERIES / "mug-01.jpg")
    page.get_by_label("Take a photo").set_input_files(QUERIES / "vase-01.jpg")
    expect(page.locator("[data-preview] li")).to_have_count(2)
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    expect(page.locator(".query img")).to_have_count(2)
