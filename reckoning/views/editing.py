"""What the editing of profiles and of weights have in common."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Team, User, teams_to_search_for
from accounts.scope import viewers_only_read
from reckoning.actions import ChangedMeanwhile, change, create
from reckoning.forms import KeptForm
from reckoning.models import CostProfile, ScoreWeights
from reckoning.words import moment_of

Row = TypeVar("Row", CostProfile, ScoreWeights)


def teams_of_an_editor(user: User) -> QuerySet[Team]:
    """Raises PermissionDenied for who only reads, wherever they are."""
    teams = teams_to_search_for(user)
    if not teams:
        raise PermissionDenied(viewers_only_read())
    return teams


def created(form: KeptForm[Row], user: User) -> Row | None:
    """The new row of a form; None when it is to be shown again, with what is wrong."""
    if not form.is_valid():
        return None
    try:
        return create(row=form.instance, team=form.chosen_team, user=user)
    except ValidationError as error:
        _show(form, error)
        return None


def changed(form: KeptForm[Row], user: User) -> Row | None:
    """The changed row of a form; None as `created`, also when somebody else was quicker."""
    if not form.is_valid():
        return None
    try:
        return change(row=form.instance, user=user, opened=form.cleaned_data["version"])
    except ValidationError as error:
        _show(form, error)
    except ChangedMeanwhile as meanwhile:
        _tell(form, meanwhile.row)
    return None


def _show(form: KeptForm[Row], error: ValidationError) -> None:
    """A model's error at the field of its name; one over expressions is always about the name."""
    for name, errors in error.update_error_dict({}).items():
        form.add_error("name" if name == "__all__" else name if name in form.fields else None, errors)


def _tell(form: KeptForm[Row], now: CostProfile | ScoreWeights) -> None:
    """Saving once more puts this in the place of what the other saved: knowingly."""
    words = {"name": now.changed_by or _("Somebody"), "time": moment_of(now.changed_at)}
    text = _(
        "%(name)s saved this at %(time)s, after you had opened it. Nothing is overwritten, and what you typed is still "
        "here. Open it in another tab to compare; saving again puts yours in its place."
    )
    form.add_error(None, text % words)
    form.data = {**form.data.dict(), "version": str(now.version)} if isinstance(form.data, QueryDict) else form.data
