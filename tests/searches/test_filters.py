"""What the comparison is narrowed to, and the counts beside each choice."""

import html
import re
from decimal import Decimal

import pytest

from searches.models import SearchJob
from tests.factories import SearchJobFactory, SupplierMatchFactory
from tests.searches.four_offers import BAG, BLUE, RED, VASE, chips, counts, search_with_four_offers
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    return search_with_four_offers(team, alice)


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(f"/searches/{job.pk}/", params)


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"price_from": "12"}, {BLUE, VASE, BAG}),
        ({"price_to": "12"}, {RED, BLUE}),
        ({"price_from": "9", "price_to": "31"}, {BLUE, VASE}),
        ({"moq_to": "10"}, {RED, BLUE}),
        ({"credit_from": "5"}, {RED, VASE}),
        ({"similarity_from": "0.85"}, {RED, BLUE}),
        ({"title_any": "红色 花瓶"}, {RED, VASE}),
        ({"title_any": "红色，花瓶、"}, {RED, VASE}),
        ({"title_any": "vase"}, {VASE}),
        ({"title_any": "%"}, {BAG}),
        ({"title_any": "n_b"}, {BAG}),
        ({"title_all": "马克杯 陶瓷"}, {RED}),
        ({"title_none": "马克杯 cotton"}, {VASE}),
        ({"title_any": "马克杯", "title_none": "红色"}, {BLUE}),
        ({"supplier": "义乌"}, {RED, BLUE}),
        ({"place": ["广东 潮州", "河北 保定"]}, {VASE, BAG}),
        ({"place": "火星"}, set()),
        ({"marketplace": "image_search_md5"}, {RED, BLUE, VASE, BAG}),
        ({"marketplace": "another"}, set()),
        ({"best": "1"}, {RED, BLUE}),
        ({"best": ""}, {RED, BLUE, VASE, BAG}),
        ({"best": "1", "similarity_from": "0.9"}, {RED}),
        ({"title_any": " , "}, {RED, BLUE, VASE, BAG}),
    ],
)
def test_each_filter_lets_through_what_it_says(params, titles, page):
    response = page(**params)
    assert set(titles_of(response)) == titles
    assert f"{len(titles)} of 4" in text_of(response)


@pytest.mark.parametrize(
    "params",
    [
        {"price_from": "abc"},
        {"price_from": "-1"},
        {"price_to": "1e400"},
        {"price_to": "NaN"},
        {"price_to": "9" * 40},
        {"moq_to": "9" * 30},
        {"moq_to": "2.5"},
        {"credit_from": "9"},
        {"similarity_from": "1.5"},
        {"title_any": "x" * 201},
        {"place": "x" * 201},
        {"place": "\0"},
        {"marketplace": "\0"},
    ],
)
def test_what_cannot_be_read_is_told_and_has_no_effect(params, page):
    response = page(**params)
    assert response.status_code == 200
    assert "Such a filter has no effect until it is corrected." in text_of(response)
    assert len(titles_of(response)) == 4


def test_prices_the_wrong_way_round_are_told(page):
    response = page(price_from="20", price_to="10")
    assert "The highest price is below the lowest." in text_of(response)
    assert titles_of(response)


def test_a_mistake_leaves_the_other_filters_working(page):
    assert titles_of(page(price_from="abc", title_any="花瓶")) == [VASE]


def test_counts_say_what_each_choice_would_list(page):
    response = page()
    assert counts(response, "similarity_from") == {"": 4, "0.95": 1, "0.9": 1, "0.8": 2, "0.6": 3}
    assert counts(response, "credit_from") == {"": 4, "5": 2, "4": 3, "3": 3}
    assert counts(response, "moq_to") == {"": 4, "1": 1, "10": 2, "50": 2, "100": 3, "500": 4}
    assert counts(response, "place") == {"浙江 金华": 2, "广东 潮州": 1, "河北 保定": 1}


def test_a_filter_leaves_its_own_counts_alone_and_narrows_all_others(page):
    response = page(credit_from="5", title_any="陶瓷")
    assert counts(response, "credit_from") == {"": 2, "5": 2, "4": 2, "3": 2}
    assert counts(response, "moq_to") == {"": 2, "1": 1, "10": 1, "50": 1, "100": 2, "500": 2}
    assert counts(response, "place") == {"广东 潮州": 1, "浙江 金华": 1}


@pytest.mark.parametrize("params", [{}, {"price_to": "40"}, {"credit_from": "4", "similarity_from": "0.8"}])
def test_choosing_lists_as_many_as_was_said(params, page):
    for name in ("similarity_from", "credit_from", "moq_to", "place"):
        for value, number in counts(page(**params), name).items():
            assert len(titles_of(page(**{**params, name: value}))) == number, (name, value)


def test_a_chosen_number_of_ones_own_joins_the_choices(page):
    response = page(similarity_from="0.7")
    assert counts(response, "similarity_from")["0.7"] == 3
    assert 'value="0.7" id="id_similarity_from_5" checked' in response.content.decode()


def test_the_best_suppliers_are_one_link(page, job):
    response = page()
    link = r'<a class="btn preset" id="best" href="([^"]+)".*?class="count">(\d+)<'
    found = re.search(link, response.content.decode())
    assert found
    assert found[2] == "2"
    query = html.unescape(found[1]).removeprefix("?")
    params = dict(pair.split("=") for pair in query.split("&"))
    assert params == {"credit_from": "4", "similarity_from": "0.8", "sort": "-similarity"}
    assert titles_of(page(**params)) == [RED, BLUE]
    assert titles_of(page(best="1")) == [RED, BLUE]


def test_every_active_filter_is_a_chip_that_takes_it_away(page):
    response = page(
        price_from="5", price_to="60", moq_to="500", title_none="x", place=["浙江 金华", "广东 潮州"], sort="price"
    )
    shown = chips(response)
    assert list(shown) == ["¥5–60", "浙江 金华", "广东 潮州", "MOQ up to 500", "title has none of: x"]
    assert "price_from" not in shown["¥5–60"]
    assert "price_to" not in shown["¥5–60"]
    assert "moq_to=500" in shown["¥5–60"]
    assert "sort=price" in shown["¥5–60"]
    assert shown["浙江 金华"].count("place=") == 1


def test_the_best_suppliers_are_one_chip(page):
    shown = chips(page(best="1"))
    assert list(shown) == ["Best suppliers"]
    assert "credit_from" not in shown["Best suppliers"]
    assert list(chips(page(best="1", credit_from="5"))) == ["similarity 0.8 and up", "credit 5 and up"]


def test_when_all_is_filtered_away_one_link_brings_it_back(page):
    response = page(price_from="500", sort="price")
    assert "No offer passes all these filters" in text_of(response)
    address = re.search(r'<a class="btn primary" href="([^"]*)">Clear filters', response.content.decode())
    assert address
    assert address[1] == "?sort=price"


def bars(response) -> list[tuple[str, bool]]:
    """The histogram: what each bar says, and whether it is set off."""
    found = re.findall(
        r'aria-label="([^"]*: \d+ offers?)">.*?class="bar-of( inside)?"', response.content.decode(), re.DOTALL
    )
    return [(html.unescape(label), bool(inside)) for label, inside in found]


def test_the_histogram_says_its_numbers(page):
    shown = bars(page())
    assert shown[0] == ("¥5–10: 1 offer", False)
    assert sum(int(label.split(": ")[1].split()[0]) for label, _inside in shown) == 4


def test_a_price_at_the_lower_end_of_a_bar_is_in_it(alice, team, signed_in):
    """SQLite multiplies as floats: 2.3 * 100 is a hair below 230."""
    job = SearchJobFactory(team=team)
    for cents in range(220, 330, 10):
        SupplierMatchFactory(job=job, price=Decimal(cents) / 100)
    SupplierMatchFactory(job=job, price=Decimal("2.2999"))
    client = signed_in(alice)
    address = f"/searches/{job.pk}/"
    shown = [label for label, _inside in bars(client.get(address))]
    assert shown[:3] == ["¥2.20–2.30: 2 offers", "¥2.30–2.40: 1 offer", "¥2.40–2.50: 1 offer"]
    assert sum(int(label.split(": ")[1].split()[0]) for label in shown) == 12


def test_the_histogram_marks_the_chosen_prices_and_counts_on(page):
    shown = bars(page(price_from="5", price_to="15"))
    assert [label for label, inside in shown if inside] == ["¥5–10: 1 offer", "¥10–15: 1 offer"]
    assert sum(int(label.split(": ")[1].split()[0]) for label, _inside in shown) == 4


def test_a_few_dear_offers_do_not_flatten_the_others(page, job):
    for price in range(10, 50):
        SupplierMatchFactory(job=job, price=Decimal(price))
    before = len(bars(page()))
    SupplierMatchFactory(job=job, price=Decimal(90_000))
    shown = [label for label, _inside in bars(page())]
    assert len(shown) >= before - 1
    assert shown[-1].startswith("from ¥")


@pytest.mark.parametrize("prices", [[], ["5"], ["5", "5"]])
def test_without_different_prices_there_is_no_histogram(prices, alice, team, signed_in):
    job = SearchJobFactory(team=team)
    SupplierMatchFactory(job=job, price=None)
    for price in prices:
        SupplierMatchFactory(job=job, price=Decimal(price))
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    assert response.status_code == 200
    assert bars(response) == []
