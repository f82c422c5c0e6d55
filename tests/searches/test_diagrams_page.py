"""Prices and places as pictures: what is measured, what is marked, the numbers beside, the links, strangers."""

import html
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from reckoning.models import CostProfile
from searches.models import SearchJob
from tests.factories import (
    OTHER_MARKETPLACE,
    ListEntryFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice, title="Teal mug")
    SearchCallFactory(job=job, offers_found=6)
    for price, place in (
        ("10", "浙江 金华"),
        ("11", "浙江 义乌"),
        ("12", "广东 潮州"),
        ("14", "浙江 金华"),
        ("30", "New York"),
        (None, ""),
    ):
        SupplierMatchFactory(
            job=job, title=f"at {price}", price=price and Decimal(price), supplier_location=place, moq=1
        )
    return job


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(f"/searches/{job.pk}/pictures/", params)


def part(response, name: str) -> str:
    found = re.search(rf'<section [^>]*id="{name}".*?</section>', response.content.decode(), re.DOTALL)
    assert found, name
    return found[0]


def lines(response, name: str) -> list[list[str]]:
    """The cells' words of the table in one part of the page."""
    rows = re.findall(r"<tr>(.*?)</tr>", part(response, name).partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in row] for row in cells]


def links(response, name: str) -> dict[str, str]:
    found = re.findall(r'<a href="([^"]*)">(.*?)</a>', part(response, name), re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip(): html.unescape(address) for address, words in found}


def test_the_table_has_the_numbers_of_the_histogram(page) -> None:
    response = page()
    told = lines(response, "prices")
    assert sum(int(line[1]) for line in told) == 5
    assert [line[:3] for line in told if line[1] != "0"] == [
        ["¥10–12", "2", "40%"],
        ["¥12–14", "1", "20%"],
        ["¥14–16", "1", "20%"],
        ["¥30–32", "1", "20%"],
    ]
    assert len(re.findall(r'<rect class="column"', part(response, "prices"))) == len(told)
    assert "5 of 6 offers tell it" in text_of(response)


def test_a_bar_leads_to_its_offers(alice, page, signed_in) -> None:
    address = links(page(), "prices")["¥10–12"]
    assert titles_of(signed_in(alice).get(address, follow=True)) == ["at 10", "at 11", "at 12"]


def test_chosen_offers_are_marked_and_placed(page, job) -> None:
    cheap, dear, silent = (job.matches.get(title=f"at {price}") for price in (11, 30, None))
    response = page(match=[dear.pk, cheap.pk, silent.pk])
    words = text_of(response)
    assert "at 30 ¥30.00 · 4 offers are cheaper" in words
    assert "at 11 ¥11.00 · 1 offer is cheaper" in words
    assert "at None no price" in words
    assert {line[0]: line[3] for line in lines(response, "prices") if line[3]} == {"¥10–12": "2", "¥30–32": "1"}
    assert re.findall(r'class="number"[^>]*>(\d)', part(response, "prices")) == ["1", "2"]
    assert part(response, "prices").count('fill="url(#hatched)"') == 2


def test_what_is_chosen_and_filtered_away_is_said_to_be(page, job) -> None:
    dear = job.matches.get(title="at 30")
    assert "filtered away" in text_of(page(match=dear.pk, price_to="20"))
    assert "filtered away" not in text_of(page(match=dear.pk))


@pytest.mark.parametrize("match", ["0", "x", "99999999", "😀", "9" * 400, "\0"])
def test_what_is_no_offer_is_not_marked(match, page) -> None:
    response = page(match=match)
    assert response.status_code == 200
    assert "Chosen offers" not in text_of(response)


def test_it_draws_the_filtered_offers(page) -> None:
    response = page(place="浙江 金华", price_to="12")
    assert "1 of 6" in text_of(response)
    assert lines(response, "places") == [["浙江 Zhejiang", "1", "100%", "¥10.00"]]


def test_what_the_team_decided_is_left_out_on_demand(page, job, team, alice) -> None:
    ours = SupplierListFactory(team=team, owner=alice, audience="team")
    ListEntryFactory(
        supplier_list=ours, offer_id=job.matches.get(title="at 30").offer_id, status="rejected", reason="dear"
    )
    assert "5 of 6" in text_of(page(hide="decided"))


def test_prices_are_those_at_the_quantity(page, job) -> None:
    job.matches.filter(title="at 30").update(tiers=[[1, "30"], [100, "10.5"]])
    response = page(quantity="１00")
    assert "Price a piece at 100, CNY" in text_of(response)
    assert max(lines(response, "prices"), key=lambda line: int(line[1]))[0].startswith("¥10")
    assert "¥30" not in part(response, "prices")
    assert links(response, "prices") == {}, "the comparison filters by other prices"


def test_landed_costs_make_one_currency_of_several(page, job, team) -> None:
    SupplierMatchFactory(job=job, title="abroad", price=Decimal("2"), currency="USD", moq=1)
    assert "1 offer in another currency than CNY is left out" in text_of(page())
    assert links(page(), "prices") == {}
    ExchangeRateFactory(rate=Decimal("0.10"), valid_on=timezone.localdate())
    costs = CostProfileFactory(
        team=team,
        name="By sea",
        freight_kind=CostProfile.Freight.NONE,
        inspection_amount=Decimal(0),
        other_amount=Decimal(0),
        agent_percent=Decimal(0),
        duty_percent=Decimal(0),
    )
    response = page(quantity="100", costs=costs.pk)
    assert "left out" not in text_of(response)
    assert "Landed cost a piece, USD" in text_of(response)
    assert sum(int(line[1]) for line in lines(response, "prices")) == 6
    assert lines(response, "marketplaces")[0][4] == "$1.30"


def test_marketplaces_are_boxes_with_their_quartiles(page, job) -> None:
    for price in (20, 22, 24, 26, 400):
        SupplierMatchFactory(job=job, marketplace=OTHER_MARKETPLACE, price=Decimal(price))
    response = page()
    first, second = lines(response, "marketplaces")
    assert first[1:] == ["5", "¥10.00", "¥11.00", "¥12.00", "¥14.00", "¥14.00", "1"]
    assert second[1:] == ["5", "¥20.00", "¥22.00", "¥24.00", "¥26.00", "¥26.00", "1"]
    assert part(response, "marketplaces").count('class="median"') == 2
    assert "1 dearer" in part(response, "marketplaces")


def test_provinces_are_counted_and_lead_to_their_offers(alice, page, signed_in) -> None:
    response = page()
    assert lines(response, "places") == [
        ["浙江 Zhejiang", "3", "50%", "¥11.00"],
        ["广东 Guangdong", "1", "17%", "¥12.00"],
    ]
    words = text_of(response)
    assert "1 offer is from elsewhere" in words
    assert "1 offer does not tell its place" in words
    assert part(response, "places").count('class="tile shade-') == 34 + 3
    listed = titles_of(signed_in(alice).get(links(response, "places")["浙江 Zhejiang"]))
    assert sorted(listed) == ["at 10", "at 11", "at 14"]


def test_without_prices_or_places_it_says_so(page, job) -> None:
    job.matches.update(price=None, supplier_location="")
    words = text_of(page())
    assert "Price None of these offers tells it." in words
    assert "None of these offers tells its place." in words
    assert "by marketplace" not in words


def test_one_offer_is_drawn(page, job) -> None:
    job.matches.exclude(title="at 10").delete()
    assert lines(page(), "prices")[0][1:3] == ["1", "100%"]


def test_when_filters_leave_nothing_it_says_how_to_get_something(page) -> None:
    response = page(price_from="9999")
    assert "No offer passes all these filters" in text_of(response)
    assert '<svg class="diagram' not in response.content.decode()


def test_a_search_without_offers_teaches(alice, team, signed_in) -> None:
    bare = SearchJobFactory(team=team, owner=alice)
    assert "This search found no offers" in text_of(signed_in(alice).get(f"/searches/{bare.pk}/pictures/"))
    SearchJob.objects.update(status="running", finished_at=None)
    assert "still running" in text_of(signed_in(alice).get(f"/searches/{bare.pk}/pictures/"))


@pytest.mark.parametrize("query", [{"quantity": "0"}, {"price_from": "x"}, {"costs": "999999", "quantity": "5"}])
def test_what_cannot_be_read_is_told(query, page) -> None:
    assert 'class="notice wait"' in page(**query).content.decode()


def test_the_tray_sends_its_choice(alice, job, signed_in) -> None:
    response = signed_in(alice).post(f"/searches/{job.pk}/pictures/?price_to=20", {"match": ["7", "5"]})
    assert response.url == f"/searches/{job.pk}/pictures/?price_to=20&match=7&match=5"


def test_strangers_get_404_and_viewers_read(job, vera, charlie, signed_in) -> None:
    assert signed_in(charlie).get(f"/searches/{job.pk}/pictures/").status_code == 404
    assert signed_in(vera).get(f"/searches/{job.pk}/pictures/").status_code == 200
    assert signed_in(None).get(f"/searches/{job.pk}/pictures/").status_code == 302


def test_its_queries_do_not_grow(page, job, team, django_assert_max_num_queries) -> None:
    matches = SupplierMatchFactory.create_batch(60, job=job)
    costs = CostProfileFactory(team=team)
    with django_assert_max_num_queries(14):
        page(quantity="5", costs=costs.pk, hide="decided", match=[match.pk for match in matches])
