"""How a supplier's standing went: credit, years, medal and score, whenever one of them changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.charts import Chart, Point, chart_of
from dossiers.models import Supplier
from dossiers.offers import seen_offers

COLUMNS = ("supplier_credit", "supplier_years", "supplier_medal", "supplier_score")
MOST_CHANGES = 60


def _plain(value: float) -> str:
    return f"{value:,.0f}"


def _score(value: float) -> str:
    return f"{value:.1f}"


# What is drawn, each by itself: its column, its name, and how its figures are written.
DRAWN: tuple[tuple[str, str | Promise, Callable[[float], str]], ...] = (
    ("supplier_credit", _("Credit"), _plain),
    ("supplier_years", _("Years"), _plain),
    ("supplier_score", _("Service score"), _score),
)


@dataclass(frozen=True, slots=True)
class Change:
    """The standing from a day on; empty texts for what nobody said."""

    day: str
    credit: str
    years: str
    medal: str
    score: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure's way: `told` says from where to where."""

    label: str | Promise
    chart: Chart
    told: str
    now: str


@dataclass(frozen=True, slots=True)
class StandingOverTime:
    """`changes`: the newest first."""

    changes: list[Change]
    drawn: list[Drawn]


def standing_over_time(supplier: Supplier) -> StandingOverTime | None:
    """One query. None where no offer ever said anything of it; days are the installation's."""
    lines = _carried(line for line in _lines(supplier) if any(line[column] is not None for column in COLUMNS))
    if not lines:
        return None
    changed = [lines[0], *(after for before, after in pairwise(lines) if _figures(before) != _figures(after))]
    return StandingOverTime([_change(line) for line in changed[-MOST_CHANGES:]][::-1], list(_drawn(lines)))


def _lines(supplier: Supplier) -> list[dict[str, Any]]:
    """One a day, the last that was seen on it: of a day's offers, old ones may lag behind."""
    seen = seen_offers(supplier).order_by().annotate(day=TruncDate("fetched_at")).values("day", *COLUMNS)
    by_day = {line["day"]: line for line in seen.annotate(at=Max("fetched_at")).order_by("at")}
    return [by_day[day] for day in sorted(by_day)]


def _carried(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What nobody said anew stays as it was: marketplaces tell different things of one supplier."""
    carried: list[dict[str, Any]] = []
    for line in lines:
        before = carried[-1] if carried else {}
        carried.append({name: before.get(name) if value is None else value for name, value in line.items()})
    return carried


def _figures(line: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(line[column] for column in COLUMNS)


def _change(line: dict[str, Any]) -> Change:
    def told(column: str, words: Callable[[float], str]) -> str:
        return "" if line[column] is None else words(line[column])

    return Change(
        day=line["day"].isoformat(),
        credit=told("supplier_credit", _plain),
        years=told("supplier_years", _plain),
        medal=told("supplier_medal", _plain),
        score=told("supplier_score", _score),
    )


def _drawn(lines: list[dict[str, Any]]) -> "list[Drawn]":
    drawn = []
    for column, label, words in DRAWN:
        known: list[tuple[datetime, float, str]] = [
            (line["at"], float(line[column]), f"{line['day'].isoformat()}: {words(line[column])}")
            for line in lines
            if line[column] is not None
        ]
        chart = chart_of([Point(*line) for line in known], width=200, height=48)
        if chart:
            told = " → ".join(dict.fromkeys((known[0][2], known[-1][2])))
            drawn.append(Drawn(label, chart, told, words(known[-1][1])))
    return drawn
