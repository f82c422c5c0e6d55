"""The comparison at an order's quantity: unit prices by tier, MOQs, who is the cheapest from where on, landed costs."""

import csv
import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from reckoning.models import CostProfile
from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory, ScoreWeightsFactory
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=4)
    for rank, (title, price, tiers, moq, similarity) in enumerate(
        (
            ("flat", "10", [], 1, 0.9),
            ("tiered", "12", [[1, "12"], [100, "9.5"], [1200, "7"]], 1, 0.8),
            ("wholesale", "6", [], 5000, 0.7),
            ("silent", None, [], None, None),
        ),
        1,
    ):
        SupplierMatchFactory(
            job=job,
            title=title,
            rank=rank,
            price=price and Decimal(price),
            tiers=tiers,
            moq=moq,
            similarity=similarity,
            supplier_credit=None if title == "silent" else 5,
        )
    return job


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(f"/searches/{job.pk}/", params)


def cells(response, label: str) -> dict[str, str]:
    """The words of one column's cell, by the offer's title."""
    found = {}
    for row in re.findall(r"<tr id=.*?</tr>", response.content.decode(), re.DOTALL):
        title = re.search(r'id="offer-\d+"[^>]*>([^<]*)<', row)
        cell = re.search(rf'<td [^>]*data-label="{re.escape(label)}"[^>]*>(.*?)</td>', row, re.DOTALL)
        assert title and cell, label
        found[title[1]] = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell[1])).split())
    return found


# The quantity


@pytest.mark.parametrize(
    ("quantity", "tiered"), [("1", "¥12.00"), ("99", "¥12.00"), ("100", "¥9.50"), ("1199", "¥9.50"), ("1200", "¥7.00")]
)
def test_the_tier_that_the_quantity_reaches_gives_the_price(quantity, tiered, page) -> None:
    shown = cells(page(quantity=quantity), f"At {int(quantity):,}")
    assert shown["tiered"].startswith(tiered)
    assert shown["flat"].startswith("¥10.00")
    assert shown["silent"] == "no price"


def test_totals_are_exact(page) -> None:
    assert cells(page(quantity="1200"), "At 1,200")["tiered"] == "¥7.00 ¥8,400.00 in all"
    assert cells(page(quantity="3"), "At 3")["flat"] == "¥10.00 ¥30.00 in all"


def test_it_sorts_by_the_price_at_the_quantity_and_the_unknown_comes_last(page) -> None:
    assert titles_of(page(quantity="500", sort="unit")) == ["wholesale", "tiered", "flat", "silent"]
    assert titles_of(page(quantity="50", sort="-unit")) == ["tiered", "flat", "wholesale", "silent"]
    assert titles_of(page(sort="unit")) == titles_of(page(sort="price")), "without a quantity it is the price"


@pytest.mark.parametrize("text", ["５００", " 500 ", "5,00", "500.0", "５００，", "5’00"])
def test_a_quantity_is_read_as_people_type_it(text, page) -> None:
    assert "At 500" in text_of(page(quantity=text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0", "An order has at least 1 piece."),
        ("-5", "An order has at least 1 piece."),
        ("－５", "An order has at least 1 piece."),
        ("100000001", "at most 100,000,000 pieces"),
        ("9" * 5000, "at most 100,000,000 pieces"),
        ("5.5", "Give a whole number of pieces"),
        ("many", "Give a whole number of pieces"),
        ("😀" * 30, "Give a whole number of pieces"),
        ("١٢x", "Give a whole number of pieces"),
    ],
)
def test_what_is_no_quantity_is_told_in_words_and_has_no_effect(text, told, page) -> None:
    response = page(quantity=text)
    assert response.status_code == 200
    assert told in text_of(response)
    assert 'id="sort-unit"' not in response.content.decode()
    assert len(titles_of(response)) == 4


def test_a_moq_above_the_quantity_is_marked(page) -> None:
    shown = cells(page(quantity="500"), "MOQ")
    assert shown["wholesale"] == "5,000 needs 4,500 more"
    assert shown["flat"] == "1"
    response = page(quantity="500")
    assert "1 offer has a larger MOQ" in text_of(response)
    assert "moq_to=500" in html.unescape(response.content.decode())
    assert "larger MOQ" not in text_of(page(quantity="5000"))


def test_it_says_from_where_on_another_offer_is_the_cheapest(page) -> None:
    words = text_of(page(quantity="50"))
    assert "At 50 pieces the cheapest is flat (¥10.00)" in words
    assert "from 100 pieces tiered becomes the cheapest (¥9.50)" in words
    assert "from 5,000 pieces wholesale becomes the cheapest (¥6.00)" in words
    assert "At 1,300 pieces the cheapest is tiered (¥7.00)" in text_of(page(quantity="1300"))


def test_only_filtered_offers_become_the_cheapest(page) -> None:
    words = text_of(page(quantity="50", title_none="tiered"))
    assert "tiered becomes" not in words
    assert "from 5,000 pieces wholesale becomes the cheapest" in words


def test_prices_in_several_currencies_have_no_cheapest(page, job) -> None:
    SupplierMatchFactory(job=job, currency="USD", price=1)
    assert "the cheapest is" not in text_of(page(quantity="50"))


def test_where_no_offer_has_a_price_none_is_the_cheapest(page, job) -> None:
    job.matches.update(price=None, tiers=[])
    response = page(quantity="50", sort="unit")
    assert "the cheapest is" not in text_of(response)
    assert len(titles_of(response)) == 4


def test_an_order_below_every_moq_is_told(page, job) -> None:
    job.matches.exclude(title="wholesale").delete()
    words = text_of(page(quantity="50"))
    assert (
        "At 50 pieces no offer with a price can be ordered; from 5,000 pieces wholesale becomes the cheapest" in words
    )


def test_the_column_of_the_quantity_has_its_place_or_the_chosen_one(page) -> None:
    def heads(**params):
        return re.findall(r'<a id="sort-([a-z]+)"', page(**params).content.decode())

    assert heads(quantity="5")[:3] == ["title", "price", "unit"]
    assert heads(quantity="5", cols="moq,price,credit") == ["title", "moq", "price", "unit", "credit"]
    assert heads(quantity="5", cols="moq,credit,unit") == ["title", "moq", "credit", "unit"]
    assert heads(quantity="5", cols="moq") == ["title", "unit", "moq"]


# Landed costs


@pytest.fixture
def profile(team) -> CostProfile:
    """$2 of freight a piece, $50 of inspection, 10 % duty on goods and freight; ¥1 is $0.14."""
    ExchangeRateFactory(rate=Decimal("0.14"), valid_on=timezone.localdate() - timedelta(days=2))
    return CostProfileFactory(
        team=team,
        name="By sea",
        freight_kind=CostProfile.Freight.PIECE,
        freight_amount=Decimal("2"),
        inspection_amount=Decimal("50"),
        inspection_currency="USD",
        other_amount=Decimal("0"),
        agent_percent=Decimal("0"),
        duty_percent=Decimal("10"),
    )


def test_every_part_of_a_landed_cost_is_there_with_the_rate_and_its_day(page, profile) -> None:
    response = page(quantity="100", costs=profile.pk, sort="landed")
    shown = cells(response, "Landed")
    # 10 × 0.14 = 1.40; + 2 freight = 3.40; 10 % of that 0.34; inspection 0.50: 4.24.
    assert shown["flat"].startswith("$4.24 $424.00 in all Goods $1.4000 Freight $2.0000 Inspection $0.5000")
    assert "Duty $0.3400 Landed, a piece $4.2400 By sea 1 CNY = 0.14 USD" in shown["flat"]
    assert f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}" in shown["flat"]
    assert "Agent fee" not in shown["flat"], "what is nothing takes no line"
    assert "Landed, USD" in text_of(response)
    assert titles_of(response) == ["wholesale", "tiered", "flat", "silent"]


def test_offers_with_missing_inputs_say_what_is_missing_and_come_last(page, job, profile) -> None:
    SupplierMatchFactory(job=job, title="in yen", currency="JPY", price=1, similarity=1)
    for sort in ("landed", "-landed"):
        response = page(quantity="100", costs=profile.pk, sort=sort)
        assert set(titles_of(response)[-2:]) == {"silent", "in yen"}
    shown = cells(response, "Landed")
    assert shown["silent"] == "not known no price at this quantity"
    assert shown["in yen"] == "not known no exchange rate for the offer’s currency"
    assert "There is no exchange rate from JPY to USD" in text_of(response)


def test_without_a_quantity_landed_costs_say_what_they_need(page, profile) -> None:
    response = page(costs=profile.pk)
    assert "Landed costs need an order quantity" in text_of(response)
    assert 'id="sort-landed"' not in response.content.decode()


@pytest.mark.parametrize("costs", ["0", "x", "99999999", str(2**70)])
def test_a_profile_that_is_not_there_is_told(costs, page) -> None:
    response = page(quantity="5", costs=costs)
    words = text_of(response)
    assert "cost profile" in words.lower() and (
        "not your team’s" in words or "no effect until it is corrected" in words
    )
    assert titles_of(response)


def test_profiles_of_other_teams_are_nobodys_business(page, charlies_team) -> None:
    theirs = CostProfileFactory(team=charlies_team, name="Their secret freight")
    words = text_of(page(quantity="5", costs=theirs.pk))
    assert "not your team’s" in words
    assert "Their secret freight" not in words


def test_an_archived_profile_still_works_where_an_address_names_it(page, profile) -> None:
    CostProfile.objects.update(archived_at=timezone.now())
    assert "By sea" not in text_of(page(quantity="100"))
    assert cells(page(quantity="100", costs=profile.pk), "Landed")["flat"].startswith("$4.24")


def test_the_cheapest_is_found_by_landed_costs(page, job, profile) -> None:
    ExchangeRateFactory(source="USD", target="CNY", rate=Decimal("7"), valid_on=timezone.localdate())
    SupplierMatchFactory(job=job, title="in dollars", currency="USD", price=Decimal("0.01"), tiers=[], moq=1)
    words = text_of(page(quantity="100", costs=profile.pk))
    assert "At 100 pieces the cheapest is in dollars ($2.71)" in words


def test_an_export_is_in_the_order_that_was_reckoned(alice, job, signed_in, profile) -> None:
    address = f"/searches/{job.pk}/export.csv?quantity=100&costs={profile.pk}&sort=-landed"
    lines = signed_in(alice).get(address).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[3] for line in lines[1:5]] == ["flat", "tiered", "wholesale", "silent"]


def test_with_everything_on_the_page_stays_within_its_queries(
    alice, job, team, signed_in, profile, django_assert_max_num_queries
) -> None:
    SupplierMatchFactory.create_batch(60, job=job)
    weights = ScoreWeightsFactory(team=team)
    query = (
        f"quantity=500&costs={profile.pk}&weights={weights.pk}&group=supplier&fold=1&sort=landed,-score&hide=decided"
    )
    client = signed_in(alice)
    with django_assert_max_num_queries(15):
        assert client.get(f"/searches/{job.pk}/?{query}").status_code == 200


def test_the_file_has_what_the_page_reckons(alice, job, signed_in):
    """By hand: 500 at 9.5 are 4,750 yuan, 665 dollars; with freight 1,050, inspection 280, other costs 100, the agent's
    19.95 and duty 117.975 they are 2,232.925."""
    profile = CostProfileFactory(team=job.team, other_amount=Decimal(100), other_currency="USD")
    ExchangeRateFactory()
    client = signed_in(alice)
    query = f"quantity=500&costs={profile.pk}&sort=landed"
    text = client.get(f"/searches/{job.pk}/export.csv?{query}").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))[:4]
    assert [row["title"] for row in rows][1:] == ["tiered", "flat", "silent"]
    names = (
        "quantity",
        "unit_price",
        "goods_total",
        "landed_currency",
        "landed_piece",
        "landed_order",
        "landed_missing",
    )
    assert [rows[1][name] for name in names] == ["500", "9.50", "4750.00", "USD", "4.4658", "2232.92", ""]
    assert [rows[3][name] for name in names] == ["500", "", "", "USD", "", "", "price"]
    assert rows[1]["exchange_rate"] == "0.14"
    assert "score" not in rows[0]


def test_a_file_of_a_view_that_reckons_nothing_is_as_ever(alice, job, signed_in):
    header = signed_in(alice).get(f"/searches/{job.pk}/export.csv").getvalue().decode("utf-8-sig").splitlines()[0]
    assert header.endswith(",photos,photos_of,similarity_ours,not_compared,same_photo")
