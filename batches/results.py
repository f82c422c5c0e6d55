"""What a batch found, product by product, a few at a time: for everything that goes through all of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from batches.lines import why_of
from batches.models import Batch, BatchFile, BatchPhoto, BatchRow
from batches.settling import REPEATED
from searches.asked import view_of
from searches.exports import source_notice
from searches.models import SearchCall, SearchJob, SupplierMatch

ROWS_AT_ONCE = 20
# What a row has when it did not get all that it asked for.
TROUBLED = (SearchJob.Status.FAILED, SearchJob.Status.PARTIAL, SearchJob.Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Product:
    """A row of the batch, its search (of a repeated picture the other row's), and the offers, the best first."""

    row: BatchRow
    job: SearchJob | None
    offers: list[SupplierMatch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Failure:
    """A row or file that found less than it should. `number` is None for a file; `remedy` is "" where there is none."""

    number: int | None
    code: str
    name: str
    source: str
    state: str
    reason: str
    remedy: str
    error_code: str


def products_of(batch: Batch) -> Iterator[list[Product]]:
    """All rows in their order, a few at a time, with everything but the offers' extras."""
    rows = (
        batch.rows.select_related("job", "image", "duplicate_of__job")
        .defer("blocks")
        .order_by("number")
        .iterator(ROWS_AT_ONCE)
    )
    while some := list(islice(rows, ROWS_AT_ONCE)):
        jobs = {row.pk: row.duplicate_of.job if row.duplicate_of else row.job for row in some}
        offers = _offers(batch, {job.pk for job in jobs.values() if job})
        yield [Product(row, job, offers[job.pk] if job else []) for row, job in ((row, jobs[row.pk]) for row in some)]


def _offers(batch: Batch, jobs: Iterable[int]) -> dict[int, list[SupplierMatch]]:
    """In the order in which the comparison of each search shows them."""
    view = view_of(QueryDict(), batch.marketplaces, batch.question.get("order", SearchJob.Order.SIMILARITY))
    found: dict[int, list[SupplierMatch]] = defaultdict(list)
    for match in SupplierMatch.objects.filter(job__in=list(jobs)).defer("extras"):
        found[match.job_id].append(match)
    return defaultdict(list, {job: view.ordered(matches) for job, matches in found.items()})


def failures_of(batch: Batch) -> Iterator[Failure]:
    """Refused files, then the rows of which a photo was refused, or whose search failed, in part or wholly."""
    for file in batch.files.filter(state=BatchFile.State.REFUSED):
        reason = _(file.error_message) if file.error_message else ""
        yield Failure(None, "", "", file.name, file.get_state_display(), reason, "", file.error_code)
    troubled = Q(state=BatchRow.State.REFUSED) | Q(job__status__in=TROUBLED) | with_refused_photos()
    found = batch.rows.filter(troubled).select_related("job").prefetch_related("photos")
    rows = found.order_by("number").iterator(ROWS_AT_ONCE)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        calls = _failed_calls(row.job_id for row in some if row.job_id)
        for row in some:
            yield _failure(row, calls.get(row.job_id or 0, []))


def with_refused_photos() -> Q:
    """Rows that have several photos, and were searched for without some of them."""
    refused = BatchPhoto.objects.exclude(error_code__in=("", REPEATED.code))
    return Q(Exists(refused.filter(row=OuterRef("pk"))))


def _failed_calls(jobs: Iterable[int]) -> dict[int, list[SearchCall]]:
    found: dict[int, list[SearchCall]] = defaultdict(list)
    for call in SearchCall.objects.filter(job__in=list(jobs), status=SearchCall.Status.FAILED):
        found[call.job_id].append(call)
    return found


def _failure(row: BatchRow, calls: list[SearchCall]) -> Failure:
    # Pages of one marketplace mostly fail for one reason.
    messages = dict.fromkeys(_(call.error_message) for call in calls if call.error_message)
    remedies = dict.fromkeys(_(call.error_remedy) for call in calls if call.error_remedy)
    codes = dict.fromkeys(call.error_code for call in calls if call.error_code)
    photos = list(row.photos.all())
    own = why_of(row, photos) if photos or not row.job else ""
    return Failure(
        number=row.number,
        code=row.code,
        name=row.title,
        source=row.source_url or row.source_name,
        state=row.job.get_status_display() if row.job else row.get_state_display(),
        reason=" ".join(filter(None, (own, *messages))),
        remedy=" ".join(remedies),
        error_code=", ".join(dict.fromkeys(filter(None, (*_codes(row, photos), *codes)))),
    )


def _codes(row: BatchRow, photos: list[BatchPhoto]) -> list[str]:
    if photos:
        return [photo.error_code for photo in photos]
    return [] if row.job else [row.error_code]


def notice_of_batch(batch: Batch) -> str:
    """Source and time of all that was found. Empty when nothing was."""
    matches = SupplierMatch.objects.filter(job__batch_row__batch=batch).order_by()
    times = matches.aggregate(first=Min("fetched_at"), last=Max("fetched_at"))
    marketplaces = matches.values_list("marketplace", flat=True).distinct()
    return source_notice(marketplaces, times["first"], times["last"])
