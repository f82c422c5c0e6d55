"""What the team decides about entries. Nobody overwrites what they have not seen, and nobody changes silently what
a lead was asked to approve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from suppliers.history import event, value_text
from suppliers.models import (
    Approval,
    EntryEvent,
    ListEntry,
    Stage,
    Status,
    SupplierList,
    tags_text,
)
from suppliers.trouble import ChangedMeanwhile, Held

What = EntryEvent.What
# What a lead approves beside the snapshot's figures.
HELD_FIELDS = frozenset({"status", "reason", "target_quantity", "target_price"})


class Changes(TypedDict, total=False):
    """New values of an entry's columns; what is left out stays. `tags` as `tags_text` writes them."""

    status: str
    reason: str
    assignee: User | None
    due_on: date | None
    tags: str
    note: str
    target_quantity: int | None
    target_price: Decimal | None


@dataclass(slots=True)
class Outcome:
    """What became of many entries: how many changed, and which were left as they are, and why."""

    changed: int = 0
    stale: list[ListEntry] = field(default_factory=list)
    held: list[ListEntry] = field(default_factory=list)
    refused: list[ListEntry] = field(default_factory=list)
    gone: int = 0


@transaction.atomic
def change_entry(
    *, user: User, entry: ListEntry, version: int, withdraw: bool = False, **changes: Unpack[Changes]
) -> ListEntry:
    """The entry with its new values; one that already has them is not touched.

    version: of the entry that its editor saw. withdraw: take back what was proposed or approved, if the change needs
    it. Raises `ChangedMeanwhile`, `Held`, `ValidationError` by field, and `ListEntry.DoesNotExist` when it was taken
    off the list.
    """
    current = entry_at(entry, version)
    events = _apply(current, user, changes, withdraw=withdraw)
    if events:
        current.version += 1
        current.save()
        EntryEvent.objects.bulk_create(events)
    return current


@transaction.atomic
def change_entries(
    *,
    user: User,
    supplier_list: SupplierList,
    versions: Mapping[int, int],
    add_tags: list[str] | None = None,
    **changes: Unpack[Changes],
) -> Outcome:
    """The same change to many; `versions` by their ids. Entries that somebody changed, or that are held, stay.

    Raises `ValidationError` when the change itself is none.
    """
    outcome = Outcome()
    events: list[EntryEvent] = []
    for current in locked(supplier_list, versions, outcome):
        wanted: Changes = {**changes}
        if add_tags:
            wanted["tags"] = tags_text([*current.tag_list, *add_tags])
        try:
            written = _apply(current, user, wanted, withdraw=False)
        except Held:
            outcome.held.append(current)
            continue
        if written:
            current.version += 1
            current.save()
            events += written
        outcome.changed += 1
    EntryEvent.objects.bulk_create(events)
    return outcome


@transaction.atomic
def remove_entry(*, entry: ListEntry) -> None:
    """Take it off its list, with all that was said of it. Raises `Held` when it is proposed or approved."""
    current = ListEntry.objects.select_for_update().get(pk=entry.pk)
    if current.is_held:
        raise Held(current)
    current.delete()


def entry_at(entry: ListEntry, version: int) -> ListEntry:
    """The entry, locked. Raises `ChangedMeanwhile` unless it is at this version, and `ListEntry.DoesNotExist`."""
    current = ListEntry.objects.select_for_update(of=("self",)).select_related("supplier_list").get(pk=entry.pk)
    if current.version != version:
        raise ChangedMeanwhile(current)
    return current


def locked(supplier_list: SupplierList, versions: Mapping[int, int], outcome: Outcome) -> list[ListEntry]:
    """Those of the list that nobody changed, locked; `outcome` is told of the others."""
    entries = ListEntry.objects.select_for_update(of=("self",)).filter(supplier_list=supplier_list, pk__in=versions)
    # Always in one order: two people who change many wait for each other, and do not block each other.
    found = list(entries.select_related("supplier_list", "assignee").order_by("pk"))
    outcome.gone += len(versions) - len(found)
    outcome.stale += [entry for entry in found if entry.version != versions[entry.pk]]
    return [entry for entry in found if entry.version == versions[entry.pk]]


def release(entry: ListEntry, user: User, *, withdraw: bool) -> None:
    """Make a held entry free to change, by taking back what was proposed or approved. Raises `Held`."""
    if not entry.is_held:
        return
    if not withdraw or (entry.stage == Stage.APPROVED and not is_lead(user, entry)):
        raise Held(entry)
    was_approved = entry.stage == Stage.APPROVED
    entry.stage = Stage.NONE
    standing = Approval.objects.filter(entry=entry, state__in=(Approval.State.PROPOSED, Approval.State.APPROVED))
    standing.update(state=Approval.State.WITHDRAWN)
    event(entry, user, What.APPROVAL_WITHDRAWN if was_approved else What.PROPOSAL_WITHDRAWN).save()


def is_lead(user: User, entry: ListEntry) -> bool:
    return SupplierList.objects.approvable_by(user).filter(pk=entry.supplier_list_id).exists()


def _apply(entry: ListEntry, user: User, changes: Changes, *, withdraw: bool) -> list[EntryEvent]:
    """The entry's columns take the new values, unsaved; answers what changed."""
    new = _normal(entry, changes)
    differing = {name: value for name, value in new.items() if getattr(entry, name) != value}
    if not differing:
        return []
    if HELD_FIELDS & differing.keys():
        release(entry, user, withdraw=withdraw)
    events = []
    for name, value in differing.items():
        before, after = value_text(name, getattr(entry, name)), value_text(name, value)
        events.append(event(entry, user, What(name), before, after))
        setattr(entry, name, value)
    if "status" in differing:
        entry.status_at = timezone.now()
    _refuse(entry, differing)
    return events


def _normal(entry: ListEntry, changes: Changes) -> dict[str, Any]:
    new: dict[str, Any] = {**changes}
    for name in ("note", "reason"):
        if name in new:
            new[name] = new[name].strip()
    if new.get("status", entry.status) != Status.REJECTED:
        # A reason is that of a rejection, and goes with it.
        new["reason"] = ""
    return new


def _refuse(entry: ListEntry, differing: Mapping[str, Any]) -> None:
    """Raises `ValidationError`."""
    if entry.status == Status.REJECTED and not entry.reason:
        text = _("Say why it is rejected: in half a year somebody will ask.")
        raise ValidationError({"reason": ValidationError(text, code="required")})
    assignee = differing.get("assignee")
    if assignee is not None:
        members = Membership.objects.filter(team=entry.supplier_list.team_id, user=assignee)
        if not members.exists():
            text = _("Only a member of the team can look after an offer.")
            raise ValidationError({"assignee": ValidationError(text, code="stranger")})
    fields = [column.name for column in entry._meta.fields if column.name not in differing]
    # Empty is what a column without a value is, whatever forms say of it.
    entry.clean_fields(exclude=[*fields, *(name for name, value in differing.items() if value in (None, ""))])
