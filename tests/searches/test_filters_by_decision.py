"""What the team has decided, and what was advertised, left out of the comparison; and suppliers' years and medals."""

import pytest

from accounts.sharing import Audience
from searches.models import SearchJob
from tests.factories import ListEntryFactory, SupplierListFactory
from tests.searches.four_offers import BAG, BLUE, RED, VASE, chips, counts, search_with_four_offers
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    return search_with_four_offers(team, alice)


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(f"/searches/{job.pk}/", params)


def decide(job, title: str, *, team, status: str, reason: str = "", **shared) -> None:
    offer = job.matches.get(title=title)
    kept = SupplierListFactory(team=team, **shared)
    ListEntryFactory(
        supplier_list=kept, marketplace=offer.marketplace, offer_id=offer.offer_id, status=status, reason=reason
    )


@pytest.fixture
def decided(job, team):
    decide(job, RED, team=team, status="chosen", name="Mugs")
    decide(job, BLUE, team=team, status="rejected", reason="late samples", name="Other mugs")
    decide(job, VASE, team=team, status="contacted", name="Vases")


def test_what_was_decided_is_left_out(page, decided) -> None:
    response = page(hide="decided")
    assert set(titles_of(response)) == {VASE, BAG}
    assert "2 of 4" in text_of(response)
    assert counts(response, "hide") == {"decided": 2}
    assert counts(page(), "hide") == {"decided": 2}


def test_rows_say_what_was_decided_and_why(page, decided) -> None:
    words = text_of(page())
    assert "chosen on “Mugs”" in words
    assert "rejected on “Other mugs”" in words
    assert 'title="late samples"' in page().content.decode()
    assert "on list “Vases”" in words


def test_other_people_s_lists_say_nothing(page, job, team, bob, charlies_team) -> None:
    decide(job, RED, team=team, status="chosen", name="Bob's own", owner=bob, audience=Audience.PRIVATE)
    decide(job, BLUE, team=charlies_team, status="chosen", name="Elsewhere")
    response = page(hide="decided")
    assert len(titles_of(response)) == 4
    assert "Bob's own" not in text_of(response)
    assert "Elsewhere" not in text_of(response)


def test_where_nothing_is_decided_there_is_nothing_to_leave_out(page) -> None:
    assert counts(page(), "hide") == {}
    response = page(hide="decided")
    assert counts(response, "hide") == {"decided": 0}
    assert len(titles_of(response)) == 4


def test_what_was_advertised_is_left_out(page, job, decided) -> None:
    job.matches.filter(title__in=[BAG, BLUE]).update(advertised=True)
    job.matches.filter(title=VASE).update(advertised=False)
    assert set(titles_of(page(hide="ads"))) == {RED, VASE}
    both = page(hide=["ads", "decided"])
    assert titles_of(both) == [VASE]
    assert counts(both, "hide") == {"decided": 2, "ads": 2}
    assert list(chips(both)) == ["without advertised offers", "without what we chose or rejected"]
    assert chips(both)["without advertised offers"].count("hide=") == 1


@pytest.mark.parametrize("value", ["x", "\0", "decided,ads"])
def test_what_is_nothing_to_leave_out_is_told(value, page) -> None:
    response = page(hide=value)
    assert "Such a filter has no effect until it is corrected." in text_of(response)
    assert len(titles_of(response)) == 4


def test_an_export_leaves_out_what_the_exporter_s_lists_decided(alice, vera, job, decided, signed_in) -> None:
    lines = signed_in(alice).get(f"/searches/{job.pk}/export.csv?hide=decided").getvalue().decode("utf-8-sig")
    assert VASE in lines and BAG in lines and RED not in lines and BLUE not in lines


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"years_from": "5"}, {RED}),
        ({"years_from": "3"}, {RED, BLUE}),
        ({"medal_from": "4"}, {RED}),
        ({"service_from": "4.5"}, {RED, BLUE}),
        ({"years_from": "1", "service_from": "4.8"}, {RED}),
    ],
)
def test_a_suppliers_record_filters(params, titles, page, job) -> None:
    job.matches.filter(title=RED).update(supplier_years=9, supplier_medal=5, supplier_score=4.9)
    job.matches.filter(title=BLUE).update(supplier_years=3, supplier_medal=3, supplier_score=4.5)
    response = page(**params)
    assert set(titles_of(response)) == titles
    for name in params:
        for value, number in counts(page(**params), name).items():
            assert len(titles_of(page(**{**params, name: value}))) == number, (name, value)


def test_without_a_record_there_is_nothing_to_choose(page) -> None:
    for name in ("years_from", "medal_from", "service_from"):
        assert counts(page(), name) == {}
