"""How the comparison lays its offers out: which columns in which order, how dense, and what is folded into one row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.functional import Promise

from accounts.scope import id_of
from searches.addresses import changed
from searches.columns import COLUMNS, OPTIONAL, RANK, RECKONED, TITLE
from searches.orders import Column

GROUPS, DENSITIES = ("supplier",), ("cosy", "compact")
# Whom one can open at once: every one of them lengthens the page.
MOST_OPEN = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """columns: keys in the order that was chosen; empty for the usual ones. folded: equal offers, photos: those that
    show the same photo. opened: ids of rows whose folded ones are shown below them."""

    columns: tuple[str, ...] = ()
    compact: bool = False
    grouped: bool = False
    folded: bool = False
    photos: bool = False
    opened: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """One column in the chooser."""

    key: str
    label: str
    shown: bool
    first: bool
    last: bool


def spell_out(params: QueryDict) -> None:
    """Make of what a form sends what an address says: `cols` in one value, with a column moved where `move` says."""
    columns = _columns(params)
    key, _colon, step = params.get("move", "").partition(":")
    if key in columns and step in ("-1", "1"):
        place = columns.index(key)
        target = min(len(columns) - 1, max(0, place + int(step)))
        columns.insert(target, columns.pop(place))
    params.pop("move", None)
    params.pop("cols", None)
    if columns:
        params["cols"] = ",".join(columns)


def layout_of(params: QueryDict) -> Layout:
    """What the parameters, spelled out, say of it; what they do not say, or nobody knows, is as usual."""
    opened = [pk for text in params.getlist("open") if (pk := id_of(text))]
    return Layout(
        columns=tuple(_columns(params)),
        compact=params.get("density") == "compact",
        grouped=params.get("group") in GROUPS,
        folded=any(fold not in ("", "photo") for fold in params.getlist("fold")),
        photos="photo" in params.getlist("fold"),
        opened=frozenset(opened[:MOST_OPEN]),
    )


def _columns(params: QueryDict) -> list[str]:
    texts = ",".join(params.getlist("cols")).split(",")
    return list(dict.fromkeys(text for text in texts if text in OPTIONAL))


def shown_columns(
    layout: Layout, missing: Collection[str], reckoned: Collection[str], labels: Mapping[str, str | Promise]
) -> Mapping[str, Column]:
    """The columns of the table, the offer's first.

    The usual ones are those that any offer says something of; without similarities, the ranks in their place. What is
    reckoned is always shown, behind the price if nobody chose another place. labels: other names, by key.
    """
    stand_ins = {"similarity": RANK.key}
    keys = [*layout.columns] or [
        key for usual in COLUMNS if (key := stand_ins.get(usual, "") if usual in missing else usual)
    ]
    keys = [key for key in keys if key not in RECKONED or key in reckoned]
    place = keys.index("price") + 1 if "price" in keys else 0
    keys[place:place] = [key for key in RECKONED if key in reckoned and key not in keys]
    columns = {key: OPTIONAL[key] for key in keys}
    renamed = {key: replace(column, label=labels[key]) if key in labels else column for key, column in columns.items()}
    return {TITLE.key: TITLE, **renamed}


def choices(columns: Collection[str], reckoned: Collection[str], photos: int) -> list[Choice]:
    """Those that are shown in their order, then all others."""
    shown = [key for key in columns if key != TITLE.key]
    left = [key for key in OPTIONAL if key not in shown and (key not in RECKONED or key in reckoned)]
    left = [key for key in left if key != "blend" or photos > 1]
    return [
        Choice(key, str(OPTIONAL[key].label), key in columns, place == 0, place == len(shown) - 1)
        for place, key in enumerate([*shown, *left])
    ]


def kept_for(params: QueryDict, *own: str) -> list[tuple[str, str]]:
    """What a form that has fields for `own` sends along, so that the rest of the address stays as it is."""
    left_out = {*own, "page", "move"}
    return [(name, value) for name, values in params.lists() if name not in left_out for value in values if value]


def opened(params: QueryDict, layout: Layout, pk: int) -> str:
    """The address with the row opened, or closed again, on the same page."""
    ids = layout.opened ^ {pk}
    address = changed(params, open=[str(one) for one in sorted(ids)])
    page = params.get("page")
    return f"{address}&page={page}" if page and page.isdecimal() else address
