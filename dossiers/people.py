"""Who in the team dealt with a supplier, and whom to ask."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from dossiers.keys import offers_of
from dossiers.models import Merge, Note, Supplier, SupplierFile
from dossiers.offers import seen_offers
from suppliers.models import ListEntry

MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Person:
    """`did`: what, and how often; `last`: the day when they did something last."""

    name: str
    did: list[str]
    last: str


@dataclass(slots=True)
class _Deeds:
    counts: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None

    def add(self, kind: str, number: int, last: datetime) -> None:
        self.counts[kind] += number
        self.last = last if self.last is None else max(self.last, last)


def people_around(supplier: Supplier, user: User, notes: Iterable[Note], files: Iterable[SupplierFile]) -> list[Person]:
    """Whoever did something last comes first; of lists, what `user` sees. Four queries."""
    deeds: dict[int, _Deeds] = {}

    def add(kind: str, lines: Iterable[tuple[int | None, int, datetime]]) -> None:
        for person, number, last in lines:
            if person is not None:
                deeds.setdefault(person, _Deeds()).add(kind, number, last)

    add("searches", _searched(supplier))
    add("entries", _listed(supplier, user))
    add("notes", ((note.author_id, 1, note.written_at) for note in notes))
    add("files", ((file.uploaded_by_id, 1, file.uploaded_at) for file in files))
    add("merges", _merged(supplier))
    people = User.objects.in_bulk(deeds)
    latest = sorted(people, key=lambda person: (deeds[person].last or datetime.min, -person), reverse=True)
    return [_person(people[person], deeds[person]) for person in latest[:MOST_PEOPLE]]


def _searched(supplier: Supplier) -> Iterable[tuple[int | None, int, datetime]]:
    found = seen_offers(supplier).order_by().values("job__owner")
    return found.annotate(number=Count("job", distinct=True), last=Max("job__created_at")).values_list(
        "job__owner", "number", "last"
    )


def _listed(supplier: Supplier, user: User) -> Iterable[tuple[int | None, int, datetime]]:
    seen = ListEntry.objects.for_user(user).filter(offers_of(supplier.keys), supplier_list__team=supplier.team_id)
    counted = seen.order_by().values("added_by").annotate(number=Count("pk"), last=Max("added_at"))
    return counted.values_list("added_by", "number", "last")


def _merged(supplier: Supplier) -> Iterable[tuple[int | None, int, datetime]]:
    group = [record.pk for record in supplier.group if record.pk]
    merges = Merge.objects.in_force().filter(survivor__in=group).order_by()
    return merges.values("by").annotate(number=Count("pk"), last=Max("at")).values_list("by", "number", "last")


def _person(user: User, deeds: _Deeds) -> Person:
    told = {
        "searches": ngettext(
            "found it in %(number)d search", "found it in %(number)d searches", deeds.counts["searches"]
        ),
        "entries": ngettext("saved %(number)d offer", "saved %(number)d offers", deeds.counts["entries"]),
        "notes": ngettext("wrote %(number)d note", "wrote %(number)d notes", deeds.counts["notes"]),
        "files": ngettext("attached %(number)d file", "attached %(number)d files", deeds.counts["files"]),
        "merges": ngettext("merged %(number)d record", "merged %(number)d records", deeds.counts["merges"]),
    }
    did = [told[kind] % {"number": number} for kind, number in deeds.counts.items() if number]
    return Person(str(user), did, f"{timezone.localtime(deeds.last):%Y-%m-%d}" if deeds.last else "")
