"""What the pictures of prices measure: landed costs where they are reckoned, else prices, at the quantity if any."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from reckoning.words import DIGITS_OF_A_PIECE, money
from searches.diagrams import UNITS
from searches.offertable import Floats, OfferTable, Rows
from searches.reckoned import Figures, Terms


@dataclass(frozen=True, slots=True)
class Measure:
    """values: float64 (n,) of the whole table, in `currency`, NaN where there is none in it.

    label: what is measured. is_price: it is what the comparison filters by. elsewhere: how many of the rows have a
    price in another currency, which no rate makes one.
    """

    values: Floats
    currency: str
    label: str
    is_price: bool
    elsewhere: int

    def told(self, units: int) -> str:
        """So many units as money; fractions of a cent only where they count."""
        amount = Decimal(units) / UNITS
        return money(amount, self.currency, DIGITS_OF_A_PIECE if 0 < amount < 1 else None)


def measure_of(table: OfferTable, rows: Rows, terms: Terms, figures: Figures) -> Measure:
    """rows: the filtered ones, by which the currency is chosen: that of the most of them."""
    if figures.landed is not None and terms.costing is not None:
        target = terms.costing.target
        label = _("Landed cost a piece, %(currency)s") % {"currency": target}
        return Measure(figures.landed.piece.total, target, label, is_price=False, elsewhere=0)
    values = table.price if figures.unit is None else figures.unit
    priced = rows[~np.isnan(values[rows])]
    codes = table.currency[priced]
    code = int(np.bincount(codes[codes >= 0]).argmax()) if np.any(codes >= 0) else -1
    currency = table.currencies[code] if code >= 0 else ""
    return Measure(
        values=np.where(table.currency == code, values, np.nan),
        currency=currency,
        label=_price_label(terms, currency),
        is_price=terms.quantity is None and len(table.currencies) == 1,
        elsewhere=int(np.count_nonzero(codes != code)),
    )


def _price_label(terms: Terms, currency: str) -> str:
    if not currency:
        return _("Price")
    if terms.quantity is None:
        return _("Price, %(currency)s") % {"currency": currency}
    told = {"quantity": f"{terms.quantity:,}", "currency": currency}
    return _("Price a piece at %(quantity)s, %(currency)s") % told
