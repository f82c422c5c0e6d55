"""Rows about money: prices, the order at its quantity, and everything that a landed cost is made of."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reckoning.landed import Missing, Parts
from reckoning.tiers import total
from reckoning.words import missing_words, money_a_piece, rate_words
from reckoning.words import money as rounded_money
from searches.formats import money
from searches.marketplaces import PriceKind
from searches.reckoned import Terms
from searches.sidebyside.candidates import Subject
from searches.sidebyside.values import UNKNOWN, Best, Property, Value

CENT = Decimal("0.01")
OTHER_PRICES: Mapping[PriceKind, str | Promise] = MappingProxyType(
    {
        PriceKind.PROMOTION: gettext_lazy("Promotion price"),
        PriceKind.DROPSHIP: gettext_lazy("Dropshipping price"),
        PriceKind.SELECTED: gettext_lazy("Selected sourcing price"),
        PriceKind.SELECTED_WHOLESALE: gettext_lazy("Selected sourcing, wholesale"),
        PriceKind.ORIGINAL: gettext_lazy("Before the reduction"),
    }
)
# In the order in which a landed cost is reckoned.
PARTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "goods": gettext_lazy("Goods"),
        "freight": gettext_lazy("Freight"),
        "inspection": gettext_lazy("Inspection"),
        "other": gettext_lazy("Other costs"),
        "agent_fee": gettext_lazy("Agent fee"),
        "duty": gettext_lazy("Duty"),
    }
)


def price_rows(terms: Terms) -> Iterator[Property]:
    yield Property("price", _("Price"), _price, Best.LEAST)
    yield Property("tiers", _("By quantity"), _tiers)
    for kind, label in OTHER_PRICES.items():
        best = Best.NONE if kind is PriceKind.ORIGINAL else Best.LEAST
        yield Property(f"price-{kind}", label, _other_price(kind), best)
    if terms.quantity:
        quantity = f"{terms.quantity:,}"
        yield Property("unit", _("A piece, ordering %(quantity)s") % {"quantity": quantity}, _unit, Best.LEAST)
        yield Property("order", _("%(quantity)s pieces, goods only") % {"quantity": quantity}, _order)


def landed_rows(terms: Terms) -> Iterator[Property]:
    """None without a quantity and a cost profile."""
    if terms.costing is None or terms.quantity is None:
        return
    for part, label in PARTS.items():
        yield Property(f"landed-{part}", label, _part(part))
    target = {"currency": terms.costing.target}
    yield Property("landed", _("Landed, a piece, %(currency)s") % target, _landed, Best.LEAST)
    yield Property("landed-order", _("Landed, the order, %(currency)s") % target, _landed_order)
    yield Property("rate", _("Exchange rate"), _rate)


def _price(subject: Subject) -> Value:
    return _money(subject.offer.price, subject.offer.currency)


def _tiers(subject: Subject) -> Value:
    told = [
        _("%(price)s from %(quantity)s") % {"price": money(price, subject.offer.currency), "quantity": f"{quantity:,}"}
        for quantity, price in subject.offer.price_tiers
    ]
    return Value(told[0], told[1:]) if told else UNKNOWN


def _other_price(kind: PriceKind) -> Callable[[Subject], Value]:
    return lambda subject: _money(subject.offer.other_prices.get(kind), subject.offer.currency)


def _unit(subject: Subject) -> Value:
    """An offer that wants more than is ordered cannot be the best at it."""
    if subject.unit is None:
        return UNKNOWN
    offer = subject.offer
    if subject.fits:
        return _money(subject.unit, offer.currency)
    return Value(money(subject.unit, offer.currency), [_below_moq()])


def _order(subject: Subject) -> Value:
    quantity = subject.terms.quantity
    if subject.unit is None or quantity is None:
        return UNKNOWN
    return Value(money(total(quantity, subject.unit).quantize(CENT), subject.offer.currency))


def _part(name: str) -> Callable[[Subject], Value]:
    def of(subject: Subject) -> Value:
        landed = subject.landed
        if landed is None or landed.missing:
            return UNKNOWN
        amount = _amount(landed.piece, name)
        # What costs nothing takes no line.
        return Value(money_a_piece(amount, _target(subject))) if amount else UNKNOWN

    return of


def _amount(parts: Parts[Decimal], name: str) -> Decimal:
    amount: Decimal = getattr(parts, name)
    return amount


def _landed(subject: Subject) -> Value:
    landed, target = subject.landed, _target(subject)
    if landed is None:
        return UNKNOWN
    if landed.missing:
        return Value(_("not known"), missing_words(Missing(int(landed.missing))), tone="dim")
    text = rounded_money(landed.piece.total, target)
    if not subject.fits:
        return Value(text, [_below_moq()])
    return Value(text, figure=landed.piece.total, currency=target)


def _landed_order(subject: Subject) -> Value:
    landed = subject.landed
    if landed is None or landed.missing:
        return UNKNOWN
    return Value(rounded_money(landed.order.total, _target(subject)))


def _rate(subject: Subject) -> Value:
    costing = subject.terms.costing
    used = costing.rates.get(subject.offer.currency) if costing else None
    return Value(rate_words(used), tone="small dim") if used else UNKNOWN


def _target(subject: Subject) -> str:
    return subject.terms.costing.target if subject.terms.costing else ""


def _below_moq() -> str:
    return _("the order is below its MOQ")


def _money(amount: Decimal | None, currency: str) -> Value:
    return UNKNOWN if amount is None else Value(money(amount, currency), figure=amount, currency=currency)
