"""Choosing the part of a photo: by mouse, by keyboard, by finger, and what the form then sends.

A server of the tests' own without a marketplace: a search is written, and no call leaves.
"""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from searches.models import SearchJob
from tests.browser.test_live_results import open_page
from tests.factories import CredentialFactory, QueryImageFactory, SearchCallFactory, SearchJobFactory
from tests.searches.pages import photo

__all__ = ("open_page",)

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = (800, 600)


@pytest.fixture(autouse=True)
def credential(db) -> None:
    CredentialFactory()


@pytest.fixture
def page(open_page, alice) -> Page:
    """A new search, with a photo of 800 × 600 chosen and not yet sent."""
    page = open_page(alice, "/search/new/", viewport={"width": 1280, "height": 900})
    choose(page, "mug.png")
    return page


@pytest.fixture
def model(alice, team) -> SearchJob:
    """A finished search, in whose photo a marketplace saw two parts."""
    image = QueryImageFactory(team=team, data=photo(size=WIDE), width=WIDE[0], height=WIDE[1], name="bag.png")
    job = SearchJobFactory(team=team, owner=alice, title="Bag", image=image)
    SearchCallFactory(job=job, regions=[[0.1, 0.2, 0.6, 0.9], [0.5, 0.5, 0.75, 1]])
    return job


def choose(page: Page, *names: str) -> None:
    colours = ("teal", "olive", "navy")
    files = [
        {"name": name, "mimeType": "image/png", "buffer": photo(colour, WIDE)}
        for name, colour in zip(names, colours, strict=False)
    ]
    page.set_input_files("#id_image", files)


def opened(page: Page, name: str = "mug.png") -> Locator:
    """The dialog's box, once its photo is shown."""
    page.get_by_role("button", name=f"Choose the part of {name}").click()
    box = page.locator("crop-box")
    expect(box).not_to_have_attribute("data-waiting", "")
    return box


def edges(page: Page) -> list[int]:
    """Left, top, right and bottom of the box, in percent."""
    return [round(edge * 100) for edge in page.locator("crop-box").evaluate("box => box.box")]


def at(box: Locator, x: float, y: float) -> tuple[float, float]:
    area = box.bounding_box()
    assert area
    return area["x"] + x * area["width"], area["y"] + y * area["height"]


def drag(page: Page, box: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*at(box, *start))
    page.mouse.down()
    page.mouse.move(*at(box, *end), steps=4)
    page.mouse.up()


def touch(box: Locator, *way: tuple[float, float]) -> None:
    """A finger that is put down, goes that way, and is lifted."""
    box.evaluate(
        """(box, way) => {
            const area = box.getBoundingClientRect();
            const send = (kind, [x, y]) => {
                const place = {clientX: area.left + x * area.width, clientY: area.top + y * area.height};
                const target = document.elementFromPoint(place.clientX, place.clientY);
                const finger = {pointerId: 7, pointerType: "touch", isPrimary: true, bubbles: true, cancelable: true};
                const button = kind === "pointermove" ? -1 : 0;
                target.dispatchEvent(new PointerEvent(kind, {...finger, ...place, button}));
            };
            box.setPointerCapture = () => {};
            send("pointerdown", way[0]);
            for (const place of way.slice(1)) send("pointermove", place);
            send("pointerup", way.at(-1));
        }""",
        [list(place) for place in way],
    )


def search(page: Page) -> SearchJob:
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    return SearchJob.objects.latest("pk")


def parts_of(job: SearchJob) -> list:
    return [
        [round(edge * 100) for edge in job.crops[str(image.pk)]] if str(image.pk) in job.crops else None
        for image in job.photos
    ]


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


# Side by side


def test_both_preparations_are_shown_as_the_server_makes_them(page) -> None:
    shown = "figure => figure.complete && [figure.naturalWidth, figure.naturalHeight].join()"
    box = opened(page)
    basic, enhanced = page.locator("[data-preset=basic] img"), page.locator("[data-preset=enhanced] img")
    expect(basic).to_have_js_property("naturalWidth", 800)
    expect(enhanced).to_have_js_property("naturalWidth", 600)
    with page.expect_response("**/search/trial/"):
        drag(page, box, (0.0, 0.0), (0.25, 0.5))
    for figure in (basic, enhanced):
        expect(figure).to_have_js_property("naturalWidth", 200)
        assert figure.evaluate(shown) == "200,300"
    page.locator("#crop [value=enhanced]").check()
    page.get_by_role("button", name="Use this part").click()
    expect(page.locator("#id_preparation")).to_have_value("enhanced")
    assert search(page).preparation == "enhanced"


def test_what_cannot_be_made_is_said_in_its_place_and_the_last_box_wins(page) -> None:
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.post_data_buffer.decode("latin-1"))
        if 'name="preparation"\r\n\r\nbasic' in asked[-1]:
            route.fulfill(status=200, content_type="text/plain; charset=utf-8", body="The file is damaged.")
        else:
            route.fulfill(status=200, content_type="text/html", body="Sign in")

    page.route("**/search/trial/", answer)
    box = opened(page)
    expect(page.locator("[data-preset=basic] [role=status]")).to_have_text("The file is damaged.")
    expect(page.locator("[data-preset=enhanced] [role=status]")).to_have_text("This could not be made now.")
    asked.clear()
    box.evaluate(
        """box => {
            const narrower = {key: "ArrowLeft", shiftKey: true, bubbles: true, cancelable: true};
            for (let step = 0; step < 10; step += 1) box.dispatchEvent(new KeyboardEvent("keydown", narrower));
        }"""
    )
    for preset in ("basic", "enhanced"):
        expect(page.locator(f"[data-preset={preset}]")).not_to_have_attribute("aria-busy", "true")
    assert len(asked) == 2, "one question each, after the box has come to rest"
    assert all("0,0,0.9,1" in body for body in asked)
    assert box.is_visible()


@pytest.fixture
def tiff() -> Iterator[dict]:
    file = io.BytesIO()
    Image.new("RGB", (900, 300), "olive").save(file, "TIFF")
    yield {"name": "jar.tiff", "mimeType": "image/tiff", "buffer": file.getvalue()}


def test_a_photo_that_the_browser_cannot_draw_is_drawn_by_the_server(open_page, alice, tiff) -> None:
    page = open_page(alice, "/search/new/")
    page.set_input_files("#id_image", tiff)
    expect(page.locator(".photos .noimg")).to_have_text("TIFF")
    box = opened(page, "jar.tiff")
    expect(box.locator("img")).to_have_js_property("naturalWidth", 900)
    drag(page, box, (0.0, 0.0), (0.5, 1.0))
    page.get_by_role("button", name="Use this part").click()
    expect(page.locator(".photos img")).to_be_visible()
    expect(page.locator(".photos .noimg")).to_have_count(0)
    assert parts_of(search(page)) == [[0, 0, 50, 100]]


def test_a_file_that_is_no_picture_says_so_and_is_left_to_the_form(open_page, alice) -> None:
    page = open_page(alice, "/search/new/")
    answers = iter((("text/plain; charset=utf-8", "The file is damaged."), ("text/html", "Sign in")))

    def answer(route) -> None:
        kind, body = next(answers)
        route.fulfill(status=200, content_type=kind, body=body)

    page.route("**/search/trial/", answer)
    page.set_input_files("#id_image", {"name": "x.heic", "mimeType": "image/heic", "buffer": b"words"})
    for words in ("The file is damaged.", "The photo cannot be shown here."):
        page.get_by_role("button", name="Choose the part of x.heic").click()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.locator("crop-box")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("#crop")).to_be_hidden()


def test_without_scripts_there_is_no_box_and_the_form_works(open_page, alice, model) -> None:
    page = open_page(alice, f"/search/new/?like={model.pk}", java_script_enabled=False)
    expect(page.get_by_role("button", name="Choose the part")).to_have_count(0)
    expect(page.locator("#crop")).to_be_hidden()
    expect(page.get_by_label("Preparing the photo")).to_be_visible()
    assert parts_of(search(page)) == [None]
