"""The board: columns with their heads, groups of rows, cells with what is best marked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from searches.reckoned import Terms
from searches.rows import marketplace_label
from searches.sidebyside.candidates import Candidate, Subject
from searches.sidebyside.groups import GROUPS, Grouping, Properties
from searches.sidebyside.values import Property, Value, best_places


@dataclass(frozen=True, slots=True)
class Column:
    """A head. earlier, later: the addresses with it one place further, "" at the ends. without: that without it."""

    key: str
    number: int
    title: str
    url: str
    picture: str
    marketplace: str
    earlier: str
    later: str
    without: str


@dataclass(frozen=True, slots=True)
class Cell:
    value: Value
    is_best: bool


@dataclass(frozen=True, slots=True)
class Row:
    """differs: whether the offers say different things; a row in which some are silent differs, too."""

    key: str
    label: str
    cells: list[Cell]
    differs: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    note: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Board:
    """groups: without rows of which no offer says anything. hidden: how many rows are left out as all the same."""

    columns: list[Column]
    groups: list[Group]
    hidden: int
    only_differences: bool

    @property
    def width(self) -> int:
        """Of a row, in columns, its label's included."""
        return len(self.columns) + 1


def board_of(
    candidates: Sequence[Candidate],
    terms: Terms,
    *,
    address: Callable[[Sequence[str]], str],
    only_differences: bool = False,
    groups: Sequence[Grouping] = tuple(GROUPS.values()),
) -> Board:
    """candidates: in the order of the columns. address: of the page with the candidates of these keys, in this order;
    those that wait for a place it adds itself."""
    subjects = [Subject(candidate, terms) for candidate in candidates]
    made = [_group(properties, subjects) for properties in (of(terms, subjects) for of in groups)]
    rows = [row for group in made for row in group.rows]
    if only_differences:
        made = [Group(group.label, group.note, [row for row in group.rows if row.differs]) for group in made]
    return Board(
        columns=[*_columns(candidates, address)],
        groups=[group for group in made if group.rows],
        hidden=sum(not row.differs for row in rows) if only_differences else 0,
        only_differences=only_differences,
    )


def _group(properties: Properties, subjects: Sequence[Subject]) -> Group:
    rows = [_row(one, [one.of(subject) for subject in subjects]) for one in properties.rows]
    said = [row for row in rows if any(cell.value.is_known for cell in row.cells)]
    return Group(properties.label, properties.note, said)


def _row(one: Property, values: Sequence[Value]) -> Row:
    best = best_places(values, one.best)
    cells = [Cell(value, place in best) for place, value in enumerate(values)]
    return Row(one.key, str(one.label), cells, len({(value.text, *value.lines) for value in values}) > 1)


def _columns(candidates: Sequence[Candidate], address: Callable[[Sequence[str]], str]) -> Iterator[Column]:
    keys = [candidate.key for candidate in candidates]
    last = len(keys) - 1
    for place, candidate in enumerate(candidates):
        offer = candidate.offer
        others = [key for key in keys if key != candidate.key]
        yield Column(
            key=candidate.key,
            number=place + 1,
            title=offer.title or _("offer %(id)s, without a title") % {"id": offer.offer_id},
            url=offer.url,
            picture=candidate.picture,
            marketplace=marketplace_label(offer.marketplace),
            earlier=address(_put(others, place - 1, candidate.key)) if place else "",
            later=address(_put(others, place + 1, candidate.key)) if place < last else "",
            without=address(others),
        )


def _put(others: Sequence[str], place: int, key: str) -> list[str]:
    return [*others[:place], key, *others[place:]]
