"""All saved searches, and all views, that somebody sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership, User, teams_to_search_for
from accounts.scope import signed_in
from accounts.sharing import Audience
from saved.comparing import kept_counts
from saved.differences import Kind
from saved.models import DefaultView, Named, NamedQuerySet, Run, SavedSearch, SavedView
from saved.words import Setting, views_in_words
from searches.addresses import changed
from searches.formats import day_and_clock
from searches.models import SupplierMatch

ROWS_PER_PAGE = 50
LONGEST_WORDS = 200
SHOWN: Mapping[str, Promise] = MappingProxyType(
    {
        "": _("All"),
        "mine": _("Mine"),
        "shared": _("Shared with me"),
        "team": _("The team’s"),
        "starred": _("Favourites"),
    }
)
Thing = TypeVar("Thing", bound=Named)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A saved search as a line; `changes`: how many offers differ, by kind, in the last run."""

    search: SavedSearch
    photo_id: int | None
    run: Run | None
    asked_at: str
    offers: int
    changes: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ViewRow:
    view: SavedView
    settings: list[Setting]
    mine: bool
    teams: bool


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    searches = SavedSearch.objects.as_seen_by(user)
    context = _listed(request, user, searches)
    context["rows"] = _search_rows(context["page"].object_list)
    return render(request, "saved/index.html", context)


@require_safe
@never_cache
def views(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = _listed(request, user, SavedView.objects.as_seen_by(user).select_related("search", "team", "owner"))
    context["rows"] = _view_rows(user, context["page"].object_list)
    return render(request, "saved/views.html", context)


def _listed(request: HttpRequest, user: User, things: NamedQuerySet[Thing]) -> dict[str, Any]:
    """The page of those that are asked for, the starred ones first."""
    words = request.GET.get("q", "")[:LONGEST_WORDS].replace("\0", "").strip()
    found = things.filter(name__icontains=words) if words else things
    shown = request.GET.get("show", "")
    conditions = _conditions(user)
    rows = found.filter(conditions.get(shown, Q()))
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    counts = found.aggregate(**{f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()})
    tabs = [
        Tab(str(label), changed(request.GET, show=key or None), counts[f"n_{key}"], key == (shown or ""))
        for key, label in SHOWN.items()
    ]
    return {
        "page": page,
        "words": words,
        "show": shown,
        "tabs": tabs,
        "everything": counts["n_"],
        "in_a_team": Membership.objects.filter(user=user).exists(),
        "may_save": teams_to_search_for(user).exists(),
    }


def _conditions(user: User) -> dict[str, Q]:
    """“Mine” is the reader's, whoever sent the link."""
    return {
        "": Q(pk__isnull=False),
        "mine": Q(owner=user),
        "shared": Q(audience=Audience.PEOPLE) & ~Q(owner=user),
        "team": Q(audience=Audience.TEAM),
        "starred": Q(starred=True),
    }


def _search_rows(searches: list[SavedSearch]) -> list[SearchRow]:
    """Three queries for all of them: the first photos, the last runs, and how many offers those found."""
    keys = [search.pk for search in searches]
    links = SavedSearch.photos.through._default_manager.filter(savedsearch__in=keys).exclude(queryimage__file="")
    photos = dict(links.order_by("-pk").values_list("savedsearch", "queryimage"))
    newest = Run.objects.filter(search=OuterRef("search")).order_by("-pk").values("pk")[:1]
    last = Run.objects.filter(search__in=keys, pk=Subquery(newest)).select_related("job")
    runs = {run.search_id: run for run in last}
    matches = SupplierMatch.objects.filter(job__in=[run.job_id for run in runs.values()]).order_by()
    offers = dict(matches.values("job").annotate(number=Count("pk")).values_list("job", "number"))
    return [_search_row(search, photos.get(search.pk), runs.get(search.pk), offers) for search in searches]


def _search_row(search: SavedSearch, photo: int | None, run: Run | None, offers: dict[int, int]) -> SearchRow:
    counts = kept_counts(run) if run else {}
    return SearchRow(
        search=search,
        photo_id=photo,
        run=run,
        asked_at=day_and_clock(run.job.created_at) if run else "",
        offers=offers.get(run.job_id, 0) if run else 0,
        changes=[(number, str(Kind(kind).label)) for kind, number in counts.items() if number],
    )


def _view_rows(user: User, views: list[SavedView]) -> list[ViewRow]:
    defaults = DefaultView.objects.filter(Q(user=user) | Q(user=None), view__in=[view.pk for view in views])
    mine = {row.view_id for row in defaults if row.user_id is not None}
    teams = {row.view_id for row in defaults if row.user_id is None}
    told = views_in_words(user, [view.query for view in views])
    return [ViewRow(view, words, view.pk in mine, view.pk in teams) for view, words in zip(views, told, strict=True)]
