"""The comparison: its rows, their order, what is missing, and what it costs."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from searches.models import SearchJob
from tests.factories import (
    ListEntryFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of, titles_of, version

MOST_QUERIES = 15


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice, title="Teal mug")
    SearchCallFactory(job=job, offers_found=3)
    return job


@pytest.fixture
def offers(job):
    """Three offers, each best in something; the third says little about itself."""
    make = {"job": job, "supplier_location": "浙江 金华"}
    cheap = SupplierMatchFactory(title="B", price=Decimal("9.90"), moq=50, similarity=0.7, supplier_credit=3, **make)
    alike = SupplierMatchFactory(title="A", price=Decimal("12"), moq=5, similarity=0.95, supplier_credit=5, **make)
    bare = SupplierMatchFactory(
        job=job,
        title="",
        price=None,
        moq=None,
        similarity=None,
        supplier_credit=None,
        supplier_id="",
        supplier_name="",
        supplier_location="",
        image_url="",
        url="",
    )
    return cheap, alike, bare


@pytest.fixture
def page(alice, job, offers, signed_in):
    client = signed_in(alice)
    return lambda query="", **headers: client.get(f"/searches/{job.pk}/{query}", headers=headers)


def test_the_head_says_what_was_asked_and_found(page, job):
    SearchJob.objects.update(price_from=10, price_to=100, wholesale_only=True, preparation="enhanced")
    words = text_of(page())
    assert "3 offers from 2 suppliers" in words
    assert "¥10–100, wholesale" in words
    assert "enhanced" in words
    assert "source 1688" in words
    assert f"/searches/pictures/{job.images.get().pk}/thumb/" in page().content.decode()


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("", "AB"),
        ("-similarity", "AB"),
        ("similarity", "BA"),
        ("price", "BA"),
        ("-price", "AB"),
        ("moq", "AB"),
        ("-moq", "BA"),
        ("credit", "BA"),
        ("-credit", "AB"),
        ("title", "AB"),
        ("-title", "BA"),
        ("supplier", "BA"),
        ("-supplier", "AB"),
        ("rank", "BA"),
    ],
)
def test_every_column_sorts_and_the_unknown_comes_last(sort, titles, page, offers):
    found = titles_of(page(f"?sort={sort}" if sort else ""))
    assert [title[:1] for title in found] == [*titles, "o"]


def test_the_head_of_the_sorted_column_says_so_and_turns_it(page):
    content = page("?sort=price").content.decode()
    head = content[content.index('aria-sort="ascending"') :]
    assert head[: head.index("</th>")].count("sort=-price") == 1
    assert content.count("aria-sort=") == 1


@pytest.mark.parametrize("sort", ["newest", "-", "price;drop", "--price", "newest,oldest"])
def test_an_unknown_sort_is_told_and_changes_nothing(sort, page):
    response = page(f"?sort={sort}")
    assert response.status_code == 200
    assert f"There is no order called “{sort}”" in text_of(response)
    assert titles_of(response) == titles_of(page())


def test_the_order_that_was_asked_for_is_the_usual_one(page, job):
    SearchJob.objects.update(order=SearchJob.Order.PRICE)
    assert titles_of(page()) == titles_of(page("?sort=price"))


def test_of_equally_similar_offers_the_cheaper_comes_first(page, job, offers):
    SupplierMatchFactory(job=job, title="C", price=Decimal("8"), similarity=0.95)
    assert titles_of(page())[:2] == ["C", "A"]


def test_what_is_missing_is_said_in_words(page):
    words = text_of(page())
    for missing in ("no price", "no MOQ", "rank", "unknown supplier", "no rating", "no picture", "without a title"):
        assert missing in words


def test_the_best_of_a_column_is_set_off_among_the_filtered(page):
    def best(query: str) -> set[str]:
        content = page(query).content.decode()
        cells = [part.split("</td>")[0] for part in content.split('<td class="num best"')[1:]]
        return {cell.split(">")[1].split("<")[0] for cell in cells if "sim" not in cell}

    assert best("") == {"¥9.90", "5"}
    assert best("?similarity_from=0.9") == set(), "a single offer has nothing to beat"
    assert best("?moq_to=500") == {"¥9.90", "5"}


def test_prices_in_several_currencies_have_no_lowest(page, job):
    SupplierMatchFactory(job=job, price=Decimal("1.5"), currency="USD")
    content = page().content.decode()
    assert "$1.50" in content
    assert 'best" data-label="Price"' not in content


def test_tiers_show_the_cheapest_price(page, job):
    SupplierMatchFactory(job=job, price=Decimal("20"), tiers=[[1, "20"], [100, "17.5"], [50, "18"]])
    SupplierMatchFactory(job=job, price=Decimal("20"), tiers=[[1, "20"], [10, "20.00"]])
    words = text_of(page())
    assert "¥17.50 from 100" in words
    assert "¥20.00 from 10" not in words


def test_links_lead_out_without_telling_from_where(page, offers):
    content = page().content.decode()
    link = content[content.index(f'id="offer-{offers[0].pk}"') :].split(">")[0]
    assert f'href="{offers[0].url}"' in link
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in link
    assert f'<img src="{offers[0].image_url}" alt="" width="56" height="56" loading="lazy" referrerpolicy=' in content


def test_titles_of_strangers_stay_text(page, job):
    SupplierMatchFactory(job=job, title='<script>alert("1")</script>', supplier_name="<b>x</b>")
    content = page().content.decode()
    assert "<script>alert" not in content
    assert "<b>x</b>" not in content


def test_nothing_in_the_page_breaks_the_content_policy(page):
    content = page().content.decode()
    assert " style=" not in content
    assert "<script>" not in content
    assert " onclick=" not in content


def test_every_view_names_its_source_and_time(page, job):
    assert "数据来源：1688" in text_of(page())
    assert "2026-11-22 12:00" in text_of(page())
    assert "not for resale" in text_of(page())


def test_offers_on_a_list_of_the_team_are_marked(page, team, charlies_team, offers):
    ours = SupplierListFactory(team=team, name="Spring mugs")
    theirs = SupplierListFactory(team=charlies_team, name="Secret mugs")
    for kept in (ours, theirs):
        ListEntryFactory(supplier_list=kept, marketplace=offers[0].marketplace, offer_id=offers[0].offer_id)
    words = text_of(page())
    assert words.count("on list “Spring mugs”") == 1
    assert "Secret mugs" not in words


def test_pages_of_fifty(page, job):
    SupplierMatchFactory.create_batch(118, job=job)
    assert len(titles_of(page())) == 50
    assert "1–50 of 121" in text_of(page())
    assert len(titles_of(page("?page=3"))) == 21
    for odd in ("0", "x", "999", "-1"):
        assert page(f"?page={odd}").status_code == 200
    together = titles_of(page()) + titles_of(page("?page=2")) + titles_of(page("?page=3"))
    assert len(set(together)) == 121


def test_a_page_keeps_the_state_in_its_links(page, job):
    SupplierMatchFactory.create_batch(60, job=job, title="水壶")
    content = page("?title_any=水壶&sort=price").content.decode()
    assert "sort=price&amp;page=2" in content or "page=2&amp;sort=price" in content or "&amp;page=2" in content
    assert "export.csv?title_any=%E6%B0%B4%E5%A3%B6&amp;sort=price" in content


def test_a_word_of_the_question_filters_the_first_view_only(page, job):
    SearchJob.objects.update(keywords="A")
    assert page().url == f"/searches/{job.pk}/?title_any=A"
    words = text_of(page("?title_any=A"))
    assert "title has any of: A" in words
    assert len(titles_of(page("?sort=price"))) == 3


@pytest.mark.parametrize("query", ["", "?sort=title", "?best=1", "?title_any=1&supplier=1&place=x&price_to=99"])
def test_the_page_stays_within_its_queries(query, alice, job, signed_in, django_assert_max_num_queries):
    SupplierMatchFactory.create_batch(120, job=job)
    for number in range(2, 6):
        SearchCallFactory(job=job, page=number, regions=[[0, 0, 0.1 * number, 1]])
    SupplierListFactory.create_batch(3, team=job.team)
    client = signed_in(alice)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(f"/searches/{job.pk}/{query}").status_code == 200


def test_the_poll_asks_little_while_nothing_changes(page, job):
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    seen = version(page())
    with CaptureQueriesContext(connection) as queries:
        page("", **{"HX-Request": "true", "X-Results-Seen": seen})
    assert len(queries) <= 4


def test_an_unfinished_search_polls_itself_and_a_finished_one_does_not(page, job):
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    content = page("?sort=price").content.decode()
    assert f'hx-get="/searches/{job.pk}/?sort=price" hx-trigger="every 1s"' in content
    assert '<noscript><meta http-equiv="refresh"' in content
    SearchJob.objects.update(status=SearchJob.Status.DONE)
    content = page("?sort=price").content.decode()
    assert "every 1s" not in content
    assert "http-equiv" not in content


def test_the_poll_brings_only_what_changed(page, job):
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    seen = version(page())
    same = page("", **{"HX-Request": "true", "X-Results-Seen": seen}).content.decode()
    assert 'id="calls"' in same
    assert "<html" not in same
    assert 'id="rows"' not in same

    SearchCallFactory(job=job, page=2, offers_found=1)
    SupplierMatchFactory(job=job, title="Z")
    more = page("", **{"HX-Request": "true", "X-Results-Seen": seen})
    content = more.content.decode()
    assert '<tbody id="rows" hx-swap-oob="true">' in content
    assert 'id="results"' not in content, "the table's frame stays, and with it the scrolling"
    assert "Z" in titles_of(more)
    assert version(more) != seen
    assert "X-Results-Seen" in more["Vary"]


def test_marketplaces_are_named_when_there_are_several(page, job, offers):
    assert 'class="from"' not in page().content.decode()
    SearchCallFactory(job=job, marketplace="retired_protocol")
    response = page()
    assert response.content.decode().count('<div class="from" title="1688 (MD5 gateway)">') == 3
    assert "retired_protocol · 0 offers" in text_of(response)
