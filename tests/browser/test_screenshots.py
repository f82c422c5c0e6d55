"""Every page at three widths, light and dark: nothing hangs over the edge, and people can look at the pictures.

With $SCREENSHOTS set to a folder the pictures are kept there (`make screenshots`).
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from accounts.models import User
from tests.browser.test_story import QUERIES, search_for
from tests.browser.world import World, make_world

WIDTHS = {1600: 900, 1024: 768, 390: 844}
PAGES = {
    "new-search": "/search/new/",
    "searches": "/searches/",
    "lists": "/lists/",
    "not-found": "/searches/999999/",
}
COMPARED = "quantity=500&costs={world.profile.pk}&weights={world.weights.pk}"
ENTRY = "/lists/{world.supplier_list.pk}/entries/{world.entry.pk}/"
# Of a team in the middle of its work: `world` is that of tests/browser/world.py, `four` are four of its offers.
DECISIONS = {
    "first-page": "/search/new/",
    "comparison-landed": "/searches/{world.job.pk}/?sort=landed,-score&" + COMPARED,
    "comparison-by-supplier": "/searches/{world.job.pk}/?group=supplier&price_to=900&" + COMPARED,
    "side-by-side": "/searches/{world.job.pk}/side-by-side/?" + COMPARED + "&{four}",
    "prices-and-places": "/searches/{world.job.pk}/pictures/?" + COMPARED + "&{four}",
    "pack": "/searches/{world.job.pk}/pack/?" + COMPARED + "&{four}",
    "saved-searches": "/saved/",
    "saved-search": "/saved/{world.search.pk}/",
    "saved-changes": "/saved/{world.search.pk}/changes/{world.run.pk}/",
    "saved-share": "/saved/{world.search.pk}/share/",
    "saved-views": "/saved/views/",
    "suppliers": "/suppliers/",
    "supplier": "/suppliers/{world.supplier.pk}/",
    "suppliers-merge": "/suppliers/{world.supplier.pk}/merge/{world.other.pk}/",
    "list-table": "/lists/{world.supplier_list.pk}/",
    "list-board": "/lists/{world.supplier_list.pk}/board/",
    "list-pack": "/lists/{world.supplier_list.pk}/pack/?" + COMPARED,
    "list-entry": ENTRY,
    "catalogue": "/catalog/",
    "catalogue-item": "/catalog/{world.item.pk}/",
    "catalogue-edit": "/catalog/{world.item.pk}/edit/",
    "list-inquiry": "/lists/{world.supplier_list.pk}/inquiries/sheet/?of={world.entry.pk}",
    "costs": "/reckoning/{world.profile.pk}/",
    "weights": "/reckoning/weights/{world.weights.pk}/edit/",
    "rates": "/reckoning/rates/",
    "exports": "/exports/",
    "export": "/exports/{world.export.pk}/",
    "batches": "/batches/",
    "batch": "/batches/{world.batch.pk}/",
    "batch-coverage": "/batches/{world.batch.pk}/coverage/",
    "crop": "/search/new/?like={world.job.pk}#crop",
}


def keep(page: Page, name: str, **options: bool) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", caret="initial", **options)


def look_at(page: Page, name: str, scheme: str) -> None:
    """At each width: keep a picture, and see that nothing but tables scrolls sideways."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state("networkidle")
        keep(page, f"{name}-{width}-{scheme}")
        hanging_over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert hanging_over <= 0, f"{name} at {width} px hangs over by {hanging_over} px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_buyer(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    look_at(page, "comparison", scheme)
    page.get_by_role("link", name=re.compile("Best suppliers")).first.click()
    look_at(page, "best", scheme)
    for name, address in PAGES.items():
        page.goto(portal.address + address)
        look_at(page, name, scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_with_entries(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    page.locator("#rows input[name=match]").first.check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").or_(page.get_by_label("or a new one")).fill(f"Kept in {scheme}")
    keep(page, f"adding-1600-{scheme}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{portal.address}/lists/")
    page.get_by_role("link", name=f"Kept in {scheme}").click()
    look_at(page, "list", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_search_in_trouble(visit, calm_sandbox, scheme) -> None:
    page = visit(color_scheme=scheme)
    calm_sandbox.sandbox_control("POST", "faults", {"fault": "110", "times": 1})
    search_for(page, "mug-01", title="Not allowed in", price_to="2001" if scheme == "light" else "2002")
    expect(page.locator("#troubles .notice")).to_be_visible()
    look_at(page, "trouble", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_with_mistakes(visit, portal, scheme) -> None:
    page = visit(color_scheme=scheme)
    page.goto(f"{portal.address}/search/new/")
    page.get_by_label("Price from").fill("9")
    page.get_by_label("Price to").fill("1")
    page.get_by_role("button", name="Search", exact=True).click()
    look_at(page, "mistakes", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_administration(visit, portal, scheme) -> None:
    page = visit("admin", color_scheme=scheme)
    page.goto(f"{portal.address}/admin/searches/credential/")
    look_at(page, "credentials", scheme)
    page.get_by_role("link", name="1688 sandbox", exact=True).click()
    expect(page.get_by_label("Secret")).to_have_value("")
    look_at(page, "credential", scheme)
    page.get_by_role("button", name=re.compile("test the connection", re.IGNORECASE)).click()
    expect(page.get_by_text("the connection works")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door(visit, scheme) -> None:
    page = visit(None, color_scheme=scheme)
    look_at(page, "sign-in", scheme)


@pytest.fixture
def world(transactional_db: None, settings, tmp_path) -> World:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    settings.FETCH_ALLOWED_HOSTS = []
    return make_world()


@pytest.fixture
def window(live_server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`window(user)`: a browser in which that user is signed in; the sandbox has the offers' pictures."""
    contexts: list[BrowserContext] = []
    photos = sorted(QUERIES.glob("*.jpg"))

    def photo_of(route: Route) -> None:
        number = re.search(r"(\d+)\.jpg", route.request.url)
        route.fulfill(path=photos[int(number[1]) % len(photos)] if number else photos[0])

    def opened(user: User, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **({"locale": "en-GB"} | options))
        contexts.append(context)
        context.route("https://cbu01.alicdn.com/**", photo_of)
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("half", [0, 1])
def test_pages_of_a_team_that_decides(half, scheme, world: World, window) -> None:
    page = window(world.buyer, color_scheme=scheme)
    four = "&".join(f"match={match.pk}" for match in world.job.matches.order_by("rank")[:4])
    for name, address in list(DECISIONS.items())[half::2]:
        answer = page.goto(address.format(world=world, four=four))
        assert answer, name
        assert answer.ok, f"{name} answers {answer.status}"
        look_at(page, name, scheme)
