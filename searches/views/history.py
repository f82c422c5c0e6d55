"""The searches of a user's teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.core.paginator import Paginator
from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership, teams_to_search_for
from accounts.scope import signed_in
from searches.addresses import changed
from searches.filters import JobFilter
from searches.formats import day_and_clock, money
from searches.models import QueryImage, SearchJob, SupplierMatch
from searches.sorting import Column, filled, headers, sorting_of
from searches.views.scope import visible_jobs

JOBS_PER_PAGE = 50
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.key: column
        for column in (
            Column("title", _("Search"), filled("title")),
            Column("status", _("State"), F("status")),
            Column("offers", _("Offers"), F("offers"), numeric=True, falling_first=True),
            Column("price", _("Best price"), F("best_price"), numeric=True),
            Column("owner", _("Asked by"), F("owner__username")),
            Column("created", _("Asked"), F("created_at"), falling_first=True),
        )
    }
)
TONES = {
    SearchJob.Status.DONE: "ok",
    SearchJob.Status.PARTIAL: "wait",
    SearchJob.Status.CANCELLED: "wait",
    SearchJob.Status.FAILED: "bad",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A search as a line of the history, every figure in words."""

    url: str
    title: str
    keywords: str
    photo_id: int | None
    photos: str
    status: str
    tone: str
    unfinished: bool
    offers: str
    best_price: str
    several_currencies: bool
    owner: str
    team: str
    created: str


@require_safe
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    jobs = _with_figures(visible_jobs(user))
    filters = JobFilter(request.GET, jobs, user=user)
    sorting = sorting_of(request.GET.get("sort", ""), "-created", COLUMNS)
    page = Paginator(filters.qs.order_by(*sorting.order(), "-pk"), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "active": filters.active(),
        "sorting": sorting,
        "headers": headers(sorting, COLUMNS, request.GET),
        "rows": [_row(job) for job in page],
        "page": page,
        "clear_url": changed(request.GET, **dict.fromkeys(filters.filters)),
        "several_teams": Membership.objects.filter(user=user).count() > 1,
        "may_search": teams_to_search_for(user).exists(),
    }
    return render(request, "searches/list.html", context)


def _with_figures(jobs: QuerySet[SearchJob]) -> QuerySet[SearchJob]:
    """Each with its number of `photos_count` and `offers`, and its `best_price`, if its prices are in one currency."""
    photos = QueryImage.objects.filter(search_jobs=OuterRef("pk")).order_by().values("search_jobs")
    matches = SupplierMatch.objects.filter(job=OuterRef("pk")).order_by().values("job")
    counted = Subquery(matches.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    prices = matches.filter(price__isnull=False).annotate(
        lowest=Min("price"), currency_from=Min("currency"), currency_to=Max("currency")
    )
    comparable = prices.filter(currency_from=F("currency_to"))
    return jobs.annotate(
        photos_count=Subquery(photos.annotate(number=Count("pk")).values("number"), output_field=IntegerField()),
        offers=Coalesce(counted, 0),
        best_price=Subquery(comparable.values("lowest")),
        currency_from=Subquery(prices.values("currency_from")),
        currency_to=Subquery(prices.values("currency_to")),
    )


def _row(job: SearchJob) -> Row:
    figures = vars(job)
    price = figures["best_price"]
    return Row(
        url=job.get_absolute_url(),
        title=job.title,
        keywords=job.keywords,
        photo_id=figures["photo_id"],
        photos=_several(figures["photos_count"] or 0),
        status=job.get_status_display(),
        tone=TONES.get(SearchJob.Status(job.status), ""),
        unfinished=job.is_unfinished,
        offers=f"{figures['offers']:,}",
        best_price="" if price is None else money(price, figures["currency_to"]),
        several_currencies=figures["currency_from"] != figures["currency_to"],
        owner=str(job.owner) if job.owner else "",
        team=job.team.name,
        created=day_and_clock(job.created_at),
    )


def _several(photos: int) -> str:
    """How many photos, where that is worth telling."""
    return ngettext("%(number)d photo", "%(number)d photos", photos) % {"number": photos} if photos > 1 else ""
