"""The part of a photo, tried on the server: both preparations side by side, and what no browser draws."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.cropping import credential, drag, opened, page, parts_of, search

__all__ = ("credential", "page")

pytestmark = pytest.mark.django_db(transaction=True)


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
