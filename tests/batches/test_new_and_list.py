"""A new batch, and the list of all of them, as their pages show them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from batches import actions
from batches.models import Batch, BatchRow
from batches.views.index import BATCHES_PER_PAGE
from searches.models import SearchJob
from tests.batches.making import become, found_row
from tests.factories import MARKETPLACE, MembershipFactory
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Status, State, Job = Batch.Status, BatchRow.State, SearchJob.Status


def question(**changes: object) -> dict[str, object]:
    asked = {"title": "Spring range", "marketplaces": [MARKETPLACE], "order": "similarity", "wanted": 50}
    return asked | {"preparation": "basic"} | changes


def test_a_new_batch_begins_with_its_question(browser, alice) -> None:
    answer = browser.post("/batches/new/", question(price_from="5", price_to="9.50", wholesale_only="on"))
    made = Batch.objects.get(title="Spring range")
    assert answer.url == f"/batches/{made.pk}/"
    assert (made.owner, made.status, made.marketplaces) == (alice, Status.COLLECTING, [MARKETPLACE])
    kept = actions.question_of(made)
    assert (kept["price_from"], kept["price_to"], kept["wholesale_only"]) == (Decimal(5), Decimal("9.50"), True)


@pytest.mark.parametrize("changes", [{"title": ""}, {"marketplaces": []}, {"price_from": "9", "price_to": "5"}])
def test_a_question_that_makes_no_sense_is_kept_and_refused(changes, browser, batch) -> None:
    page = browser.post("/batches/new/", question(**changes))
    assert "everything you entered is kept" in text_of(page)
    assert Batch.objects.get() == batch


def test_the_next_one_begins_as_the_last_one_asked(browser) -> None:
    browser.post("/batches/new/", question(wanted=200, price_from="7"))
    page = browser.get("/batches/new/").content.decode()
    assert '<option value="200" selected>' in page
    assert 'value="7"' in page


def test_without_a_credential_nothing_can_be_searched(alice, signed_in) -> None:
    assert "No marketplace can be searched yet" in text_of(signed_in(alice).get("/batches/new/"))


# All of them


def test_the_list_tells_how_far_each_is(browser, batch) -> None:
    found_row(batch, 1)
    found_row(batch, 2, status=Job.FAILED)
    found_row(batch, 3, status=Job.RUNNING)
    batch.rows.create(number=4, state=State.REFUSED)
    become(batch, Status.RUNNING)
    page = browser.get("/batches/")
    text = text_of(page)
    assert "Spring running 75 % 75 % 4 2 alice" in text


def test_the_list_has_pages_and_as_many_queries_however_many_batches(browser, batch, alice, team) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/batches/")
    for number in range(BATCHES_PER_PAGE):
        other = Batch.objects.create(team=team, owner=alice, title=f"Range {number}")
        found_row(other, 1)
    with CaptureQueriesContext(connection) as many:
        first = browser.get("/batches/")
    assert len(many) <= len(few) + 1
    assert "Spring" not in text_of(first)
    assert "Spring" in text_of(browser.get("/batches/?page=2"))


def test_without_any_the_list_leads_to_the_first(alice, signed_in) -> None:
    assert "Make the first batch" in text_of(signed_in(alice).get("/batches/"))


def test_who_is_in_several_teams_sees_whose_each_is(browser, batch, alice, charlies_team) -> None:
    assert "Outdoor" not in browser.get("/batches/").content.decode().partition("<tbody>")[2]
    MembershipFactory(user=alice, team=charlies_team)
    assert "Outdoor" in browser.get("/batches/").content.decode().partition("<tbody>")[2]
