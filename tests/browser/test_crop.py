"""Choosing the part of a photo: by mouse, by keyboard, by finger, and what the form then sends.

A server of the tests' own without a marketplace: a search is written, and no call leaves.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.cropping import (
    WIDE,
    at,
    choose,
    credential,
    drag,
    edges,
    model,
    opened,
    page,
    parts_of,
    search,
    touch,
)

__all__ = ("credential", "model", "page")

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_box_is_drawn_moved_and_stretched_by_mouse_and_searched_for(page) -> None:
    box = opened(page)
    expect(page.get_by_role("button", name="Use the whole photo")).to_be_visible()
    drag(page, box, (0.2, 0.3), (0.6, 0.8))
    assert edges(page) == [20, 30, 60, 80]
    drag(page, box, (0.4, 0.5), (0.5, 0.4))
    assert edges(page) == [30, 20, 70, 70]
    drag(page, box, (0.7, 0.7), (0.9, 0.95))
    assert edges(page) == [30, 20, 90, 95]
    drag(page, box, (0.3, 0.5), (0.1, 0.1))
    assert edges(page) == [10, 20, 90, 95], "a side moves in one direction only"
    drag(page, box, (0.5, 0.5), (1.4, 0.5))
    assert edges(page) == [20, 20, 100, 95], "the box stays on the photo"
    page.get_by_role("button", name="Use this part").click()
    expect(page.locator("#crop")).to_be_hidden()
    expect(page.locator(".photos .outline")).to_be_visible()
    expect(page.get_by_role("button", name="Choose the part of mug.png")).to_have_text("Another part")
    job = search(page)
    assert parts_of(job) == [[20, 20, 100, 95]]
    expect(page.locator(".query .outline")).to_be_visible()


def test_a_click_is_no_box_and_a_tiny_one_grows(page) -> None:
    box = opened(page)
    page.mouse.click(*at(box, 0.5, 0.5))
    assert edges(page) == [0, 0, 100, 100]
    drag(page, box, (0.5, 0.5), (0.51, 0.51))
    left, top, right, bottom = page.locator("crop-box").evaluate("box => box.box")
    assert round((right - left) * WIDE[0]) >= 16
    assert round((bottom - top) * WIDE[1]) >= 16


def test_the_keyboard_does_it_all(page) -> None:
    opener = page.get_by_role("button", name="Choose the part of mug.png")
    opener.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("application", name="Part of the photo")
    expect(box).to_be_focused()
    expect(box).not_to_have_attribute("data-waiting", "")
    for key in ["Shift+ArrowLeft"] * 30 + ["Shift+ArrowUp"] * 20 + ["ArrowRight"] * 10 + ["ArrowDown"] * 5:
        page.keyboard.press(key)
    assert edges(page) == [10, 5, 80, 85]
    told = "Part of the photo: from 10 to 80 percent across, from 5 to 85 percent down."
    expect(page.locator("#crop-said")).to_have_text(told)
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
    assert edges(page) == [0, 5, 100, 85], "at the border the other side makes room"
    page.keyboard.press("Home")
    assert edges(page) == [0, 0, 100, 100]
    expect(page.locator("#crop-said")).to_have_text("The whole photo.")
    for _ in range(40):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#crop")).to_be_hidden()
    expect(opener).to_be_focused()
    assert parts_of(search(page)) == [[0, 0, 100, 60]]


def test_escape_changes_nothing(page) -> None:
    box = opened(page)
    drag(page, box, (0.2, 0.2), (0.6, 0.6))
    page.locator("#crop [value=enhanced]").check()
    page.keyboard.press("Escape")
    expect(page.locator("#crop")).to_be_hidden()
    expect(page.locator(".photos .outline")).to_have_count(0)
    expect(page.locator("#id_preparation")).to_have_value("basic")
    opened(page)
    assert edges(page) == [0, 0, 100, 100]
    page.keyboard.press("Escape")
    assert parts_of(search(page)) == [None]


def test_a_finger_draws_moves_and_stretches(open_page, alice) -> None:
    page = open_page(alice, "/search/new/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    choose(page, "mug.png")
    page.get_by_role("button", name="Choose the part of mug.png").tap()
    box = page.locator("crop-box")
    expect(box).not_to_have_attribute("data-waiting", "")
    assert box.evaluate("box => getComputedStyle(box).touchAction") == "none"
    dialog = page.locator("#crop").bounding_box()
    assert dialog
    assert (dialog["x"], dialog["y"], dialog["width"], dialog["height"]) == (0, 0, 390, 844)
    touch(box, (0.1, 0.1), (0.3, 0.4), (0.7, 0.8))
    assert edges(page) == [10, 10, 70, 80]
    touch(box, (0.4, 0.4), (0.5, 0.5))
    assert edges(page) == [20, 20, 80, 90]
    touch(box, (0.82, 0.92), (0.9, 0.95), (0.6, 0.6))
    assert [round(edge / 5) * 5 for edge in edges(page)] == [20, 20, 60, 60], "a finger need not hit the corner"
    box.evaluate("box => { box.change([0.2, 0.2, 0.6, 0.6]); }")
    page.get_by_role("button", name="Use this part").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert parts_of(search(page)) == [[20, 20, 60, 60]]


def test_each_photo_has_its_part_whichever_is_taken_away(page) -> None:
    choose(page, "front.png", "back.png", "label.png")
    for name, end in (("front.png", (0.5, 0.5)), ("label.png", (0.25, 0.75))):
        box = opened(page, name)
        drag(page, box, (0.0, 0.0), end)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Take mug.png away").click()
    page.get_by_role("button", name="Take back.png away").click()
    assert parts_of(search(page)) == [[0, 0, 50, 50], [0, 0, 25, 75]]


def test_a_form_that_comes_back_has_the_part_still(page) -> None:
    box = opened(page)
    drag(page, box, (0.5, 0.0), (1.0, 1.0))
    page.get_by_role("button", name="Use this part").click()
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    expect(page.locator(".photos .outline")).to_be_visible()
    opened(page)
    assert edges(page) == [50, 0, 100, 100]
    page.get_by_role("button", name="Whole photo", exact=True).click()
    page.get_by_role("button", name="Use the whole photo").click()
    expect(page.locator(".photos .outline")).to_have_count(0)
    assert parts_of(search(page)) == [None]


def test_the_marketplaces_parts_are_suggested(open_page, alice, model) -> None:
    page = open_page(alice, f"/searches/{model.pk}/")
    page.get_by_role("link", name="Choose another part").click()
    expect(page.locator("#crop")).to_be_visible()
    expect(page.locator("crop-box")).not_to_have_attribute("data-waiting", "")
    second = page.get_by_role("button", name="Suggested part 2")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    assert edges(page) == [50, 50, 75, 100]
    page.get_by_role("button", name="Use this part").click()
    assert parts_of(search(page)) == [[50, 50, 75, 100]]


def test_without_scripts_there_is_no_box_and_the_form_works(open_page, alice, model) -> None:
    page = open_page(alice, f"/search/new/?like={model.pk}", java_script_enabled=False)
    expect(page.get_by_role("button", name="Choose the part")).to_have_count(0)
    expect(page.locator("#crop")).to_be_hidden()
    expect(page.get_by_label("Preparing the photo")).to_be_visible()
    assert parts_of(search(page)) == [None]
