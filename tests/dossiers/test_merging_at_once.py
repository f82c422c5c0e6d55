"""Two people merge at the same moment: the first has not committed when the second begins."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dossiers.actions import open_record
from dossiers.keys import SupplierKey
from dossiers.merging import merge_suppliers, undo_merge
from dossiers.models import Merge, Supplier
from tests.factories import SearchJobFactory, SupplierMatchFactory
from tests.searches.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other"),
]


def merged(user, survivor: Supplier, other: Supplier) -> Callable[[], str]:
    return answered(lambda: merge_suppliers(user=user, survivor=survivor, merged=other))


def answered(call: Callable[[], object]) -> Callable[[], str]:
    """ "" when it is done, else the code of its refusal."""

    def answer() -> str:
        try:
            call()
        except ValidationError as refusal:
            return refusal.code or ""
        return ""

    return answer


@pytest.fixture
def records(team) -> list[Supplier]:
    matches = SupplierMatchFactory.create_batch(3, job=SearchJobFactory(team=team))
    return [open_record(team=team.pk, key=SupplierKey.of_offer(match)) for match in matches]


def test_each_into_the_other_makes_no_circle(alice, bob, records):
    first, second, _ = records
    assert at_once(merged(alice, first, second), merged(bob, second, first)) == ("", "one")
    assert Merge.objects.get().survivor == first
    assert Supplier.objects.standing().count() == 2


def test_into_what_is_being_merged_is_refused_and_told(alice, bob, records):
    first, second, third = records
    assert at_once(merged(alice, first, second), merged(bob, second, third)) == ("", "moved")
    assert at_once(merged(alice, third, first), merged(bob, first, third)) == ("", "one")
    assert set(Supplier.objects.exclude(survivor=None).values_list("pk", "survivor")) == {
        (first.pk, third.pk),
        (second.pk, third.pk),
    }


def test_undone_by_two_at_once_is_undone_once(alice, bob, records):
    merge = merge_suppliers(user=alice, survivor=records[0], merged=records[1])
    undo = [answered(lambda who=who: undo_merge(user=who, merge=merge)) for who in (alice, bob)]
    assert at_once(*undo) == ("", "undone")
    assert Supplier.objects.standing().count() == 3
    merge.refresh_from_db()
    assert merge.undone_by == alice
