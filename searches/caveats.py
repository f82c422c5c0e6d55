"""What a search asked and some of its marketplaces could not heed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import ngettext

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
    """What of the question was ignored, and by whom. `params`: the state that the page is in."""
    known = [MARKETPLACES[key] for key in marketplaces if key in MARKETPLACES]
    caveats = []
    for what in _asked(job):
        names = [marketplace_label(marketplace.key) for marketplace in known if what in marketplace.ignores]
        if names:
            url = _narrowed(job, params) if what == "price" else ""
            caveats.append(Caveat(_text(what, len(names)) % {"names": ", ".join(names)}, url))
    return caveats


def _asked(job: SearchJob) -> Iterator[str]:
    """What the question holds of that which marketplaces may ignore."""
    if job.wholesale_only:
        yield "wholesale_only"
    if job.price_from is not None or job.price_to is not None:
        yield "price"
    if job.order != SearchJob.Order.SIMILARITY:
        yield "sort"


def _text(what: str, number: int) -> str:
    if what == "wholesale_only":
        return ngettext(
            "%(names)s does not filter by wholesale: its offers are not filtered.",
            "%(names)s do not filter by wholesale: their offers are not filtered.",
            number,
        )
    if what == "price":
        return ngettext(
            "%(names)s does not filter by price: its offers are of any price.",
            "%(names)s do not filter by price: their offers are of any price.",
            number,
        )
    return ngettext(
        "%(names)s does not sort by price: these are the first offers of its own order.",
        "%(names)s do not sort by price: these are the first offers of their own orders.",
        number,
    )


def _narrowed(job: SearchJob, params: QueryDict) -> str:
    if params.get("price_from") or params.get("price_to"):
        return ""
    limits = {"price_from": job.price_from, "price_to": job.price_to}
    return changed(params, **{name: plain(limit) for name, limit in limits.items() if limit is not None})
