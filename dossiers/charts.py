"""Small drawings of how a figure went: a line with a dot for each time that somebody looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# Room for the dots at the edges, in the drawing's own units.
MARGIN = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a figure is drawn, and what it says."""

    x: float
    y: float
    told: str


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at a moment; `told` is both in words."""

    at: datetime
    value: float
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG's size and contents. `path` is empty where there is a single dot."""

    width: int
    height: int
    path: str
    dots: list[Dot]


def chart_of(points: Sequence[Point], *, width: int, height: int) -> Chart | None:
    """`points` in the order of time. None for none. What stays the same is drawn in the middle."""
    if not points:
        return None
    first, last = points[0].at, points[-1].at
    lowest, highest = min(point.value for point in points), max(point.value for point in points)
    span, rise = (last - first).total_seconds(), highest - lowest
    across, down = width - 2 * MARGIN, height - 2 * MARGIN

    def placed(point: Point) -> Dot:
        x = (point.at - first).total_seconds() / span if span else 0.5
        y = (highest - point.value) / rise if rise else 0.5
        return Dot(round(MARGIN + x * across, 1), round(MARGIN + y * down, 1), point.told)

    dots = [placed(point) for point in points]
    path = "L".join(f"{dot.x} {dot.y}" for dot in dots)
    return Chart(width, height, f"M{path}" if len(dots) > 1 else "", dots)
