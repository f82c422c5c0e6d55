"""The cast: each URL is tried as each of them.

alice buys, bob leads and vera only reads, in one team; charlie buys for another team; loner has no team.
"""

import pytest
from django.test import Client

from accounts.models import Membership, Team, User
from tests.factories import MembershipFactory, TeamFactory, UserFactory

__all__ = ("alice", "bob", "charlie", "charlies_team", "loner", "signed_in", "team", "vera")


@pytest.fixture
def team(db: None) -> Team:
    return TeamFactory(name="Outdoor")


@pytest.fixture
def charlies_team(db: None) -> Team:
    return TeamFactory(name="Kitchen")


def _member(name: str, team: Team, role: Membership.Role) -> User:
    return MembershipFactory(user=UserFactory(username=name), team=team, role=role).user


@pytest.fixture
def alice(team: Team) -> User:
    return _member("alice", team, Membership.Role.BUYER)


@pytest.fixture
def bob(team: Team) -> User:
    return _member("bob", team, Membership.Role.LEAD)


@pytest.fixture
def vera(team: Team) -> User:
    return _member("vera", team, Membership.Role.VIEWER)


@pytest.fixture
def charlie(charlies_team: Team) -> User:
    return _member("charlie", charlies_team, Membership.Role.BUYER)


@pytest.fixture
def loner(db: None) -> User:
    """Somebody who was added to no team yet."""
    return UserFactory(username="loner")


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a browser in which that user is signed in; None gives an anonymous one."""

    def client_of(user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return client_of
