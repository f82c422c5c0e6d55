"""The comparison of several photos: its order, which photos found each offer, and offers that all of them found."""

import csv
import io
import re
from decimal import Decimal

import pytest

from searches.fusion import fused
from searches.models import SearchJob
from tests.factories import (
    MARKETPLACE,
    OTHER_MARKETPLACE,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SightingFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of, titles_of
from tests.searches.test_comparison_page import MOST_QUERIES

# The ranks at which photo 1, 2, 3 found each offer.
OFFERS = {"first once": (1, 0, 0), "thrice": (9, 30, 2), "twice": (0, 3, 4), "late": (40, 0, 0)}


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    for image in QueryImageFactory.create_batch(2, team=team):
        job.images.add(image)
    calls = [SearchCallFactory(job=job, image=image, offers_found=4) for image in job.photos]
    for number, (title, ranks) in enumerate(OFFERS.items()):
        found = {call: rank for call, rank in zip(calls, ranks, strict=True) if rank}
        match = SupplierMatchFactory(
            job=job,
            title=title,
            price=Decimal(10 + number),
            # The marketplace's figures would order them the other way round.
            similarity=0.5 + number / 10,
            rank=min(found.values()),
            photos_count=len(found),
            fused=fused(found.values()),
        )
        for call, rank in found.items():
            SightingFactory(match=match, call=call, rank=rank)
    return job


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda query="": client.get(f"/searches/{job.pk}/{query}")


def counts(response) -> dict[str, str]:
    """The choices of "Found by" with their counts."""
    side = response.content.decode()
    side = side[side.index("Found by</legend>") :].partition("</fieldset>")[0]
    return dict(re.findall(r'name="photos_from" value="(\d*)".*?<span class="dim">(\d+)</span>', side))


def test_what_most_photos_agree_on_comes_first(page) -> None:
    assert titles_of(page()) == ["thrice", "twice", "first once", "late"]
    assert "sort=-blend" in page().content.decode()


def test_every_other_order_can_be_chosen(page) -> None:
    assert titles_of(page("?sort=blend"))[0] == "late"
    assert titles_of(page("?sort=rank"))[0] == "first once"
    assert titles_of(page("?sort=-similarity"))[0] == "late"
    assert titles_of(page("?sort=price"))[0] == "first once"


def test_a_search_for_the_cheapest_stays_one(page) -> None:
    SearchJob.objects.update(order=SearchJob.Order.PRICE)
    assert titles_of(page())[0] == "first once"


def test_each_offer_says_which_photos_found_it(page) -> None:
    words = text_of(page())
    assert "3 of 3 Found by photo 1 at rank 9, photo 2 at rank 30, photo 3 at rank 2 1 2 3" in words
    assert "2 of 3 Found by photo 2 at rank 3, photo 3 at rank 4, not by photo 1" in words
    assert "1 of 3 Found by photo 1 at rank 40, not by photo 2, 3" in words
    row = page().content.decode().partition("late</a>")[2].partition("</tr>")[0]
    assert '<span class="on">1</span><span>2</span><span>3</span>' in row


def test_the_formula_is_on_the_page(page) -> None:
    words = text_of(page())
    assert "adds 1 / (60 + its rank)" in words
    assert "Cormack" in words


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?photos_from=3", ["thrice"]),
        ("?photos_from=2", ["thrice", "twice"]),
        ("?photos_from=2&price_to=11", ["thrice"]),
        ("?photos_from=4", []),
    ],
)
def test_only_what_so_many_photos_found(query, titles, page) -> None:
    assert titles_of(page(query)) == titles


def test_the_side_counts_each_choice(page) -> None:
    assert counts(page()) == {"": "4", "3": "1", "2": "2"}
    # Its own choice is left out of its counts, the others' are kept.
    assert counts(page("?photos_from=3&price_to=11")) == {"": "2", "3": "1", "2": "1"}
    words = text_of(page())
    assert "all 3 photos" in words and "2 photos and up" in words


def test_a_number_of_photos_that_found_nothing_is_offered_only_if_it_is_all(page, job) -> None:
    for image in QueryImageFactory.create_batch(2, team=job.team):
        job.images.add(image)
        SearchCallFactory(job=job, image=image)
    assert counts(page()) == {"": "4", "5": "0", "3": "1", "2": "2"}
    assert counts(page("?photos_from=4")) == {"": "4", "5": "0", "4": "0", "3": "1", "2": "2"}


def test_the_chip_takes_the_filter_away(page) -> None:
    response = page("?photos_from=3&sort=price")
    assert "found by at least 3 photos" in text_of(response)
    chip = re.search(r'<a class="chip" href="([^"]*)"', response.content.decode())
    assert chip is not None
    assert chip[1] == "?sort=price"


@pytest.mark.parametrize("value", ["x", "-1", "2.5", "99999999999"])
def test_a_number_of_photos_that_is_none_has_no_effect(value, page) -> None:
    response = page(f"?photos_from={value}")
    assert len(titles_of(response)) == 4
    assert "Such a filter has no effect" in text_of(response)


def test_the_export_says_how_many_of_how_many(alice, job, signed_in) -> None:
    exported = signed_in(alice).get(f"/searches/{job.pk}/export.csv?photos_from=2")
    rows = list(csv.DictReader(io.StringIO(exported.getvalue().decode("utf-8-sig"))))
    found = [(row["title"], row["photos"], row["photos_of"]) for row in rows if row["photos_of"]]
    assert found == [("thrice", "3", "3"), ("twice", "2", "3")]
    assert list(rows[0])[-5:-3] == ["photos", "photos_of"]


def test_offers_of_two_marketplaces_stand_side_by_side(page, job) -> None:
    """A first place at one marketplace is worth what it is at the other; of equals the cheaper comes first."""
    SearchCallFactory(job=job, marketplace=OTHER_MARKETPLACE, image=job.photos[0])
    SupplierMatchFactory(
        job=job, title="there", marketplace=OTHER_MARKETPLACE, similarity=None, price=5, rank=1, fused=fused([1])
    )
    titles = titles_of(page())
    assert titles[titles.index("there") + 1] == "first once"
    assert titles_of(page(f"?photos_from=2&marketplace={MARKETPLACE}")) == ["thrice", "twice"]


def test_a_single_photo_is_compared_as_ever(alice, team, signed_in) -> None:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=2)
    SupplierMatchFactory(job=job, title="second", similarity=0.7, rank=1)
    SupplierMatchFactory(job=job, title="first", similarity=0.9, rank=2)
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    assert titles_of(response) == ["first", "second"]
    content = response.content.decode()
    for trace in ("photos_from", "blend", "by-photos", "Found by", "query sides", "1 photo"):
        assert trace not in content


@pytest.mark.parametrize("query", ["", "?photos_from=2", "?sort=blend&best=1"])
def test_the_page_stays_within_its_queries(query, alice, job, signed_in, django_assert_max_num_queries) -> None:
    for image in QueryImageFactory.create_batch(5, team=job.team):
        job.images.add(image)
        SearchCallFactory(job=job, image=image, regions=[[0, 0, 0.5, 0.5]])
    SupplierMatchFactory.create_batch(60, job=job, photos_count=2)
    client = signed_in(alice)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(f"/searches/{job.pk}/{query}").status_code == 200


def test_photos_are_for_the_team_only(vera, charlie, job, signed_in) -> None:
    assert titles_of(signed_in(vera).get(f"/searches/{job.pk}/?photos_from=3")) == ["thrice"]
    assert signed_in(charlie).get(f"/searches/{job.pk}/?photos_from=3").status_code == 404
    for image in job.photos:
        assert signed_in(charlie).get(f"/searches/pictures/{image.pk}/thumb/").status_code == 404
