"""The comparison as a file: exactly the current view, or the chosen offers."""

import csv
import io
from decimal import Decimal

import pytest

from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory


@pytest.fixture
def job(team, alice):
    job = SearchJobFactory(team=team, owner=alice, title='Teal "mug" / 1')
    SearchCallFactory(job=job)
    for number in range(1, 61):
        SupplierMatchFactory(job=job, title=f"杯 {number:02}", price=Decimal(number), rank=number, similarity=None)
    return job


def lines(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def export(alice, job, signed_in):
    client = signed_in(alice)

    def get(query: str = "") -> list[dict[str, str]]:
        header, *rows = lines(client.get(f"/searches/{job.pk}/export.csv{query}"))
        return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]

    return get


def test_all_pages_of_the_view_in_its_order(export):
    assert [row["title"] for row in export("?sort=-price&page=2")] == [f"杯 {number:02}" for number in range(60, 0, -1)]


def test_only_what_the_filters_let_through(export):
    rows = export("?price_from=10&price_to=12&title_none=11&sort=price")
    assert [(row["title"], row["price"], row["currency"]) for row in rows] == [
        ("杯 10", "10.00", "CNY"),
        ("杯 12", "12.00", "CNY"),
    ]


def test_the_preset_and_unreadable_filters_mean_what_they_mean_on_the_page(export, job):
    SupplierMatchFactory(job=job, title="best", similarity=0.9, supplier_credit=4)
    assert [row["title"] for row in export("?best=1")] == ["best"]
    assert len(export("?price_from=abc&sort=odd")) == 61


def test_the_chosen_offers_and_no_others(export, job, alice, signed_in):
    chosen = list(job.matches.filter(price__in=(3, 7)).values_list("pk", flat=True))
    query = "&".join(f"match={pk}" for pk in chosen)
    assert [row["title"] for row in export(f"?{query}&price_to=1&sort=-price")] == ["杯 07", "杯 03"]

    response = signed_in(alice).post(f"/searches/{job.pk}/export.csv?sort=price", {"match": chosen})
    assert [row[3] for row in lines(response)[1:3]] == ["杯 03", "杯 07"]


def test_offers_of_another_search_are_not_among_them(export, job):
    other = SupplierMatchFactory(title="other")
    assert export(f"?match={other.pk}&match={'9' * 40}&match=x&match=%C2%B2") == []


def test_what_offers_are_narrows_the_file_as_it_does_the_page(export, job):
    job.matches.filter(price__in=(3, 7)).update(identities=["super-factory"], tiers=[[10, "2.5"]])
    job.matches.filter(price=7).update(ships_within_hours=24)
    rows = export("?identity=super-factory&sort=price")
    assert [(row["title"], row["identities"], row["tiers"]) for row in rows] == [
        ("杯 03", "super-factory", "10+ 2.50"),
        ("杯 07", "super-factory", "10+ 2.50"),
    ]
    assert [row["title"] for row in export("?identity=super-factory&ships_within=48")] == ["杯 07"]


def test_a_file_costs_the_same_however_many_offers(alice, job, signed_in, django_assert_max_num_queries):
    client = signed_in(alice)
    with django_assert_max_num_queries(8):
        assert len(lines(client.get(f"/searches/{job.pk}/export.csv"))) == 62


def test_choosing_nothing_says_what_to_do(alice, job, signed_in):
    response = signed_in(alice).post(f"/searches/{job.pk}/export.csv", follow=True)
    assert "Choose the offers to export" in response.content.decode()


def test_source_link_and_notice_go_along(alice, job, signed_in):
    header, *rows, notice = lines(signed_in(alice).get(f"/searches/{job.pk}/export.csv"))
    first = dict(zip(header, rows[0], strict=True))
    assert first["source"] == "1688"
    assert first["url"].startswith("https://detail.1688.com/offer/")
    assert first["fetched_at"] == "2026-11-22T12:00:00+08:00"
    assert "数据来源：1688" in notice[0]
    assert "not for resale" in notice[0]


def test_a_title_never_runs_as_a_formula(export, job):
    SupplierMatchFactory(job=job, title='=HYPERLINK("http://x")', rank=0)
    assert export("?sort=rank")[0]["title"] == """'=HYPERLINK("http://x")"""


def test_the_file_is_named_after_the_search(alice, job, signed_in):
    response = signed_in(alice).get(f"/searches/{job.pk}/export.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="Teal -mug- - 1.csv"' in response["Content-Disposition"]
    response.close()
