"""What a bad day at the marketplace looks like on the page: what happened, and what to do."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_story import search_for

SEEN = [
    ("110", "110", "Ask an administrator to add this server's IP address to the allow-list"),
    ("malformed-json", "The marketplace's answer could not be understood.", "check the credential's base URL"),
    ("html", "The marketplace's answer could not be understood.", "check the credential's base URL"),
    ("502", "502", "it is tried again with growing pauses"),
    ("http-502", "502", "it is tried again with growing pauses"),
    ("empty", "The marketplace's answer was empty.", "it is tried again with growing pauses"),
    ("truncated", "The connection to the marketplace failed.", "tried again with growing pauses"),
    ("429", "429", "the search waits for a free slot"),
    ("http-429", "429", "the search waits for a free slot"),
    ("413", "413", "Give a smaller photo"),
    ("400", "400", "Give a JPG or PNG photo"),
]


@pytest.mark.parametrize(("fault", "message", "remedy"), SEEN, ids=[fault for fault, *_ in SEEN])
def test_each_fault_says_what_happened_and_what_to_do(visit, calm_sandbox, fault, message, remedy) -> None:
    page = visit()
    calm_sandbox.sandbox_control("POST", "faults", {"fault": fault, "times": None})
    search_for(page, "mug-01", title=f"Fault {fault}", price_to=str(1000 + [name for name, *_ in SEEN].index(fault)))
    trouble = page.locator("#troubles .notice")
    expect(trouble).to_contain_text(message)
    expect(trouble).to_contain_text(remedy)
    cancel = page.get_by_role("button", name=re.compile("Cancel|Stop"))
    if cancel.count():
        cancel.first.click()


def test_a_passing_fault_passes_by_itself(visit, calm_sandbox) -> None:
    page = visit()
    calm_sandbox.sandbox_control("POST", "faults", {"fault": "502", "times": 1})
    search_for(page, "bowl-01")
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.locator("#troubles .notice")).to_have_count(0)
