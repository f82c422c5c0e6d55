"""The cells of the comparison: one figure of one offer, in words, and what belongs to it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from reckoning.landed import Missing
from reckoning.tiers import unit_price
from reckoning.words import CRITERIA, missing_words, money_a_piece, rate_words
from reckoning.words import money as rounded_money
from searches.badges import price_lines, prices_told, ships_in, standing_of
from searches.cell import Cell, Part, Surroundings
from searches.formats import money, percent
from searches.looks.reasons import words_of
from searches.marketplaces import MARKETPLACES
from searches.models import SupplierMatch
from searches.sightings import found_by


def cell_of(column: str, match: SupplierMatch, surroundings: Surroundings) -> Cell:
    return CELLS[column](match, surroundings)


def _price(match: SupplierMatch, around: Surroundings) -> Cell:
    label, lines, told = _("Price"), price_lines(match), prices_told(match)
    if match.price is None:
        return Cell("figure", _("no price"), "dim", label, lines, told)
    tone = "best" if match.price == around.best.price else ""
    return Cell("figure", money(match.price, match.currency), tone, label, lines, told)


def _unit(match: SupplierMatch, around: Surroundings) -> Cell:
    """The price a piece at the order's quantity, and what the order costs."""
    quantity = around.terms.quantity or 1
    label = _("At %(quantity)s") % {"quantity": f"{quantity:,}"}
    price = unit_price(quantity, match.price, match.price_tiers)
    if price is None:
        return Cell("figure", _("no price"), "dim", label)
    in_all = _("%(total)s in all") % {"total": money((price * quantity).quantize(Decimal("0.01")), match.currency)}
    tone = "best" if price == around.best.unit else ""
    return Cell("figure", money(price, match.currency), tone, label, [in_all])


def _moq(match: SupplierMatch, around: Surroundings) -> Cell:
    quantity = around.terms.quantity
    if quantity and match.moq is not None and match.moq > quantity:
        short = _("needs %(number)s more") % {"number": f"{match.moq - quantity:,}"}
        return Cell("figure", f"{match.moq:,}", "short", _("MOQ"), [short])
    return _figure(match.moq, _("MOQ"), _("no MOQ"), best=around.best.moq)


def _landed(match: SupplierMatch, around: Surroundings) -> Cell:
    terms, label = around.terms, _("Landed")
    if terms.costing is None or terms.quantity is None:
        return Cell("figure", "–", "dim", label)
    price = unit_price(terms.quantity, match.price, match.price_tiers)
    found = terms.costing.landed(quantity=terms.quantity, price=price, currency=match.currency)
    if found.missing:
        missing = missing_words(Missing(int(found.missing)))
        return Cell("figure", _("not known"), "dim", label, missing, ", ".join(missing))
    target, used = terms.costing.target, terms.costing.rates.get(match.currency)
    piece, order = found.piece, found.order
    made_of = {
        _("Goods"): piece.goods,
        _("Freight"): piece.freight,
        _("Inspection"): piece.inspection,
        _("Other costs"): piece.other,
        _("Agent fee"): piece.agent_fee,
        _("Duty"): piece.duty,
    }
    parts = [Part(name, money_a_piece(amount, target)) for name, amount in made_of.items() if amount]
    order_line = _("%(total)s in all") % {"total": rounded_money(order.total, target)}
    return Cell(
        "made",
        rounded_money(piece.total, target),
        label=label,
        lines=[order_line],
        parts=[*parts, Part(_("Landed, a piece"), money_a_piece(piece.total, target))],
        notes=[text for text in (terms.costing.name, rate_words(used) if used else "") if text],
    )


def _score(match: SupplierMatch, around: Surroundings) -> Cell:
    judged, label = around.scores.get(match.pk), _("Score")
    if judged is None or not judged.known:
        return Cell("figure", _("nothing known"), "dim", label)
    parts = [
        Part(str(CRITERIA[criterion]), "–" if share is None else percent(share))
        for criterion, share in judged.parts.items()
    ]
    share = {"percent": percent(judged.known)}
    known = [] if judged.known > 0.999 else [_("%(percent)s known") % share]
    notes = [around.terms.weights.name if around.terms.weights else ""]
    notes += [_("%(percent)s of the weight is known; the rest is left out.") % share] if known else []
    cell = Cell("made", "", label=label, lines=known, parts=parts, notes=list(filter(None, notes)))
    if judged.total is None:
        return replace(cell, text=_("too little known"), tone="dim")
    return replace(cell, text=f"{judged.total:.0f}")


def _blend(match: SupplierMatch, around: Surroundings) -> Cell:
    if len(around.photos) < 2:
        return Cell("figure", "–", "dim", _("Photos"))
    return Cell("photos", "", label=_("Photos"), found_by=found_by(vars(match)["seen"], around.photos))


def _similarity(match: SupplierMatch, around: Surroundings) -> Cell:
    """The marketplace's, else ours, with the other one below it."""
    value, told = match.likeness, words_of(match.unseen)
    if value is None:
        return _ranked(match, _("Similarity"))
    ours = match.similarity is None
    lines = []
    if match.similarity is not None and match.visual is not None:
        both = {"given": f"{match.similarity:.2f}", "ours": f"{match.visual:.2f}"}
        lines = [_("ours %(ours)s") % both]
        told = _("%(given)s by the marketplace, %(ours)s by our own eye") % both
    tone = "best" if value == around.best.similarity else ""
    return Cell(
        "bar",
        f"{value:.2f}",
        tone,
        _("Similarity"),
        lines=lines,
        told=_("by our own eye") if ours else told,
        bar=_length(value),
        ours=ours,
    )


def _visual(match: SupplierMatch, _around: Surroundings) -> Cell:
    label = _("Similarity by our eye")
    if match.visual is None:
        text = _("not compared") if match.unseen else "–"
        return Cell("bar", text, "dim", label, told=words_of(match.unseen))
    return Cell("bar", f"{match.visual:.2f}", label=label, bar=_length(match.visual))


def _rank(match: SupplierMatch, _around: Surroundings) -> Cell:
    return _ranked(match, _("Rank"))


def _ranked(match: SupplierMatch, label: str) -> Cell:
    """Of an offer without a similarity: where the marketplace puts it, and why our eye knows no more."""
    lines = [_("not compared")] if match.unseen else []
    text = _("rank %(rank)d") % {"rank": match.rank}
    return Cell("bar", text, "dim", label, lines=lines, told=words_of(match.unseen))


def _length(similarity: float) -> int:
    return round(100 * min(1.0, max(0.0, similarity)))


def _supplier(match: SupplierMatch, around: Surroundings) -> Cell:
    standing = standing_of(match)
    if not match.supplier_name:
        return Cell("supplier", _("unknown supplier"), "dim", standing=standing)
    url = f"{around.elsewhere}&{urlencode({'supplier': match.supplier_name})}"
    return Cell("supplier", match.supplier_name, url=url, standing=standing)


def _credit(match: SupplierMatch, _around: Surroundings) -> Cell:
    """The credit, else the trade medal, which offers are then sorted and filtered by."""
    if match.supplier_credit is None and match.supplier_medal is not None:
        told = _("The marketplace gives no credit; its trade medal, 0 to 5, counts instead.")
        return Cell("figure", f"{match.supplier_medal}", label=_("Credit"), lines=[_("trade medal")], told=told)
    return _figure(match.supplier_credit, _("Credit"), _("no rating"))


def _sold(match: SupplierMatch, _around: Surroundings) -> Cell:
    return _figure(match.monthly_sales, _("Sold a month"), _("not given"), rare=True)


def _repurchased(match: SupplierMatch, _around: Surroundings) -> Cell:
    label, rate = _("Repurchased"), match.repurchase_rate
    if rate is None:
        return Cell("figure", _("not given"), "dim", label, rare=True)
    return Cell("figure", percent(rate), label=label, rare=True)


def _years(match: SupplierMatch, _around: Surroundings) -> Cell:
    return _figure(match.supplier_years, _("Years"), _("not given"), rare=True)


def _medal(match: SupplierMatch, _around: Surroundings) -> Cell:
    return _figure(match.supplier_medal, _("Medal"), _("not given"), rare=True)


def _service(match: SupplierMatch, _around: Surroundings) -> Cell:
    label, score = _("Service"), match.supplier_score
    if score is None:
        return Cell("figure", _("not given"), "dim", label, rare=True)
    return Cell("figure", f"{score:.1f}", label=label, rare=True)


def _ships(match: SupplierMatch, _around: Surroundings) -> Cell:
    label, hours = _("Ships within"), match.ships_within_hours
    if hours is None:
        return Cell("figure", _("not given"), "dim", label, rare=True)
    return Cell("figure", ships_in(hours), label=label, rare=True)


def _location(match: SupplierMatch, _around: Surroundings) -> Cell:
    place = match.supplier_location
    return Cell("place", place) if place else Cell("place", _("unknown"), "dim")


def _marketplace(match: SupplierMatch, _around: Surroundings) -> Cell:
    known = MARKETPLACES.get(match.marketplace)
    return Cell("words", _(known.label) if known else match.marketplace, label=_("Marketplace"))


def _figure(value: int | None, label: str, missing: str, *, best: int | None = None, rare: bool = False) -> Cell:
    if value is None:
        return Cell("figure", missing, "dim", label, rare=rare)
    return Cell("figure", f"{value:,}", "best" if value == best else "", label, rare=rare)


CELLS: Mapping[str, Callable[[SupplierMatch, Surroundings], Cell]] = MappingProxyType(
    {
        "price": _price,
        "unit": _unit,
        "landed": _landed,
        "score": _score,
        "moq": _moq,
        "blend": _blend,
        "similarity": _similarity,
        "visual": _visual,
        "rank": _rank,
        "supplier": _supplier,
        "credit": _credit,
        "sold": _sold,
        "repurchased": _repurchased,
        "years": _years,
        "medal": _medal,
        "service": _service,
        "ships": _ships,
        "location": _location,
        "marketplace": _marketplace,
    }
)
