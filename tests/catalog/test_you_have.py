"""The strip above a search's offers: what the team has of them already."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from searches.marketplaces import CATALOG
from tests.catalog.stocked import stocked
from tests.factories import NOON, ItemFactory, SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
HAVE, ALIKE = "You have this", "You have something that looks like this"


@pytest.fixture
def found(team, alice):
    """`found((item, similarity), …)`: a search of alice's that found these items in her team's catalogue."""

    def make(*pairs):
        job = SearchJobFactory(team=team, owner=alice, status="done", finished_at=NOON)
        SearchCallFactory(job=job, marketplace=CATALOG, status="done", offers_found=len(pairs), fetched_at=NOON)
        for rank, (item, similarity) in enumerate(pairs, 1):
            SupplierMatchFactory(
                job=job, marketplace=CATALOG, offer_id=str(item.pk), title=str(item), rank=rank, similarity=None,
                visual=similarity, supplier_id="", image_url="", url=item.get_absolute_url(),
            )  # fmt: skip
        return job

    return make


@pytest.fixture
def page(signed_in, alice):
    return lambda job, user=None: signed_in(user or alice).get(job.get_absolute_url())


def test_the_item_is_told_with_picture_code_supplier_price_and_day(found, page, team) -> None:
    item = stocked(
        team, seen=False, code="MUG-7", name="陶瓷马克杯", supplier_name="佛山陶瓷厂", price=Decimal("12.5"),
        last_bought=date(2026, 3, 5),
    )  # fmt: skip

    response = page(found((item, 0.91)))
    told = text_of(response)

    strip = told[told.index(HAVE) :]
    for text in ("MUG-7 陶瓷马克杯", "¥12.50", "佛山陶瓷厂", "last bought 2026-03-05", "similarity 0.91"):
        assert text in strip
    html = response.content.decode()
    assert f'href="/catalog/{item.pk}/"' in html
    assert f'src="/catalog/pictures/{item.pictures.first().pk}/small.jpg"' in html


def test_in_the_table_it_is_marked_as_ours(found, page, team) -> None:
    job = found((ItemFactory(team=team, code="MUG-7"), 0.91))

    html = page(job).content.decode()

    assert '<span class="tag known">ours</span>' in html
    assert "Our catalogue" in html


def test_what_only_looks_like_it_is_said_so(found, page, team) -> None:
    told = text_of(
        page(found((ItemFactory(team=team, code="MUG-7"), 0.7), (ItemFactory(team=team, code="POT-1"), 0.38)))
    )

    assert ALIKE in told
    assert HAVE not in told
    assert "similarity 0.70" in told
    assert "similarity 0.38" not in told


def test_beside_the_same_item_others_are_left_to_the_table(found, page, team) -> None:
    html = page(
        found((ItemFactory(team=team, code="MUG-7"), 0.85), (ItemFactory(team=team, code="MUG-8"), 0.79))
    ).content.decode()

    strip = html[html.index('id="you-have"') : html.index("</section>", html.index('id="you-have"'))]
    assert "MUG-7" in strip
    assert "MUG-8" not in strip


def test_nothing_is_said_where_nothing_is_alike(found, page, team) -> None:
    told = text_of(page(found((ItemFactory(team=team), 0.38))))

    assert HAVE not in told
    assert ALIKE not in told


def test_what_was_archived_since_is_not_had_any_more(found, page, team) -> None:
    item = ItemFactory(team=team, code="MUG-7")
    job = found((item, 0.91))
    item.archived_at = timezone.now()
    item.save()

    assert HAVE not in text_of(page(job))


def test_items_of_another_team_are_not_told_even_if_a_row_names_them(found, page, charlies_team) -> None:
    assert HAVE not in text_of(page(found((ItemFactory(team=charlies_team), 0.91))))


def test_it_comes_with_what_the_page_polls_for(found, page, team, signed_in, alice) -> None:
    job = found((ItemFactory(team=team, code="MUG-7"), 0.91))

    response = signed_in(alice).get(job.get_absolute_url(), headers={"X-Results-Seen": "none.running.0.0"})

    assert 'id="you-have" hx-swap-oob="true"' in response.content.decode()
    assert "MUG-7" in response.content.decode()


def test_a_search_elsewhere_says_nothing_of_the_catalogue(page, team, alice) -> None:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job)

    assert 'id="you-have"' not in page(job).content.decode()
