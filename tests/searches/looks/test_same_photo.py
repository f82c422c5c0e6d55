"""Resellers show the factory's own photo: which offers do, and one row for all of them."""

import csv
import io

import pytest

from searches.imaging import Fingerprint
from searches.looks.groups import same_pictures
from searches.models import SupplierMatch
from tests.searches.looks.hosting import looked, offers_of
from tests.searches.pages import text_of, titles_of

pytestmark = pytest.mark.django_db
EVEN = bytes([128] * 192)


@pytest.fixture
def resold(found):
    """Offers in the marketplace's order: four show one photo, two of them as files of their own; one of them twice."""
    look = looked(found("2.jpg", "3.jpg", "2-again.jpg", "2.jpg", "2.jpg", "4.jpg"))
    offers = offers_of(look)
    figures = zip("ABCDEF", (9, 5, 7, 8, 7, 1), (5, 5, 3, 5, 4, 5), "uvwxxy", strict=True)
    for rank, (offer, (title, price, credit, supplier)) in enumerate(zip(offers, figures, strict=True), 1):
        SupplierMatch.objects.filter(pk=offer.pk).update(
            title=title, price=price, supplier_credit=credit, supplier_id=supplier, rank=rank
        )
    return look.call.job


@pytest.fixture
def page(resold, alice, signed_in):
    client = signed_in(alice)
    return lambda query: client.get(f"{resold.get_absolute_url()}{query}")


def test_equal_pictures_are_one_group_wherever_they_lie(resold) -> None:
    groups = dict(resold.matches.values_list("title", "photo_group"))
    first = resold.matches.order_by("pk").first()
    assert groups == {"A": first.pk, "B": None, "C": first.pk, "D": first.pk, "E": first.pk, "F": None}


def test_the_same_photo_is_one_row_that_says_at_how_many_suppliers(page) -> None:
    response = page("?sort=rank&fold=photo")
    # At the place of the first of them, by the cheapest of them, of which E is trusted more than C.
    assert titles_of(response) == ["E", "B", "F"]
    assert "same photo at 3 suppliers" in text_of(response)
    assert "3 of 6" not in text_of(response) and "6 of 6, in 3 rows" in text_of(response)


def test_its_row_opens_from_the_cheapest_on(page, resold) -> None:
    lead = resold.matches.get(title="E")
    response = page(f"?sort=rank&fold=photo&open={lead.pk}")
    assert titles_of(response) == ["E", "C", "D", "A", "B", "F"]
    assert response.content.decode().count('class="member"') == 3


def test_only_what_passes_the_filters_is_folded(page) -> None:
    response = page("?sort=rank&fold=photo&price_from=8")
    assert titles_of(response) == ["D"]
    assert "same photo at 2 suppliers" in text_of(response)


def test_both_ways_of_folding_together(page) -> None:
    response = page("?sort=rank&fold=1&fold=photo")
    assert titles_of(response) == ["E", "B", "F"]
    content = response.content.decode()
    assert 'value="1" id="fold" checked' in content and 'value="photo" id="fold-photo" checked' in content
    # One supplier's offers with one picture were equal before.
    assert titles_of(page("?sort=rank&fold=1")) == ["A", "B", "C", "D", "F"]


def test_of_one_supplier_the_same_photo_is_just_more_offers(page) -> None:
    response = page("?sort=rank&fold=photo&price_from=7&price_to=8&credit_from=4")
    assert titles_of(response) == ["E"]
    assert "1 equal offer" in text_of(response) and "same photo at" not in text_of(response)


def test_files_name_the_group(resold, alice, signed_in) -> None:
    answer = signed_in(alice).get(f"{resold.get_absolute_url()}export.csv?sort=rank&fold=photo")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["title"]]
    assert [row["title"] for row in rows] == [*"ABCDEF"]
    assert [bool(row["same_photo"]) for row in rows] == [True, False, True, True, True, False]
    assert all(float(row["similarity_ours"]) >= 0 and row["similarity"] == "" for row in rows)


def test_a_later_page_joins_its_groups(found, resold) -> None:
    (later,) = offers_of(looked(found("3-again.jpg", job=resold)))
    assert later.photo_group == resold.matches.get(title="B").photo_group == resold.matches.get(title="B").pk


def mean(brightness: int) -> Fingerprint:
    return Fingerprint(brightness << 18, EVEN)


def test_what_is_the_same_as_a_same_one_belongs_to_it() -> None:
    found = same_pictures({"a": mean(10), "b": mean(13), "c": mean(16), "far": mean(20), "dark": mean(6)})
    assert found["a"] == found["b"] == found["c"]
    assert len({found["a"], found["far"], found["dark"]}) == 3


def test_near_hashes_of_other_blocks_are_other_pictures() -> None:
    other = Fingerprint(mean(10).hash, bytes([90] * 192))
    assert len(set(same_pictures({"a": mean(10), "b": other}).values())) == 2
