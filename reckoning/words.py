"""Money, rates and what is missing, as people read them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reckoning.currencies import SYMBOLS, digits_of
from reckoning.figures import quantised
from reckoning.landed import Missing
from reckoning.rates import RateKind, UsedRate
from reckoning.scoring import Criterion

# A piece may cost fractions of a cent, and an order of thousands makes dollars of them.
DIGITS_OF_A_PIECE = 4

MISSING: Mapping[Missing, "str | Promise"] = {
    Missing.PRICE: gettext_lazy("no price at this quantity"),
    Missing.RATE: gettext_lazy("no exchange rate for the offer’s currency"),
    Missing.WEIGHT: gettext_lazy("no weight: freight goes by the kilogram"),
    Missing.COST_RATE: gettext_lazy("no exchange rate for one of the costs"),
}
CRITERIA: Mapping[Criterion, "str | Promise"] = {
    Criterion.PRICE: gettext_lazy("Price"),
    Criterion.SIMILARITY: gettext_lazy("Similarity"),
    Criterion.CREDIT: gettext_lazy("Credit"),
    Criterion.YEARS: gettext_lazy("Years"),
    Criterion.REPURCHASE: gettext_lazy("Repurchased"),
    Criterion.DELIVERY: gettext_lazy("Delivery"),
}


def money(amount: Decimal, currency: str, digits: int | None = None) -> str:
    """`$1,234.50`, rounded half-even; an unknown currency by its code, an unknown amount by a dash."""
    if amount.is_nan():
        return "–"
    figure = f"{quantised(amount, digits_of(currency) if digits is None else digits):,}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{currency} {figure}"


def money_a_piece(amount: Decimal, currency: str) -> str:
    """With the fractions of a cent that an order multiplies."""
    return money(amount, currency, DIGITS_OF_A_PIECE)


def plain(number: Decimal | int) -> str:
    """`0.35` for 0.3500, `12,000` for 12000."""
    return f"{Decimal(number).normalize():,f}"


def missing_words(missing: Missing) -> list[str]:
    return [str(words) for reason, words in MISSING.items() if reason in missing]


def rate_words(used: UsedRate) -> str:
    """`1 CNY = 0.14 USD, rate of 2026-11-20`, and how it was come by where that is not plain."""
    names = {
        "source": used.source,
        "target": used.target,
        "rate": f"{_shown(used.rate):,f}",
        "day": day_of(used.valid_on) if used.valid_on else "",
        "pivot": used.steps[0].target if used.steps else "",
    }
    match used.kind:
        case RateKind.SAME:
            return ""
        case RateKind.DIRECT:
            return _("1 %(source)s = %(rate)s %(target)s, rate of %(day)s") % names
        case RateKind.INVERSE:
            return (
                _("1 %(source)s = %(rate)s %(target)s, inverse of the rate %(target)s → %(source)s of %(day)s") % names
            )
        case RateKind.CROSS:
            return _("1 %(source)s = %(rate)s %(target)s, by way of %(pivot)s, rates of %(day)s or newer") % names


def day_of(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def moment_of(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _shown(rate: Decimal) -> Decimal:
    """Six digits that count; what is reckoned with has all of them."""
    place = 5 - rate.adjusted()
    return quantised(rate, max(0, min(place, 10))).normalize()
