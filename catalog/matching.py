"""Offers for items: a selection of the catalogue searched for at marketplaces, as batches, within a budget of calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from batches import doorbell
from batches.actions import create_batch, start_batch
from batches.intake import MOST_ROWS
from batches.models import Batch, BatchRow
from batches.sources import Stored
from catalog.models import Item, ItemPicture, ItemQuerySet, MatchedItem, MatchedItemQuerySet, Matching
from searches.actions import marketplaces_for
from searches.marketplaces import CATALOG, PROTOCOLS

SCHEME = "catalog"
# More is narrowed by a filter first: nobody reads the offers for more.
MOST_ITEMS = 10_000
ROWS_RUNG_FOR = 50
# What nobody has begun since is forgotten when its owner collects items again.
TIME_FOR_A_DRAFT = timedelta(days=1)
# Of the currency that batches' target prices are in.
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Plan:
    """What beginning would do. each: calls an item costs at most; pictured: items that wait and have a picture.

    begins: how many of them the budget is enough for, in one batch; rest: those that are left for later.
    """

    each: int
    pictured: int
    budget: int
    begins: int

    @property
    def needed(self) -> int:
        return self.each * self.pictured

    @property
    def most(self) -> int:
        """What one batch can spend."""
        return self.each * min(self.pictured, MOST_ROWS)

    @property
    def calls(self) -> int:
        return self.each * self.begins

    @property
    def rest(self) -> int:
        return self.pictured - self.begins


def collect(*, user: User, team: Team, items: ItemQuerySet) -> Matching:
    """Items of the team to find offers for; nothing is asked yet. Raises `ValidationError` for none and for too many.

    Archived items are not among them.
    """
    ids = list(items.current().filter(team=team).order_by("code").values_list("pk", flat=True)[: MOST_ITEMS + 1])
    if not ids:
        raise ValidationError(_("No item was chosen: tick those to find offers for."), code="none")
    if len(ids) > MOST_ITEMS:
        text = _("Offers are found for at most %(most)s items at a time: narrow the table first.")
        raise ValidationError(text, code="too-many", params={"most": f"{MOST_ITEMS:,}"})
    if len(ids) == 1:
        title = _("Offers for %(item)s") % {"item": Item.objects.get(pk=ids[0])}
    else:
        number = {"number": f"{len(ids):,}"}
        title = ngettext("Offers for %(number)s item", "Offers for %(number)s items", len(ids)) % number
    with transaction.atomic():
        forgotten = Matching.objects.filter(owner=user, created_at__lt=timezone.now() - TIME_FOR_A_DRAFT)
        forgotten.exclude(items__begun=True).delete()
        matching = Matching.objects.create(team=team, owner=user, title=title[:200])
        MatchedItem.objects.bulk_create((MatchedItem(matching=matching, item_id=pk) for pk in ids), batch_size=500)
    return matching


def waiting(matching: Matching, *, pictured: bool) -> MatchedItemQuerySet:
    """The items that were not begun and are not archived since: those with a picture, or those without."""
    has_picture = Exists(ItemPicture.objects.filter(item=OuterRef("item")))
    items = MatchedItem.objects.filter(matching=matching, begun=False, item__archived_at=None)
    return items.filter(has_picture if pictured else ~has_picture).order_by("pk")


def calls_each(marketplaces: Iterable[str], wanted: int) -> int:
    """How many calls one photo costs there at most: a page a call, and what it takes to send the photo first.

    The team's own catalogue costs none.
    """
    asked = [PROTOCOLS[key] for key in marketplaces if key in PROTOCOLS]
    return sum(one.calls_a_picture - (-wanted // one.max_page_size) for one in asked)


def plan_of(matching: Matching, marketplaces: Sequence[str], wanted: int, budget: int | None = None) -> Plan:
    """budget: calls; None for what one batch can spend."""
    each, pictured = calls_each(marketplaces, wanted), waiting(matching, pictured=True).count()
    most = min(pictured, MOST_ROWS)
    if budget is None:
        budget = each * most
    return Plan(each, pictured, budget, min(most, budget // each) if each else 0)


@transaction.atomic
def begin(
    *, user: User, matching: Matching, marketplaces: Sequence[str], wanted: int, budget: int, begun_before: int
) -> Batch:
    """Search for as many of the waiting items as the budget of calls is enough for, as a batch that runs at once.

    Whoever does it confirms the right to use the pictures. begun_before: how many items were begun when that was
    decided. Raises `ValidationError` when it is not so any more, and when nothing can be begun.
    """
    matching = Matching.objects.select_for_update().select_related("team").get(pk=matching.pk)
    if matching.items.filter(begun=True).count() != begun_before:
        text = _("Meanwhile somebody began to look for offers here: nothing more was started. Look again first.")
        raise ValidationError(text, code="begun")
    usable = [key for key in marketplaces_for([matching.team]) if key != CATALOG]
    if not marketplaces or any(key not in usable for key in marketplaces):
        raise ValidationError(_("Choose at least one marketplace."), code="no-marketplace")
    plan = plan_of(matching, marketplaces, wanted, budget)
    if not plan.pictured:
        raise ValidationError(_("None of these items waits that has a picture."), code="nothing")
    if not plan.begins:
        text = ngettext(
            "One item needs %(number)d call: the budget is below that.",
            "One item needs %(number)d calls: the budget is below that.",
            plan.each,
        )
        raise ValidationError(text, code="budget", params={"number": plan.each})
    matching.marketplaces, matching.wanted = list(marketplaces), wanted
    matching.save(update_fields=["marketplaces", "wanted"])
    batch = create_batch(
        user=user,
        team=matching.team,
        title=_title(matching),
        marketplaces=matching.marketplaces,
        question={"wanted": wanted},
    )
    matching.batches.add(batch)
    rows = _make_rows(batch, list(waiting(matching, pictured=True).select_related("item")[: plan.begins]))
    start_batch(batch=batch)
    batch.refresh_from_db()
    transaction.on_commit(partial(doorbell.ring_rows, rows[:ROWS_RUNG_FOR]))
    return batch


def read_picture(team: int, which: str) -> Stored | None:
    """What a row of a batch is searched with (batches/sources.py): the picture of an item of that team."""
    picture = ItemPicture.objects.filter(team=team, pk=int(which)).select_related("item").first()
    if picture is None:
        return None
    with picture.file.open("rb") as file:
        return Stored(bytes(file.read()), f"{picture.item.code}.jpg")


def _title(matching: Matching) -> str:
    part = matching.batches.count() + 1
    return (
        matching.title
        if part == 1
        else _("%(title)s, part %(number)d") % {"title": matching.title[:180], "number": part}
    )


def _make_rows(batch: Batch, matched: Sequence[MatchedItem]) -> list[BatchRow]:
    """A row for each item, with its first picture to be read by a worker."""
    first: dict[int, int] = {}
    pictures = ItemPicture.objects.filter(item__in=[one.item_id for one in matched]).order_by("place", "pk")
    for item, picture in pictures.values_list("item", "pk"):
        first.setdefault(item, picture)
    rows = BatchRow.objects.bulk_create(
        [
            BatchRow(
                batch=batch,
                number=number,
                code=one.item.code,
                name=one.item.name[:200],
                target_price=one.item.price if one.item.currency == CURRENCY else None,
                quantity=one.item.moq,
                source_url=f"{SCHEME}:{first[one.item_id]}",
            )
            for number, one in enumerate(matched, 1)
        ]
    )
    for one, row in zip(matched, rows, strict=True):
        one.row, one.begun = row, True
    MatchedItem.objects.bulk_update(matched, ["row", "begun"], batch_size=200)
    return rows
