"""A new search that was sent after its session had ended: it waits in the session until its sender is back.

A page may lie open for days, and its photo be chosen and described before it is sent. So the form carries a signed
token that names its sender; with it the photo is kept for the sender's team although nobody is signed in. Nothing is
searched, and nothing is shown, before the same person has signed in again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.core import signing
from django.http import HttpRequest, QueryDict

from accounts.models import User

SALT = "searches.new-search"
LONGEST_AWAY = timedelta(days=14)
SESSION_KEY = "interrupted_search"
TOKEN_FIELD = "sender"  # noqa: S105  the name of a field
NOT_TYPED = frozenset({TOKEN_FIELD, "csrfmiddlewaretoken", "kept_image", "kept_from"})


def token_for(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def sender_of(token: str) -> User | None:
    """The active user whom the token was given to; None when it is forged, too old, or theirs no more."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LONGEST_AWAY)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


@dataclass(frozen=True, slots=True)
class InterruptedSearch:
    """What was typed, names to values, and the picture's row when it could be kept."""

    user_id: int
    typed: dict[str, list[str]]
    image_id: int | None
    image_from: str

    @classmethod
    def of(cls, data: QueryDict, *, user: User, image_id: int | None, image_from: str) -> Self:
        typed = {name: [str(value) for value in values] for name, values in data.lists() if name not in NOT_TYPED}
        return cls(user.pk, typed, image_id, image_from)

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION_KEY] = {
            "user": self.user_id,
            "typed": self.typed,
            "image": self.image_id,
            "image_from": self.image_from,
        }

    @classmethod
    def take(cls, request: HttpRequest, user: User) -> Self | None:
        """What this user's session holds, once. What somebody else left in it is forgotten."""
        kept = request.session.pop(SESSION_KEY, None)
        if not kept or kept["user"] != user.pk:
            return None
        return cls(kept["user"], kept["typed"], kept["image"], kept["image_from"])
