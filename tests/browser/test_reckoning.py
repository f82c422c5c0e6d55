"""Cost profiles and score weights in a browser: the example follows what is typed, and the pages fit every width."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_screenshots import look_at


def enter_a_rate(page, portal) -> None:
    page.goto(f"{portal.address}/admin/reckoning/exchangerate/upload/")
    rates = b"from,to,rate,date\nCNY,USD,0.14,2026-01-01\n"
    page.locator("[name=file]").set_input_files({"name": "rates.csv", "mimeType": "text/csv", "buffer": rates})
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("heading", name="What rates.csv would do")).to_be_visible()
    confirm = page.get_by_role("button", name="Take these rates")
    if confirm.count():  # another test may have taken them
        confirm.click()
        expect(page.get_by_text("1 rate added")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_profile_is_reckoned_while_it_is_typed(visit, portal, scheme) -> None:
    admin = visit("admin", color_scheme=scheme)
    enter_a_rate(admin, portal)
    look_at(admin, "rates-admin", scheme)
    page = visit(color_scheme=scheme)
    page.goto(f"{portal.address}/reckoning/new/")
    page.get_by_label("Name").fill(f"By air, {scheme}")
    page.get_by_role("textbox", name="Amount").first.fill("６")
    page.get_by_label("Kilograms a piece").fill("0.35")
    page.get_by_label("Duty, %").fill("6.5")
    expect(page.locator("#example tfoot")).to_contain_text("$1,863.75")  # 700 + 1,050 + 6.5 % of both
    page.get_by_label("Pieces").fill("1000")
    expect(page.locator("#example tfoot")).to_contain_text("$3,727.50")
    page.get_by_label("Duty, %").fill("lots")
    expect(page.locator("#example")).to_contain_text("To be mended before it can be reckoned: Duty, %.")
    page.get_by_label("Duty, %").fill("6.5")
    look_at(page, "cost-profile-form", scheme)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=f"By air, {scheme}")).to_be_visible()
    look_at(page, "cost-profile", scheme)
    for name, address in {"cost-profiles": "", "score-weights": "weights/", "rates": "rates/"}.items():
        page.goto(f"{portal.address}/reckoning/{address}")
        look_at(page, name, scheme)


def test_weights_are_judged_while_they_are_typed(visit, portal) -> None:
    page = visit()
    page.goto(f"{portal.address}/reckoning/weights/new/")
    for name in ("Similarity", "Credit", "Years", "Repurchased", "Delivery"):
        page.get_by_label(name, exact=True).fill("0")
    expect(page.locator("#example .shares li").first).to_contain_text("100%")
    expect(page.locator("#example .score").nth(1)).to_have_text("67")
    page.get_by_label("Name").fill("Price alone")
    look_at(page, "score-weights-form", "light")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=re.compile("Price alone"))).to_be_visible()
