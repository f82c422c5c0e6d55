"""The tables of searches that are being looked at, kept in memory: docs/decisions/0011-offers-as-columns.md.

A table is read with one query. It is good for as long as its search and its calls say the same: offers only come with
a call that is done, and what our eye saw of them is counted. Each process keeps its own, within a bound of bytes; what
was not looked at for longest goes first.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from threading import Lock
from typing import Any

from django.db.models import FloatField, TextField
from django.db.models.functions import Cast

from searches.exports import source_name
from searches.models import SearchCall, SearchJob, SupplierMatch
from searches.offertable import FIELDS, OfferTable, build

# Of one process: two searches of a hundred thousand offers, or some hundreds of the usual size.
MOST_BYTES = 64 * 1024 * 1024
ROWS_AT_ONCE = 10_000
# Read as what they become: making Decimals and lists of a hundred thousand rows, to make numbers of them, takes longer
# than everything else.
READ_AS = {"price": Cast("price", FloatField()), "tiers": Cast("tiers", TextField())}
LINES_FOR_LOADING = 64


class Tables:
    """What was loaded last, at most `most_bytes` of it. Any number of threads may ask."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[int, tuple[str, OfferTable]] = OrderedDict()
        self._lock = Lock()
        # Who waits for a table does not load it a second time. A few locks do for all searches.
        self._lines = [Lock() for _number in range(LINES_FOR_LOADING)]

    def get(self, key: int, version: str, load: Callable[[], OfferTable]) -> OfferTable:
        """The table `key` as of `version`: the kept one, or what `load` answers, which is called once at a time."""
        if (kept := self._find(key, version)) is not None:
            return kept
        with self._lines[key % LINES_FOR_LOADING]:
            if (kept := self._find(key, version)) is not None:
                return kept
            table = load()
            self._keep(key, version, table)
            return table

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()

    @property
    def nbytes(self) -> int:
        return sum(table.nbytes for _version, table in self._kept.values())

    def _find(self, key: int, version: str) -> OfferTable | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != version:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def _keep(self, key: int, version: str, table: OfferTable) -> None:
        with self._lock:
            self._kept.pop(key, None)
            if table.nbytes > self.most_bytes:
                return
            self._kept[key] = (version, table)
            while self.nbytes > self.most_bytes:
                self._kept.popitem(last=False)


TABLES = Tables()


def table_of(job: SearchJob, calls: Iterable[SearchCall]) -> OfferTable:
    """All offers of a search. `calls`: the search's, read before, so that the table is never older than they say."""
    return TABLES.get(job.pk, _version(job, calls), lambda: build(_read(job), source_name))


def table_from(matches: Iterable[SupplierMatch]) -> OfferTable:
    """A table of these alone, which have to be of one search, and come by rank, then by id."""
    fields = attrgetter(*FIELDS)
    return build([[fields(match) for match in matches]], source_name)


def in_order(ids: Sequence[int], at_once: int = 500) -> Iterator[SupplierMatch]:
    """The matches with these ids, in this order, with everything but their extras; those deleted meanwhile left out."""
    left = iter(ids)
    while some := list(islice(left, at_once)):
        found = SupplierMatch.objects.defer("extras").in_bulk(some)
        yield from (found[pk] for pk in some if pk in found)


def _version(job: SearchJob, calls: Iterable[SearchCall]) -> str:
    done = [call.finished_at for call in calls if call.status == SearchCall.Status.DONE]
    latest = max((moment for moment in done if moment), default=None)
    return f"{job.status} {len(done)} {latest} {job.looked}"


def _read(job: SearchJob) -> Iterator[list[tuple[Any, ...]]]:
    rows = job.matches.order_by("rank", "pk").values_list(*(READ_AS.get(field, field) for field in FIELDS))
    left = rows.iterator(chunk_size=ROWS_AT_ONCE)
    while some := list(islice(left, ROWS_AT_ONCE)):
        yield some
