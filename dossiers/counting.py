"""How much a team has seen of its suppliers, kept in their records, so that the index need not read every offer.

The pages of suppliers read the offers themselves; only the index shows what was counted here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q
from django.utils import timezone

from dossiers.keys import SupplierKey, offers_of
from dossiers.models import Supplier
from searches.models import SearchJob, SupplierMatch

# A supplier that changes its name with every offer does not fill its record.
MOST_NAMES = 20
SUPPLIERS_AT_ONCE = 500
COUNTED = ("names", "location", "offers_count", "first_seen_at", "last_seen_at", "counted_at")


@dataclass(slots=True)
class _Seen:
    """What its offers say of a supplier, or of several that are one."""

    offers: set[tuple[str, str]] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    location: str = ""
    names: dict[str, datetime] = field(default_factory=dict)

    def add(self, line: Mapping[str, Any]) -> None:
        self.offers.add((line["marketplace"], line["offer_id"]))
        name, location, first, last = (
            line[column] for column in ("supplier_name", "supplier_location", "first", "last")
        )
        if self.last is None or last >= self.last:
            self.last, self.location = last, location or self.location
        self.first = first if self.first is None else min(self.first, first)
        if name:
            self.names[name] = max(last, self.names.get(name, last))

    @property
    def newest_names(self) -> list[str]:
        return sorted(self.names, key=lambda name: (self.names[name], name), reverse=True)[:MOST_NAMES]


def open_records(team: int, keys: Collection[SupplierKey]) -> None:
    """A record for each of these suppliers of the team that has none yet."""
    known = {record.key for record in records_of(team, keys)}
    Supplier.objects.bulk_create(
        (
            Supplier(
                team_id=team,
                marketplace=key.marketplace,
                supplier_id=key.supplier_id,
                supplier_name=key.supplier_name,
            )
            for key in sorted(set(keys) - known)
        ),
        # Somebody else may be making them at this moment.
        ignore_conflicts=True,
        batch_size=SUPPLIERS_AT_ONCE,
    )


def records_of(team: int, keys: Collection[SupplierKey]) -> list[Supplier]:
    """The team's records of these suppliers; more than were asked for never, fewer where there is none."""
    records = Supplier.objects.filter(team=team).filter(offers_of(keys))
    wanted = set(keys)
    return [record for record in records if record.key in wanted]


def count_again(records: Iterable[Supplier]) -> None:
    """Bring the figures of the records up to date, and of all that are shown together with them."""
    standing = sorted({record.survivor_id or record.pk for record in records})
    for start in range(0, len(standing), SUPPLIERS_AT_ONCE):
        _count(standing[start : start + SUPPLIERS_AT_ONCE])


def _count(standing: list[int]) -> None:
    members = Supplier.objects.filter(Q(pk__in=standing) | Q(survivor__in=standing)).order_by("pk")
    by_team: dict[int, list[Supplier]] = {}
    for record in members:
        by_team.setdefault(record.team_id, []).append(record)
    now = timezone.now()
    for team, records in by_team.items():
        _fill(team, records, now)
        Supplier.objects.bulk_update(records, COUNTED, batch_size=SUPPLIERS_AT_ONCE)


def _fill(team: int, records: list[Supplier], now: datetime) -> None:
    own = {record.key: _Seen() for record in records}
    shown = {record.survivor_id or record.pk: _Seen() for record in records}
    stands_for = {record.key: shown[record.survivor_id or record.pk] for record in records}
    for line in _lines(team, own):
        key = SupplierKey.of(line["marketplace"], line["supplier_id"], line["supplier_name"])
        if key in own:
            for seen in (own[key], stands_for[key]):
                seen.add(line)
    for record in records:
        record.names = "\n".join(own[record.key].newest_names) or record.names
        record.location = own[record.key].location or record.location
        seen = shown[record.pk] if record.survivor_id is None else own[record.key]
        record.offers_count, record.first_seen_at, record.last_seen_at = len(seen.offers), seen.first, seen.last
        record.counted_at = now


def _lines(team: int, keys: Iterable[SupplierKey]) -> Iterable[Mapping[str, Any]]:
    matches = SupplierMatch.objects.filter(offers_of(keys), job__in=SearchJob.objects.filter(team=team).order_by())
    return (
        matches.order_by()
        .values("marketplace", "supplier_id", "supplier_name", "supplier_location", "offer_id")
        .annotate(first=Min("fetched_at"), last=Max("fetched_at"))
    )
