"""“Run again shows what changed”: the page, its doubts, and its speed at ten thousand offers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saved.comparing import run_before, summary_of
from saved.differences import Kind
from saved.models import Run
from searches.models import SupplierMatch
from tests.factories import (
    NOON,
    OTHER_MARKETPLACE,
    SearchCallFactory,
    SearchJobFactory,
    SupplierMatchFactory,
)
from tests.saved.factories import RunFactory, SavedSearchFactory
from tests.searches.pages import text_of


@pytest.fixture
def search(team, alice):
    return SavedSearchFactory(team=team, owner=alice, name="Bags")


@pytest.fixture
def ran(search):
    """`ran(a="10", b=None)`: a run that found offers of these names at these prices."""

    def made(*, status: str = "done", answered: bool = True, **prices) -> Run:
        job = SearchJobFactory(team=search.team, image=search.images[0], status=status)
        if answered:
            SearchCallFactory(job=job)
        for name, price in prices.items():
            SupplierMatchFactory(job=job, offer_id=name, title=f"offer {name}", price=price and Decimal(price))
        return RunFactory(search=search, job=job)

    return made


def page_of(client, run: Run, **params):
    return client.get(run.get_absolute_url(), params)


def titles(response) -> list[str]:
    return [row.match.title for row in response.context["rows"]]


def test_new_gone_cheaper_and_dearer_each_with_before_and_after(signed_in, alice, ran):
    ran(same="5", fell="10", rose="10", gone="7")
    response = page_of(signed_in(alice), ran(same="5", fell="7.50", rose="12", new="3"))
    assert titles(response) == ["offer fell", "offer new", "offer rose", "offer gone"]
    fell, new, rose, gone = response.context["rows"]
    assert (fell.price.before, fell.price.after, fell.by) == ("¥10.00", "¥7.50", "−25%")
    assert (rose.price.before, rose.price.after, rose.by) == ("¥10.00", "¥12.00", "+20%")
    assert (new.price.before, new.price.after) == ("", "¥3.00")
    assert (gone.price.before, gone.price.after) == ("¥7.00", "")
    assert "1 offer unchanged" in text_of(response)
    assert response.context["doubts"] == []


def test_credit_is_shown_before_and_after(signed_in, alice, ran):
    before, after = ran(a="5"), ran(a="5")
    SupplierMatch.objects.filter(job=before.job).update(supplier_credit=3)
    row = page_of(signed_in(alice), after).context["rows"][0]
    assert (row.credit.before, row.credit.after, row.kinds) == ("3", "5", [("credit changed", "wait")])


def test_one_kind_alone(signed_in, alice, ran):
    ran(a="5", b="5")
    after = ran(a="4", b="6", c="1")
    client = signed_in(alice)
    assert titles(page_of(client, after, kind="cheaper")) == ["offer a"]
    assert titles(page_of(client, after, kind="new")) == ["offer c"]
    assert "No offer changed in this way" in text_of(page_of(client, after, kind="gone"))
    assert len(titles(page_of(client, after, kind="elsewhere\0"))) == 3
    tabs = page_of(client, after, kind="new", page="1").context["tabs"]
    assert [(tab.label, tab.count) for tab in tabs] == [
        ("all changes", 3),
        ("cheaper", 1),
        ("new", 1),
        ("dearer", 1),
        ("credit changed", 0),
        ("gone", 0),
    ]
    assert all("page=" not in tab.url for tab in tabs)


def test_a_run_that_is_not_complete_makes_gone_uncertain(signed_in, alice, ran):
    ran(a="5", b="5")
    after = ran(a="5", status="partial")
    SearchCallFactory(job=after.job, page=2, status="failed")
    assert "listed as gone may be there all the same" in text_of(page_of(signed_in(alice), after))


def test_an_earlier_run_that_is_not_complete_makes_new_uncertain(signed_in, alice, ran):
    before = ran(a="5", status="partial")
    SearchCallFactory(job=before.job, page=2, status="failed")
    assert "listed as new may have been there before" in text_of(page_of(signed_in(alice), ran(a="5", b="5")))


def test_only_marketplaces_that_answered_in_both_are_compared(signed_in, alice, ran):
    ran(a="5")
    after = ran(a="5")
    SearchCallFactory(job=after.job, marketplace=OTHER_MARKETPLACE)
    SupplierMatchFactory(job=after.job, marketplace=OTHER_MARKETPLACE)
    response = page_of(signed_in(alice), after)
    assert response.context["rows"] == []
    assert "Left out, as it answered in one of the two runs only" in text_of(response)


def test_another_question_is_told(signed_in, alice, ran):
    ran(a="5")
    after = ran(b="5")
    after.job.keywords = "blue"
    after.job.save()
    assert "did not ask the same" in text_of(page_of(signed_in(alice), after))


def test_another_currency_is_not_compared_but_told(signed_in, alice, ran):
    ran(a="5")
    after = ran(a="1")
    SupplierMatch.objects.filter(job=after.job).update(currency="USD")
    response = page_of(signed_in(alice), after)
    assert response.context["rows"] == []
    assert "another currency than before are not compared: 1." in text_of(response)


def test_it_is_compared_with_the_last_run_that_found_anything_out(signed_in, alice, ran):
    first = ran(a="5")
    ran(status="failed", answered=False)
    after = ran(a="4")
    response = page_of(signed_in(alice), after)
    assert response.context["before"] == first
    assert titles(response) == ["offer a"]


def test_any_earlier_run_can_be_chosen(signed_in, alice, ran):
    first, second, after = ran(a="9"), ran(a="5"), ran(a="4")
    client = signed_in(alice)
    assert page_of(client, after).context["before"] == second
    chosen = page_of(client, after, against=str(first.pk))
    assert chosen.context["rows"][0].price.before == "¥9.00"
    for nonsense in (str(after.pk), "999999", "x", "9" * 40):
        assert page_of(client, after, against=nonsense).context["before"] == second


def test_the_first_run_has_nothing_before_it(signed_in, alice, ran):
    assert "nothing to compare it with" in text_of(page_of(signed_in(alice), ran(a="5")))


def test_a_run_on_its_way_is_not_compared_yet(signed_in, alice, ran):
    ran(a="5")
    running = ran(status="running", answered=False)
    assert summary_of(running) is None
    assert page_of(signed_in(alice), running).status_code == 200


def test_a_run_of_another_search_is_not_here(signed_in, alice, team, ran):
    other = RunFactory(search=SavedSearchFactory(team=team, owner=alice))
    address = reverse("saved:changes", args=[ran(a="5").search_id, other.pk])
    assert signed_in(alice).get(address).status_code == 404


def test_the_summary_is_counted_once_and_anew_when_a_run_was_taken_up_again(ran, django_assert_num_queries):
    ran(a="5", b="5")
    after = ran(a="4")
    summary = summary_of(after)
    assert (summary.counts[Kind.CHEAPER], summary.counts[Kind.GONE], summary.doubtful) == (1, 1, False)
    kept = Run.objects.select_related("job").get(pk=after.pk)
    with django_assert_num_queries(1):
        assert summary_of(kept).counts == summary.counts
    SupplierMatchFactory(job=after.job, offer_id="b", price="5")
    kept.job.finished_at = datetime(2026, 11, 23, tzinfo=UTC)
    kept.job.save()
    assert summary_of(kept).counts[Kind.GONE] == 0


def test_copies_of_one_search_have_their_runs_side_by_side(ran, search):
    ran(a="5")
    after = ran(a="4")
    assert run_before(after).search_id == search.pk


def many(run: Run, number: int, price: Decimal) -> None:
    SupplierMatch.objects.bulk_create(
        (
            SupplierMatch(
                job=run.job,
                marketplace="image_search_md5",
                offer_id=str(index),
                title=f"offer {index}",
                price=price + index % 7,
                rank=index + 1,
                supplier_credit=index % 5,
                fetched_at=NOON,
            )
            for index in range(number)
        ),
        batch_size=500,
    )


def test_ten_thousand_offers_take_as_many_queries_as_ten(signed_in, alice, ran, django_assert_num_queries):
    before, after = ran(), ran()
    client = signed_in(alice)
    many(before, 10, Decimal(20))
    many(after, 10, Decimal(10))
    client.get(after.get_absolute_url())
    counted = _queries_of(client, after)
    SupplierMatch.objects.all().delete()
    many(before, 10_000, Decimal(20))
    many(after, 10_000, Decimal(10))
    with django_assert_num_queries(counted):
        response = client.get(after.get_absolute_url())
    assert len(titles(response)) == 50
    assert response.context["page"].paginator.count == 10_000
    last = client.get(after.get_absolute_url(), {"page": "200"})
    assert len(titles(last)) == 50


def _queries_of(client, run: Run) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(run.get_absolute_url())
    return len(captured)
