"""What tests of saved things share: a buyer beside alice, and a search of hers that is saved."""

from decimal import Decimal

import pytest

from accounts.models import User
from saved import actions
from saved.models import SavedSearch
from searches.models import SearchJob
from tests.factories import MembershipFactory, SearchCallFactory, SearchJobFactory, UserFactory


@pytest.fixture
def ben(team) -> User:
    """Another buyer of the team."""
    return MembershipFactory(user=UserFactory(username="ben"), team=team).user


@pytest.fixture
def job(team, alice) -> SearchJob:
    """A search of alice's, over, with one answered call."""
    made = SearchJobFactory(team=team, owner=alice, title="Duffle bag", price_to=Decimal("80.50"))
    SearchCallFactory(job=made)
    return made


@pytest.fixture
def bags(job, alice) -> SavedSearch:
    """Saved by alice, for herself."""
    return actions.save_search(user=alice, job=job, name="Bags", query="price_to=20&sort=price")


@pytest.fixture
def let_in():
    """`let_in(thing, ben, editing=True)`: alice shares it with chosen people."""

    def shared(thing, *people: User, editing: bool = False):
        thing.audience, thing.shared_for_editing = "people", editing
        thing.save()
        thing.people.set(people)
        return thing

    return shared
