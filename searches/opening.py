"""In which state a search opens when its address says nothing: its own words, and what rooms above have saved."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import QueryDict

from accounts.models import User
from searches.models import SearchJob

# The query string in which this user's searches open, or "".
Opening: TypeAlias = Callable[[User, SearchJob], str]

_openings: list[Opening] = []


def register(opening: Opening) -> None:
    """Ask it from now on; for an app's `ready`. The first that has an answer is heard."""
    if opening not in _openings:
        _openings.append(opening)


def query_of(user: User, job: SearchJob) -> str:
    """The query string to open with; "" when there is none."""
    params = QueryDict(next(filter(None, (opening(user, job) for opening in _openings)), ""), mutable=True)
    if job.keywords and "title_any" not in params:
        # The words of the question are the first filter: in the address, where they can be taken away.
        params["title_any"] = job.keywords
    return params.urlencode()
