"""The rows in the order in which a buyer asks: what it costs, how it is ordered, who sells it, what we know of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from django.utils.translation import gettext as _

from searches.reckoned import Terms
from searches.sidebyside.candidates import Subject
from searches.sidebyside.costs import landed_rows, price_rows
from searches.sidebyside.extras import extra_rows
from searches.sidebyside.standing import demand_rows, order_rows, score_rows, supplier_rows, team_rows
from searches.sidebyside.values import Property


@dataclass(frozen=True, slots=True)
class Properties:
    """Rows that belong together, under a heading. note: what to know of all of them."""

    label: str
    rows: Sequence[Property]
    note: str = ""


Grouping: TypeAlias = Callable[[Terms, Sequence[Subject]], Properties]


def _landed(terms: Terms, _subjects: Sequence[Subject]) -> Properties:
    note = _("a piece, by “%(profile)s”") % {"profile": terms.costing.name} if terms.costing else ""
    return Properties(_("Landed cost"), [*landed_rows(terms)], note)


def _score(terms: Terms, _subjects: Sequence[Subject]) -> Properties:
    note = _("by “%(weights)s”, among all offers of the search") % {"weights": terms.weights} if terms.weights else ""
    return Properties(_("Supplier score"), [*score_rows(terms)], note)


# By their names, in order; a room above may put its own among them.
GROUPS: MappingProxyType[str, Grouping] = MappingProxyType(
    {
        "prices": lambda terms, _subjects: Properties(_("Prices"), [*price_rows(terms)]),
        "landed": _landed,
        "ordering": lambda _terms, _subjects: Properties(_("Ordering"), [*order_rows()]),
        "offer": lambda _terms, _subjects: Properties(_("Offer"), [*demand_rows()]),
        "supplier": lambda _terms, _subjects: Properties(_("Supplier"), [*supplier_rows()]),
        "score": _score,
        "team": lambda _terms, _subjects: Properties(_("Your team"), [*team_rows()]),
        "extras": lambda _terms, subjects: Properties(
            _("Further details"), [*extra_rows(subjects)], _("as the marketplace names them")
        ),
    }
)
