"""What the team decides about entries: by whom, in which version, with which history."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from suppliers.actions import change_entries, change_entry, remove_entry
from suppliers.models import AppendOnly, EntryEvent, ListEntry, Stage, Status, tags_in, tags_text
from suppliers.trouble import ChangedMeanwhile, Held
from tests.factories import ListEntryFactory, SupplierListFactory


def history(entry) -> list[tuple[str, str, str]]:
    return [(event.what, event.before, event.after) for event in entry.events.order_by("pk")]


def test_every_change_is_in_the_history(alice, bob, entry):
    changed = change_entry(
        user=alice,
        entry=entry,
        version=1,
        status=Status.CONTACTED,
        assignee=bob,
        due_on=date(2026, 12, 1),
        tags=tags_text(["urgent", "春季", "Urgent"]),
        note=" call them ",
        target_quantity=500,
        target_price=Decimal("21.50"),
    )
    assert changed.version == 2
    entry.refresh_from_db()
    assert (entry.status, entry.assignee, entry.due_on) == ("contacted", bob, date(2026, 12, 1))
    assert (entry.tag_list, entry.note, entry.target_quantity) == (["urgent", "春季"], "call them", 500)
    assert entry.status_at is not None
    assert {what: (before, after) for what, before, after in history(entry)} == {
        "status": ("candidate", "contacted"),
        "assignee": ("", "bob"),
        "due_on": ("", "2026-12-01"),
        "tags": ("", "urgent, 春季"),
        "note": ("", "call them"),
        "target_quantity": ("", "500"),
        "target_price": ("", "21.5"),
    }
    assert {event.who for event in entry.events.all()} == {alice}


def test_what_stays_the_same_is_no_change(alice, entry):
    assert change_entry(user=alice, entry=entry, version=1, status="candidate", note=" ").version == 1
    assert history(entry) == []


def test_the_second_of_two_overwrites_nothing(alice, bob, entry):
    change_entry(user=bob, entry=entry, version=1, note="bob’s")
    with pytest.raises(ChangedMeanwhile) as trouble:
        change_entry(user=alice, entry=entry, version=1, note="alice’s")
    assert trouble.value.entry.note == "bob’s"
    entry.refresh_from_db()
    assert (entry.note, entry.version) == ("bob’s", 2)


def test_whoever_rejects_says_why(alice, entry):
    for reason in ("", "  "):
        with pytest.raises(ValidationError) as refused:
            change_entry(user=alice, entry=entry, version=1, status=Status.REJECTED, reason=reason)
        assert "reason" in refused.value.message_dict
    change_entry(user=alice, entry=entry, version=1, status=Status.REJECTED, reason="late samples")
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == ("rejected", "late samples")
    with pytest.raises(IntegrityError), transaction.atomic():
        ListEntry.objects.filter(pk=entry.pk).update(reason="")


def test_a_reason_goes_with_the_rejection(alice, entry):
    change_entry(user=alice, entry=entry, version=1, status=Status.REJECTED, reason="late samples")
    change_entry(user=alice, entry=entry, version=2, status=Status.CANDIDATE)
    entry.refresh_from_db()
    assert entry.reason == ""
    assert ("reason", "late samples", "") in history(entry)


def test_only_members_look_after_an_offer(alice, charlie, entry):
    with pytest.raises(ValidationError) as refused:
        change_entry(user=alice, entry=entry, version=1, assignee=charlie)
    assert "assignee" in refused.value.message_dict
    assert not entry.events.exists()


@pytest.mark.parametrize("quantity", [0, -5, 10**12])
def test_quantities_that_are_none(alice, entry, quantity):
    with pytest.raises(ValidationError):
        change_entry(user=alice, entry=entry, version=1, target_quantity=quantity)


def test_history_is_only_added_to(alice, entry):
    change_entry(user=alice, entry=entry, version=1, note="x")
    event = EntryEvent.objects.get()
    for attempt in (event.save, event.delete, EntryEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        EntryEvent.objects.update(after="y")
    entry.delete()
    assert not EntryEvent.objects.exists(), "it goes with its entry"


def test_many_at_once_and_those_that_stay(alice, bob, spring, entry):
    stale, held, plain = ListEntryFactory.create_batch(3, supplier_list=spring)
    ListEntry.objects.filter(pk=held.pk).update(stage=Stage.APPROVED)
    change_entry(user=bob, entry=stale, version=1, note="meanwhile")
    elsewhere = ListEntryFactory(supplier_list=SupplierListFactory(team=spring.team))
    versions = {one.pk: 1 for one in (entry, stale, held, plain, elsewhere)} | {10**9: 1}
    outcome = change_entries(
        user=alice, supplier_list=spring, versions=versions, status=Status.CONTACTED, add_tags=["spring"]
    )
    assert (outcome.changed, outcome.stale, outcome.held, outcome.gone) == (2, [stale], [held], 2)
    for one in (entry, stale, held, plain, elsewhere):
        one.refresh_from_db()
    assert [one.status for one in (entry, plain)] == ["contacted"] * 2
    assert [one.status for one in (stale, held, elsewhere)] == ["candidate"] * 3
    assert entry.tag_list == ["spring"]


def test_rejecting_many_needs_a_reason_and_is_all_or_nothing(alice, spring, entry):
    with pytest.raises(ValidationError):
        change_entries(user=alice, supplier_list=spring, versions={entry.pk: 1}, status=Status.REJECTED, reason="")
    entry.refresh_from_db()
    assert entry.status == "candidate"


def test_what_is_proposed_is_not_taken_off(entry):
    for stage in (Stage.PROPOSED, Stage.APPROVED):
        ListEntry.objects.filter(pk=entry.pk).update(stage=stage)
        with pytest.raises(Held):
            remove_entry(entry=entry)
    assert ListEntry.objects.filter(pk=entry.pk).exists()


def test_tags_are_kept_once_each_and_bounded():
    kept = tags_text([" spring  bags ", "SPRING BAGS", "", "😀", "x" * 60, *map(str, range(30))])
    assert len(tags_in(kept)) == 20
    assert tags_in(tags_text([" b ", "a", "B"])) == ["a", "b"]
    assert tags_text([]) == ""
    assert tags_in("") == []
