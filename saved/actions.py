"""What people do with saved searches and views: one verb, one transaction each."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.sharing import Audience
from saved import querystring
from saved.models import DefaultView, Named, Run, SavedSearch, SavedView
from saved.names import free_name, tidy
from saved.question import asked, kept, marketplaces_left
from saved.refusals import Locked, Outdated
from searches import removal
from searches.actions import Question, question_of, start_search
from searches.models import QueryImage, SearchJob

Thing = TypeVar("Thing", bound=Named)


@transaction.atomic
def save_search(*, user: User, job: SearchJob, name: str, query: str = "") -> SavedSearch:
    """Keep a search's photos and question, and the view of its comparison. The search is its first run.

    Raises `ValidationError` for an empty or too long name, for one that the user has given already, and for a view
    that is too long.
    """
    search = SavedSearch(
        team=job.team,
        owner=user,
        changed_by=user,
        name=tidy(name),
        query=querystring.canonical(query),
        question=kept(question_of(job)),
        marketplaces=list(dict.fromkeys(job.calls.order_by("pk").values_list("marketplace", flat=True))),
    )
    _write(search, search.save)
    _give(search, job.photos)
    Run.objects.create(search=search, job=job)
    return search


@transaction.atomic
def copy_search(*, user: User, search: SavedSearch, name: str = "", query: str | None = None) -> SavedSearch:
    """The user's own, private and unlocked, with the runs so far; `query`: another view than the original's.

    Without a name it is called as the original, with a number if need be. Raises `ValidationError` as `save_search`.
    """
    own = SavedSearch(
        team=search.team,
        owner=user,
        changed_by=user,
        name=tidy(name) or free_name(SavedSearch, team=search.team, user=user, wanted=search.name),
        query=search.query if query is None else querystring.canonical(query),
        question=search.question,
        marketplaces=search.marketplaces,
    )
    _write(own, own.save)
    _give(own, search.images)
    runs = search.runs.order_by("pk").values_list("job", flat=True)
    Run.objects.bulk_create(Run(search=own, job_id=job) for job in runs)
    return own


@transaction.atomic
def save_view(*, user: User, team: Team, name: str, query: str, search: SavedSearch | None = None) -> SavedView:
    """Keep a view: of a saved search, or for any search of the team. Raises `ValidationError` as `save_search`."""
    view = SavedView(
        team=team, owner=user, changed_by=user, name=tidy(name), query=querystring.canonical(query), search=search
    )
    _write(view, view.save)
    return view


@transaction.atomic
def copy_view(*, user: User, view: SavedView, name: str = "", query: str | None = None) -> SavedView:
    """The user's own, private and unlocked."""
    named = tidy(name) or free_name(SavedView, team=view.team, user=user, wanted=view.name)
    query = view.query if query is None else query
    return save_view(user=user, team=view.team, name=named, query=query, search=view.search)


def save_over(*, user: User, thing: Named, query: str, version: int) -> None:
    """Give it another view, for everybody who sees it.

    Raises `Locked`; `Outdated` when it is another version than the one that the user opened; `ValidationError`.
    """
    _change(user, thing, version, query=querystring.canonical(query))


def rename(*, user: User, thing: Named, name: str, version: int) -> None:
    """Raises as `save_over`, and `ValidationError` for a name that is none or that its owner has given already."""
    _change(user, thing, version, name=tidy(name))


def ask_otherwise(
    *, user: User, search: SavedSearch, question: Question, marketplaces: Iterable[str], version: int
) -> None:
    """Change the question. Runs so far stay as they were asked. Raises as `save_over`."""
    _change(user, search, version, question=kept(question), marketplaces=list(marketplaces))


def set_lock(*, user: User, thing: Named, locked: bool) -> None:
    """While it is locked nobody saves over it, renames or deletes it; not even its owner, by mistake."""
    values = {"locked": locked, "changed_by": user, "changed_at": timezone.now(), "version": F("version") + 1}
    type(thing)._base_manager.filter(pk=thing.pk).exclude(locked=locked).update(**values)


def set_star(*, user: User, thing: Named, starred: bool) -> None:
    """Among the user's favourites, or no longer."""
    if starred:
        thing.starred_by.add(user)
    else:
        thing.starred_by.remove(user)


@transaction.atomic
def run_again(*, user: User, search: SavedSearch) -> tuple[Run, bool]:
    """Ask anew, with no cached answer; answers the run, and whether it is a new one.

    While a run is on its way there is no second: two people who ask at once get the same. Raises `ValidationError`
    when none of the photos is kept, or none of the marketplaces is in use.
    """
    SavedSearch.objects.select_for_update().get(pk=search.pk)
    last = search.runs.select_related("job").first()
    if last and last.job.is_unfinished:
        return last, False
    images = [image for image in search.images if image.file]
    if not images:
        raise ValidationError(
            _("None of its photos is kept any more. Start a new search, and save that."), code="photo"
        )
    marketplaces = marketplaces_left(search)
    if not marketplaces:
        text = _("None of its marketplaces is in use any more. Choose others under “Change the question”.")
        raise ValidationError(text, code="no-marketplace")
    question = asked(search)
    if "crops" in question:
        left = {str(image.pk) for image in images}
        question["crops"] = {photo: part for photo, part in question["crops"].items() if photo in left}
    job = start_search(
        user=user, team=search.team, images=images, marketplaces=marketplaces, title=search.name, fresh=True, **question
    )
    return Run.objects.create(search=search, job=job), True


@transaction.atomic
def delete_search(*, search: SavedSearch) -> None:
    """With its views, and with the photos that nothing else shows. Its runs stay, as the team's searches.

    Raises `Locked`.
    """
    held = SavedSearch.objects.select_for_update().filter(pk=search.pk).first()
    if held is None:
        return
    if held.locked:
        raise Locked(held)
    photos = list(held.photos.values_list("pk", flat=True))
    held.delete()
    images = QueryImage.objects.filter(pk__in=photos)
    # Held in one order, as deleting searches does: of two that show one photo, the later sees that the other is gone.
    list(images.select_for_update().order_by("pk"))
    removal.unused(images).delete()


@transaction.atomic
def delete_view(*, view: SavedView) -> None:
    """Raises `Locked`."""
    held = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if held is None:
        return
    if held.locked:
        raise Locked(held)
    held.delete()


@transaction.atomic
def set_default(*, team: Team, user: User | None, view: SavedView | None) -> None:
    """With which view the team's searches open for the user; without a user, for all who chose none. None: with none.

    Raises `ValidationError` for what others of the team would not see, and for a view of one search.
    """
    # Two who choose at once wait for each other.
    Team.objects.select_for_update().get(pk=team.pk)
    chosen = DefaultView.objects.filter(team=team, user=user)
    if view is None:
        chosen.delete()
        return
    if view.search_id is not None or view.team_id != team.pk:
        raise ValidationError(_("Only a view for any search can be what searches open with."), code="search")
    if user is None and view.audience != Audience.TEAM:
        raise ValidationError(_("Share the view with the whole team first: not all of them see it."), code="audience")
    DefaultView.objects.update_or_create(team=team, user=user, defaults={"view": view})


def _change(user: User, thing: Named, version: int, **values: Any) -> None:
    rows = type(thing)._base_manager.select_related("changed_by")
    # Checked as the row would be, by a copy: what is refused leaves the caller's row as it was.
    changed = rows.get(pk=thing.pk)
    for name, value in values.items():
        setattr(changed, name, value)
    if changed.locked:
        raise Locked(changed)
    values |= {"version": F("version") + 1, "changed_by": user, "changed_at": timezone.now()}
    written: list[int] = []

    def write() -> None:
        written.append(rows.filter(pk=thing.pk, version=version, locked=False).update(**values))

    with transaction.atomic():
        _write(changed, write)
    if not written[0]:
        current = rows.get(pk=thing.pk)
        raise Locked(current) if current.locked else Outdated(current)
    thing.refresh_from_db(fields=[field.name for field in thing._meta.concrete_fields])


def _write(thing: Named, write: Callable[[], object]) -> None:
    """Raises `ValidationError`, also when a name is taken between the look for it and the writing."""
    # Whose owner is gone can still be changed.
    thing.clean_fields(exclude=["owner", "changed_by"])
    thing.clean()
    thing.validate_constraints()
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        # The other can be seen by now, and be told of.
        thing.validate_constraints()
        raise


def _give(search: SavedSearch, photos: Iterable[QueryImage]) -> None:
    for photo in photos:
        # One by one: `add` of several does not keep their order, by which they are numbered.
        search.photos.add(photo)
