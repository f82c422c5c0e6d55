"""Figures as people read them. Rows are formatted here, once, so that templates only place the text.

The same in both languages, as `procurement.formats` says: 2026-11-22, 12,345 and ¥1,234.50; units and words differ.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def money(amount: Decimal, currency: str) -> str:
    """`¥1,234.50`; an unknown currency by its code. Fractions of a cent only where the price has some."""
    cents = amount.quantize(Decimal("0.01"))
    figure = f"{cents:,}" if cents == amount else f"{amount.normalize():,f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{currency} {figure}"


def short_money(amount: Decimal, currency: str) -> str:
    """As `money`, without the cents of a round amount: for ranges and axes."""
    text = money(amount, currency)
    return text.removesuffix(".00")


def plain(number: Decimal | int) -> str:
    """The number as a person would type it: no exponent, no zeros at the end."""
    return f"{Decimal(number).normalize():f}"


def percent(share: float) -> str:
    """`41%` for 0.41; below one percent with a decimal, since 0% would be nothing."""
    number = 100 * share
    return f"{number:.1f}%" if 0 < number < 1 else f"{number:.0f}%"


def price_range(lowest: Decimal | None, highest: Decimal | None, currency: str = "CNY") -> str:
    """`¥10–100`, `from ¥10`, `up to ¥100`, or nothing."""
    if lowest is not None and highest is not None:
        return f"{short_money(lowest, currency)}–{short_money(highest, '').strip()}"
    if lowest is not None:
        return _("from %(price)s") % {"price": short_money(lowest, currency)}
    if highest is not None:
        return _("up to %(price)s") % {"price": short_money(highest, currency)}
    return ""


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """The local time; with the date when it is not today's."""
    local = timezone.localtime(moment)
    text = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return text if local.date() == timezone.localdate() else f"{local:%Y-%m-%d} {text}"


def day_and_clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def age(span: timedelta) -> str:
    """How old something is, in one unit: `5 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return _("%(number)s s") % {"number": seconds}
    if seconds < 3600:
        return _("%(number)s min") % {"number": seconds // 60}
    if seconds < 86400:
        return _("%(number)s h") % {"number": seconds // 3600}
    return ngettext("%(number)s day", "%(number)s days", seconds // 86400) % {"number": seconds // 86400}
