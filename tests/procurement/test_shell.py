"""What every page stands in: the bar at the top, the language, and no line that the CSP would refuse."""

import re
from html.parser import HTMLParser

import pytest

from accounts.models import Membership
from tests.factories import ListEntryFactory, MembershipFactory, SearchJobFactory, SupplierListFactory


class Refused(HTMLParser):
    """Collects what the content security policy forbids: inline style, inline script, foreign sources."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "style" or "style" in values or any(name.startswith("on") for name in values):
            self.found.append(self.get_starttag_text())
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.found.append(self.get_starttag_text())
        if tag == "link" and not values["href"].startswith("/static/"):
            self.found.append(self.get_starttag_text())


@pytest.fixture
def pages(alice, team):
    supplier_list = SupplierListFactory(team=team, owner=alice, name="Spring bags")
    entry = ListEntryFactory(supplier_list=supplier_list, added_by=alice)
    base = f"/lists/{supplier_list.pk}/"
    return [
        "/lists/",
        "/lists/new/",
        base,
        f"{base}rename/",
        f"{base}delete/",
        f"{base}entries/{entry.pk}/note/",
        f"{base}entries/{entry.pk}/remove/",
        "/accounts/password/",
        "/lists/999/",
    ]


def test_nothing_that_the_policy_refuses(alice, pages, signed_in):
    client = signed_in(alice)
    for address in pages:
        response = client.get(address)
        assert Refused(response.content.decode()).found == [], address
        policy = response["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_every_page_has_one_heading_and_a_way_past_the_bar(alice, pages, signed_in):
    client = signed_in(alice)
    for address in pages:
        page = client.get(address).content.decode()
        assert len(re.findall(r"<h1\b", page)) == 1, address
        assert 'href="#content"' in page
        assert 'id="content"' in page


def test_the_bar_says_where_one_is(alice, team, signed_in):
    supplier_list = SupplierListFactory(team=team)
    client = signed_in(alice)
    assert '<a href="/lists/" aria-current="page">' in client.get("/lists/").content.decode()
    within = client.get(supplier_list.get_absolute_url()).content.decode()
    assert '<a href="/lists/" aria-current="true">' in within
    assert 'href="/searches/" aria-current' not in within


def test_the_bar_names_team_and_person(alice, signed_in):
    page = signed_in(alice).get("/lists/").content.decode()
    assert "Team: Outdoor" in page
    assert "Signed in as alice" in page


def test_all_teams_are_named(alice, charlies_team, signed_in):
    MembershipFactory(user=alice, team=charlies_team, role=Membership.Role.VIEWER)
    assert "Teams: Kitchen, Outdoor" in signed_in(alice).get("/lists/").content.decode()


def test_administration_is_offered_to_superusers_only(alice, bob, signed_in):
    bob.is_superuser = bob.is_staff = True
    bob.save()
    assert 'href="/admin/"' not in signed_in(alice).get("/lists/").content.decode()
    assert 'href="/admin/"' in signed_in(bob).get("/lists/").content.decode()


def test_language_is_switched_and_kept(alice, signed_in):
    client = signed_in(alice)
    assert '<html lang="en">' in client.get("/lists/").content.decode()
    response = client.post("/i18n/set/", {"language": "zh-hans", "next": "/lists/"})
    assert response.url == "/lists/"
    page = client.get("/lists/").content.decode()
    assert '<html lang="zh-hans">' in page
    assert 'value="en"' in page


@pytest.mark.django_db
def test_language_is_switched_before_signing_in(signed_in):
    client = signed_in(None)
    client.post("/i18n/set/", {"language": "zh-hans", "next": "/accounts/sign-in/"})
    assert '<html lang="zh-hans">' in client.get("/accounts/sign-in/").content.decode()


def test_names_of_people_cannot_carry_markup(alice, team, signed_in):
    team.name = "<b>Outdoor</b>"
    team.save()
    alice.first_name = "<script>alert(1)</script>"
    alice.save()
    SearchJobFactory(team=team)
    page = signed_in(alice).get("/lists/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Outdoor" not in page
