"""The story's first half: from a photo to offers that are compared, saved, shared and put side by side."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.decision import PIECES, Story
from tests.browser.test_story import QUERIES
from tests.processes.portal import Portal

RATE, FREIGHT, KILOGRAMS, DUTY = 0.14, 6.0, 0.35, 0.065
RATES = b"from,to,rate,date\nCNY,USD,0.14,2026-01-01\n"


def number_in(text: str) -> float:
    found = re.search(r"[\d.,]*\d", text)
    assert found, f"no number in {text!r}"
    return float(found[0].replace(",", ""))


def enter_a_rate(page: Page, portal: Portal) -> None:
    page.goto(portal.address + reverse("admin:reckoning_exchangerate_upload"))
    page.locator("[name=file]").set_input_files({"name": "rates.csv", "mimeType": "text/csv", "buffer": RATES})
    page.locator(".submit-row [type=submit]").click()
    expect(page.locator(".counts")).to_be_visible()
    confirm = page.locator(".submit-row [type=submit]")
    if confirm.count():  # another test may have taken them
        confirm.click()
        expect(page.locator(".messagelist .success")).to_be_visible()


def make_a_profile(story: Story) -> str:
    """Answers its id: landed in USD, 6 dollars a kilogram, 0.35 kg a piece, 6.5 % duty on goods and freight."""
    page = story.buyer
    story.go(page, reverse("reckoning:profile-new"))
    page.locator("#id_name").fill(f"By air 空运 {story.title}")
    page.locator("#id_freight_amount").fill(str(FREIGHT))
    page.locator("#id_kg_per_piece").fill(str(KILOGRAMS))
    page.locator("#id_duty_percent").fill("6.5")
    page.locator("form.reckon .btn.primary").click()
    page.wait_for_url(re.compile(r"/reckoning/\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def search_with_a_photo(story: Story) -> None:
    page = story.buyer
    story.go(page, reverse("searches:new"))
    page.set_input_files("#id_image", QUERIES / "vase-01.jpg")
    page.locator("#id_title").fill(story.title)
    page.locator("#id_rights").check()
    page.locator("form.ask .btn.primary").click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    story.search = page.url.partition("?")[0].removeprefix(story.portal.address)
    expect(page.locator("#again")).to_be_visible(timeout=40_000)  # the search is done
    expect(page.locator("#rows tr").first).to_be_visible()


def compare(story: Story, profile: str) -> None:
    """At 500 pieces, landed in dollars, by supplier, without the dearest half."""
    page = story.buyer
    page.locator("#id_quantity").fill("５００")
    page.locator("#id_quantity").press("Enter")
    expect(page).to_have_url(re.compile(f"quantity={PIECES}|quantity=%EF"))
    page.locator("#costs").select_option(profile)
    expect(page.locator("#sort-landed")).to_be_visible()
    unit, landed = (figure(page, key) for key in ("unit", "landed"))
    assert landed == pytest.approx((unit * RATE + FREIGHT * KILOGRAMS) * (1 + DUTY), abs=0.01)
    page.locator("#sort-landed").click()
    expect(page).to_have_url(re.compile("sort=landed"))
    before = page.locator("#rows tr").count()
    page.locator("#group").check()
    expect(page).to_have_url(re.compile("group=supplier"))
    page.locator("#id_price_to").fill(str(int(figure(page, "unit")) + 30))
    page.locator("#id_price_to").press("Enter")
    expect(page).to_have_url(re.compile("price_to="))
    expect(page.locator("#bar .chip").first).to_be_visible()
    assert 1 < page.locator("#rows tr").count() <= before


def figure(page: Page, key: str) -> float:
    """The first row's figure in the column that sorts by `key`."""
    place = page.locator("thead th").evaluate_all(
        f"heads => heads.findIndex(head => head.querySelector('#sort-{key}'))"
    )
    cell = page.locator("#rows tr").first.locator("> *").nth(place)
    return number_in(cell.locator(".made-of").or_(cell).first.inner_text())


def what_is_seen(page: Page) -> tuple[str, list[str], list[str]]:
    """The comparison as its reader sees it: rows, heads of columns, filters that are on."""
    expect(page.locator("#rows tr").first).to_be_visible()
    heads, chips = page.locator("table.offers thead th a"), page.locator("#bar .chip")
    return page.locator("#rows").inner_text(), heads.all_inner_texts(), chips.all_inner_texts()


def save_and_share(story: Story) -> None:
    """Its link gives the lead exactly what the buyer sees."""
    page = story.buyer
    page.locator("[data-dialog=save-search]").click()
    page.locator("#save-search [name=name]").fill(f"Saved {story.title}")
    page.locator("#save-search .btn.primary").click()
    expect(page.locator("#saved-bar .saved-name a")).to_have_text(f"Saved {story.title}")
    address = page.locator("#saved-bar .saved-name a").get_attribute("href")
    link = page.locator("#saved-link").get_attribute("value")
    assert address
    assert link
    seen = what_is_seen(page)
    story.go(story.lead, address)
    expect(story.lead.locator("h1")).not_to_contain_text(story.title)
    story.go(page, f"{address}share/")
    page.locator("[name=audience][value=team]").check()
    page.locator("main form .btn.primary").click()
    page.wait_for_url(lambda url: not url.endswith("/share/"))
    story.go(story.lead, link)
    assert what_is_seen(story.lead) == seen
    expect(story.lead.locator("#saved-bar .saved-name a")).to_have_text(f"Saved {story.title}")
    story.go(page, link)


def put_side_by_side(story: Story) -> None:
    page = story.buyer
    boxes = page.locator("#rows input[name=match]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    titles = page.locator("#rows tr .t").all_inner_texts()[:2]
    page.locator('#tray [formaction*="side-by-side"]').click()
    page.wait_for_url(re.compile("side-by-side"))
    assert page.locator("table.side-by-side .titles .t").all_inner_texts() == titles
    expect(page.locator("table.side-by-side td.best").first).to_be_visible()
    page.go_back()
