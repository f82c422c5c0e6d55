"""The histogram of prices beside the filters: what is narrowed by everything but the price."""

from dataclasses import dataclass

import numpy as np

from searches import facets, histogram
from searches.addresses import changed
from searches.asked import View
from searches.facets import Totals
from searches.histogram import Bar
from searches.offertable import OfferTable, Tally


@dataclass(frozen=True, slots=True)
class Prices:
    """The histogram: its bars, and the whole of it in a sentence."""

    bars: list[Bar]
    summary: str


def prices_of(table: OfferTable, tally: Tally, view: View, totals: Totals) -> Prices | None:
    """None where there is nothing to draw: no prices, one alone, or several currencies."""
    lowest, highest = totals.lowest, totals.highest
    if lowest is None or highest is None or lowest == highest or not totals.currency:
        return None
    scale = histogram.scale_for(lowest, highest, histogram.common_price(table.price[~np.isnan(table.price)]))
    counted = histogram.count_prices(table.price[tally.passing(*facets.PRICES)], scale)
    active = view.filters.active()
    bars = histogram.draw(
        scale,
        counted,
        link=lambda lowest, highest: changed(view.params, price_from=lowest, price_to=highest),
        lowest=active.get("price_from"),
        highest=active.get("price_to"),
        currency=totals.currency,
    )
    return Prices(bars, histogram.summary(scale, counted, totals.currency))
