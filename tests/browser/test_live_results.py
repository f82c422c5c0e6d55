"""The comparison under a reader's hands: what the poll and the filters replace, and what they must not touch.

A server of the tests' own, whose rows the tests change: no marketplace, so that the moment of each change is known.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from searches.models import SearchCall, SearchJob, SupplierMatch
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import photo

pytestmark = pytest.mark.django_db(transaction=True)
COLOURS = ("红色", "蓝色", "白色")


def add_offers(job: SearchJob, number: int) -> list[SupplierMatch]:
    first = job.matches.count()
    return [
        SupplierMatchFactory(
            job=job,
            title=f"{COLOURS[place % 3]} 马克杯 {place:03}",
            rank=place + 1,
            similarity=round(0.99 - place * 0.004, 3),
            price=10 + place,
            image_url="",
        )
        for place in range(first, first + number)
    ]


@pytest.fixture
def job(team, alice) -> SearchJob:
    """Thirty offers are there, the second page of them is on its way."""
    running = {"status": SearchJob.Status.RUNNING, "finished_at": None}
    job = SearchJobFactory(team=team, owner=alice, title="Mug", image__data=photo(), **running)
    SearchCallFactory(job=job, page=1, offers_found=30)
    credential = job.calls.get().credential
    SearchCallFactory(job=job, page=2, credential=credential, status=SearchCall.Status.RUNNING, fetched_at=None)
    add_offers(job, 30)
    return job


def finish(job: SearchJob, number: int = 20) -> None:
    """The second page comes in."""
    add_offers(job, number)
    job.calls.filter(page=2).update(
        status=SearchCall.Status.DONE, offers_found=number, fetched_at=job.calls.get(page=1).fetched_at
    )
    SearchJob.objects.filter(pk=job.pk).update(status=SearchJob.Status.DONE)


@pytest.fixture
def open_page(browser: Browser, live_server, signed_in) -> Iterator[Callable[..., Page]]:
    """`open_page(user, path)`: that user's window. Any error in its console fails."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(user: User, path: str, **options) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1400, "height": 700}, "locale": "en-GB"} | options))
        contexts.append(context)
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
def page(open_page, alice, job) -> Page:
    return open_page(alice, f"/searches/{job.pk}/")


def rows(page: Page):
    return page.locator("#rows tr")


def test_new_offers_leave_choice_focus_and_scrolling_alone(page, job) -> None:
    expect(rows(page)).to_have_count(30)
    page.locator("#rows input").nth(2).check()
    page.locator("details.call summary").click()
    box = page.locator(".tablebox")
    rows(page).nth(9).focus()
    page.keyboard.press("ArrowDown")
    box.evaluate("box => box.scrollTo(0, 320)")
    before = page.evaluate("[document.activeElement.id, document.querySelector('.tablebox').scrollTop]")
    chosen = page.locator("#rows input:checked").get_attribute("value")

    finish(job)
    expect(rows(page)).to_have_count(50)
    assert page.evaluate("[document.activeElement.id, document.querySelector('.tablebox').scrollTop]") == before
    assert before[1] == 320
    assert before[0].startswith("match-")
    assert page.locator("#rows input:checked").get_attribute("value") == chosen
    expect(page.get_by_text("1 chosen")).to_be_visible()
    assert page.locator("details.call").get_attribute("open") is not None
    expect(page.locator("#announce")).to_have_text("50 of 50 offers, the search is done")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") != before[0], "the walk goes on from where it was"


def test_the_poll_ends_with_the_search(page, job) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    finish(job)
    expect(page.get_by_role("button", name="Search again")).to_be_visible()
    expect(page.locator("[hx-trigger='every 1s']")).to_have_count(0)
    asked.clear()
    page.wait_for_timeout(1500)
    assert asked == []


def test_typing_in_a_filter_is_not_taken_away(page, job) -> None:
    field = page.get_by_label("any of these words")
    field.press_sequentially("红")
    finish(job)
    expect(rows(page)).to_have_count(50)
    expect(field).to_be_focused()
    field.press_sequentially("色")
    expect(field).to_have_value("红色")
    page.keyboard.press("Tab")
    expect(rows(page)).to_have_count(17)
    expect(page.get_by_text("title has any of: 红色")).to_be_visible()


def test_counts_follow_when_the_reader_leaves_the_filters(page, job) -> None:
    page.get_by_label("any of these words").focus()
    finish(job)
    expect(rows(page)).to_have_count(50)
    page.get_by_label("Offers side by side").focus()
    expect(page.locator("label[for=id_similarity_from_0]")).to_contain_text("50")


def test_a_filter_applies_itself_and_stays_in_reach(page, job) -> None:
    page.get_by_label("0.9 and up").check()
    expect(page).to_have_url(re.compile(r"similarity_from=0\.9"))
    expect(rows(page)).to_have_count(23)
    assert page.evaluate("document.activeElement.value") == "0.9"
    assert "price_from" not in page.url, "empty filters stay out of the address"
    page.keyboard.press("ArrowUp")
    expect(rows(page)).to_have_count(11)
    page.go_back()
    expect(rows(page)).to_have_count(23)
    page.get_by_role("link", name="similarity 0.9 and up").click()
    expect(rows(page)).to_have_count(30)


def test_a_filter_chosen_during_the_search_filters_what_comes(page, job) -> None:
    page.get_by_label("any of these words").fill("蓝色")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(10)
    finish(job)
    expect(page.locator("#bar")).to_contain_text("17 of 50")
    expect(rows(page)).to_have_count(17)


def test_offers_stay_chosen_from_page_to_page(open_page, alice, job) -> None:
    finish(job, 60)
    page = open_page(alice, f"/searches/{job.pk}/")
    page.locator("#rows input").first.check()
    page.get_by_role("link", name="next").click()
    expect(rows(page)).to_have_count(40)
    page.locator("#rows input").last.check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export chosen").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("马克杯") == 2
    page.get_by_role("link", name="previous").click()
    expect(page.locator("#rows input:checked")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#rows input:checked")).to_have_count(0)
    expect(page.locator("#tray")).to_be_hidden()


def test_saving_empties_the_tray(open_page, alice, job) -> None:
    finish(job, 1)
    page = open_page(alice, f"/searches/{job.pk}/")
    page.locator("#rows input").nth(1).check()
    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").fill("Mugs")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("1 offer saved to Mugs.")).to_be_visible()
    expect(page.get_by_text("on list “Mugs”")).to_be_visible()
    expect(page.locator("#tray")).to_be_hidden()


def test_ranges_and_all(page, job) -> None:
    boxes = page.locator("#rows input")
    boxes.nth(2).click()
    boxes.nth(6).click(modifiers=["Shift"])
    expect(page.get_by_text("5 chosen")).to_be_visible()
    every = page.get_by_label("Choose all offers of this page")
    assert every.evaluate("box => box.indeterminate")
    every.check()
    expect(page.get_by_text("30 chosen")).to_be_visible()
    every.uncheck()
    expect(page.locator("#tray")).to_be_hidden()


def test_rows_are_walked_chosen_and_opened_by_keyboard(page, job) -> None:
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.keyboard.press("End")
    expect(rows(page).last).to_be_focused()
    expect(rows(page).last).to_be_in_viewport()
    with page.context.expect_page() as opened:
        page.context.route("https://detail.1688.com/**", lambda route: route.fulfill(body="offer"))
        page.keyboard.press("Enter")
    assert "detail.1688.com/offer/" in opened.value.url


def test_a_phone_opens_the_filters_as_a_sheet(open_page, alice, job) -> None:
    page = open_page(alice, f"/searches/{job.pk}/", viewport={"width": 390, "height": 800}, has_touch=True)
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(sheet).to_be_visible()
    page.get_by_label("0.95 and up").check()
    expect(rows(page)).to_have_count(11)
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("link", name="similarity 0.95 and up")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1024, 1600])
@pytest.mark.parametrize("path", ["/searches/{}/", "/searches/", "/search/new/"])
def test_no_page_is_wider_than_its_window(width, path, open_page, alice, job) -> None:
    page = open_page(alice, path.format(job.pk), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


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


def png(name: str, colour: str = "teal") -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": photo(colour)}


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
