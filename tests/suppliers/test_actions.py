"""The verbs of supplier lists."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from searches.models import SupplierMatch
from suppliers.actions import Saved, change_entry, create_list, delete_list, remove_entry, rename_list, save_matches
from suppliers.models import LONGEST_NOTE, ListEntry, SupplierList
from tests.factories import (
    ListEntryFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SightingFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)


@pytest.fixture
def job(team, alice):
    return SearchJobFactory(team=team, owner=alice)


@pytest.fixture
def spring(team, alice) -> SupplierList:
    return SupplierListFactory(team=team, owner=alice, name="Spring bags")


def test_saving_freezes_the_offer(alice, job, spring):
    match = SupplierMatchFactory(
        job=job, price=Decimal("23.5"), tiers=[[100, "21.00"]], extras={"unit": "件"}, similarity=None, rank=7
    )
    assert save_matches(user=alice, supplier_list=spring, matches=[match]) == Saved(added=1, already_there=0)
    SupplierMatch.objects.update(price=Decimal("99"), title="changed", similarity=0.5)
    entry = ListEntry.objects.get()
    assert (entry.price, entry.title, entry.similarity, entry.rank) == (Decimal("23.5"), match.title, None, 7)
    assert (entry.tiers, entry.extras, entry.fetched_at) == ([[100, "21.00"]], {"unit": "件"}, match.fetched_at)
    assert (entry.added_by, entry.source_match, entry.supplier_list) == (alice, match, spring)


def test_saving_twice_changes_nothing(alice, bob, job, spring):
    first, second = SupplierMatchFactory(job=job), SupplierMatchFactory(job=job)
    save_matches(user=alice, supplier_list=spring, matches=[first])
    change_entry(user=alice, entry=ListEntry.objects.get(), version=1, note="samples ordered")
    assert save_matches(user=bob, supplier_list=spring, matches=[first, second]) == Saved(1, 1)
    assert save_matches(user=bob, supplier_list=spring, matches=[first, second]) == Saved(0, 2)
    kept = ListEntry.objects.get(offer_id=first.offer_id)
    assert (kept.added_by, kept.note) == (alice, "samples ordered")
    assert spring.entries.count() == 2


def test_the_same_offer_of_two_searches_is_one_entry(alice, team, job, spring):
    match = SupplierMatchFactory(job=job)
    again = SupplierMatchFactory(job=SearchJobFactory(team=team), offer_id=match.offer_id)
    elsewhere = SupplierMatchFactory(job=job, marketplace="tmapi", offer_id=match.offer_id)
    assert save_matches(user=alice, supplier_list=spring, matches=[match, again, elsewhere]) == Saved(2, 1)


def test_the_database_refuses_a_double_entry(spring):
    entry = ListEntryFactory(supplier_list=spring)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListEntryFactory(supplier_list=spring, offer_id=entry.offer_id)


def test_the_photo_that_saw_it_best_is_kept(alice, team, job, spring):
    match = SupplierMatchFactory(job=job)
    near, far = QueryImageFactory(team=team), QueryImageFactory(team=team)
    SightingFactory(match=match, call=SearchCallFactory(job=job, image=near), rank=2)
    SightingFactory(match=match, call=SearchCallFactory(job=job, image=far), rank=40)
    save_matches(user=alice, supplier_list=spring, matches=[match])
    assert ListEntry.objects.get().query_image == near


def test_offers_of_another_team_are_refused(alice, charlies_team, job, spring):
    foreign = SupplierMatchFactory(job=SearchJobFactory(team=charlies_team))
    with pytest.raises(ValidationError) as refused:
        save_matches(user=alice, supplier_list=spring, matches=[SupplierMatchFactory(job=job), foreign])
    assert refused.value.code == "team"
    assert not ListEntry.objects.exists(), "all or nothing"


def test_entries_outlive_their_search(alice, job, spring):
    save_matches(user=alice, supplier_list=spring, matches=[SupplierMatchFactory(job=job)])
    job.delete()
    assert ListEntry.objects.get().source_match is None


def test_saving_many_costs_the_same(alice, job, spring, django_assert_num_queries):
    SupplierMatchFactory.create_batch(3, job=job)
    matches = list(job.matches.select_related("job"))
    # Begin and end, the list, what is there, sightings, pictures (a savepoint, insert, those that failed, ids),
    # the currency and its rates, one insert.
    with django_assert_num_queries(11):
        save_matches(user=alice, supplier_list=spring, matches=matches)


def test_a_list_is_made_once_per_name_and_team(alice, charlie, team, charlies_team):
    made = create_list(user=alice, team=team, name="  Spring   bags ")
    assert (made.name, made.owner, made.team) == ("Spring bags", alice, team)
    with pytest.raises(ValidationError, match="already has a list of this name"):
        create_list(user=alice, team=team, name="SPRING bags")
    assert create_list(user=charlie, team=charlies_team, name="Spring bags").pk != made.pk


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_names_that_are_none(alice, team, name: str):
    with pytest.raises(ValidationError) as refused:
        create_list(user=alice, team=team, name=name)
    assert "name" in refused.value.message_dict


def test_renaming(spring, team):
    SupplierListFactory(team=team, name="Autumn")
    rename_list(supplier_list=spring, name="Summer")
    assert SupplierList.objects.get(pk=spring.pk).name == spring.name == "Summer"
    rename_list(supplier_list=spring, name="SUMMER")
    with pytest.raises(ValidationError):
        rename_list(supplier_list=spring, name="autumn")
    assert SupplierList.objects.get(pk=spring.pk).name == spring.name == "SUMMER"


def test_deleting_leaves_searches_alone(alice, job, spring):
    save_matches(user=alice, supplier_list=spring, matches=[SupplierMatchFactory(job=job)])
    delete_list(user=alice, supplier_list=spring)
    assert not ListEntry.objects.exists()
    assert job.matches.count() == 1


def test_notes_and_removal(alice, spring):
    entry, other = ListEntryFactory(supplier_list=spring), ListEntryFactory(supplier_list=spring)
    change_entry(user=alice, entry=entry, version=1, note="  late samples ")
    assert ListEntry.objects.get(pk=entry.pk).note == "late samples"
    with pytest.raises(ValidationError):
        change_entry(user=alice, entry=entry, version=2, note="x" * (LONGEST_NOTE + 1))
    assert ListEntry.objects.get(pk=entry.pk).note == "late samples"
    remove_entry(entry=entry)
    assert list(spring.entries.all()) == [other]


def test_the_list_of_somebody_who_left_can_be_renamed(team):
    orphan = SupplierListFactory(team=team, owner=None)
    rename_list(supplier_list=orphan, name="Ours now")
    assert SupplierList.objects.get().name == "Ours now"


@pytest.fixture
def overlooked(monkeypatch):
    """The first look for a list of the same name comes before the other's is there; later ones see it."""
    look, looks = SupplierList.validate_constraints, []

    def late_look(self, *arguments, **options):
        looks.append(self)
        if len(looks) > 1:
            look(self, *arguments, **options)

    monkeypatch.setattr(SupplierList, "validate_constraints", late_look)


def test_the_loser_of_a_race_for_a_name_is_told(alice, team, spring, overlooked):
    with pytest.raises(ValidationError, match="Your team already has a list of this name"):
        create_list(user=alice, team=team, name="SPRING bags")
    assert SupplierList.objects.get() == spring


def test_the_loser_of_a_race_to_rename_is_told(team, spring, overlooked):
    summer = SupplierListFactory(team=team, name="Summer bags")
    with pytest.raises(ValidationError, match="Your team already has a list of this name"):
        rename_list(supplier_list=summer, name="Spring bags")
    summer.refresh_from_db()
    assert summer.name == "Summer bags"
