"""Offers for items: a selection searched for as a batch, within a budget of calls, and the rest later."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from batches import feeding, intake, jobs
from batches.models import Batch, BatchRow
from catalog import matching
from catalog.models import Item, MatchedItem, Matching
from catalog.pictures import keep_picture
from searches.marketplaces import CATALOG, PROTOCOLS
from searches.models import QueryImage, SearchCall
from tests.catalog.stocked import KETTLEBELL, MUG, picture, stocked
from tests.factories import MARKETPLACE, OTHER_MARKETPLACE, CredentialFactory, ItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected(alice, team):
    """`collected(*items)`: a matching of alice's for these items, else for all of her team."""

    def collect(*items):
        chosen = Item.objects.filter(pk__in=[item.pk for item in items]) if items else Item.objects.all()
        return matching.collect(user=alice, team=team, items=chosen)

    return collect


@pytest.fixture
def begin(alice):
    """`begin(matching, **asked)`: alice lets it begin."""

    def run(found: Matching, **asked) -> Batch:
        usual = {"marketplaces": [MARKETPLACE], "wanted": 50, "budget": 1000}
        begun = found.items.filter(begun=True).count()
        return matching.begin(user=alice, matching=found, **usual | {"begun_before": begun} | asked)

    return run


def read_pictures(batch: Batch) -> None:
    """What workers do for rows whose pictures are not there yet."""
    for pk in batch.rows.filter(state=BatchRow.State.FETCHING).values_list("pk", flat=True):
        jobs.fetch_row(pk)


def test_an_item_becomes_a_row_with_its_code_price_and_picture(collected, begin, team) -> None:
    CredentialFactory()
    item = stocked(team, seen=False, code="MUG-7", name="陶瓷马克杯", price=Decimal("12.5"), moq=24)

    batch = begin(collected())
    read_pictures(batch)

    (row,) = batch.rows.all()
    assert (row.code, row.name, row.target_price, row.quantity) == ("MUG-7", "陶瓷马克杯", Decimal("12.5"), 24)
    assert (row.state, row.source_name) == (BatchRow.State.READY, "")
    assert row.image.team == team
    with row.image.file.open() as searched, item.pictures.first().file.open() as kept:
        assert searched.read() == kept.read()
    assert (batch.status, batch.marketplaces, batch.question) == ("running", [MARKETPLACE], {"wanted": 50})
    assert batch.rights_confirmed_at is not None
    assert MatchedItem.objects.get().row == row


def test_its_search_is_begun_like_any_other_s_of_a_batch(collected, begin, team) -> None:
    CredentialFactory()
    stocked(team, seen=False, code="MUG-7", name="陶瓷马克杯")
    batch = begin(collected())
    read_pictures(batch)

    feeding.feed()

    row = batch.rows.get()
    assert row.job.title == "陶瓷马克杯"
    assert list(row.job.calls.values_list("marketplace", flat=True)) == [MARKETPLACE]


def test_a_price_in_another_currency_is_no_target(collected, begin, team) -> None:
    CredentialFactory()
    stocked(team, seen=False, price=Decimal("3"), currency="USD")

    assert begin(collected()).rows.get().target_price is None


def test_the_budget_begins_as_many_as_it_is_enough_for_and_the_rest_goes_on_later(collected, begin, team) -> None:
    CredentialFactory()
    CredentialFactory(marketplace=OTHER_MARKETPLACE)
    for code in ("A", "B", "C", "D", "E"):
        stocked(team, views=1, seen=False, code=code)
    found = collected()
    asked = {"marketplaces": [MARKETPLACE, OTHER_MARKETPLACE], "wanted": 50}
    each = matching.calls_each(**asked)

    first = begin(found, **asked, budget=3 * each - 1)
    second = begin(found, **asked, budget=1000)

    assert each >= 2
    assert list(first.rows.values_list("code", flat=True)) == ["A", "B"]
    assert list(second.rows.values_list("code", flat=True)) == ["C", "D", "E"]
    assert (first.title, second.title) == ("Offers for 5 items", "Offers for 5 items, part 2")
    assert matching.plan_of(found, **asked).pictured == 0


def test_what_is_planned_is_what_is_asked(collected, begin, team) -> None:
    """Never more calls than the budget."""
    CredentialFactory()
    for code in ("A", "B", "C"):
        stocked(team, MUG if code == "A" else KETTLEBELL, views=1, seen=False, code=code)
    found = collected()
    plan = matching.plan_of(found, [MARKETPLACE], 50, budget=2)
    batch = begin(found, budget=2)
    read_pictures(batch)

    feeding.feed()

    assert (plan.each, plan.needed, plan.begins, plan.rest, plan.calls) == (1, 3, 2, 1, 2)
    assert SearchCall.objects.count() == 2


def test_pages_are_calls_and_the_own_catalogue_costs_none() -> None:
    assert matching.calls_each([MARKETPLACE], 50) == 1
    assert matching.calls_each([MARKETPLACE], 200) == 4
    assert matching.calls_each([MARKETPLACE, CATALOG], 200) == 4
    # The official search takes the photo first.
    assert matching.calls_each(["alibaba_open"], 50) == 1 + 50 // PROTOCOLS["alibaba_open"].max_page_size


def test_items_without_pictures_are_left_out_until_they_have_some(collected, begin, team) -> None:
    CredentialFactory()
    bare = ItemFactory(team=team, code="BARE")
    stocked(team, views=1, seen=False, code="MUG-7")
    found = collected()

    assert [one.item for one in matching.waiting(found, pictured=False)] == [bare]
    assert list(begin(found).rows.values_list("code", flat=True)) == ["MUG-7"]

    with pytest.raises(ValidationError, match="None of these items waits"):
        begin(found)
    keep_picture(item=bare, data=picture(KETTLEBELL))
    assert list(begin(found).rows.values_list("code", flat=True)) == ["BARE"]


def test_archived_items_are_not_searched_for(collected, begin, team) -> None:
    CredentialFactory()
    item = stocked(team, views=1, seen=False)
    found = collected()
    item.archived_at = timezone.now()
    item.save()

    with pytest.raises(ValidationError, match="None of these items waits"):
        begin(found)
    with pytest.raises(ValidationError, match="No item was chosen"):
        collected()


def test_other_teams_items_are_not_collected(collected, charlies_team) -> None:
    item = stocked(charlies_team, views=1, seen=False)

    with pytest.raises(ValidationError, match="No item was chosen"):
        collected(item)


def test_a_budget_below_one_item_begins_nothing(collected, begin, team) -> None:
    CredentialFactory()
    stocked(team, views=1, seen=False)

    with pytest.raises(ValidationError, match="One item needs 4 calls"):
        begin(collected(), wanted=200, budget=3)
    assert not Batch.objects.exists()


def test_two_at_once_begin_each_item_once(collected, begin, team) -> None:
    CredentialFactory()
    for _ in range(2):
        stocked(team, views=1, seen=False)
    found = collected()
    begin(found, budget=1, begun_before=0)

    with pytest.raises(ValidationError, match="Meanwhile somebody"):
        begin(found, budget=1, begun_before=0)
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("marketplaces", [[], [CATALOG], [OTHER_MARKETPLACE], ["retired"]])
def test_only_marketplaces_that_the_team_may_ask_are_asked(collected, begin, team, marketplaces) -> None:
    CredentialFactory()
    stocked(team, views=1, seen=False)

    with pytest.raises(ValidationError, match="Choose at least one marketplace"):
        begin(collected(), marketplaces=marketplaces)


def test_a_picture_that_is_gone_meanwhile_is_said_of_its_row(collected, begin, team) -> None:
    CredentialFactory()
    item = stocked(team, views=1, seen=False)
    batch = begin(collected())
    item.pictures.all().delete()

    read_pictures(batch)

    row = batch.rows.get()
    assert (row.state, row.error_code) == (BatchRow.State.REFUSED, intake.PICTURE_GONE.code)


def test_a_row_never_reads_another_team_s_picture(collected, begin, team, charlies_team) -> None:
    CredentialFactory()
    stocked(team, views=1, seen=False)
    theirs = stocked(charlies_team, views=1, seen=False)
    batch = begin(collected())
    batch.rows.update(source_url=f"{matching.SCHEME}:{theirs.pictures.get().pk}")

    read_pictures(batch)

    assert batch.rows.get().state == BatchRow.State.REFUSED
    assert not QueryImage.objects.exists()


def test_what_nobody_began_is_forgotten_after_a_day(collected, begin, team) -> None:
    CredentialFactory()
    stocked(team, views=1, seen=False)
    forgotten, begun, new = collected(), collected(), collected()
    begin(begun)
    Matching.objects.exclude(pk=new.pk).update(created_at=timezone.now() - 2 * matching.TIME_FOR_A_DRAFT)

    last = collected()

    assert set(Matching.objects.all()) == {begun, new, last}
    assert forgotten not in Matching.objects.all()
