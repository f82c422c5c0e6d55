"""What differs between two runs of a saved search, offer by offer."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import id_of, signed_in
from saved.comparing import Pair, compared, pair_of, run_before
from saved.differences import Difference, Differences, Kind, Offer
from saved.models import SavedSearch
from saved.opening import place_of
from saved.views.common import thing_for, told_if_gone
from saved.words import marketplace_name, names_of
from searches.addresses import changed
from searches.formats import day_and_clock, money, percent
from searches.models import SupplierMatch

ROWS_PER_PAGE = 50
MOST_RUNS = 30
FIELDS = ("marketplace", "offer_id", "title", "url", "image_url", "moq", "supplier_name", "supplier_location")
TONES = {Kind.CHEAPER: "ok", Kind.NEW: "ok", Kind.DEARER: "bad", Kind.GONE: "wait", Kind.CREDIT: "wait"}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """Before and after, in words; "" where the offer was not found. `differs`: that is the change."""

    before: str
    after: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    match: SupplierMatch
    marketplace: str
    kinds: list[tuple[str, str]]
    price: Figure
    by: str
    fell: bool
    credit: Figure


@told_if_gone
@require_safe
@never_cache
def changes(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    """`kind`: one of `Kind`. `against`: another earlier run than the last one before."""
    search = thing_for(SavedSearch, signed_in(request), pk)
    after = get_object_or_404(search.runs.select_related("job"), pk=run)
    earlier = list(search.runs.filter(pk__lt=after.pk).select_related("job")[:MOST_RUNS])
    against = id_of(request.GET.get("against", ""))
    before = next((one for one in earlier if one.pk == against), None) or run_before(after)
    context = {
        "search": search,
        "after": after,
        "asked_at": day_and_clock(after.job.created_at),
        "open_url": place_of(search, after.job),
        "earlier": [(one, day_and_clock(one.job.created_at)) for one in earlier],
        "before": before,
    }
    if before is not None:
        context |= _compared(request, pair_of(before, after))
    return render(request, "saved/changes.html", context)


def _compared(request: HttpRequest, pair: Pair) -> dict[str, object]:
    found = compared(pair)
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in Kind.values else None
    page = Paginator(found.of(kind), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "before_at": day_and_clock(pair.before.job.created_at),
        "tabs": _tabs(request, found, kind),
        "kind": kind.label if kind else "",
        "page": page,
        "rows": _rows(page, several=len(pair.marketplaces) > 1),
        "unchanged": found.unchanged,
        "other_currency": found.other_currency,
        "doubts": _doubts(pair, found),
    }


def _tabs(request: HttpRequest, found: Differences, kind: Kind | None) -> list[Tab]:
    tabs = [Tab(_("all changes"), changed(request.GET, kind=None), len(found.rows), kind is None)]
    for one in Kind:
        tabs.append(Tab(str(one.label), changed(request.GET, kind=one.value), found.counts[one], kind == one))
    return tabs


def _doubts(pair: Pair, found: Differences) -> list[str]:
    """What keeps the comparison from being the whole truth."""
    doubts = []
    if not pair.gone_is_certain:
        doubts.append(_("The later run is not complete: what is listed as gone may be there all the same."))
    if not pair.new_is_certain:
        doubts.append(_("The earlier run is not complete: what is listed as new may have been there before."))
    if pair.left_out:
        names = names_of(pair.left_out)
        doubts.append(_("Left out, as it answered in one of the two runs only: %(names)s.") % {"names": names})
    if not pair.same_question:
        doubts.append(_("The two runs did not ask the same: some differences come from the question."))
    if found.other_currency:
        text = _("Prices that are in another currency than before are not compared: %(number)s.")
        doubts.append(text % {"number": found.other_currency})
    return doubts


def _rows(page: Page[Difference], *, several: bool) -> list[Row]:
    """Only the offers of this page are read in full."""
    shown = [row.after or row.before for row in page]
    matches = SupplierMatch.objects.only(*FIELDS).in_bulk([offer.id for offer in shown if offer])
    return [
        _row(row, matches[offer.id], several=several)
        for row, offer in zip(page, shown, strict=True)
        if offer and offer.id in matches
    ]


def _row(row: Difference, match: SupplierMatch, *, several: bool) -> Row:
    before, after = row.before, row.after
    return Row(
        match=match,
        marketplace=marketplace_name(match.marketplace) if several else "",
        kinds=[(str(kind.label), TONES[kind]) for kind in row.kinds],
        price=Figure(_price(before), _price(after), bool(row.risen)),
        by=_by(row.risen),
        fell=row.risen < 0,
        credit=Figure(_credit(before), _credit(after), Kind.CREDIT in row.kinds),
    )


def _by(risen: float) -> str:
    if not risen:
        return ""
    return f"{'−' if risen < 0 else '+'}{percent(abs(risen))}"


def _price(offer: Offer | None) -> str:
    if offer is None:
        return ""
    return _("no price") if offer.price is None else money(offer.price, offer.currency)


def _credit(offer: Offer | None) -> str:
    if offer is None:
        return ""
    return _("no rating") if offer.credit is None else str(offer.credit)
