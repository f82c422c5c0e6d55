"""A batch's rows as the page's lines: every figure in words, so that the template only places them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Min, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batches.models import BatchPhoto, BatchRow
from batches.settling import hints_of, troubles_of
from searches.formats import money
from searches.marketplaces import CATALOG
from searches.models import SearchJob, SupplierMatch

# How many of a search's best offers a line shows.
PICTURES = 4
TONES = {
    SearchJob.Status.DONE: "ok",
    SearchJob.Status.PARTIAL: "wait",
    SearchJob.Status.CANCELLED: "wait",
    SearchJob.Status.FAILED: "bad",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a row's search found, in figures and pictures. Prices are in one currency, else there is none."""

    offers: int = 0
    lowest: Decimal | None = None
    currency: str = ""
    pictures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `why`: what went wrong, `hints`: what would find more, both in words.

    `beats_target`: the cheapest offer costs at most the target price. `job`: the search that found its offers.
    """

    id: int
    job: int | None
    number: int
    title: str
    code: str
    facts: str
    image_id: int | None
    state: str
    tone: str
    busy: bool
    why: str
    hints: list[str]
    url: str
    offers: str
    price: str
    beats_target: bool
    pictures: list[str]
    can_retry: bool
    can_replace: bool


def lines_of(rows: Iterable[BatchRow]) -> list[Line]:
    """Three queries for all of them. `rows` come with their jobs, and with the jobs of the rows that they repeat."""
    rows = list(rows)
    jobs = {_job_of(row) for row in rows} - {None}
    # What the team has itself is no offer for it; the page says that beside the row.
    offers = SupplierMatch.objects.filter(job__in=[job for job in jobs if job is not None]).exclude(marketplace=CATALOG)
    found = _found(offers)
    photos = defaultdict(list)
    for photo in BatchPhoto.objects.filter(row__in=rows).defer("blocks").order_by("row", "number"):
        photos[photo.row_id].append(photo)
    return [_line(row, found, photos[row.pk]) for row in rows]


def _job_of(row: BatchRow) -> SearchJob | None:
    """A duplicate shows what was found for the row that it repeats."""
    return row.duplicate_of.job if row.duplicate_of else row.job


def _found(matches: QuerySet[SupplierMatch]) -> dict[int, Found]:
    pictures: dict[int, list[str]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=F("job"), order_by=("rank", "pk"))
    best = matches.exclude(image_url="").annotate(place=place).filter(place__lte=PICTURES).order_by("job", "place")
    for job, url in best.values_list("job", "image_url"):
        pictures[job].append(url)
    figures = (
        matches.order_by()
        .values("job")
        .annotate(
            offers=Count("pk"), lowest=Min("price"), first=Min("currency"), other=Count("currency", distinct=True)
        )
    )
    return {
        row["job"]: Found(
            offers=row["offers"],
            lowest=row["lowest"] if row["other"] == 1 else None,
            currency=row["first"],
            pictures=pictures[row["job"]],
        )
        for row in figures
    }


def _line(row: BatchRow, all_found: dict[int, Found], photos: list[BatchPhoto]) -> Line:
    job = _job_of(row)
    found = all_found.get(job.pk, Found()) if job else Found()
    state, tone = state_of(row)
    return Line(
        id=row.pk,
        job=job.pk if job else None,
        number=row.number,
        title=row.title,
        code=row.code if row.name else "",
        facts=_facts(row, photos),
        image_id=row.image_id,
        state=state,
        tone=tone,
        busy=row.state == BatchRow.State.FETCHING or bool(row.job and row.job.is_unfinished),
        why=why_of(row, photos),
        hints=hints_of(row, photos),
        url=reverse("searches:detail", args=[job.pk]) if job else "",
        offers=ngettext("%(number)d offer", "%(number)d offers", found.offers) % {"number": found.offers}
        if job and not job.is_unfinished
        else "",
        price="" if found.lowest is None else money(found.lowest, found.currency),
        beats_target=found.lowest is not None and row.target_price is not None and found.lowest <= row.target_price,
        pictures=found.pictures,
        can_retry=bool(row.job and row.job.status in (SearchJob.Status.FAILED, SearchJob.Status.PARTIAL)),
        can_replace=row.state == BatchRow.State.REFUSED,
    )


def state_of(row: BatchRow) -> tuple[str, str]:
    """Where a row is, in words, and the tone of them."""
    if row.state == BatchRow.State.DUPLICATE:
        other = row.duplicate_of.number if row.duplicate_of else 0
        return _("same picture as row %(number)d") % {"number": other}, ""
    if row.job is not None:
        return row.job.get_status_display(), TONES.get(SearchJob.Status(row.job.status), "")
    if row.started:
        return _("its search was deleted"), "wait"
    return row.get_state_display(), "bad" if row.state == BatchRow.State.REFUSED else ""


def why_of(row: BatchRow, photos: list[BatchPhoto]) -> str:
    """What went wrong with the row's pictures, or what of it was left out, in words."""
    own = _(row.error_message) if row.error_message else ""
    if not photos:
        return own
    # A row without a good photo has the first one's reason for its own.
    return " ".join(filter(None, ("" if row.state == BatchRow.State.REFUSED else own, troubles_of(photos))))


def _facts(row: BatchRow, photos: list[BatchPhoto]) -> str:
    parts = [
        _photos(photos),
        "" if row.target_price is None else _("target %(price)s") % {"price": money(row.target_price, "CNY")},
        ""
        if row.quantity is None
        else ngettext("%(number)s piece", "%(number)s pieces", row.quantity) % {"number": f"{row.quantity:,}"},
        row.keywords,
        row.source_name if row.name or row.code else "",
    ]
    return " · ".join(part for part in parts if part)


def _photos(photos: list[BatchPhoto]) -> str:
    """How many there are; of those that are all looked at, how many are good."""
    good = sum(photo.is_good for photo in photos)
    if not photos or good == len(photos) or any(photo.is_awaited for photo in photos):
        number = len(photos)
        return ngettext("%(number)d photo", "%(number)d photos", number) % {"number": number} if number else ""
    return _("%(good)d of %(all)d photos") % {"good": good, "all": len(photos)}
