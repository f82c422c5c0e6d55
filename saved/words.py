"""A question and a view in words: what was saved, for people who did not save it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import parse_qsl

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.scope import id_of
from reckoning.models import CostProfile, ScoreWeights
from saved.models import SavedSearch
from saved.question import as_job
from searches.badges import IDENTITIES
from searches.columns import OPTIONAL, SORTS
from searches.filters import MatchFilter
from searches.formats import price_range
from searches.marketplaces import MARKETPLACES
from searches.models import SearchJob

# What is no filter; filters are called as the comparison's side calls them, and anything else as its parameter is.
LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "sort": gettext_lazy("order"),
        "cols": gettext_lazy("columns"),
        "density": gettext_lazy("rows"),
        "group": gettext_lazy("grouped by"),
        "fold": gettext_lazy("equal offers folded"),
        "best": gettext_lazy("best suppliers"),
    }
)
WORDS: Mapping[tuple[str, str], Promise] = MappingProxyType(
    {
        ("density", "compact"): gettext_lazy("compact"),
        ("density", "cosy"): gettext_lazy("cosy"),
        ("group", "supplier"): gettext_lazy("supplier"),
        ("fold", "1"): gettext_lazy("yes"),
        ("fold", "photo"): gettext_lazy("by their photo"),
        ("best", "1"): gettext_lazy("yes"),
        ("dropshipping", "on"): gettext_lazy("yes"),
        ("dropshipping", "true"): gettext_lazy("yes"),
        ("hide", "decided"): gettext_lazy("what was decided"),
        ("hide", "ads"): gettext_lazy("advertisements"),
    }
)
# The parameters whose values are ids of what a team reckons with, by parameter and id.
Names: TypeAlias = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a view or a question says."""

    label: str
    value: str


def marketplace_name(key: str) -> str:
    return _(MARKETPLACES[key].label) if key in MARKETPLACES else key


def names_of(keys: Iterable[str]) -> str:
    return ", ".join(marketplace_name(key) for key in keys)


def view_in_words(user: User, query: str) -> list[Setting]:
    """What a view narrows, orders and reckons by; empty for a search as it opens by itself."""
    return views_in_words(user, [query])[0]


def views_in_words(user: User, queries: Iterable[str]) -> list[list[Setting]]:
    """The same of several, in their order; two queries at most. `user`: the names that they may see are named."""
    parsed = [parse_qsl(query) for query in queries]
    pairs = {pair for one in parsed for pair in one}
    names = _reckoned_with(user, pairs)
    return [_settings(one, names) for one in parsed]


def question_in_words(search: SavedSearch, photos: int) -> list[Setting]:
    job = as_job(search)
    counted = ngettext("%(number)d photo", "%(number)d photos", photos) % {"number": photos}
    basic = job.preparation == SearchJob.Preparation.BASIC
    said = (
        (_("searched with"), counted),
        (_("at"), names_of(search.marketplaces)),
        (_("price of a piece"), price_range(job.price_from, job.price_to)),
        (_("only"), _("wholesale") if job.wholesale_only else ""),
        (_("asked for"), f"{job.get_wanted_display()} · {job.get_order_display()}"),
        (_("words in the title"), job.keywords),
        (_("preparing the photo"), "" if basic else job.get_preparation_display()),
    )
    return [Setting(label, value) for label, value in said if value]


def _settings(pairs: Iterable[tuple[str, str]], names: Names) -> list[Setting]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(_value(name, value, names))
    return [Setting(_label(name), ", ".join(texts)) for name, texts in values.items()]


def _label(name: str) -> str:
    field = MatchFilter.base_fields.get(name)
    label = field.label if field else LABELS.get(name)
    return str(label or name.replace("_", " "))


def _value(name: str, value: str, names: Names) -> str:
    if name in VALUES:
        return VALUES[name](value)
    if name in RECKONED:
        return names.get((name, value), _("one that is gone"))
    return str(WORDS.get((name, value), value))


def _sort(value: str) -> str:
    """`-similarity,price` as “Similarity ↓, Price ↑”: the arrow points to where the figures go."""
    columns = [(column.removeprefix("-"), column.startswith("-")) for column in value.split(",") if column]
    labels = [(str(SORTS[name].label) if name in SORTS else name, falling) for name, falling in columns]
    return ", ".join(f"{label} {'↓' if falling else '↑'}" for label, falling in labels)


def _columns(value: str) -> str:
    return ", ".join(str(OPTIONAL[name].label) for name in value.split(",") if name in OPTIONAL)


def _identity(value: str) -> str:
    return str(IDENTITIES.get(value, value))


VALUES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"marketplace": marketplace_name, "identity": _identity, "sort": _sort, "cols": _columns}
)
RECKONED: Mapping[str, type[CostProfile] | type[ScoreWeights]] = MappingProxyType(
    {"costs": CostProfile, "weights": ScoreWeights}
)


def _reckoned_with(user: User, pairs: Iterable[tuple[str, str]]) -> Names:
    ids: dict[str, set[int]] = {}
    for name, value in pairs:
        pk = id_of(value) if name in RECKONED else None
        if pk:
            ids.setdefault(name, set()).add(pk)
    return {
        (name, str(row.pk)): row.name for name, keys in ids.items() for row in _rows(name, user).filter(pk__in=keys)
    }


def _rows(name: str, user: User) -> "QuerySet[CostProfile] | QuerySet[ScoreWeights]":
    return RECKONED[name].objects.for_user(user)
