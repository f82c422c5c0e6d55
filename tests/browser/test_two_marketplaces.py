"""A search over two marketplaces at once, as a buyer meets it: where each offer came from, and one that fails."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_story import QUERIES

BOTH = (re.compile(r"1688 \(MD5 gateway\)"), re.compile("1688 by Onebound"))
ONEBOUND = "onebound"


def search_at(page: Page, *marketplaces: re.Pattern[str], title: str, price_to: str) -> None:
    """Start a search at these marketplaces and no others."""
    page.get_by_role("link", name="New search").first.click()
    page.set_input_files("input[type=file]", QUERIES / "mug-01.jpg")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Price to").fill(price_to)
    for box in page.locator("input[name=marketplaces]").all():
        box.uncheck()
    for name in marketplaces:
        page.get_by_label(name).check()
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))


def test_both_are_shown_and_each_offer_says_where_it_is_from(visit, calm_sandbox) -> None:
    page = visit()
    search_at(page, *BOTH, title="At two", price_to="2001")
    expect(page.locator("#calls[hx-get]")).to_have_count(0, timeout=40_000)  # our eye looks on
    expect(page.locator("#troubles .notice")).to_have_count(0)
    for name in BOTH:
        expect(page.locator("#rows tr").filter(has_text=name).first).to_be_visible()


def test_one_that_fails_leaves_the_other_standing(visit, calm_sandbox) -> None:
    page = visit()
    calm_sandbox.sandbox_control("POST", "faults", {"fault": "4016", "times": None, "dialect": ONEBOUND})
    search_at(page, *BOTH, title="At two, one broken", price_to="2002")
    trouble = page.locator("#troubles .notice")
    expect(trouble).to_contain_text("1688 by Onebound")
    expect(trouble).to_contain_text("4016")
    expect(trouble).to_contain_text("Ask an administrator to buy further calls")
    expect(page.locator("#rows tr").first).to_be_visible()
    page.goto(f"{calm_sandbox.address}/searches/")
    expect(page.locator("tr").filter(has_text="At two, one broken")).to_contain_text("partly done")


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        ("4004", "Ask an administrator to check the app key and the secret."),
        ("4003", "Start it without filters"),
        ("4009", "it is tried again with growing pauses"),
        ("4008", "the search waits for a free slot"),
    ],
)
def test_the_other_protocols_faults_are_named_with_their_remedies(visit, calm_sandbox, fault, remedy) -> None:
    page = visit()
    plan = {"fault": fault, "times": None, "dialect": ONEBOUND, "api": "search"}
    calm_sandbox.sandbox_control("POST", "faults", plan)
    search_at(page, BOTH[1], title=f"Onebound's {fault}", price_to=f"3{fault}")
    trouble = page.locator("#troubles .notice")
    expect(trouble).to_contain_text(fault)
    expect(trouble).to_contain_text(remedy)
    cancel = page.get_by_role("button", name=re.compile("Cancel|Stop"))
    if cancel.count():
        cancel.first.click()


def test_nothing_found_is_no_failure(visit, calm_sandbox) -> None:
    page = visit()
    plan = {"fault": "2000", "times": None, "dialect": ONEBOUND, "api": "search"}
    calm_sandbox.sandbox_control("POST", "faults", plan)
    search_at(page, BOTH[1], title="Nothing like it", price_to="2003")
    expect(page.locator("#calls[hx-get]")).to_have_count(0, timeout=40_000)  # our eye looks on
    expect(page.locator("#troubles .notice")).to_have_count(0)
    expect(page.get_by_text(re.compile("No offers|nothing", re.IGNORECASE)).first).to_be_visible()
