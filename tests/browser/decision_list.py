"""The story's second half: from a list of suppliers to what the lead approved, and how it is written down."""

import io
import re

import openpyxl
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.decision import PIECES, Story, form_to


def keep_on_a_list(story: Story) -> None:
    """The two that stood side by side; they are still chosen."""
    page = story.buyer
    expect(page.locator("#rows input[name=match]:checked")).to_have_count(2)
    page.locator("[popovertarget=add-to-list]").click()
    page.locator("#tray-new").fill(f"List {story.title}")
    page.locator("#add-to-list .btn.primary").click()
    expect(page.locator("#rows .tag.known", has_text=f"List {story.title}").first).to_be_visible()
    story.go(page, reverse("suppliers:index"))
    page.get_by_role("link", name=f"List {story.title}").first.click()
    expect(page.locator("#entries tr")).to_have_count(2)
    story.list_url = page.url.removeprefix(story.portal.address)
    page.locator("#entries .t a").first.click()
    expect(page.locator("#approval")).to_be_visible()
    story.entry = page.url.removeprefix(story.portal.address)


def decide(story: Story) -> None:
    """Contacted, a note, and a word to the lead, who finds it."""
    page, lead = story.buyer, story.lead
    page.locator("#id_status").select_option("contacted")
    page.locator("#id_target_quantity").fill(str(PIECES))
    page.locator("#id_note").fill("Zips 拉链 are good.")
    form_to(page, "/change/").locator(".btn.primary").click()
    contacted = page.locator("#id_status option[value=contacted]").inner_text()
    expect(page.locator(".entry-head .states")).to_have_text(contacted)
    form_to(page, "/comments/").locator("textarea").fill(f"@lead 请看一下 {story.title}")
    form_to(page, "/comments/").locator("button").click()
    expect(page.locator("#comments .said")).to_contain_text("请看一下")
    story.go(lead, reverse("suppliers:index"))
    told = lead.locator(".for-you li.unread", has_text=f"请看一下 {story.title}")
    told.locator("a").click()
    expect(lead.locator("#comments .said")).to_contain_text("请看一下")


def propose(page: Page, text: str) -> None:
    form_to(page, "/propose/").locator("textarea").fill(text)
    form_to(page, "/propose/").locator("button").click()
    expect(page.locator("#approval .approval").first).to_contain_text(text)


def answer(story: Story, text: str, button: str) -> None:
    story.go(story.lead, story.entry)
    form_to(story.lead, "/answer/").locator("textarea").fill(text)
    form_to(story.lead, "/answer/").locator(f"button[name={button}]").click()
    expect(story.lead.locator("#approval .approval").first).to_contain_text(text)


def propose_and_approve(story: Story) -> None:
    page = story.buyer
    propose(page, "The best of them.")
    answer(story, "Which samples?", "send_back")
    story.go(page, story.entry)
    expect(page.locator("#approval .approval").first.locator(".pill.bad")).to_be_visible()
    expect(page.locator("#approval .approval").first).to_contain_text("Which samples?")
    form_to(page, "/comments/").locator("textarea").fill("Two came on Monday.")
    form_to(page, "/comments/").locator("button").click()
    expect(page.locator("#comments .said").last).to_contain_text("Two came on Monday.")
    propose(page, "With samples now.")
    answer(story, "Agreed.", "approve")
    expect(story.lead.locator("#approval .approval").first.locator(".pill.ok")).to_be_visible()


def change_what_is_approved(story: Story) -> None:
    """The buyer is refused; the lead, too, until they say that the approval is withdrawn with it."""
    page, lead = story.buyer, story.lead
    for person in (page, lead):
        story.go(person, story.entry)
        person.locator("#id_target_quantity").fill("900")
        form_to(person, "/change/").locator(".btn.primary").click()
        expect(person.locator(".notice.wait[role=alert]")).to_be_visible()
        story.go(person, story.entry)
        expect(person.locator("#id_target_quantity")).to_have_value(str(PIECES))
        expect(person.locator("#approval .approval").first.locator(".pill.ok")).to_be_visible()
    lead.locator("#id_target_quantity").fill("900")
    form_to(lead, "/change/").locator("[name=withdraw]").check()
    form_to(lead, "/change/").locator(".btn.primary").click()
    expect(lead.locator("#id_target_quantity")).to_have_value("900")
    expect(lead.locator("#approval .approval").first.locator(".pill.ok")).to_have_count(0)
    story.go(page, story.entry)
    expect(page.locator(".history")).to_contain_text("900")
    propose(page, "For 900 pieces.")
    answer(story, "Agreed once more.", "approve")


def download_the_decision(story: Story) -> None:
    """The list as a workbook, and as a pack to print."""
    page = story.buyer
    story.go(page, story.list_url)
    titles = page.locator("#entries .t").all_inner_texts()
    approved = page.locator("#entries .state .pill.ok").last.inner_text()
    page.locator('[formaction*="/workbook/"], form[action*="/workbook/"] button').first.click()
    page.wait_for_url(re.compile(r"/exports/\d+/$"))
    expect(page.locator("#download")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.locator("#download").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
    assert set(titles) <= set(cells)
    assert approved in cells
    print_the_pack(story, titles)


def print_the_pack(story: Story, titles: list[str]) -> None:
    """On paper the offers stand with what was decided of them, and nothing to press."""
    page = story.buyer
    story.go(page, story.list_url)
    page.locator('main a[href*="/pack/"]').click()
    expect(page.locator("article.pack h1")).to_contain_text(story.title)
    for title in titles:
        expect(page.locator("article.pack")).to_contain_text(title)
    page.emulate_media(media="print")
    expect(page.locator(".not-on-paper")).to_be_hidden()
    expect(page.locator("article.pack")).to_contain_text("Agreed once more.")
    pdf = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="screen")
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
