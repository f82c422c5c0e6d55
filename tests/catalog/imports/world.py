"""Imports in the middle of their way, for whoever looks at every page."""

from accounts.models import Team, User
from catalog.imports import actions, jobs, uploads
from catalog.models import CatalogImport
from tests.catalog.imports.making import HEADINGS, csv_of

LINES = (
    ("NEW-1", "大容量防水旅行包", "白沟恒达箱包厂", "¥25", "", 50, "1-99: 25; 100+: 23.5", "2026-03-01", ""),
    ("NEW-2", "陶瓷杯", "", "ask", "", "", "", "", "price unknown"),
    ("NEW-1", "the same code again", "", "", "", "", "", "", ""),
    ("BAG-0001", "旅行包", "", "19.8", "USD", "", "", "", ""),
)


def imports_of(team: Team, owner: User) -> dict[str, CatalogImport]:
    """One that waits for its sheet, one with its columns to be confirmed, one tried, one refused, one done."""
    sheet = csv_of(HEADINGS, *LINES)
    made = {
        "begun_import": actions.begin(team=team, user=owner),
        "mapped_import": _sent(team, owner, sheet),
        "tried_import": _sent(team, owner, sheet),
        "refused_import": _sent(team, owner, b"<html>"),
        "done_import": _sent(team, owner, csv_of(HEADINGS, ("POT-1", "Pot"), ("", "nobody"))),
    }
    for name in ("tried_import", "done_import"):
        of = made[name]
        actions.try_out(of=of, columns=of.columns)
        jobs.go_on(of.pk)
    actions.start(of=made["done_import"])
    jobs.go_on(made["done_import"].pk)
    for of in made.values():
        of.refresh_from_db()
    return made


def _sent(team: Team, owner: User, data: bytes) -> CatalogImport:
    of = actions.begin(team=team, user=owner)
    file = uploads.announce(of=of, name="spring.csv", size=len(data), fingerprint="spring")
    uploads.receive(file, offset=0, data=data)
    jobs.go_on(of.pk)
    of.refresh_from_db()
    return of
