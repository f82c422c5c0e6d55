"""A real browser before a real portal: one of each for all browser tests, with the sandbox as the marketplace."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts.models import User
from tests.browser import chromium
from tests.processes.portal import Portal

# Chromium reports every answer of 4xx as an error, and htmx a poll that a click on a link broke off:
# tests that ask for either look at the page itself.
EXPECTED_COMPLAINTS = ("the server responded with a status of 4", "htmx:afterRequest", "htmx:sendError")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker drives the browser, since there is one portal; without a browser these tests say so and wait."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.timeout(240))
            if chromium.path() is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal as `make run` starts it, its demo search finished."""
    with Portal(tmp_path_factory.mktemp("portal")) as running:
        running.launch()
        running.wait_for(lambda: running.value("SELECT finished_at FROM searches_searchjob"), "the demo search")
        yield running
        running.interrupt()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.path()
    assert found, chromium.MISSING
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=list(chromium.FLAGS))
        yield running
        running.close()


@pytest.fixture
def visit(portal: Portal, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit("buyer")`: a fresh browser window in which that person has signed in, at the demo's comparison.

    Any error in its console fails.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sign_in(username: str | None = "buyer", **options) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1600, "height": 900}, "locale": "en-GB"} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(f"{page.url} {line.text}") if line.type == "error" else None)
        demo = portal.value("SELECT MIN(id) FROM searches_searchjob")
        page.goto(f"{portal.address}/accounts/sign-in/?next=/searches/{demo}/")
        if username:
            page.get_by_label("Username").fill(username)
            page.get_by_label("Password").fill(portal.password(username))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert [text for text in complaints if not any(expected in text for expected in EXPECTED_COMPLAINTS)] == []


@pytest.fixture
def open_page(browser: Browser, live_server, signed_in) -> Iterator[Callable[..., Page]]:
    """`open_page(user, path)`: that user's window, at a server of the tests' own. Any error in its console fails.

    The server is not asked for hints on photos, unless with `hints=True`: nobody waits for the answer, and one that is
    still being made holds the database when the test's rows are removed.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(user: User, path: str, *, hints: bool = False, **options) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1400, "height": 700}, "locale": "en-GB"} | options))
        contexts.append(context)
        if not hints:
            context.route("**/search/hint/", lambda route: route.fulfill(status=204))
        session = signed_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(live_server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def calm_sandbox(portal: Portal) -> Iterator[Portal]:
    """The portal, with the sandbox's faults cleared before and after, and the pace that they asked for."""
    portal.sandbox_control("DELETE", "faults")
    yield portal
    portal.sandbox_control("DELETE", "faults")
    portal.forget_pace()
