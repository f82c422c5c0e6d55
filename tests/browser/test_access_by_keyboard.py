"""The whole way from the door to a decision with the keyboard alone; and what the keyboard itself brings up."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_story import QUERIES

ROOT = Path(__file__).resolve().parents[2]
# The name of what has the focus, and whether that shows: on itself, on the label around it, or on its row.
HERE = """() => {
    const here = document.activeElement;
    const shows = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    };
    const around = [here, here.closest("label"), here.querySelector("th, td")].filter(Boolean);
    const name = here.getAttribute("aria-label") || here.labels?.[0]?.innerText || here.innerText || here.name || "";
    return {
        tag: here.tagName.toLowerCase(),
        name: name.trim(),
        shown: here === document.body || around.some(shows),
    };
}"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap((one) => [null, "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(one, part);
    const moves = style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    return moves || style.scrollBehavior === "smooth" ? [one.className || one.tagName] : [];
}))"""
# What moves while a search is on its way, which is over before one can look.
PASSING = '<i class="spinner"></i><progress class="progress"></progress><div class="ghosts"><i></i></div>'
MOST_STEPS = 400


def here(page: Page) -> dict:
    return page.evaluate(HERE)


def tab_to(page: Page, tag: str, name: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there. Wherever it passes it is seen, and nothing holds it."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        found = here(page)
        assert found["shown"], f"the focus does not show on {found}"
        if found["tag"] == tag and re.search(name, found["name"]):
            return
        passed.append(found["name"] or found["tag"])
        # A chooser of dates has several stops of its own; nothing else has.
        assert len(passed) < 8 or len(set(passed[-8:])) > 1, f"the focus is caught at {passed[-1]}"
    pytest.fail(f"no {tag} “{name}” is reached by {key}: {passed}")


def go(page: Page, tag: str, name: str) -> None:
    tab_to(page, tag, name)
    page.keyboard.press("Enter")


def test_from_the_door_to_a_decision(visit, portal) -> None:
    page = visit(None)
    tab_to(page, "input", "Username")
    page.keyboard.type("buyer")
    tab_to(page, "input", "Password")
    page.keyboard.type(portal.password("buyer"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)

    page.keyboard.press("Tab")
    assert here(page)["name"] == "Skip to the content"
    expect(page.locator(".skip")).to_be_in_viewport()
    go(page, "a", "^New search$")
    page.wait_for_url(re.compile("/search/new/"))

    expect(page.locator("[data-dropzone].ready")).to_be_visible()
    tab_to(page, "input", "Drop photos")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(QUERIES / "mug-01.jpg")
    expect(page.locator("[data-preview] img")).to_be_visible()
    tab_to(page, "input", "Title")
    page.keyboard.type("By keyboard")
    tab_to(page, "input", "I may use this picture")
    page.keyboard.press("Space")
    go(page, "button", "^Search$")
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.locator("#calls[hx-get]")).to_have_count(0, timeout=40_000)  # our eye looks on

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for key in ("ArrowDown", "Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
        assert here(page)["shown"]
    expect(page.get_by_text("2 chosen")).to_be_visible()
    go(page, "button", "^Add to list$")
    tab_to(page, "input", "Name of a new list|or a new one")
    page.keyboard.type("Kept by keyboard")
    go(page, "button", "^Save$")
    expect(page.get_by_text("on list “Kept by keyboard”").first).to_be_visible()

    go(page, "a", "^Supplier lists$")
    page.wait_for_url(re.compile("/lists/$"))
    go(page, "a", "^Kept by keyboard$")
    page.wait_for_url(re.compile(r"/lists/\d+/$"))
    first = page.locator("[id^=entry-] .t a").first.inner_text()
    go(page, "a", re.escape(first))
    page.wait_for_url(re.compile(r"/entries/\d+/"))
    tab_to(page, "textarea", "Remark")
    page.keyboard.type("The best handle.")
    go(page, "button", "^Propose")
    expect(page.get_by_text("The best handle.").first).to_be_visible()
    expect(page.get_by_text("proposed").first).to_be_visible()


def test_the_focus_comes_round(visit) -> None:
    """No trap: from the last stop on, Tab leaves the page and begins anew, in both directions."""
    page = visit()
    page.locator("body").press("Tab")
    assert here(page)["name"] == "Skip to the content"
    page.keyboard.press("Shift+Tab")
    tab_to(page, "a", "^Skip to the content$", key="Shift+Tab")
    page.keyboard.press("Tab")
    tab_to(page, "a", "^Skip to the content$")


def test_a_question_mark_shows_the_keys_of_the_page(visit, portal) -> None:
    page = visit()
    keys = page.get_by_role("dialog", name="Keyboard")
    page.keyboard.press("?")
    expect(keys.get_by_text("walk the rows")).to_be_visible()
    expect(keys.get_by_text("move the card to the next column")).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_label("highest price").focus()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()

    page.goto(f"{portal.address}/search/new/")
    page.locator("[popovertarget=user-menu]").click()
    page.get_by_role("button", name="Keyboard").click()
    expect(keys.get_by_text("anywhere on the page")).to_be_visible()
    expect(keys.get_by_text("walk the rows")).to_be_hidden()
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_be_hidden()


def test_every_module_that_hears_keys_is_in_the_list() -> None:
    """A key that nobody is told of is a key for nobody."""
    listed = re.findall(r'data-keys-of="([^"]+)"', (ROOT / "templates/components/keyboard.html").read_text())
    hearing = re.compile(r'"(keydown|keyup|paste)"|shiftKey|altKey')
    modules = {path.stem for path in (ROOT / "static/js").glob("*.js") if hearing.search(path.read_text())}
    # It only leaves clicks alone that have a key held down.
    modules.discard("dialogs")
    assert {module for names in listed for module in names.split()} == modules


def moving(page: Page) -> list[str]:
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", PASSING)
    return page.evaluate(MOVING)


def test_nothing_moves_for_those_who_asked_for_that(visit, portal) -> None:
    assert "spinner" in moving(visit(reduced_motion="no-preference"))
    page = visit(reduced_motion="reduce")
    assert moving(page) == []
    page.goto(f"{portal.address}/search/new/")
    assert moving(page) == []
