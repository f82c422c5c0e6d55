"""A supplier list as a decision pack: what was kept, what it lands at, who decided what, and who approved it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reckoning.costing import costing_of
from reckoning.models import CostProfile
from searches.about import file_lines, terms_lines
from searches.filters import MatchFilter
from searches.formats import day_and_clock, money
from searches.offersheet import Figured
from searches.packs import MOST_OFFERS, Event, Pack, PackOffer, Verdict, facts_of, offer_told, photo_url
from searches.reckoned import Terms
from suppliers.entrysheet import Told
from suppliers.exporting import View
from suppliers.models import Approval, Stage, Status
from suppliers.rows import STAGE_TONES, STATUS_TONES, picture_url
from suppliers.timeline import Line

# The latest of each entry; its page has all of them.
MOST_EVENTS = 8
MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Reckoning:
    """filters: the fields of the address. quantity: for all entries; without one, each entry's own counts."""

    filters: MatchFilter
    terms: Terms
    costs: int | None

    @property
    def quantity(self) -> int | None:
        return self.terms.quantity


def pack_of(view: View, reckoning: Reckoning, back: str) -> Pack:
    """back: the address of the list's page."""
    shown = next(view.told(MOST_OFFERS), [])
    facts = [*file_lines(view.supplier_list.team, view.user), *view.lines(), *terms_lines(reckoning.terms)]
    photos = {told.entry.query_image_id: told.entry.query_image for told in shown if told.entry.query_image}
    return Pack(
        title=view.supplier_list.name,
        subject=_("Supplier list"),
        back=back,
        facts=facts_of(facts),
        photos=[photo_url(photo) for photo in list(photos.values())[:MOST_PHOTOS] if photo],
        offers=[_offer(number, entry, reckoning.terms) for number, entry in enumerate(shown, 1)],
        left_out=max(0, view.entries.count() - len(shown)),
        notice=view.notice,
        is_chosen=False,
    )


def reckoning_of(view: View, filters: MatchFilter) -> Reckoning:
    """By the team's profile that the address names, for its quantity or each entry's own."""
    asked = filters.reckoned_with()
    profiles = list(CostProfile.objects.filter(team=view.supplier_list.team_id))
    profile = next((one for one in profiles if one.pk == asked.get("costs")), None)
    currencies = view.entries.order_by().prefetch_related(None).values_list("currency", flat=True).distinct()
    terms = Terms(
        quantity=asked.get("quantity"),
        costing=costing_of(profile, currencies) if profile else None,
        profiles=[one for one in profiles if one.archived_at is None or one is profile],
    )
    return Reckoning(filters, terms, profile.pk if profile else None)


def _offer(number: int, told: Told, terms: Terms) -> PackOffer:
    entry = told.entry
    figured = Figured(entry, replace(terms, quantity=terms.quantity or entry.target_quantity))
    notes = [entry.note, _target(told), told.changes]
    return offer_told(
        number, figured, picture_url(entry), verdict=_verdict(told), notes=[note for note in notes if note]
    )


def _target(told: Told) -> str:
    entry = told.entry
    if entry.target_price is None:
        return ""
    return _("Target price: %(price)s") % {"price": money(entry.target_price, entry.currency)}


def _verdict(told: Told) -> Verdict:
    entry = told.entry
    status, stage = entry.get_status_display(), Stage(entry.stage)
    label = f"{status} · {stage.label}" if entry.stage else status
    older = max(0, len(told.history) - MOST_EVENTS)
    return Verdict(
        label=label,
        tone=STAGE_TONES.get(stage) or STATUS_TONES.get(Status(entry.status), ""),
        reason=entry.reason,
        by=_sentences(told.approval) + _looked_after(told),
        history=[_event(line) for line in told.history[older:]],
        older=older,
    )


def _sentences(approval: Approval | None) -> list[str]:
    """Who proposed it, and who answered, in whose words."""
    if approval is None:
        return []
    somebody = _("somebody who left")
    proposed = {"name": approval.proposed_by or somebody, "time": day_and_clock(approval.proposed_at)}
    sentences = [_with(_("Proposed by %(name)s, %(time)s") % proposed, approval.proposal)]
    if approval.decided_at is not None:
        answered = {"name": approval.decided_by or somebody, "time": day_and_clock(approval.decided_at)}
        words = {
            Approval.State.APPROVED: _("Approved by %(name)s, %(time)s"),
            Approval.State.SENT_BACK: _("Sent back by %(name)s, %(time)s"),
        }.get(Approval.State(approval.state), _("Withdrawn by %(name)s, %(time)s"))
        sentences.append(_with(words % answered, approval.answer))
    return sentences


def _looked_after(told: Told) -> list[str]:
    entry = told.entry
    sentences = []
    if entry.assignee:
        sentences.append(_("Looked after by %(name)s") % {"name": entry.assignee})
    if entry.due_on:
        sentences.append(_("Due %(day)s") % {"day": entry.due_on.isoformat()})
    return [" · ".join(sentences)] if sentences else []


def _with(sentence: str, words: str) -> str:
    return f"{sentence}: “{words}”" if words else sentence


def _event(line: Line) -> Event:
    change = f"{line.before or '–'} → {line.after or '–'}" if line.is_change else line.after
    return Event(line.when, line.who, line.what, change)
