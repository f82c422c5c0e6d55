"""What tests of lists share."""

import pytest

from suppliers.models import ListEntry, SupplierList
from tests.factories import ListEntryFactory, SupplierListFactory


@pytest.fixture
def spring(team, alice) -> SupplierList:
    """Alice's list, which all of her team sees and may change."""
    return SupplierListFactory(team=team, owner=alice, name="Spring bags")


@pytest.fixture
def entry(spring) -> ListEntry:
    return ListEntryFactory(supplier_list=spring, title="大容量旅行包")
