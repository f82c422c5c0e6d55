"""A supplier's page: all that a team knows of it, in words, whether there is a record of it yet or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, Max, Min
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dossiers.decisions import Decision, decisions_about
from dossiers.keys import SupplierKey, offers_of
from dossiers.merging import merges_of
from dossiers.models import Merge, Note, Supplier, SupplierFile
from dossiers.offers import COLUMNS, Row, newest_states, page_of, rows_of, seen_offers, sorting_from
from dossiers.people import Person, people_around
from dossiers.standing import StandingOverTime, standing_over_time
from searches.badges import Standing, standing_of
from searches.memory import Offer
from searches.models import SupplierMatch
from searches.rows import marketplace_label
from searches.sorting import Header, Sorting, headers
from suppliers.models import ListEntry

# Some marketplaces say nothing of an offer's supplier: so many of the newest offers are asked.
OFFERS_ASKED = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """The head of the page. `other_names`: those that it is not shown under; `standing`: of the newest that says it."""

    offers: int
    searches: int
    first_seen: str
    last_seen: str
    other_names: list[str]
    marketplaces: list[str]
    location: str
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class NoteShown:
    """`mine`: whether the reader wrote it, and so may change it."""

    note: Note
    author: str
    mine: bool


@dataclass(frozen=True, slots=True)
class MergeShown:
    """`merged_at` and `survivor_at`: the marketplaces of the two, which often have the same name."""

    merge: Merge
    merged_at: str
    survivor_at: str


@dataclass(frozen=True, slots=True)
class Dossier:
    supplier: Supplier
    facts: Facts
    page: Page[SupplierMatch]
    sorting: Sorting
    headers: list[Header]
    rows: list[Row]
    decisions: list[Decision]
    standing: StandingOverTime | None
    notes: list[NoteShown]
    files: list[SupplierFile]
    people: list[Person]
    merges: list[MergeShown]


def dossier_of(supplier: Supplier, user: User, params: QueryDict) -> Dossier:
    """About twenty queries, however much there is. `supplier` stands for itself; it need not be saved."""
    sorting = sorting_from(params.get("sort", ""))
    page = page_of(supplier, sorting, params.get("page"))
    decisions = decisions_about(supplier, user)
    saved = [record.pk for record in supplier.group if record.pk]
    notes = list(Note.objects.filter(supplier__in=saved).select_related("author")) if saved else []
    files = list(SupplierFile.objects.filter(supplier__in=saved).select_related("uploaded_by")) if saved else []
    return Dossier(
        supplier=supplier,
        facts=_facts(supplier, page.paginator.count),
        page=page,
        sorting=sorting,
        headers=headers(sorting, COLUMNS, params),
        rows=rows_of(supplier, list(page), _by_offer(decisions)),
        decisions=decisions,
        standing=standing_over_time(supplier),
        notes=[_shown(note, user) for note in notes],
        files=files,
        people=people_around(supplier, user, notes, files),
        merges=[
            MergeShown(
                merge, marketplace_label(merge.merged.marketplace), marketplace_label(merge.survivor.marketplace)
            )
            for merge in (merges_of(supplier) if saved else [])
        ],
    )


def unsaved(team: int, key: SupplierKey, user: User) -> Supplier | None:
    """A record that nobody has written into yet, with what its offers say; None of a supplier that nobody ever saw."""
    supplier = Supplier(
        team_id=team, marketplace=key.marketplace, supplier_id=key.supplier_id, supplier_name=key.supplier_name
    )
    names = seen_offers(supplier).order_by("-fetched_at", "-pk").values_list("supplier_name", "supplier_location")
    newest = names.first() or _listed_as(supplier, user)
    if newest is None:
        return None
    supplier.names, supplier.location = newest
    return supplier


def _listed_as(supplier: Supplier, user: User) -> tuple[str, str] | None:
    entries = ListEntry.objects.for_user(user).filter(offers_of(supplier.keys), supplier_list__team=supplier.team_id)
    return entries.order_by("-added_at", "-pk").values_list("supplier_name", "supplier_location").first()


def _facts(supplier: Supplier, offers: int) -> Facts:
    seen = seen_offers(supplier).aggregate(
        searches=Count("job", distinct=True), first=Min("fetched_at"), last=Max("fetched_at")
    )
    names = seen_offers(supplier).exclude(supplier_name="").order_by().values("supplier_name")
    by_age = names.annotate(last=Max("fetched_at")).order_by("-last").values_list("supplier_name", flat=True)[:20]
    called = str(supplier)
    newest = list(
        newest_states(supplier).order_by("-fetched_at", "-pk").defer("extras", "tiers", "prices")[:OFFERS_ASKED]
    )
    standings = filter(lambda standing: standing.told, map(standing_of, newest))
    return Facts(
        offers=offers,
        searches=seen["searches"],
        first_seen=f"{timezone.localtime(seen['first']):%Y-%m-%d}" if seen["first"] else "",
        last_seen=f"{timezone.localtime(seen['last']):%Y-%m-%d}" if seen["last"] else "",
        other_names=[name for name in by_age if name != called],
        marketplaces=list(dict.fromkeys(marketplace_label(record.marketplace) for record in supplier.group)),
        location=next((offer.supplier_location for offer in newest if offer.supplier_location), supplier.location),
        standing=next(standings, None),
    )


def _by_offer(decisions: list[Decision]) -> Mapping[Offer, list[Decision]]:
    found: dict[Offer, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.offer, []).append(decision)
    return found


def _shown(note: Note, user: User) -> NoteShown:
    return NoteShown(note, str(note.author or _("somebody who left")), note.author_id == user.pk)
