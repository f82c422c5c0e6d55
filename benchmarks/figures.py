"""What a benchmark says: one figure a line, for people and programs alike."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    `name`: module, a dot, what is measured; the start of it selects the figure. `aim`: the bound that the issue or
    the documentation sets, in words; empty for a figure that is only of interest. `holds`: whether `value` keeps
    to it, None without an aim. `method`: how it was measured, in enough words to do it again.
    """

    name: str
    value: float
    unit: str
    aim: str
    holds: bool | None
    method: str

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def at_most(name: str, value: float, unit: str, bound: float, method: str) -> Figure:
    """A figure with an upper bound, in the same unit."""
    return Figure(name, round(value, 3), unit, f"at most {bound:g}", value <= bound, method)


def of_interest(name: str, value: float, unit: str, method: str) -> Figure:
    """A figure without an aim, which others are read against."""
    return Figure(name, round(value, 3), unit, "", None, method)


def at_least(name: str, value: float, unit: str, bound: float, method: str) -> Figure:
    """A figure with a lower bound, in the same unit."""
    return Figure(name, round(value, 3), unit, f"at least {bound:g}", value >= bound, method)
