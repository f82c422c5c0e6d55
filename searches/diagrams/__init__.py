"""Numbers in, drawing geometry out: histograms, box plots, a tile map of China. Knows neither Django nor words.

Amounts of money are whole `UNITS`, so that bars end where prices do. Lengths are whole numbers in the drawing's own
units; a drawing is WIDTH wide, about what a phone shows, so that its letters stay readable there.
"""

from searches.diagrams.axes import UNITS, Axis, Tick, axis_for, in_units
from searches.diagrams.boxes import Box, Boxes, Spread, draw_boxes, spread_of
from searches.diagrams.histograms import Bar, Histogram, Pin, count_in_bars, draw_histogram
from searches.diagrams.sizes import WIDTH
from searches.diagrams.tiles import PROVINCES, Tile, TileMap, draw_tiles, shade_bounds

__all__ = (
    "PROVINCES",
    "UNITS",
    "WIDTH",
    "Axis",
    "Bar",
    "Box",
    "Boxes",
    "Histogram",
    "Pin",
    "Spread",
    "Tick",
    "Tile",
    "TileMap",
    "axis_for",
    "count_in_bars",
    "draw_boxes",
    "draw_histogram",
    "draw_tiles",
    "in_units",
    "shade_bounds",
    "spread_of",
)
