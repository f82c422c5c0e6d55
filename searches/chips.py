"""The active filters, each with the address that takes it away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from searches.addresses import changed
from searches.badges import identity_label
from searches.facets import LEAVING_OUT
from searches.filters import BEST
from searches.formats import plain, price_range
from searches.rows import marketplace_label

# The filters with any number of values: each value is a chip.
SEVERAL: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "identity": identity_label,
        "place": str,
        "marketplace": marketplace_label,
        "hide": lambda value: _("without %(what)s") % {"what": LEAVING_OUT[value]},
    }
)


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str


def chips_of(active: dict[str, Any], params: QueryDict, currency: str) -> list[Chip]:
    """`active`: the values that narrow the rows, by parameter."""
    left = dict(active)
    chips = []
    if is_best(left):
        del left["credit_from"], left["similarity_from"]
        chips.append(Chip(_("Best suppliers"), changed(params, credit_from=None, similarity_from=None)))
    lowest, highest = left.pop("price_from", None), left.pop("price_to", None)
    if lowest is not None or highest is not None:
        label = price_range(lowest, highest, currency)
        chips.append(Chip(label, changed(params, price_from=None, price_to=None)))
    for name, label_of in SEVERAL.items():
        chosen: list[str] = left.pop(name, [])
        for value in chosen:
            others = [other for other in chosen if other != value]
            chips.append(Chip(label_of(value), changed(params, **{name: others})))
    chips += [Chip(_label(name, value), changed(params, **{name: None})) for name, value in left.items()]
    return chips


def is_best(active: dict[str, Any], preset: Mapping[str, str] = BEST) -> bool:
    """Whether the preset's conditions are in force, exactly."""
    return all(name in active and plain(active[name]) == preset[name] for name in ("credit_from", "similarity_from"))


def _label(name: str, value: object) -> str:
    texts = {
        "similarity_from": _("similarity %(value)s and up"),
        "photos_from": _("found by at least %(value)s photos"),
        "credit_from": _("credit %(value)s and up"),
        "years_from": _("%(value)s years and up"),
        "medal_from": _("medal %(value)s and up"),
        "service_from": _("service %(value)s and up"),
        "moq_to": _("MOQ up to %(value)s"),
        "title_any": _("title has any of: %(value)s"),
        "title_all": _("title has all of: %(value)s"),
        "title_none": _("title has none of: %(value)s"),
        "supplier": _("supplier: %(value)s"),
        "ships_within": _("ships within %(value)s h"),
        "dropshipping": _("dropshipping"),
    }
    return texts[name] % {"value": value}
