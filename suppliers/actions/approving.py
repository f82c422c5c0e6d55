"""A choice is proposed by a buyer, and approved or sent back by a lead; what is approved is held until withdrawn."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from searches.formats import plain
from suppliers.actions.changing import Outcome, entry_at, locked, release
from suppliers.history import record
from suppliers.models import Approval, EntryEvent, ListEntry, Stage, Status, SupplierList

What, State = EntryEvent.What, Approval.State


@transaction.atomic
def propose(*, user: User, entry: ListEntry, version: int, proposal: str = "") -> ListEntry:
    """Ask a lead to approve the choice; the entry is `chosen` from then on.

    Raises `ChangedMeanwhile`, and `ValidationError` when it is proposed or approved already.
    """
    current = entry_at(entry, version)
    if current.is_held:
        raise ValidationError(_("This choice is proposed already."), code="held")
    _propose(current, user, proposal)
    return current


@transaction.atomic
def propose_all(*, user: User, supplier_list: SupplierList, versions: Mapping[int, int], proposal: str) -> Outcome:
    """As `propose`, for many; those that are proposed or approved already stay."""
    outcome = Outcome()
    for current in locked(supplier_list, versions, outcome):
        if current.is_held:
            outcome.held.append(current)
            continue
        _propose(current, user, proposal)
        outcome.changed += 1
    return outcome


@transaction.atomic
def decide(*, user: User, entry: ListEntry, version: int, approve: bool, answer: str = "") -> ListEntry:
    """Approve a proposed choice, or send it back with a word why. For leads: the caller has asked who it is.

    Raises `ChangedMeanwhile`, and `ValidationError` when nothing is proposed, or when it is sent back without a word.
    """
    _refuse_silence(approve=approve, answer=answer)
    current = entry_at(entry, version)
    if current.stage != Stage.PROPOSED:
        raise ValidationError(_("Nothing is proposed here any more."), code="not-proposed")
    _decide(current, user, approve=approve, answer=answer)
    return current


@transaction.atomic
def decide_all(
    *, user: User, supplier_list: SupplierList, versions: Mapping[int, int], approve: bool, answer: str
) -> Outcome:
    """As `decide`, for many; those that are not proposed are `refused`."""
    _refuse_silence(approve=approve, answer=answer)
    outcome = Outcome()
    for current in locked(supplier_list, versions, outcome):
        if current.stage != Stage.PROPOSED:
            outcome.refused.append(current)
            continue
        _decide(current, user, approve=approve, answer=answer)
        outcome.changed += 1
    return outcome


@transaction.atomic
def withdraw(*, user: User, entry: ListEntry, version: int) -> ListEntry:
    """Take a proposal back; an approval, as a lead. Raises `ChangedMeanwhile`, `Held`."""
    current = entry_at(entry, version)
    if current.is_held:
        release(current, user, withdraw=True)
        current.version += 1
        current.save(update_fields=["stage", "version"])
    return current


def figures_of(entry: ListEntry) -> dict[str, Any]:
    """What is approved, in figures: they are kept with the approval."""
    return {
        "price": None if entry.price is None else plain(entry.price),
        "currency": entry.currency,
        "tiers": entry.tiers,
        "moq": entry.moq,
        "credit": entry.supplier_credit,
        "quantity": entry.target_quantity,
        "target_price": None if entry.target_price is None else plain(entry.target_price),
        "fetched_at": entry.fetched_at.isoformat(),
    }


def _propose(entry: ListEntry, user: User, proposal: str) -> None:
    if entry.status != Status.CHOSEN:
        record(entry, user, What.STATUS, entry.status, Status.CHOSEN)
        entry.status, entry.status_at, entry.reason = Status.CHOSEN, timezone.now(), ""
    entry.stage = Stage.PROPOSED
    entry.version += 1
    entry.save(update_fields=["status", "status_at", "reason", "stage", "version"])
    approval = Approval(entry=entry, proposed_by=user, proposal=proposal.strip(), figures=figures_of(entry))
    approval.clean_fields(exclude=["entry", "proposed_by", "decided_by", "decided_at", "figures"])
    approval.save()
    record(entry, user, What.PROPOSED, after=approval.proposal)


def _decide(entry: ListEntry, user: User, *, approve: bool, answer: str) -> None:
    entry.stage = Stage.APPROVED if approve else Stage.SENT_BACK
    entry.version += 1
    entry.save(update_fields=["stage", "version"])
    approval = Approval.objects.select_for_update().get(entry=entry, state=State.PROPOSED)
    approval.state = State.APPROVED if approve else State.SENT_BACK
    approval.decided_by, approval.decided_at, approval.answer = user, timezone.now(), answer.strip()
    approval.clean_fields(exclude=["entry", "proposed_by", "decided_by", "figures"])
    approval.save()
    record(entry, user, What.APPROVED if approve else What.SENT_BACK, after=approval.answer)


def _refuse_silence(*, approve: bool, answer: str) -> None:
    if not approve and not answer.strip():
        text = _("Say what is to change: whoever proposed it reads it.")
        raise ValidationError({"answer": ValidationError(text, code="required")})
