"""Two to six offers beside each other: what stands in the rows, what is best, the order of the columns, strangers."""

import html
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from reckoning.models import CostProfile
from searches.models import SearchJob
from searches.reckoned import Terms
from searches.sidebyside import Candidate, board_of
from tests.factories import (
    ListEntryFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory, ScoreWeightsFactory
from tests.searches.pages import text_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice, title="Teal mug")
    SearchCallFactory(job=job, offers_found=3)
    return job


@pytest.fixture
def offers(job):
    """Three that are alike in credit and place, and in nothing else."""
    return [
        SupplierMatchFactory(
            job=job, title="flat", price=Decimal("10"), moq=1, similarity=0.9, repurchase_rate=0.4, supplier_years=3
        ),
        SupplierMatchFactory(
            job=job, title="tiered", price=Decimal("12"), tiers=[[1, "12"], [100, "9.5"]], moq=10, similarity=0.8
        ),
        SupplierMatchFactory(job=job, title="bare", price=None, moq=None, similarity=None, url="", image_url=""),
    ]


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)

    def get(*chosen, **params):
        return client.get(
            f"/searches/{job.pk}/side-by-side/", {"match": [getattr(o, "pk", o) for o in chosen], **params}
        )

    return get


def heads(response) -> list[str]:
    return re.findall(r'id="column-\d+".*?title="([^"]*)"', response.content.decode(), re.DOTALL)


def rows(response) -> dict[str, list[str]]:
    """The words of each row's cells, by its label."""
    found = {}
    for row in re.findall(r'<tr id="row-.*?</tr>', response.content.decode(), re.DOTALL):
        label = re.search(r'<th scope="row">(.*?)</th>', row)
        cells = re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)
        assert label
        found[html.unescape(label[1])] = [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in cells
        ]
    return found


def link(response, label: str) -> str:
    found = re.search(rf'href="([^"]*)" aria-label="{re.escape(label)}"', response.content.decode())
    assert found, label
    return html.unescape(found[1])


def test_offers_are_columns_in_the_order_of_the_address(page, offers) -> None:
    flat, tiered, bare = offers
    assert heads(page(tiered, flat, bare)) == ["tiered", "flat", "bare"]
    assert heads(page(bare, tiered, bare)) == ["bare", "tiered"], "each once"


def test_the_best_of_a_row_is_marked_in_words(page, offers) -> None:
    told = rows(page(*offers))
    assert told["Price"] == ["¥10.00 ★ best", "¥12.00", "– not given"]
    assert told["MOQ"] == ["1 ★ best", "10", "– not given"]
    assert told["Similarity by the marketplace"] == ["0.90 ★ best", "0.80", "– not given"]
    assert told["Repurchased"] == ["40%", "– not given", "– not given"], "one figure has nothing to beat"
    assert told["Credit"] == ["5", "5", "5"], "nobody is better"
    assert told["By quantity"] == ["– not given", "¥12.00 from 1 ¥9.50 from 100", "– not given"]
    assert "Sold a month" not in told, "of which nobody says anything"


def test_equals_at_the_top_are_both_the_best(page, job, offers) -> None:
    again = SupplierMatchFactory(job=job, title="again", price=Decimal("10"))
    assert rows(page(*offers[:2], again))["Price"] == ["¥10.00 ★ best", "¥12.00", "¥10.00 ★ best"]


def test_prices_in_several_currencies_have_no_best(page, job, offers) -> None:
    abroad = SupplierMatchFactory(job=job, title="abroad", price=Decimal("1"), currency="USD")
    assert rows(page(*offers[:2], abroad))["Price"] == ["¥10.00", "¥12.00", "$1.00"]


def test_prices_at_the_quantity(page, offers) -> None:
    told = rows(page(*offers, quantity="５00"))
    assert told["A piece, ordering 500"] == ["¥10.00", "¥9.50 ★ best", "– not given"]
    assert told["500 pieces, goods only"] == ["¥5,000.00", "¥4,750.00", "– not given"]


def test_what_cannot_be_ordered_at_the_quantity_is_not_the_best(page, job, offers) -> None:
    large = SupplierMatchFactory(job=job, title="large", price=Decimal("1"), moq=5000)
    told = rows(page(*offers[:2], large, quantity="500"))
    assert told["A piece, ordering 500"] == ["¥10.00", "¥9.50 ★ best", "¥1.00 the order is below its MOQ"]
    assert told["MOQ"][2] == "5,000 4,500 more than ordered"


@pytest.fixture
def profile(team) -> CostProfile:
    """$2 of freight a piece, $50 of inspection, 10 % duty on goods and freight; ¥1 is $0.14."""
    ExchangeRateFactory(rate=Decimal("0.14"), valid_on=timezone.localdate())
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


def test_every_part_of_the_landed_cost_has_its_row(page, offers, profile) -> None:
    told = rows(page(*offers, quantity="100", costs=profile.pk))
    assert told["Goods"][:2] == ["$1.4000", "$1.3300"]
    assert told["Freight"][:2] == ["$2.0000", "$2.0000"]
    assert told["Inspection"][0] == "$0.5000"
    assert told["Duty"][0] == "$0.3400"
    assert told["Landed, a piece, USD"] == ["$4.24", "$4.16 ★ best", "not known no price at this quantity"]
    assert told["Landed, the order, USD"][0] == "$424.00"
    assert "1 CNY = 0.14 USD" in told["Exchange rate"][0]


def test_landed_costs_of_several_currencies_are_compared(page, job, offers, profile) -> None:
    abroad = SupplierMatchFactory(job=job, title="abroad", price=Decimal("1"), currency="USD")
    told = rows(page(*offers[:2], abroad, quantity="100", costs=profile.pk))
    assert told["Landed, a piece, USD"] == ["$4.24", "$4.16", "$3.80 ★ best"]


def test_scores_are_those_of_the_whole_search(page, job, offers, team) -> None:
    SupplierMatchFactory(job=job, title="cheapest of all", price=Decimal("5"))
    weights = ScoreWeightsFactory(team=team, price=5, similarity=0, credit=0, years=0, repurchase=0, delivery=0)
    told = rows(page(*offers, weights=weights.pk))
    assert told["Score"] == ["50 ★ best", "42", "– not given"]


def test_what_the_team_decided(page, job, team, alice, offers) -> None:
    summer = SupplierListFactory(team=team, owner=alice, name="Summer", audience="team")
    ListEntryFactory(supplier_list=summer, offer_id=offers[0].offer_id, status="rejected", reason="late samples")
    ListEntryFactory(supplier_list=summer, offer_id=offers[1].offer_id, status="chosen")
    told = rows(page(*offers))
    assert told["Lists and decisions"] == [
        "“Summer”: rejected: late samples",
        "“Summer”: chosen",
        "– not given",
    ]


def test_what_a_protocol_sent_besides(page, job, offers) -> None:
    offers[0].extras = {"material": "陶瓷", "supplier": {"fans": 12}, "empty": "", "list": ["a", 1]}
    offers[0].save()
    told = rows(page(*offers))
    assert told["material"] == ["陶瓷", "– not given", "– not given"]
    assert told["supplier · fans"][0] == "12"
    assert told["list"][0] == '["a", 1]'
    assert "empty" not in told


def test_differences_only(page, offers) -> None:
    everything, differing = rows(page(*offers)), rows(page(*offers, differences="1"))
    assert "Credit" in everything
    assert "Credit" not in differing
    assert differing["Price"] == everything["Price"]
    assert "2 equal rows hidden" in text_of(page(*offers, differences="1"))


def test_columns_are_moved_and_taken_away(alice, job, page, offers, signed_in) -> None:
    client, address = signed_in(alice), f"/searches/{job.pk}/side-by-side/"
    response = page(*offers, quantity="50", price_to="40")
    later = client.get(address + link(response, "Move “flat” to the right"))
    assert heads(later) == ["tiered", "flat", "bare"]
    assert heads(client.get(address + link(later, "Move “bare” to the left"))) == ["tiered", "bare", "flat"]
    without = client.get(address + link(response, "Take “tiered” away"))
    assert heads(without) == ["flat", "bare"]
    assert "A piece, ordering 50" in rows(without), "the rest of the address stays"
    assert "price_to=40" in html.unescape(without.content.decode())
    assert "Move “flat” to the left" not in response.content.decode(), "it is the first"
    assert "Move “bare” to the right" not in response.content.decode(), "it is the last"


def test_only_six_fit_and_the_next_takes_a_free_place(alice, job, page, signed_in) -> None:
    many = [SupplierMatchFactory(job=job, title=f"offer {number}") for number in range(8)]
    response = page(*many)
    assert heads(response) == [f"offer {number}" for number in range(6)]
    assert "At most 6 offers fit side by side" in text_of(response)
    fewer = signed_in(alice).get(f"/searches/{job.pk}/side-by-side/" + link(response, "Take “offer 0” away"))
    assert heads(fewer) == [f"offer {number}" for number in range(1, 7)]


def test_too_few_are_told_what_to_do(page, offers) -> None:
    assert "Choose two to six offers by their boxes" in text_of(page())
    assert "One offer has nothing to stand beside" in text_of(page(offers[0]))
    assert "<table" not in page(offers[0]).content.decode()


@pytest.mark.parametrize("other", ["0", "-1", "x", "９", "99999999", "9" * 5000, "😀", "\0"])
def test_what_is_no_offer_of_the_search_is_left_out(other, page, offers) -> None:
    assert heads(page(*offers[:2], other)) == ["flat", "tiered"]


def test_offers_of_other_searches_and_deleted_ones_are_told(page, team, offers) -> None:
    elsewhere = SupplierMatchFactory(job=SearchJobFactory(team=team), title="elsewhere")
    offers[1].delete()
    response = page(offers[0], elsewhere, offers[2], 2**40)
    assert heads(response) == ["flat", "bare"]
    assert "2 of the chosen offers are not in this search" in text_of(response)


@pytest.mark.parametrize(("quantity", "told"), [("0", "at least 1 piece"), ("many", "whole number of pieces")])
def test_a_quantity_that_is_none_is_told(quantity, told, page, offers) -> None:
    assert told in text_of(page(*offers, quantity=quantity))


def test_titles_of_any_script_are_shown_as_they_are(page, job, offers) -> None:
    odd = SupplierMatchFactory(job=job, title='<b>"كوب" 😀 𠮷</b>')
    assert [html.unescape(head) for head in heads(page(offers[0], odd))] == ["flat", '<b>"كوب" 😀 𠮷</b>']


def test_the_tray_sends_its_choice_and_it_becomes_an_address(alice, job, offers, signed_in) -> None:
    address = f"/searches/{job.pk}/side-by-side/?quantity=5&page=3"
    response = signed_in(alice).post(address, {"match": [offers[1].pk, offers[0].pk], "job": job.pk, "new_list": "x"})
    assert response.status_code == 302
    assert response.url == f"/searches/{job.pk}/side-by-side/?quantity=5&match={offers[1].pk}&match={offers[0].pk}"


def test_a_viewer_reads_it_and_a_stranger_gets_404(page, job, offers, vera, charlie, signed_in) -> None:
    address = f"/searches/{job.pk}/side-by-side/?match={offers[0].pk}&match={offers[1].pk}"
    assert heads(signed_in(vera).get(address)) == ["flat", "tiered"]
    assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(charlie).post(address, {"match": "1"}).status_code == 404
    assert signed_in(None).get(address).status_code == 302


def test_its_queries_do_not_grow_with_the_columns(page, job, team, django_assert_max_num_queries) -> None:
    many = SupplierMatchFactory.create_batch(6, job=job)
    weights, costs = ScoreWeightsFactory(team=team), CostProfileFactory(team=team)
    with django_assert_max_num_queries(14):
        page(*many, weights=weights.pk, costs=costs.pk, quantity="50")


def test_entries_of_a_list_are_compared_by_the_same_rows(db) -> None:
    entries = [ListEntryFactory(title="kept", price=Decimal("3")), ListEntryFactory(title="other", price=Decimal("4"))]
    candidates = [Candidate(key=f"e{entry.pk}", offer=entry, picture="/kept.jpg") for entry in entries]
    board = board_of(candidates, Terms(quantity=100), address=lambda keys: f"?entry={','.join(keys)}")
    assert [column.title for column in board.columns] == ["kept", "other"]
    assert board.columns[0].later == f"?entry=e{entries[1].pk},e{entries[0].pk}"
    prices = next(row for group in board.groups for row in group.rows if row.key == "unit")
    assert [(cell.value.text, cell.is_best) for cell in prices.cells] == [("¥3.00", True), ("¥4.00", False)]
