"""What a search asked and some of its marketplaces could not heed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from searches.addresses import changed
from searches.formats import plain
from searches.marketplaces import MARKETPLACES
from searches.models import SearchJob
from searches.rows import marketplace_label


@dataclass(frozen=True, slots=True)
class Caveat:
    """`url`: the same page with the offers narrowed to what was asked; "" where that is not possible, or done."""

    text: str
    url: str = ""


def caveats_of(job: SearchJob, marketplaces: Iterable[str], params: QueryDict) -> list[Caveat]:
    """What each marketplace ignored of the question. `params`: the state that the page is in."""
    return [caveat for key in marketplaces if key in MARKETPLACES for caveat in _ignored(job, key, params)]


def _ignored(job: SearchJob, key: str, params: QueryDict) -> Iterator[Caveat]:
    ignores = MARKETPLACES[key].ignores
    name = {"name": marketplace_label(key)}
    if "wholesale_only" in ignores and job.wholesale_only:
        yield Caveat(_("%(name)s does not filter by wholesale: its offers are not filtered.") % name)
    if "price" in ignores and (job.price_from is not None or job.price_to is not None):
        yield Caveat(_("%(name)s does not filter by price: its offers are of any price.") % name, _narrow(job, params))
    if "sort" in ignores and job.order != SearchJob.Order.SIMILARITY:
        yield Caveat(_("%(name)s does not sort by price: it sent the first offers of its own order.") % name)


def _narrow(job: SearchJob, params: QueryDict) -> str:
    if params.get("price_from") or params.get("price_to"):
        return ""
    limits = {"price_from": job.price_from, "price_to": job.price_to}
    return changed(params, **{name: plain(limit) for name, limit in limits.items() if limit is not None})
