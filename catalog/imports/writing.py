"""Items of a chunk into the database, in two statements: new ones, and changed ones."""

from collections.abc import Sequence

from catalog.imports.comparing import Kind, Verdict, judge
from catalog.models import Item

# All that an import may change; the others stay as they are.
WRITTEN = (
    "name",
    "supplier_name",
    "url",
    "price",
    "currency",
    "tiers",
    "moq",
    "last_bought",
    "notes",
    "archived_at",
    "changed_at",
    "version",
)


def write_items(verdicts: Sequence[Verdict]) -> None:
    """Save what the verdicts say, whose items the caller has locked; their items then are those of the database.

    An item that somebody added by hand since the caller looked is not written over: the row is compared with it.
    """
    new = [verdict for verdict in verdicts if verdict.kind == Kind.NEW and verdict.item]
    if new:
        Item.objects.bulk_create([verdict.item for verdict in new if verdict.item], ignore_conflicts=True)
        _look_again(new)
    changed = [verdict.item for verdict in verdicts if verdict.kind == Kind.CHANGED and verdict.item]
    if changed:
        Item.objects.bulk_create(
            [_next(item) for item in changed],
            update_conflicts=True,
            unique_fields=("team", "code"),
            update_fields=WRITTEN,
        )


def _next(item: Item) -> Item:
    """The same as a row to be inserted, for the database to find that it is there; a version later."""
    columns = {column.attname: getattr(item, column.attname) for column in Item._meta.concrete_fields}
    return Item(**{**columns, "id": None, "version": item.version + 1})


def _look_again(new: Sequence[Verdict]) -> None:
    """Take the items as they are now. One that is not what was written was somebody's a moment before."""
    made = {verdict.row.code: verdict.item for verdict in new if verdict.item}
    teams = {item.team_id: item.team for item in made.values()}
    there = Item.objects.filter(team__in=teams, code__in=made).select_for_update().order_by("pk")
    known = {item.code: item for item in there}
    for verdict in new:
        item = known[verdict.row.code]
        again = judge(verdict.row, item, seen={}, team=teams[item.team_id], owner=None)
        if again.kind != Kind.UNCHANGED:
            verdict.kind, verdict.changed, verdict.troubles = again.kind, again.changed, again.troubles
        verdict.item = again.item
