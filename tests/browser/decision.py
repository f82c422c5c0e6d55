"""The story of a decision: who takes part in it, what has come of it so far, and how a step finds its form."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.processes.portal import Portal

PIECES = 500


@dataclass
class Story:
    """Who takes part, and what has come of it so far."""

    portal: Portal
    language: str
    buyer: Page
    lead: Page
    title: str
    search: str = ""
    list_url: str = ""
    entry: str = ""

    def go(self, page: Page, address: str) -> None:
        page.goto(address if address.startswith("http") else self.portal.address + address)


def speak(page: Page, language: str) -> Page:
    if language != "en":
        page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def form_to(page: Page, ending: str) -> Locator:
    """The form of the page that is sent to an address with that ending."""
    return page.locator(f'main form[action$="{ending}"]')
