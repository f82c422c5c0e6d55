"""A question and a view in words: what was saved, for people who did not save it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from saved.models import SavedSearch
from saved.question import as_job
from searches.badges import identity_label
from searches.formats import price_range
from searches.marketplaces import MARKETPLACES
from searches.models import SearchJob

# What is not here is called as its parameter is.
LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "sort": gettext_lazy("order"),
        "price_from": gettext_lazy("price from"),
        "price_to": gettext_lazy("price up to"),
        "similarity_from": gettext_lazy("similarity at least"),
        "photos_from": gettext_lazy("photos that found it, at least"),
        "credit_from": gettext_lazy("credit at least"),
        "years_from": gettext_lazy("years at least"),
        "moq_to": gettext_lazy("MOQ at most"),
        "title_any": gettext_lazy("any of these words"),
        "title_all": gettext_lazy("all of these words"),
        "title_none": gettext_lazy("none of these words"),
        "supplier": gettext_lazy("supplier’s name contains"),
        "place": gettext_lazy("place"),
        "identity": gettext_lazy("supplier is"),
        "ships_within": gettext_lazy("ships within hours"),
        "dropshipping": gettext_lazy("dropshipping"),
        "marketplace": gettext_lazy("marketplace"),
        "quantity": gettext_lazy("order quantity"),
        "columns": gettext_lazy("columns"),
        "group": gettext_lazy("grouped by"),
        "best": gettext_lazy("best suppliers"),
    }
)
# Columns by which one orders; what is not here is called as the address calls it.
SORTS: Mapping[str, Promise] = MappingProxyType(
    {
        "title": gettext_lazy("title"),
        "price": gettext_lazy("price"),
        "moq": gettext_lazy("MOQ"),
        "similarity": gettext_lazy("similarity"),
        "rank": gettext_lazy("rank"),
        "blend": gettext_lazy("ranks blended"),
        "sold": gettext_lazy("sold a month"),
        "repurchased": gettext_lazy("repurchased"),
        "supplier": gettext_lazy("supplier"),
        "credit": gettext_lazy("credit"),
        "years": gettext_lazy("years"),
        "place": gettext_lazy("place"),
        "location": gettext_lazy("place"),
        "total": gettext_lazy("total"),
        "landed": gettext_lazy("landed cost"),
        "score": gettext_lazy("score"),
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a view or a question says."""

    label: str
    value: str


def marketplace_name(key: str) -> str:
    return _(MARKETPLACES[key].label) if key in MARKETPLACES else key


def _identity(value: str) -> str:
    try:
        return identity_label(value)
    except (KeyError, ValueError):
        return value


def _sort(value: str) -> str:
    """`-similarity,price` as “similarity ↓, price ↑”: the arrow points to where the figures go."""
    columns = [(column.removeprefix("-"), column.startswith("-")) for column in value.split(",") if column]
    return ", ".join(f"{SORTS.get(name, name)} {'↓' if falling else '↑'}" for name, falling in columns)


VALUES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"marketplace": marketplace_name, "identity": _identity, "sort": _sort}
)


def view_in_words(query: str) -> list[Setting]:
    """What a view narrows and orders by; empty for a search as it opens by itself."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query):
        values.setdefault(name, []).append(VALUES.get(name, str)(value))
    return [Setting(str(LABELS.get(name, name.replace("_", " "))), ", ".join(texts)) for name, texts in values.items()]


def question_in_words(search: SavedSearch, photos: int) -> list[Setting]:
    job = as_job(search)
    counted = ngettext("%(number)d photo", "%(number)d photos", photos) % {"number": photos}
    said = (
        (_("searched with"), counted),
        (_("at"), ", ".join(marketplace_name(key) for key in search.marketplaces)),
        (_("price of a piece"), price_range(job.price_from, job.price_to)),
        (_("only"), _("wholesale") if job.wholesale_only else ""),
        (_("asked for"), f"{job.get_wanted_display()} · {job.get_order_display()}"),
        (_("words in the title"), job.keywords),
        (_("preparing the photo"), _preparation(job)),
    )
    return [Setting(label, value) for label, value in said if value]


def _preparation(job: SearchJob) -> str:
    return "" if job.preparation == SearchJob.Preparation.BASIC else job.get_preparation_display()


def names_of(keys: Iterable[str]) -> str:
    return ", ".join(marketplace_name(key) for key in keys)
