"""Records of suppliers are made and counted in the background, from searches that have ended and from lists.

Each step is bounded, may be repeated, and may be killed anywhere. Housekeeping calls `take_stock` every so often.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from dossiers.counting import count_again, open_records, records_of
from dossiers.keys import SupplierKey
from dossiers.models import CountedSearch, Merge, Note, Supplier, SupplierFile
from searches.models import SearchJob
from suppliers.models import ListEntry

SEARCHES_A_STEP = 10
ENTRIES_A_STEP = 500
SUPPLIERS_A_STEP = 200
# What searches found goes with them: so old a count is made again.
OLD_COUNT = timedelta(days=1)


def take_stock(now: datetime) -> bool:
    """A little of everything; answers whether there is more."""
    left = [_of_searches(), _of_lists(), _of_old_counts(now)]
    return any(left)


def _of_searches() -> bool:
    """Searches that have ended since they were looked through, if ever."""
    looked_through = CountedSearch.objects.filter(job=OuterRef("pk"), finished_at=OuterRef("finished_at"))
    ended = SearchJob.objects.exclude(finished_at=None).exclude(status__in=SearchJob.UNFINISHED)
    due = ended.filter(~Exists(looked_through)).order_by("pk").values_list("pk", flat=True)[:SEARCHES_A_STEP]
    jobs = list(due)
    for pk in jobs:
        look_through(pk)
    return len(jobs) == SEARCHES_A_STEP


def look_through(job_pk: int) -> None:
    """Records of all suppliers whose offers the search found, with their figures. A deleted search is passed over.

    Not in one transaction: the reading takes long where much was seen, and SQLite would let nobody write meanwhile.
    What is left half done by a crash is done again.
    """
    job = SearchJob.objects.filter(pk=job_pk).first()
    if job is None or job.finished_at is None:
        return
    said = job.matches.order_by().values_list("marketplace", "supplier_id", "supplier_name").distinct()
    keys = {key for line in said if (key := SupplierKey.of(*line))}
    open_records(job.team_id, keys)
    count_again(records_of(job.team_id, keys))
    with transaction.atomic():
        if SearchJob.objects.select_for_update().filter(pk=job_pk).exists():
            CountedSearch.objects.update_or_create(job=job, defaults={"finished_at": job.finished_at})


def _of_lists() -> bool:
    """Suppliers of entries that outlived their searches, and were never counted."""
    known = Supplier.objects.filter(
        team=OuterRef("supplier_list__team"),
        marketplace=OuterRef("marketplace"),
        supplier_id=OuterRef("supplier_id"),
        supplier_name=OuterRef("named"),
    )
    entries = ListEntry.objects.exclude(supplier_id="", supplier_name="").annotate(named=NAME_IN_KEY)
    columns = ("supplier_list__team", "marketplace", "supplier_id", "supplier_name")
    found = list(entries.filter(~Exists(known)).order_by().values_list(*columns).distinct()[:ENTRIES_A_STEP])
    by_team: dict[int, set[SupplierKey]] = {}
    for team, *named in found:
        key = SupplierKey.of(*named)
        if key:
            by_team.setdefault(team, set()).add(key)
    for team, keys in by_team.items():
        open_records(team, keys)
        count_again(records_of(team, keys))
    return len(found) == ENTRIES_A_STEP


def _of_old_counts(now: datetime) -> bool:
    due = Supplier.objects.standing().filter(Q(counted_at=None) | Q(counted_at__lt=now - OLD_COUNT))
    records = list(due.order_by(F("counted_at").asc(nulls_first=True), "pk")[:SUPPLIERS_A_STEP])
    count_again(records)
    _forgotten().filter(pk__in=[record.pk for record in records]).delete()
    return len(records) == SUPPLIERS_A_STEP


def _forgotten() -> QuerySet[Supplier]:
    """Records of which nothing is left: no offer, no entry, nothing that people wrote, named or put there."""
    listed = ListEntry.objects.annotate(named=NAME_IN_KEY).filter(
        supplier_list__team=OuterRef("team"),
        marketplace=OuterRef("marketplace"),
        supplier_id=OuterRef("supplier_id"),
        named=OuterRef("supplier_name"),
    )
    merged = Merge.objects.filter(Q(survivor=OuterRef("pk")) | Q(merged=OuterRef("pk")))
    kept = (
        Exists(merged)
        | Exists(listed)
        | Exists(Note.objects.filter(supplier=OuterRef("pk")))
        | Exists(SupplierFile.objects.filter(supplier=OuterRef("pk")))
    )
    return Supplier.objects.filter(~kept, offers_count=0, display_name="", survivor=None)


# The name as a key has it (dossiers/keys.py).
NAME_IN_KEY = Case(When(supplier_id="", then=F("supplier_name")), default=Value(""))
