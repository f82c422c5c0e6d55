"""What a saved search asks: from a search's columns to JSON, and back."""

from decimal import Decimal
from typing import Any, cast

from saved.models import SavedSearch
from searches.actions import Question, marketplaces_for, question_of
from searches.models import SearchJob


def kept(question: Question) -> dict[str, Any]:
    """A question as JSON holds it: prices as texts, the rest as it is."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in question.items()}


def asked(search: SavedSearch) -> Question:
    """The question as `start_search` takes it. What searches no longer ask is left out."""
    names = Question.__annotations__
    return cast(Question, {name: _value(name, value) for name, value in search.question.items() if name in names})


def as_job(search: SavedSearch) -> SearchJob:
    """An unsaved search with this question, for what shows and checks questions of searches."""
    return SearchJob(team=search.team, title=search.name, **asked(search))


def marketplaces_left(search: SavedSearch) -> list[str]:
    """Those that are to be asked and that the team may still search."""
    return [key for key in marketplaces_for([search.team]) if key in search.marketplaces]


def is_same_question(one: SearchJob, other: SearchJob) -> bool:
    """Whether two searches asked the same: otherwise what differs is not the marketplace's doing alone."""
    return question_of(one) == question_of(other) and one.photos == other.photos


def _value(name: str, value: Any) -> Any:
    return SearchJob._meta.get_field(name).to_python(value)  # type: ignore[union-attr]  # columns, no relations
