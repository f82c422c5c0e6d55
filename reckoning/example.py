"""One piece reckoned through, beside a cost profile."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reckoning.costing import Costing, costing_of
from reckoning.models import CostProfile
from reckoning.rates import RateTable
from reckoning.words import missing_words, money, money_a_piece, plain, rate_words

PRICE, QUANTITY, CURRENCY = Decimal(10), 500, "CNY"


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the landed cost, of a piece and of the order, and how it comes about."""

    label: str
    piece: str
    order: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """`remarks`: rates with their days, and what was assumed; `missing`: why there is no total."""

    lines: tuple[Line, ...]
    total: Line
    remarks: tuple[str, ...]
    missing: tuple[str, ...]
    currency: str


def example_of(
    profile: CostProfile, price: Decimal = PRICE, quantity: int = QUANTITY, *, table: RateTable | None = None
) -> Example:
    """A piece at this price in yuan, by today's rates, or those of the table. The profile need not be saved."""
    costing = costing_of(profile, [CURRENCY], table=table)
    found = costing.landed(quantity=quantity, price=price, currency=CURRENCY)
    piece, order = found.piece, found.order

    def line(label: str, a_piece: Decimal, of_order: Decimal, how: str = "") -> Line:
        return Line(label, money_a_piece(a_piece, costing.target), money(of_order, costing.target), how)

    pieces = ngettext("%(number)s piece", "%(number)s pieces", quantity) % {"number": f"{quantity:,}"}
    return Example(
        lines=(
            line(_("Goods"), piece.goods, order.goods, f"{money(price, CURRENCY)} × {pieces}"),
            line(_("Freight"), piece.freight, order.freight, freight_words(profile)),
            line(_("Inspection"), piece.inspection, order.inspection, _amount_words(profile, "inspection")),
            line(_("Other costs"), piece.other, order.other, _amount_words(profile, "other")),
            line(_("Agent fee"), piece.agent_fee, order.agent_fee, agent_words(profile)),
            line(_("Duty"), piece.duty, order.duty, duty_words(profile)),
        ),
        total=line(_("Landed"), piece.total, order.total),
        remarks=tuple(_remarks(costing, weight_assumed=bool(found.weight_assumed))),
        missing=tuple(missing_words(found.missing)) if isinstance(found.missing, int) else (),
        currency=costing.target,
    )


def terms_of(profile: CostProfile) -> list[tuple[str, str]]:
    """All that a profile says, in words."""
    weight = profile.kg_per_piece
    return [
        (_("Landed cost in"), profile.target_currency),
        (_("Freight"), freight_words(profile)),
        (_("Weight"), _("not given") if weight is None else _("%(weight)s kg a piece") % {"weight": plain(weight)}),
        (_("Duty"), duty_words(profile)),
        (_("Agent fee"), agent_words(profile)),
        (_("Inspection"), _amount_words(profile, "inspection")),
        (_("Other costs"), _amount_words(profile, "other")),
    ]


def _remarks(costing: Costing, *, weight_assumed: bool) -> list[str]:
    remarks = [words for rate in costing.rates.values() if (words := rate_words(rate))]
    remarks += [
        _("no rate %(source)s → %(target)s: an administrator enters it") % {"source": code, "target": costing.target}
        for code in costing.without_rate
    ]
    if weight_assumed and costing.costs.weight is not None:
        remarks.append(_("the profile’s weight: %(weight)s kg a piece") % {"weight": plain(costing.costs.weight)})
    return remarks


def freight_words(profile: CostProfile) -> str:
    if profile.freight_kind == CostProfile.Freight.NONE or not profile.freight_amount:
        return _("none")
    amount = money(profile.freight_amount, profile.freight_currency)
    if profile.freight_kind == CostProfile.Freight.PIECE:
        return _("%(amount)s a piece") % {"amount": amount}
    if profile.freight_kind == CostProfile.Freight.ORDER:
        return _("%(amount)s for the order") % {"amount": amount}
    if profile.kg_per_piece is None:
        return _("%(amount)s a kilogram") % {"amount": amount}
    names = {"amount": amount, "weight": plain(profile.kg_per_piece)}
    return _("%(amount)s a kilogram × %(weight)s kg") % names


def _amount_words(profile: CostProfile, name: str) -> str:
    amount: Decimal = getattr(profile, f"{name}_amount")
    if not amount:
        return _("none")
    words = {"amount": money(amount, getattr(profile, f"{name}_currency"))}
    by_piece = name == "other" and profile.other_kind == CostProfile.Other.PIECE
    return (_("%(amount)s a piece") if by_piece else _("%(amount)s for the order")) % words


def agent_words(profile: CostProfile) -> str:
    if not profile.agent_percent:
        return _("none")
    return _("%(percent)s%% of the goods") % {"percent": plain(profile.agent_percent)}


def duty_words(profile: CostProfile) -> str:
    if not profile.duty_percent:
        return _("none")
    words = {"percent": plain(profile.duty_percent)}
    if profile.duty_base == CostProfile.DutyBase.FOB:
        return _("%(percent)s%% of the goods") % words
    return _("%(percent)s%% of goods, freight and other costs") % words
