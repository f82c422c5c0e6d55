import pytest

from catalog.models import Item
from tests.factories import ItemFactory


@pytest.fixture
def bag(team) -> Item:
    """alice's team's item."""
    return ItemFactory(team=team, code="BAG-1", name="防水旅行包")
