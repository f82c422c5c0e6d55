"""A new search that was sent after its session had ended: it waits in the session until its sender is back.

A page may lie open for days, and its photos be chosen and described before it is sent. So the form carries a signed
token that names its sender; with it the photos are kept for the sender's team although nobody is signed in. Nothing is
searched, and nothing is shown, before the same person has signed in again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.core import signing
from django.http import HttpRequest, QueryDict

from accounts.models import User
from searches.boxes import box_of, column_of
from searches.intake import Pictures
from searches.models import QueryImage

SALT = "searches.new-search"
LONGEST_AWAY = timedelta(days=14)
SESSION_KEY = "interrupted_search"
TOKEN_FIELD = "sender"  # noqa: S105  the name of a field
NOT_TYPED = frozenset({TOKEN_FIELD, "csrfmiddlewaretoken", "kept_image", "kept_from", "fetched_image", "file_crop"})


def _is_typed(name: str) -> bool:
    return name not in NOT_TYPED and not name.startswith("crop_")


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
    """What was typed, names to values, and the rows of the photos that could be kept, in their order.

    fetched_id: the photo that came from the address `fetched_from`. crops: as `SearchJob.crops`.
    """

    user_id: int
    typed: dict[str, list[str]]
    image_ids: list[int]
    fetched_id: int | None
    fetched_from: str
    crops: dict[str, list[float]]

    @classmethod
    def of(cls, data: QueryDict, *, user: User, pictures: Pictures) -> Self:
        typed = {name: [str(value) for value in values] for name, values in data.lists() if _is_typed(name)}
        images = [image.pk for image in pictures.images]
        fetched = pictures.fetched.pk if pictures.fetched else None
        return cls(user.pk, typed, images, fetched, pictures.address, column_of(pictures.crops))

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION_KEY] = {
            "user": self.user_id,
            "typed": self.typed,
            "images": self.image_ids,
            "fetched": self.fetched_id,
            "fetched_from": self.fetched_from,
            "crops": self.crops,
        }

    @classmethod
    def take(cls, request: HttpRequest, user: User) -> Self | None:
        """What this user's session holds, once. What somebody else left in it is forgotten."""
        kept = request.session.pop(SESSION_KEY, None)
        # Earlier versions kept one photo only, or no parts: what they left is not worth a failure now.
        if not kept or kept["user"] != user.pk or "images" not in kept:
            return None
        crops = kept.get("crops", {})
        return cls(kept["user"], kept["typed"], kept["images"], kept["fetched"], kept["fetched_from"], crops)

    def pictures(self, user: User) -> Pictures:
        """The photos that are still there and that the user may search with."""
        found = QueryImage.objects.editable_by(user).exclude(file="").in_bulk(self.image_ids)
        fetched = found.get(self.fetched_id) if self.fetched_id else None
        images = [found[pk] for pk in self.image_ids if pk in found]
        crops = {image.pk: box for image in images if (box := box_of(self.crops.get(str(image.pk))))}
        return Pictures(images, fetched, self.fetched_from if fetched else "", crops)
