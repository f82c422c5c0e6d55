"""A new search: photos are dropped, gathered, weighed and taken away before anything travels."""

import pytest
from playwright.sync_api import expect

from tests.browser.comparison import job
from tests.searches.pages import photo

__all__ = ("job",)

pytestmark = pytest.mark.django_db(transaction=True)


def png(name: str, colour: str = "teal") -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": photo(colour)}


def test_a_dropped_file_is_weighed_before_it_travels(open_page, alice, job) -> None:
    page = open_page(alice, "/search/new/")
    drop = """([name, type, size]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(size)], name, {type}));
        document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, ["huge.jpg", "image/jpeg", 20_000_001])
    expect(page.get_by_text("The file is larger than 20 MB.")).to_be_visible()
    page.evaluate(drop, ["list.pdf", "application/pdf", 10])
    expect(page.get_by_text("This is not a picture.")).to_be_visible()
    assert page.locator("#id_image").evaluate("field => field.files.length") == 0
    page.evaluate(drop, ["mug.heic", "", 1000])
    expect(page.get_by_text("mug.heic · 1 kB")).to_be_visible()
    assert page.locator("#id_image").evaluate("field => field.files[0].name") == "mug.heic"


def test_a_refused_file_leaves_the_kept_photo(open_page, alice, job) -> None:
    page = open_page(alice, f"/search/new/?like={job.pk}")
    kept = page.get_by_alt_text("A photo that is kept")
    expect(kept).to_be_visible()
    page.set_input_files("#id_image", {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"words"})
    expect(page.get_by_text("This is not a picture.")).to_be_visible()
    expect(kept).to_be_visible()
    assert page.locator("#id_image").evaluate("field => field.files.length") == 0
    page.set_input_files("#id_image", png("mug.png"))
    expect(page.get_by_text("mug.png · 60 × 40 · 0 kB")).to_be_visible()
    expect(kept).to_be_visible()
    page.get_by_role("button", name="Take bag.jpg away").click()
    expect(kept).to_have_count(0)
    expect(page.locator("[name=kept_image]")).to_have_count(0)


def test_photos_are_gathered_and_taken_away_one_by_one(open_page, alice, job) -> None:
    page = open_page(alice, "/search/new/")
    names = "field => [...field.files].map(({name}) => name)"
    field = page.locator("#id_image")
    page.set_input_files("#id_image", [png("front.png"), png("back.png", "red")])
    page.set_input_files("#id_image", png("label.png", "gold"))
    expect(page.get_by_text("3 of 8 photos")).to_be_visible()
    assert field.evaluate(names) == ["front.png", "back.png", "label.png"]
    page.get_by_role("button", name="Take back.png away").click()
    expect(page.get_by_role("button", name="Take label.png away")).to_be_focused()
    assert field.evaluate(names) == ["front.png", "label.png"]
    page.set_input_files("#id_image", [png(f"{number}.png") for number in range(1, 9)])
    expect(page.get_by_text("Left out: 7.png, 8.png")).to_be_visible()
    assert field.evaluate(names) == ["front.png", "label.png", *(f"{number}.png" for number in range(1, 7))]


def test_a_pasted_address_becomes_the_address(open_page, alice, job) -> None:
    page = open_page(alice, "/search/new/")
    page.evaluate(
        """() => {
            const clipboard = new DataTransfer();
            clipboard.setData("text/plain", " https://shop.example/mug.jpg ");
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
        }"""
    )
    expect(page.get_by_label("address of a picture")).to_have_value("https://shop.example/mug.jpg")


def test_a_photo_that_was_chosen_before_the_page_was_ready_is_kept(open_page, live_server, alice, job) -> None:
    page = open_page(alice, "/searches/")
    held = []
    page.route("**/dropzone*.js", lambda route: held.append(route))
    page.goto(f"{live_server.url}/search/new/", wait_until="commit")
    page.set_input_files("#id_image", png("early.png"))
    page.wait_for_function("() => document.readyState === 'interactive'")
    held[0].continue_()
    expect(page.locator(".photos li")).to_have_count(1)
    expect(page.locator(".photos .name")).to_contain_text("early.png")
    assert page.locator("#id_image").evaluate("field => field.files.length") == 1
