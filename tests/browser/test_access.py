"""Every page of the portal, read by axe: WCAG 2.2 AA, light and dark, at a desk and on a phone."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests.browser.addresses import FILES, FRAGMENTS, LEADING_ON, PAGES, POSTED, at
from tests.browser.test_screenshots import keep
from tests.browser.world import World, make_world
from tests.factories import CredentialFactory

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")
# Every stop of the keyboard on which the focus would not show: on itself, on the label around it, or on its cells.
UNSEEN = """() => {
    const shows = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    };
    const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    return stops.flatMap((stop) => {
        stop.focus();
        // The target of the skip link is the page itself.
        if (document.activeElement !== stop || stop.matches("main")) return [];
        const around = [stop, stop.closest("label"), stop.querySelector("th, td")].filter(Boolean);
        return around.some(shows) ? [] : [`the focus does not show: ${stop.outerHTML.slice(0, 150)}`];
    });
}"""


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Every URL name of the portal, but for the administration's own."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield space + pattern.name


def test_every_address_is_looked_at() -> None:
    """A new page has to be told of above, and so cannot go without axe."""
    known = [*PAGES, *LEADING_ON, *FILES, *FRAGMENTS, *POSTED]
    assert len(known) == len(set(known))
    assert set(names(get_resolver().url_patterns)) == set(known)


@pytest.fixture
def world(transactional_db: None, settings, tmp_path) -> World:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    settings.FETCH_ALLOWED_HOSTS = []
    return make_world()


@pytest.fixture
def window(live_server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`window(user)`: a browser in which that user is signed in; it reaches nothing but the portal."""
    contexts: list[BrowserContext] = []

    def opened(user: User | None, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **({"locale": "en-GB"} | options))
        contexts.append(context)
        context.route(lambda url: not url.startswith((live_server.url, "data:", "blob:")), lambda route: route.abort())
        if user:
            client = Client()
            client.force_login(user)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def found_by_axe(page: Page, within: str | None = None) -> list[str]:
    """What axe says of the page as it is now, a line for each rule and place."""
    answer = Axe().run(page, context=within, options=RULES).response
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[1].strip()} <- {node['html'][:150]}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def look_at(page: Page, address: str, status: int = 200) -> dict[str, list[str]]:
    """At both widths and in both schemes: what axe finds, where the focus hides, and what hangs over the edge."""
    wrong: dict[str, list[str]] = {}
    answer = page.goto(address)
    assert answer and answer.status == status, f"{address} answers {answer and answer.status}"
    page.wait_for_load_state("load")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for found in found_by_axe(page):
                wrong.setdefault(found, []).append(f"{address} {width} {scheme}")
            keep(page, f"{re.sub(r'[^a-z0-9]+', '-', address)[:60].strip('-')}-{width}-{scheme}", full_page=True)
        # After a key, the browser shows the focus wherever it goes.
        page.keyboard.press("Tab")
        for found in page.evaluate(UNSEEN):
            wrong.setdefault(found, []).append(f"{address} {width}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.setdefault(f"hangs over by {over} px", []).append(f"{address} {width}")
    return wrong


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{found}\n    at {', '.join(where)}" for found, where in wrong.items())


def look_at_all(page: Page, addresses: Iterable[str], *, status: int = 200) -> str:
    wrong: dict[str, list[str]] = {}
    for address in addresses:
        for found, where in look_at(page, address, status).items():
            wrong.setdefault(found, []).extend(where)
    return told(wrong)


ROOMS = sorted({name.partition(":")[0] for name in PAGES})


@pytest.mark.parametrize("room", ROOMS)
def test_axe_finds_nothing(room, world, window) -> None:
    pages = [address(world) for name, all_of in PAGES.items() if name.startswith(f"{room}:") for address in all_of]
    assert look_at_all(window(world.buyer), pages) == ""


def test_axe_finds_nothing_where_a_lead_decides(world, window) -> None:
    pages = [at("suppliers:entry", "supplier_list", "proposed"), at("suppliers:detail", "supplier_list")]
    assert look_at_all(window(world.lead), [address(world) for address in pages]) == ""


def test_axe_finds_nothing_where_there_is_nothing_yet(db, live_server, window, loner, vera, alice) -> None:
    """The first visit: of somebody without a team, of a reader, of a buyer before there is a credential and after."""
    assert look_at_all(window(loner), ["/"]) == ""
    assert look_at_all(window(vera), ["/searches/", "/search/new/"]) == ""
    assert look_at_all(window(alice), ["/", "/search/new/"]) == ""
    CredentialFactory()
    places = ["", "searches/", "batches/", "saved/", "saved/views/", "lists/", "suppliers/", "exports/", "catalog/"]
    places += [f"reckoning/{tab}" for tab in ("", "weights/", "rates/")]
    assert look_at_all(window(alice), [f"/{place}" for place in places]) == ""


def test_axe_finds_nothing_at_the_door_and_beside_the_way(world, window) -> None:
    assert look_at_all(window(None), ["/accounts/sign-in/"]) == ""
    assert look_at_all(window(world.buyer), ["/nowhere/"], status=404) == ""
    assert look_at_all(window(world.buyer), ["/admin/login/"], status=403) == ""


def test_axe_finds_nothing_in_menus_and_dialogs(world, window) -> None:
    page = window(world.buyer)
    page.goto("/searches/")
    page.locator("[popovertarget=user-menu]").click()
    page.get_by_role("link", name="Score weights").wait_for()
    assert found_by_axe(page, "#user-menu") == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert found_by_axe(page, "#keyboard") == []
