"""From a photo to a decision, as a buyer, a lead and a viewer do it; a stranger finds nothing of it. In both languages.

What stands on the pages is found by ids, fields and addresses, so that the story is the same in every language.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.decision import Story, speak
from tests.browser.decision_list import (
    change_what_is_approved,
    decide,
    download_the_decision,
    keep_on_a_list,
    propose_and_approve,
)
from tests.browser.decision_search import (
    compare,
    enter_a_rate,
    make_a_profile,
    put_side_by_side,
    save_and_share,
    search_with_a_photo,
)
from tests.browser.trail import Trail, repeat
from tests.processes.portal import Portal

LANGUAGES = ("en", "zh-hans")
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
