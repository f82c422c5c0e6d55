"""What a file or a sheet of paper says about itself: what was asked, of whom, when, and what it is reckoned with."""

from collections.abc import Iterable, Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from exports.cells import Cell
from exports.workbook import Section
from reckoning.costing import Costing
from reckoning.words import rate_words
from searches.asked import View
from searches.chips import chips_of
from searches.columns import ORDERS
from searches.exports import source_name
from searches.formats import price_range
from searches.models import SearchCall, SearchJob
from searches.orders import Order
from searches.reckoned import Terms
from searches.rows import marketplace_label

Line = tuple[str, Cell]


def file_lines(team: Team, user: User) -> list[Line]:
    """Whose it is: everybody who gets it further on may want to ask."""
    return [(_("Team"), team.name), (_("By"), str(user)), (_("Made"), timezone.now())]


def question_lines(job: SearchJob, marketplaces: Sequence[str], photos: int) -> list[Line]:
    """What the search asked."""
    limits = price_range(job.price_from, job.price_to)
    asked: list[Line] = [
        (_("Search"), job.title),
        (_("Asked by"), str(job.owner) if job.owner else ""),
        (_("Asked on"), job.created_at),
        (_("Photos"), photos),
        (_("Marketplaces"), ", ".join(marketplace_label(key) for key in marketplaces)),
        (_("Offers wanted"), job.wanted),
        (_("Price"), limits),
        (_("Wholesale only"), _("yes") if job.wholesale_only else ""),
        (_("Keywords"), job.keywords),
        (_("Photos prepared"), job.get_preparation_display()),
    ]
    return [(name, cell) for name, cell in asked if cell not in ("", None)]


def view_lines(view: View, terms: Terms, currency: str, *, chosen: int = 0, in_own_order: bool = False) -> list[Line]:
    """Which offers, in which order, reckoned with what. chosen: how many were picked; 0 for all of the view."""
    if chosen:
        which: list[Line] = [(_("Offers"), _("the %(number)s chosen ones") % {"number": f"{chosen:,}"})]
    else:
        chips = chips_of(view.filters.active(), QueryDict(), currency)
        which = [(_("Filters"), "; ".join(chip.label for chip in chips) or _("none"))]
    order = _("as they were chosen") if in_own_order else order_words(view.order)
    return [*which, (_("Order"), order), *terms_lines(terms)]


def terms_lines(terms: Terms) -> list[Line]:
    lines: list[Line] = []
    if terms.quantity:
        lines.append((_("Order quantity"), terms.quantity))
    if terms.costing:
        lines.append((_("Cost profile"), terms.costing.name))
        lines += [(_("Exchange rate"), words) for words in rates_of(terms.costing)]
        missing = ", ".join(terms.costing.without_rate)
        lines += [(_("Without an exchange rate"), missing)] if missing else []
    if terms.weights:
        lines.append((_("Score weights"), terms.weights.name))
    return lines


def rates_of(costing: Costing) -> list[str]:
    """The rates that were used, each with its day."""
    return [words for rate in costing.rates.values() if (words := rate_words(rate))]


def order_words(order: Order) -> str:
    """The first sort counts most."""
    return _(", then ").join(
        str(ORDERS[sort.text])
        if sort.text in ORDERS
        else (_("%(column)s, falling") if sort.falling else _("%(column)s, rising")) % {"column": sort.column.label}
        for sort in order.sorts
    )


def sources_section(calls: Iterable[SearchCall]) -> Section:
    """Each call that brought offers: of whom, when."""
    lines: list[list[Cell]] = [
        [source_name(call.marketplace), call.fetched_at, call.page, call.offers_found]
        for call in calls
        if call.fetched_at
    ]
    return Section(_("Sources"), lines, head=(_("Fetched"), _("Page"), _("Offers")))
