"""A decision pack: chosen offers on paper, with everything that somebody needs who was not there.

Supplier lists make the same of what they keep (suppliers/packs.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from exports.cells import Cell
from reckoning.landed import Landed, Missing
from reckoning.words import missing_words, money, money_a_piece
from searches.about import Line, file_lines, question_lines
from searches.badges import Badge, Standing, badges_of, prices_told, standing_of
from searches.boxes import text_of
from searches.exports import notice_of, source_name
from searches.formats import day_and_clock, percent
from searches.formats import money as plain_money
from searches.knownoffers import Known, known_of
from searches.models import QueryImage, SearchJob
from searches.offersheet import Figured
from searches.selection import Selection

# More is no decision: what is beyond is counted, and the workbook has all.
MOST_OFFERS = 40


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a landed cost. is_sum: what the others add up to."""

    name: str
    text: str
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    when: str
    who: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the team made of an offer. tone: of a pill. by: who proposed and who approved, in sentences."""

    label: str
    tone: str = ""
    reason: str = ""
    by: Sequence[str] = ()
    history: Sequence[Event] = ()
    older: int = 0


@dataclass(frozen=True, slots=True)
class PackOffer:
    """One offer. notes: what is known about it otherwise, a line each."""

    number: int
    title: str
    url: str
    image_url: str
    source: str
    offer_id: str
    fetched: str
    price: str
    prices: Sequence[str]
    facts: Sequence[Fact]
    parts: Sequence[Part]
    parts_note: str
    supplier: str
    place: str
    standing: Standing
    badges: Sequence[Badge]
    verdict: Verdict | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """left_out: how many of the view's offers are beyond the most. photos: addresses of the question's."""

    title: str
    subject: str
    back: str
    facts: Sequence[Fact]
    photos: Sequence[str]
    offers: Sequence[PackOffer]
    left_out: int
    notice: str
    is_chosen: bool = field(default=True)


def pack_of(selection: Selection, user: User, back: str) -> Pack:
    """Of a search. back: the address of its page."""
    job = selection.job
    lines = next(selection.lines(MOST_OFFERS), [])
    known = known_of(job.team, user, [match for match, _line in lines])
    asked = question_lines(job, selection.marketplaces, len(job.photos))
    facts = [*file_lines(job.team, user), *asked, *selection.told()]
    return Pack(
        title=job.title,
        subject=_("Search"),
        back=back,
        facts=facts_of(facts),
        photos=[photo_url(photo, job) for photo in job.photos],
        offers=[
            offer_told(number, line, match.image_url, verdict=_verdict(known.get((match.marketplace, match.offer_id))))
            for number, (match, line) in enumerate(lines, 1)
        ],
        left_out=len(selection.ids) - len(lines),
        notice=notice_of(selection.calls),
        is_chosen=bool(selection.chosen),
    )


def facts_of(lines: Iterable[Line]) -> list[Fact]:
    return [Fact(name, text) for name, cell in lines if (text := _text(cell))]


def photo_url(photo: QueryImage, job: SearchJob | None = None) -> str:
    """The photo, or the part of it that was searched for."""
    box = job.crop_of(photo.pk) if job else None
    return reverse("searches:thumb", args=[photo.pk]) + (f"?crop={text_of(box)}" if box else "")


def offer_told(
    number: int, line: Figured, image_url: str, *, verdict: Verdict | None = None, notes: Sequence[str] = ()
) -> PackOffer:
    """`image_url`: the kept picture's, or the marketplace's."""
    offer, landed = line.offer, line.landed
    costing = line.terms.costing
    used = costing.rates.get(offer.currency) if costing else None
    return PackOffer(
        number=number,
        title=offer.title or _("offer %(id)s, without a title") % {"id": offer.offer_id},
        url=offer.url,
        image_url=image_url,
        source=source_name(offer.marketplace),
        offer_id=offer.offer_id,
        fetched=day_and_clock(offer.fetched_at),
        price=_("no price") if offer.price is None else plain_money(offer.price, offer.currency),
        prices=prices_told(offer).splitlines(),
        facts=_figures(line),
        parts=_parts(landed, costing.target) if landed and costing else [],
        parts_note=_rate(used.rate, offer.currency, costing.target) if used and costing and used.steps else "",
        supplier=offer.supplier_name or _("unknown supplier"),
        place=offer.supplier_location,
        standing=standing_of(offer),
        badges=badges_of(offer),
        verdict=verdict,
        notes=notes,
    )


def _figures(line: Figured) -> list[Fact]:
    offer, quantity = line.offer, line.terms.quantity
    facts: list[Fact] = []
    if quantity:
        told = {"quantity": f"{quantity:,}"}
        unit = line.unit
        price = _("no price at this quantity") if unit is None else plain_money(unit, offer.currency)
        facts.append(Fact(_("Price at %(quantity)s") % told, price))
        if unit is not None:
            total = plain_money((unit * quantity).quantize(Decimal("0.01")), offer.currency)
            facts.append(Fact(_("Goods for %(quantity)s") % told, total))
    facts.append(Fact(_("MOQ"), _("no MOQ") if offer.moq is None else f"{offer.moq:,}"))
    if quantity and offer.moq and offer.moq > quantity:
        short = _("%(number)s more than ordered") % {"number": f"{offer.moq - quantity:,}"}
        facts[-1] = Fact(_("MOQ"), f"{offer.moq:,} ({short})")
    # Entries of lists keep the marketplace's word alone.
    visual: float | None = getattr(offer, "visual", None)
    known: dict[str, str] = {
        _("Score"): "" if line.score is None else f"{line.score:.0f}",
        _("Similarity by the marketplace"): "" if offer.similarity is None else f"{offer.similarity:.2f}",
        _("Similarity by our eye"): "" if visual is None else f"{visual:.2f}",
        _("Credit"): "" if offer.supplier_credit is None else str(offer.supplier_credit),
        _("Sold a month"): "" if offer.monthly_sales is None else f"{offer.monthly_sales:,}",
        _("Repurchased"): "" if offer.repurchase_rate is None else percent(offer.repurchase_rate),
    }
    return [*facts, *(Fact(name, text) for name, text in known.items() if text)]


def _parts(landed: Landed[Decimal], target: str) -> list[Part]:
    """A piece's; what is missing instead, where it cannot be reckoned: unknown is never zero."""
    if landed.missing:
        return [Part(_("Landed"), ", ".join(missing_words(Missing(int(landed.missing)))), is_sum=True)]
    piece = landed.piece
    made_of = {
        _("Goods"): piece.goods,
        _("Freight"): piece.freight,
        _("Inspection"): piece.inspection,
        _("Other costs"): piece.other,
        _("Agent fee"): piece.agent_fee,
        _("Duty"): piece.duty,
    }
    return [
        *(Part(name, money_a_piece(amount, target)) for name, amount in made_of.items() if amount),
        Part(_("Landed, a piece"), money_a_piece(piece.total, target), is_sum=True),
        Part(_("Landed, the order"), money(landed.order.total, target), is_sum=True),
    ]


def _rate(rate: Decimal, source: str, target: str) -> str:
    return _("1 %(source)s = %(rate)s %(target)s") % {"source": source, "rate": f"{rate:.6f}", "target": target}


def _verdict(known: Sequence[Known] | None) -> Verdict | None:
    """What those lists say that the reader sees, the decided ones first."""
    if not known:
        return None
    decided = sorted(known, key=lambda one: not one.is_decided)
    tone = {"chosen": "ok", "rejected": "bad"}.get(decided[0].status, "")
    told = [_("“%(list)s”: %(decision)s") % {"list": one.list_name, "decision": one.told} for one in decided]
    return Verdict(told[0], tone, by=told[1:])


def _text(cell: Cell) -> str:
    match cell:
        case None | "":
            return ""
        case datetime():
            return day_and_clock(cell)
        case int():
            return f"{cell:,}"
        case _:
            return str(cell)
