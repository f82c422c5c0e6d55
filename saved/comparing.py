"""One run of a saved search beside the run before: what may be compared, and how certain the answer is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from saved.differences import Differences, Kind, Offer, differences
from saved.models import Run
from saved.question import is_same_question
from searches.models import SearchCall, SearchJob, SupplierMatch

Status = SearchCall.Status


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs, and the marketplaces that answered in both.

    left_out: those that answered in one of them only. gone_is_certain: every call of the later run was answered, so
    what is not there was not found. new_is_certain: the same of the earlier one.
    """

    before: Run
    after: Run
    marketplaces: list[str]
    left_out: list[str]
    gone_is_certain: bool
    new_is_certain: bool
    same_question: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """How many offers differ, by kind; `doubtful`: one of the runs is not complete."""

    before: Run
    counts: dict[Kind, int]
    doubtful: bool


def run_before(run: Run) -> Run | None:
    """The last one before it that found out anything."""
    answered = SearchCall.objects.filter(job=OuterRef("job"), status=Status.DONE)
    earlier = Run.objects.filter(Exists(answered), search=run.search_id, pk__lt=run.pk)
    return earlier.exclude(job__status__in=SearchJob.UNFINISHED).select_related("job").order_by("-pk").first()


def pair_of(before: Run, after: Run) -> Pair:
    answered: dict[int, set[str]] = {before.job_id: set(), after.job_id: set()}
    missing: dict[int, set[str]] = {before.job_id: set(), after.job_id: set()}
    calls = SearchCall.objects.filter(job__in=answered).order_by()
    for job, marketplace, status in calls.values_list("job", "marketplace", "status").distinct():
        (answered if status == Status.DONE else missing)[job].add(marketplace)
    both = answered[before.job_id] & answered[after.job_id]
    either = answered[before.job_id] | answered[after.job_id]
    return Pair(
        before=before,
        after=after,
        marketplaces=sorted(both),
        left_out=sorted(either - both),
        gone_is_certain=not missing[after.job_id] & both,
        new_is_certain=not missing[before.job_id] & both,
        same_question=is_same_question(before.job, after.job),
    )


def compared(pair: Pair) -> Differences:
    return differences(_offers(pair.before.job_id, pair), _offers(pair.after.job_id, pair))


def summary_of(run: Run) -> Summary | None:
    """What differs from the run before; None while it is on its way, and for the first. Counted once, then kept."""
    if run.job.is_unfinished:
        return None
    before = run_before(run)
    if before is None:
        return None
    mark = _mark(before, run)
    if run.changes.get("of") != mark:
        pair = pair_of(before, run)
        doubtful = bool(pair.left_out) or not (pair.gone_is_certain and pair.new_is_certain)
        run.changes = {"of": mark, "counts": compared(pair).counts, "doubtful": doubtful}
        Run.objects.filter(pk=run.pk).update(changes=run.changes)
    return Summary(before, kept_counts(run), run.changes["doubtful"])


def kept_counts(run: Run) -> dict[Kind, int]:
    """The counts as they were kept; empty before anybody looked."""
    kept: dict[str, int] = run.changes.get("counts", {})
    return {kind: kept[kind] for kind in Kind if kind in kept}


def _mark(before: Run, after: Run) -> list[Any]:
    """Another one when a run was taken up again, or the run before was deleted."""
    ends = [run.job.finished_at.isoformat() if run.job.finished_at else "" for run in (before, after)]
    return [before.pk, *ends]


def _offers(job: int, pair: Pair) -> dict[tuple[str, str], Offer]:
    rows = SupplierMatch.objects.filter(job=job, marketplace__in=pair.marketplaces).order_by()
    columns = ("marketplace", "offer_id", "pk", "price", "currency", "supplier_credit", "rank")
    return {(row[0], row[1]): Offer(*row[2:]) for row in rows.values_list(*columns)}
