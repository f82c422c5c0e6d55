"""The line on a search's page that says what is saved of what one sees, and what can be done about the rest."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.models import User
from accounts.scope import id_of, signed_in
from saved import querystring
from saved.comparing import summary_of
from saved.differences import Kind
from saved.forms import SaveForm
from saved.models import Named, Run, SavedSearch, SavedView
from saved.opening import place_of
from searches.formats import clock
from searches.models import SearchJob

MOST_VIEWS = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A view that the search can be seen with."""

    name: str
    url: str
    current: bool
    starred: bool
    of_search: bool


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the run before."""

    when: str
    url: str
    counts: list[tuple[int, str]]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """thing: the saved search or view that is open, None without one. changed: what one sees is not as it is saved.
    is_editable: it is changed, and the reader may change what is saved, unless it is locked.

    carried: what a form of the page has to send along, as the address does not name it.

    lost: the address names something that is gone, or that is not shared with the reader. too_long: the state has
    more parameters than can be saved.
    """

    search: SavedSearch | None
    view: SavedView | None
    query: str
    changed: bool
    lost: bool
    too_long: bool
    is_buyer: bool
    is_editable: bool
    discard_url: str
    link: str
    carried: list[tuple[str, int]]
    save_url: str
    choices: list[Choice]
    since: Since | None
    form: SaveForm

    @property
    def thing(self) -> Named | None:
        return self.view or self.search

    @property
    def may_save_over(self) -> bool:
        return self.is_editable and not self.too_long and not (self.thing and self.thing.locked)

    @property
    def verbs(self) -> dict[str, str]:
        """The addresses of what can be done with what is open, by verb."""
        if self.thing is None:
            return {}
        prefix = "view-" if self.view else ""
        verbs = ("keep", "copy", "share", "star")
        return {verb: reverse(f"saved:{prefix}{verb}", args=[self.thing.pk]) for verb in verbs}


def bar_of(job: SearchJob, request: HttpRequest, params: QueryDict | None = None) -> Bar:
    """Four queries, two of a search that was never saved; one more of what was changed.

    params: the state as the comparison spells it out, so that a view means the same later; or else as it is asked for.
    """
    user = signed_in(request)
    asked = id_of(request.GET.get(querystring.SAVED, ""))
    asked_view = id_of(request.GET.get(querystring.VIEW, ""))
    query, too_long = _state(request.GET if params is None else params)
    search = _search(user, job, asked)
    views = _views(user, job, search)
    view = _view(views, search, query, asked_view)
    thing = view or search
    is_buyer = bool(vars(job).get("editable"))
    changed = thing is not None and (too_long or not querystring.same(thing.query, query))
    return Bar(
        search=search,
        view=view,
        query=query,
        changed=changed,
        lost=bool((asked and (search is None or search.pk != asked)) or (asked_view and view is None)),
        too_long=too_long,
        is_buyer=is_buyer,
        is_editable=changed and _may_change(user, search, view),
        discard_url=place_of(thing, job) if thing else "",
        link=_link(request, params, search, view),
        carried=[(name, value) for name, value in _named(search, view).items() if name not in request.GET],
        save_url=_save_url(job, search, query),
        choices=_choices(job, views, view),
        since=_since(job, search),
        form=SaveForm(of=search, initial={"name": job.title}, auto_id="save-%s"),
    )


def _state(params: QueryDict) -> tuple[str, bool]:
    """The state of the page, and whether it is too long to be saved."""
    try:
        return querystring.canonical(params.urlencode()), False
    except ValidationError:
        return "", True


def _search(user: User, job: SearchJob, asked: int | None) -> SavedSearch | None:
    """The one that the address names; else of those whose run this is, the reader's own, or a starred one."""
    runs = Run.objects.filter(job=job).values("search")
    found = SavedSearch.objects.listed_for(user).filter(Q(pk__in=runs) | Q(pk=asked or 0), team=job.team_id)

    def order(one: SavedSearch) -> tuple[bool, ...]:
        return one.pk != asked, one.owner_id != user.pk, not vars(one)["starred"]

    return min(found, key=order, default=None)


def _views(user: User, job: SearchJob, search: SavedSearch | None) -> list[SavedView]:
    return list(SavedView.objects.to_choose_for(user, search).filter(team=job.team_id)[:MOST_VIEWS])


def _view(views: list[SavedView], search: SavedSearch | None, query: str, asked: int | None) -> SavedView | None:
    """The one that the address names; else one that is just what the page shows, unless the search is that, too."""
    if asked:
        return next((view for view in views if view.pk == asked), None)
    if search and querystring.same(search.query, query):
        return None
    return next((view for view in views if view.query and view.query == query), None)


def _named(search: SavedSearch | None, view: SavedView | None) -> dict[str, int]:
    things = ((querystring.SAVED, search), (querystring.VIEW, view))
    return {name: thing.pk for name, thing in things if thing}


def _link(request: HttpRequest, spelled: QueryDict | None, search: SavedSearch | None, view: SavedView | None) -> str:
    """Exactly what the reader sees, page and all, with what is open.

    spelled: the state in full, if the page has one: a bare address opens with each reader's own default view, and one
    without a day reckons with the exchange rates of its reader's.
    """
    params = (request.GET if spelled is None else spelled).copy()
    for name, pk in _named(search, view).items():
        params[name] = str(pk)
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}" if params else request.path)


def _may_change(user: User, search: SavedSearch | None, view: SavedView | None) -> bool:
    if view:
        return SavedView.objects.editable_by(user).filter(pk=view.pk).exists()
    return search is not None and SavedSearch.objects.editable_by(user).filter(pk=search.pk).exists()


def _save_url(job: SearchJob, search: SavedSearch | None, query: str) -> str:
    named = {"job": job.pk, "query": query} | ({"saved": search.pk} if search else {})
    return f"{reverse('saved:new')}?{urlencode(named)}"


def _choices(job: SearchJob, views: list[SavedView], current: SavedView | None) -> list[Choice]:
    return [
        Choice(view.name, place_of(view, job), view == current, vars(view)["starred"], view.search_id is not None)
        for view in views
    ]


def _since(job: SearchJob, search: SavedSearch | None) -> Since | None:
    if search is None or job.is_unfinished:
        return None
    run = Run.objects.filter(search=search, job=job).first()
    if run is None:
        return None
    run.job = job
    summary = summary_of(run)
    if summary is None:
        return None
    counts = [(number, str(Kind(kind).label)) for kind, number in summary.counts.items() if number]
    return Since(clock(summary.before.job.created_at), run.get_absolute_url(), counts, summary.doubtful)
