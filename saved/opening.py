"""Where saved things open: a search's comparison, in the saved state."""

from django.db.models import Q, QuerySet

from accounts.models import User
from saved import querystring
from saved.models import DefaultView, Named, Run, SavedSearch, SavedView
from searches.models import SearchJob


def place_of(thing: Named, job: SearchJob, query: str | None = None) -> str:
    """The comparison with the saved thing open; `query`: in another state than the saved one."""
    named = {querystring.VIEW: thing.pk} if isinstance(thing, SavedView) else {}
    search = thing.search_id if isinstance(thing, SavedView) else thing.pk
    state = thing.query if query is None else query
    return querystring.address(job.get_absolute_url(), state, **named, **{querystring.SAVED: search})


def run_to_open(search: SavedSearch) -> Run | None:
    """The newest run that is over, or else one on its way."""
    runs = search.runs.select_related("job")
    return runs.exclude(job__status__in=SearchJob.UNFINISHED).first() or runs.first()


def default_query(user: User, job: SearchJob) -> str:
    """The state in which the user's searches of this team open: their own choice before the team's; or ""."""
    chosen: QuerySet[DefaultView] = DefaultView.objects.filter(Q(user=user) | Q(user=None), team=job.team_id)
    visible = SavedView.objects.for_user(user).values("pk")
    # NULL comes first or last as the database likes: of two rows, the person's is looked for.
    found = sorted(chosen.filter(view__in=visible).select_related("view"), key=lambda row: row.user_id is None)
    if not found:
        return ""
    return querystring.address("", found[0].view.query, **{querystring.VIEW: found[0].view_id}).removeprefix("?")
