"""What the catalogue knows of a batch and of its rows: `{% load matched_items %}`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.db.models import QuerySet

from batches.lines import Line
from batches.models import Batch
from catalog.models import Item, MatchedItem, Matching
from catalog.templatetags.you_have import SAME
from searches.marketplaces import CATALOG
from searches.models import SupplierMatch

register = template.Library()


@dataclass(frozen=True, slots=True)
class Known:
    """item: the one that the row searches offers for. have: the one of the team's own that was found to be the same."""

    item: Item | None = None
    have: Item | None = None


@register.simple_tag
def matchings_of(batch: Batch) -> "QuerySet[Matching]":
    """What the batch was begun for, when it was for items of the catalogue."""
    return Matching.objects.filter(batches=batch)


@register.simple_tag
def items_of(batch: Batch, lines: Iterable[Line]) -> dict[int, Known]:
    """By the ids of the page's rows. A query, and two more where the batch was searched in the team's catalogue."""
    lines = list(lines)
    rows = MatchedItem.objects.filter(row__in=[line.id for line in lines], matching__team=batch.team_id)
    searched_for = {one.row_id: one.item for one in rows.select_related("item")}
    had = _had(batch, {line.job for line in lines if line.job}) if CATALOG in batch.marketplaces else {}
    return {line.id: Known(searched_for.get(line.id), had.get(line.job or 0)) for line in lines}


@register.simple_tag
def item_of(known: Mapping[int, Known], row: int) -> Known:
    return known.get(row, Known())


def _had(batch: Batch, jobs: set[int]) -> dict[int, Item]:
    """By the searches' ids, the item that is most like what was searched for."""
    found = SupplierMatch.objects.filter(job__in=jobs, marketplace=CATALOG, visual__gte=SAME).order_by("-visual", "pk")
    best: dict[int, int] = {}
    for job, offer_id in found.values_list("job", "offer_id"):
        best.setdefault(job, int(offer_id))
    items = Item.objects.current().filter(team=batch.team_id).in_bulk(set(best.values()))
    return {job: items[item] for job, item in best.items() if item in items}
