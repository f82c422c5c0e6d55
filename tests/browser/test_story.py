"""The main job as a buyer does it: photo in, offers compared, suppliers kept."""

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.processes.stack import ROOT

QUERIES = ROOT / "sandbox" / "catalogue" / "queries"


def similarities(page: Page) -> list[float]:
    return [float(text) for text in page.locator("#rows .sim span").all_inner_texts()]


def prices(page: Page) -> list[float]:
    texts = page.locator("#rows td[data-label=Price]").all_inner_texts()
    return [float(found[1].replace(",", "")) for text in texts if (found := re.search(r"¥([\d.,]+)", text))]


def search_for(page: Page, product: str, *, title: str = "", price_to: str = "") -> None:
    """Start a search; `price_to` makes it another question than the same product's, so that no cache answers."""
    page.get_by_role("link", name="New search").first.click()
    page.set_input_files("input[type=file]", QUERIES / f"{product}.jpg")
    page.get_by_label("Title", exact=True).fill(title or product)
    page.get_by_label("Price to").fill(price_to)
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))


def test_the_first_page_is_a_finished_comparison(visit, portal) -> None:
    page = visit()
    page.goto(portal.address)
    expect(page).to_have_url(re.compile(r"/searches/\d+/"))
    page = visit()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demo: glazed mug")
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.get_by_text("数据来源：1688")).to_be_visible()


def test_a_photo_becomes_a_sorted_comparison_without_a_reload(visit) -> None:
    page = visit()
    search_for(page, "vase-01", title="Vase from the fair")
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.locator("#calls[hx-get]")).to_have_count(0, timeout=40_000)  # our eye looks on
    found = similarities(page)
    assert found == sorted(found, reverse=True)
    expect(page.locator("#rows img").first).to_have_js_property("complete", True)
    assert page.locator("#rows img").first.evaluate("image => image.naturalWidth") > 100

    page.get_by_role("columnheader", name="Price").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=price"))
    assert prices(page) == sorted(prices(page))
    page.get_by_role("columnheader", name="Price").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=-price"))
    assert prices(page) == sorted(prices(page), reverse=True)


def test_filters_narrow_and_their_chips_widen_again(visit) -> None:
    page = visit()
    total = page.locator("#rows tr").count()
    middle = sorted(prices(page))[total // 2]
    page.get_by_label("highest price").fill(str(middle))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("price_to="))
    assert 0 < page.locator("#rows tr").count() <= total
    assert max(prices(page)) <= middle
    page.locator(".chip").first.click()
    expect(page.locator("#rows tr")).to_have_count(total)


def test_chosen_rows_go_to_a_list_and_out_as_csv(visit) -> None:
    page = visit()
    boxes = page.locator("#rows input[name=match]")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 chosen")).to_be_visible()
    titles = page.locator("#rows .t").all_inner_texts()[:3]

    with page.expect_download() as download:
        page.get_by_role("button", name="Export chosen").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[rows[0].index("title")] for row in rows[1:4]] == titles
    assert "数据来源：1688" in text

    page.get_by_role("button", name="Add to list").click()
    page.get_by_label("Name of a new list").or_(page.get_by_label("or a new one")).fill("Spring mugs")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("on list “Spring mugs”").first).to_be_visible()
    page.get_by_role("link", name="Supplier lists").first.click()
    page.get_by_role("link", name="Spring mugs").click()
    for title in titles:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_a_pasted_picture_is_taken(visit) -> None:
    page = visit()
    page.get_by_role("link", name="New search").first.click()
    photo = (QUERIES / "mug-01.jpg").read_bytes()
    # Before its script has run, the page hears no paste.
    expect(page.locator("[data-dropzone].ready")).to_be_visible()
    page.evaluate(
        """bytes => {
            const clipboard = new DataTransfer();
            clipboard.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", {type: "image/jpeg"}));
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
        }""",
        list(photo),
    )
    expect(page.locator("[data-preview] img")).to_be_visible()
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))


def test_a_mistake_keeps_everything_that_was_given(visit) -> None:
    page = visit()
    page.get_by_role("link", name="New search").first.click()
    page.set_input_files("input[type=file]", QUERIES / "mug-01.jpg")
    page.get_by_label("Price from").fill("90")
    page.get_by_label("Price to").fill("10")
    page.get_by_label("Title", exact=True).fill("Kept title")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("The highest price is below the lowest.")).to_be_visible()
    expect(page.get_by_text("Confirm that you may use this picture")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Kept title")
    expect(page.locator("[data-preview] img")).to_be_visible()
    page.get_by_label("Price to").fill("900")
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept title")


def test_a_session_that_ended_loses_nothing(visit, portal) -> None:
    page = visit()
    page.get_by_role("link", name="New search").first.click()
    page.set_input_files("input[type=file]", QUERIES / "mug-01.jpg")
    page.get_by_label("Title", exact=True).fill("Before lunch")
    page.get_by_label("I may use this picture").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label("Username").fill("buyer")
    page.get_by_label("Password").fill(portal.password("buyer"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Before lunch")
    expect(page.locator("[data-preview] img")).to_be_visible()


def test_rows_are_walked_by_keyboard(visit) -> None:
    page = visit()
    page.locator("#rows").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#rows input[name=match]:checked")).to_have_count(1)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.getAttribute('name')") == "title_any"


def test_a_viewer_reads_and_changes_nothing(visit, portal) -> None:
    page = visit("viewer")
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.get_by_role("button", name="Add to list")).to_have_count(0)
    expect(page.get_by_role("button", name="Search again")).to_have_count(0)
    page.goto(f"{portal.address}/search/new/")
    expect(page.locator("input[type=file]")).to_have_count(0)


def test_it_works_without_javascript(visit) -> None:
    page = visit(java_script_enabled=False)
    search_for(page, "mug-01", title="Without scripts")
    expect(page.locator("#rows tr").first).to_be_visible()
    page.get_by_role("columnheader", name="Price").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=price"))
    assert prices(page) == sorted(prices(page))
