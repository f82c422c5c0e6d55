"""An entry as a line of its list, or as a card: every figure already in words: templates only place them."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from searches.badges import Badge, Standing, badges_of, price_lines, prices_told, standing_of
from searches.formats import day_and_clock, money
from searches.rows import marketplace_label
from suppliers.models import KeptPicture, ListEntry, Stage, Status
from suppliers.today import NOTHING, Difference, Today, differences, is_newer, told

# The tones of pills, as static/css/components.css has them.
STATUS_TONES = MappingProxyType({Status.CHOSEN: "ok", Status.SAMPLE_APPROVED: "ok", Status.REJECTED: "bad"})
STAGE_TONES = MappingProxyType({Stage.PROPOSED: "wait", Stage.APPROVED: "ok", Stage.SENT_BACK: "bad"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or the words that say it is missing."""

    text: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the team made of an offer."""

    status: str
    status_label: str
    status_tone: str
    reason: str
    stage_label: str
    stage_tone: str
    assignee: str
    due: str
    is_overdue: bool
    tags: list[str]
    quantity: str
    target_price: str


@dataclass(frozen=True, slots=True)
class Row:
    """`percent` is the length of the similarity's bar, None without one. `version`: what a change of it builds on."""

    entry: ListEntry
    id: int
    version: int
    page_url: str
    title: str
    url: str
    image_url: str
    marketplace: str
    badges: list[Badge]
    price: Figure
    price_lines: list[str]
    prices_told: str
    moq: Figure
    similarity: Figure
    percent: int | None
    supplier: Figure
    standing: Standing
    location: str
    credit: Figure
    note: str
    saved_by: str
    saved_at: str
    search_title: str
    search_url: str
    decision: Decision
    today_told: str
    is_missing: bool
    differences: dict[str, Difference]


def row_of(entry: ListEntry, today: Today = NOTHING) -> Row:
    """Needs `added_by`, `assignee`, `picture` and `source_match__job` selected."""
    similarity = entry.similarity
    job = entry.source_match.job if entry.source_match else None
    newer = today.match if is_newer(entry, today.match) else None
    return Row(
        entry=entry,
        id=entry.pk,
        version=entry.version,
        page_url=entry.get_absolute_url(),
        title=title_of(entry),
        url=entry.url,
        image_url=picture_url(entry),
        marketplace=marketplace_label(entry.marketplace),
        badges=badges_of(entry),
        price_lines=price_lines(entry),
        prices_told=prices_told(entry),
        price=_figure(None if entry.price is None else money(entry.price, entry.currency), _("no price")),
        moq=_figure(None if entry.moq is None else f"{entry.moq:,}", _("no MOQ")),
        similarity=_figure(
            None if similarity is None else f"{similarity:.2f}", _("rank %(rank)d") % {"rank": entry.rank}
        ),
        percent=None if similarity is None else round(100 * min(1.0, max(0.0, similarity))),
        supplier=_figure(entry.supplier_name, _("unknown supplier")),
        standing=standing_of(entry),
        location=entry.supplier_location,
        credit=_figure(None if entry.supplier_credit is None else str(entry.supplier_credit), _("no rating")),
        note=entry.note,
        saved_by=str(entry.added_by or _("somebody who left")),
        saved_at=day_and_clock(entry.added_at),
        search_title=job.title if job else "",
        search_url=job.get_absolute_url() if job else "",
        decision=decision_of(entry, timezone.localdate()),
        today_told=told(today, entry),
        is_missing=today.missing_since is not None,
        differences={found.key: found for found in differences(entry, newer)},
    )


def title_of(entry: ListEntry) -> str:
    return entry.title or _("offer %(id)s, without a title") % {"id": entry.offer_id}


def picture_url(entry: ListEntry) -> str:
    """Of the kept picture; until it is there, of the marketplace's own."""
    picture = entry.picture
    if picture is not None and picture.state == KeptPicture.State.KEPT:
        return reverse("suppliers:picture", args=[entry.supplier_list_id, entry.pk, picture.pk])
    return entry.image_url


def decision_of(entry: ListEntry, today: date) -> Decision:
    """Needs `assignee` selected."""
    quantity, price = entry.target_quantity, entry.target_price
    return Decision(
        status=entry.status,
        status_label=str(Status(entry.status).label),
        status_tone=STATUS_TONES.get(Status(entry.status), ""),
        reason=entry.reason,
        stage_label=str(Stage(entry.stage).label) if entry.stage else "",
        stage_tone=STAGE_TONES.get(Stage(entry.stage), ""),
        assignee=str(entry.assignee or ""),
        due=day(entry.due_on),
        is_overdue=entry.is_overdue(today),
        tags=entry.tag_list,
        quantity="" if quantity is None else f"{quantity:,}",
        target_price="" if price is None else money(price, entry.currency),
    )


def day(moment: date | None) -> str:
    return moment.isoformat() if moment else ""


def _figure(text: str | None, missing: str) -> Figure:
    return Figure(text) if text else Figure(missing, is_missing=True)
