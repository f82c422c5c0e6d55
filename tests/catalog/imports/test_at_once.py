"""Two imports of one team by two workers at the same moment."""

import threading

import pytest
from django.db import connection, connections

from catalog.imports import actions, jobs, turns
from catalog.models import CatalogImport, Item
from tests.catalog.imports.making import State, counts, csv_of, mapped, tried

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other"),
]


def test_two_imports_at_the_same_moment_lose_nothing(alice, team, signed_in, monkeypatch) -> None:
    monkeypatch.setattr(turns, "CHUNK", 5)
    browser = signed_in(alice)
    lines = [(f"A{number:03}", f"Bag {number}") for number in range(60)]
    sheets = [
        csv_of(("Own code", "Name", "Supplier"), *((*line, "Hengda") for line in lines)),
        csv_of(("Own code", "Name", "Notes"), *((*line, "ask Li") for line in reversed(lines))),
    ]
    both = [tried(browser, mapped(browser, sheet)) for sheet in sheets]
    for of in both:
        actions.start(of=of)
    meet, errors = threading.Barrier(2), []

    def go_on(of: CatalogImport) -> None:
        try:
            meet.wait()
            jobs.go_on(of.pk, seconds=60)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go_on, args=[of]) for of in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    for of in both:
        of.refresh_from_db()
    assert [of.state for of in both] == [State.DONE, State.DONE]
    assert sum(counts(of.written)[0] for of in both) == Item.objects.count() == 60
    assert set(Item.objects.values_list("supplier_name", "notes")) == {("Hengda", "ask Li")}
