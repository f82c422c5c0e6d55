"""From a photo to a decision, as a buyer, a lead and a viewer do it; a stranger finds nothing of it. In both languages.

What stands on the pages is found by ids, fields and addresses, so that the story is the same in every language.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_story import QUERIES
from tests.browser.trail import Trail, repeat
from tests.processes.portal import Portal

LANGUAGES = ("en", "zh-hans")
PIECES = 500
RATE, FREIGHT, KILOGRAMS, DUTY = 0.14, 6.0, 0.35, 0.065
RATES = b"from,to,rate,date\nCNY,USD,0.14,2026-01-01\n"
# What is posted, and changes nobody's things: a choice that becomes an address, a file of what is read.
READING = {"searches:side-by-side", "searches:workbook", "suppliers:workbook"}
# Pages that are there to change something; and files, which are their asker's alone.
FOR_CHANGING, OF_ONE_PERSON = {"saved:share", "suppliers:share"}, {"exports:detail", "exports:download"}
STRANGER = "correct horse of Kitchen"
MAKE_STRANGER = f"""
from accounts.models import Membership, Team, User
user, is_new = User.objects.get_or_create(username="stranger")
user.set_password({STRANGER!r})
user.save()
if is_new:
    team = Team.objects.create(name="Kitchen")
    Membership.objects.create(team=team, user=user, role=Membership.Role.LEAD)
"""


@dataclass
class Story:
    """Who takes part, and what has come of it so far."""

    portal: Portal
    language: str
    buyer: Page
    lead: Page
    title: str
    search: str = ""
    list_url: str = ""
    entry: str = ""

    def go(self, page: Page, address: str) -> None:
        page.goto(address if address.startswith("http") else self.portal.address + address)


def speak(page: Page, language: str) -> Page:
    if language != "en":
        page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def form_to(page: Page, ending: str) -> Locator:
    """The form of the page that is sent to an address with that ending."""
    return page.locator(f'main form[action$="{ending}"]')


def number_in(text: str) -> float:
    found = re.search(r"[\d.,]*\d", text)
    assert found, f"no number in {text!r}"
    return float(found[0].replace(",", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_photo_to_a_decision(visit: Callable[..., Page], portal: Portal, language: str) -> None:
    enter_a_rate(speak(visit("admin"), language), portal)
    trail = Trail(portal.address)
    buyer, lead = (speak(visit(name), language) for name in ("buyer", "lead"))
    trail.follow(buyer)
    trail.follow(lead)
    story = Story(portal, language, buyer, lead, title=f"Vases 花瓶 {language}")
    profile = make_a_profile(story)
    search_with_a_photo(story)
    compare(story, profile)
    save_and_share(story)
    put_side_by_side(story)
    keep_on_a_list(story)
    decide(story)
    propose_and_approve(story)
    change_what_is_approved(story)
    download_the_decision(story)

    viewer = speak(visit("viewer"), language)
    read_and_change_nothing(story, viewer, trail)
    portal.manage("shell", "--verbosity", "0", "--command", MAKE_STRANGER)
    stranger = visit(None)
    stranger.locator("#id_username").fill("stranger")
    stranger.locator("#id_password").fill(STRANGER)
    stranger.locator("main form button").click()
    # Signed in, and led to the demo's search, which is another team's.
    expect(stranger.locator("#user-menu")).to_have_count(1)
    find_nothing(story, stranger, trail)


def enter_a_rate(page: Page, portal: Portal) -> None:
    page.goto(portal.address + reverse("admin:reckoning_exchangerate_upload"))
    page.locator("[name=file]").set_input_files({"name": "rates.csv", "mimeType": "text/csv", "buffer": RATES})
    page.locator(".submit-row [type=submit]").click()
    expect(page.locator(".counts")).to_be_visible()
    confirm = page.locator(".submit-row [type=submit]")
    if confirm.count():  # another test may have taken them
        confirm.click()
        expect(page.locator(".messagelist .success")).to_be_visible()


def make_a_profile(story: Story) -> str:
    """Answers its id: landed in USD, 6 dollars a kilogram, 0.35 kg a piece, 6.5 % duty on goods and freight."""
    page = story.buyer
    story.go(page, reverse("reckoning:profile-new"))
    page.locator("#id_name").fill(f"By air 空运 {story.title}")
    page.locator("#id_freight_amount").fill(str(FREIGHT))
    page.locator("#id_kg_per_piece").fill(str(KILOGRAMS))
    page.locator("#id_duty_percent").fill("6.5")
    page.locator("form.reckon .btn.primary").click()
    page.wait_for_url(re.compile(r"/reckoning/\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def search_with_a_photo(story: Story) -> None:
    page = story.buyer
    story.go(page, reverse("searches:new"))
    page.set_input_files("#id_image", QUERIES / "vase-01.jpg")
    page.locator("#id_title").fill(story.title)
    page.locator("#id_rights").check()
    page.locator("form.ask .btn.primary").click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    story.search = page.url.partition("?")[0].removeprefix(story.portal.address)
    expect(page.locator("#again")).to_be_visible()  # the search is done
    expect(page.locator("#rows tr").first).to_be_visible()


def compare(story: Story, profile: str) -> None:
    """At 500 pieces, landed in dollars, by supplier, without the dearest half."""
    page = story.buyer
    page.locator("#id_quantity").fill("５００")
    page.locator("#id_quantity").press("Enter")
    expect(page).to_have_url(re.compile(f"quantity={PIECES}|quantity=%EF"))
    page.locator("#costs").select_option(profile)
    expect(page.locator("#sort-landed")).to_be_visible()
    unit, landed = (figure(page, key) for key in ("unit", "landed"))
    assert landed == pytest.approx((unit * RATE + FREIGHT * KILOGRAMS) * (1 + DUTY), abs=0.01)
    page.locator("#sort-landed").click()
    expect(page).to_have_url(re.compile("sort=landed"))
    before = page.locator("#rows tr").count()
    page.locator("#group").check()
    expect(page).to_have_url(re.compile("group=supplier"))
    page.locator("#id_price_to").fill(str(int(figure(page, "unit")) + 30))
    page.locator("#id_price_to").press("Enter")
    expect(page).to_have_url(re.compile("price_to="))
    expect(page.locator("#bar .chip").first).to_be_visible()
    assert 1 < page.locator("#rows tr").count() <= before


def figure(page: Page, key: str) -> float:
    """The first row's figure in the column that sorts by `key`."""
    place = page.locator("thead th").evaluate_all(
        f"heads => heads.findIndex(head => head.querySelector('#sort-{key}'))"
    )
    cell = page.locator("#rows tr").first.locator("> *").nth(place)
    return number_in(cell.locator(".made-of").or_(cell).first.inner_text())


def what_is_seen(page: Page) -> tuple[str, list[str], list[str]]:
    """The comparison as its reader sees it: rows, heads of columns, filters that are on."""
    expect(page.locator("#rows tr").first).to_be_visible()
    heads, chips = page.locator("table.offers thead th a"), page.locator("#bar .chip")
    return page.locator("#rows").inner_text(), heads.all_inner_texts(), chips.all_inner_texts()


def save_and_share(story: Story) -> None:
    """Its link gives the lead exactly what the buyer sees."""
    page = story.buyer
    page.locator("[data-dialog=save-search]").click()
    page.locator("#save-search [name=name]").fill(f"Saved {story.title}")
    page.locator("#save-search .btn.primary").click()
    expect(page.locator("#saved-bar .saved-name a")).to_have_text(f"Saved {story.title}")
    address = page.locator("#saved-bar .saved-name a").get_attribute("href")
    link = page.locator("#saved-link").get_attribute("value")
    assert address
    assert link
    seen = what_is_seen(page)
    story.go(story.lead, address)
    expect(story.lead.locator("h1")).not_to_contain_text(story.title)
    story.go(page, f"{address}share/")
    page.locator("[name=audience][value=team]").check()
    page.locator("main form .btn.primary").click()
    page.wait_for_url(lambda url: not url.endswith("/share/"))
    story.go(story.lead, link)
    assert what_is_seen(story.lead) == seen
    expect(story.lead.locator("#saved-bar .saved-name a")).to_have_text(f"Saved {story.title}")
    story.go(page, link)


def put_side_by_side(story: Story) -> None:
    page = story.buyer
    boxes = page.locator("#rows input[name=match]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    titles = page.locator("#rows tr .t").all_inner_texts()[:2]
    page.locator('#tray [formaction*="side-by-side"]').click()
    page.wait_for_url(re.compile("side-by-side"))
    assert page.locator("table.side-by-side .titles .t").all_inner_texts() == titles
    expect(page.locator("table.side-by-side td.best").first).to_be_visible()
    page.go_back()


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


def read_and_change_nothing(story: Story, viewer: Page, trail: Trail) -> None:
    """The viewer sees what the others saw; each change of theirs, tried again, is refused."""
    story.go(viewer, story.entry)
    expect(viewer.locator("#comments .said")).to_have_count(2)
    expect(viewer.locator("main form[method=post]")).to_have_count(0)
    history = viewer.locator(".history").inner_text()
    for step in trail.about_something("GET"):
        name = step.match.view_name
        expected = {403} if name in FOR_CHANGING else {404} if name in OF_ONE_PERSON else {200, 302}
        assert repeat(viewer, story.portal.address, step) in expected, step
    changes = [step for step in trail.about_something("POST") if step.match.view_name not in READING]
    assert {step.match.view_name for step in changes} >= {"suppliers:save", "suppliers:change", "suppliers:answer"}
    for step in changes:
        assert repeat(viewer, story.portal.address, step) == 403, step
    story.go(viewer, story.entry)
    assert viewer.locator(".history").inner_text() == history


def find_nothing(story: Story, stranger: Page, trail: Trail) -> None:
    """Another team's lead: 404 at every address of the story, and nothing of it in what they are shown."""
    names = {step.match.view_name for step in trail.steps if step.is_about_something}
    assert names >= {"searches:detail", "searches:thumb", "saved:detail", "suppliers:entry", "exports:download"}
    for method in ("GET", "POST"):
        for step in trail.about_something(method):
            assert repeat(stranger, story.portal.address, step) == 404, step
    for step in trail.steps:
        if step.method == "GET" and not step.is_about_something:
            stranger.goto(story.portal.address + step.address)
            assert story.title not in stranger.content(), step
