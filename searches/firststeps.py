"""What somebody who has found nothing yet can do first, and what they still lack for it."""

from dataclasses import dataclass

from accounts.models import Membership, User, teams_to_search_for
from searches.actions import marketplaces_for


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """in_a_team: may see anything at all. may_search: is more than a reader. searchable: a credential lets them in."""

    in_a_team: bool
    may_search: bool
    searchable: bool

    @property
    def ready(self) -> bool:
        return self.may_search and self.searchable


def first_steps(user: User) -> FirstSteps:
    teams = list(teams_to_search_for(user))
    return FirstSteps(
        in_a_team=bool(teams) or Membership.objects.filter(user=user).exists(),
        may_search=bool(teams),
        searchable=bool(teams and marketplaces_for(teams)),
    )
