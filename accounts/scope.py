"""From a request to its user, and from a user to the one row that they may change."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import TeamScopedQuerySet, User

Row = TypeVar("Row", bound=models.Model)
# Of the columns that ids are kept in; databases refuse to compare them with more.
LARGEST_ID = 2**63 - 1


def signed_in(request: HttpRequest) -> User:
    """The user of a view that only signed-in users reach."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("this view lets anonymous users in")
    return user


def id_of(text: str) -> int | None:
    """The id that somebody sent, bounded to what a row can have; None for any other text."""
    # The length first: Python refuses to read numbers of thousands of digits.
    if len(text) > len(str(LARGEST_ID)) or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def row_to_change(rows: TeamScopedQuerySet[Row], *, user: User, pk: int) -> Row:
    """The row, for a buyer or a lead of its team.

    Raises Http404 for a stranger, who is not told that it exists, and PermissionDenied for a viewer.
    """
    row = get_object_or_404(rows.for_user(user), pk=pk)
    if not rows.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied(viewers_only_read())
    return row


def viewers_only_read() -> str:
    return _("You are a viewer in this team: you can read and export everything, and change nothing.")
