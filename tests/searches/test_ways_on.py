"""Where the comparison leads: side by side, pictures of prices, files. Every one of them has a way in from the page."""

import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory

VIEW = "sort=-price&quantity=500"


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=3)
    for rank, price in enumerate((9, 7, 8), 1):
        SupplierMatchFactory(job=job, rank=rank, price=Decimal(price))
    return job


@pytest.fixture
def content(alice, job, signed_in) -> str:
    return signed_in(alice).get(f"/searches/{job.pk}/?{VIEW}").content.decode()


def places(content: str, kind: str) -> dict[str, str]:
    """The last steps of the page's own addresses of that kind ("href", "formaction", "action"), with their queries."""
    found = (urlsplit(unescape(address)) for address in re.findall(rf' {kind}="([^"]+)"', content))
    return {address.path.rstrip("/").rpartition("/")[2]: address.query for address in found}


def has_the_view(query: str) -> bool:
    return parse_qs(query) == parse_qs(VIEW)


@pytest.mark.parametrize("place", ["side-by-side", "pictures", "workbook", "pack", "export.csv"])
def test_the_tray_leads_from_the_chosen_offers(content, place):
    assert has_the_view(places(content, "formaction")[place])


@pytest.mark.parametrize(
    ("kind", "place"), [("href", "pictures"), ("href", "pack"), ("href", "export.csv"), ("action", "workbook")]
)
def test_the_page_leads_from_the_whole_view(content, kind, place):
    assert has_the_view(places(content, kind)[place])


def test_what_the_tray_sends_stays_with_the_view(content, alice, job, signed_in):
    """After every change of the view the buttons are replaced with it, though the tray itself stays."""
    kept = re.findall(r'hx-select-oob="([^"]+)"', content)[0].split(",")
    for button in re.findall(r"<button[^>]* formaction=[^>]*>", content):
        (name,) = re.findall(r' id="([^"]+)"', button)
        assert f"#{name}" in kept


def test_a_team_without_cost_profiles_and_weights_is_led_to_them(content):
    assert {"", "weights"} <= {address.rpartition("/reckoning/")[2].strip("/") for address in reckoning_links(content)}


def reckoning_links(content: str) -> list[str]:
    """Of the column of filters; the menu of the page has its own."""
    column = content.partition('id="filters-form"')[2].partition("</fieldset>")[0]
    return re.findall(r'href="(/reckoning/[^"]*)" hx-boost="false"', column)
