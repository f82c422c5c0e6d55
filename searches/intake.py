"""From a form's files and address to kept query images, in whatever state the rest of the form is."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from searches import prepared
from searches.actions import keep_query_image
from searches.boxes import box_from, is_too_small
from searches.fetching import FetchRefused, fetch_picture
from searches.forms import PictureForm
from searches.imaging import MAX_BYTES, Box, ImageRejected
from searches.models import QueryImage, SearchJob

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a form gives: photos kept for the team, in their order; `fetched` is the one from `address`, "" if none.

    crops: by the photo's id, the part of it that is to be searched, where it is not all of it.
    """

    images: list[QueryImage]
    fetched: QueryImage | None = None
    address: str = ""
    crops: dict[int, Box] = field(default_factory=dict)


def pictures_of(form: PictureForm, *, team: Team, user: User) -> Pictures:
    """The photos that the form gives, kept for the team at once, so that no later mistake loses them.

    A refused one becomes an error that names it; the others are kept. So are the first eight of more than eight.
    """
    form.full_clean()
    intake = _Intake(form, team, user)
    kept, uploads, fetched = form.still_kept, form.cleaned_data.get("image", []), form.fetched
    intake.several = len(kept) + len(uploads) > 1
    for image in kept:
        intake.take("image", image.name, partial(intake.in_team, image), form.crop_of(image))
    for upload, crop in zip(uploads, form.crops_of_files(), strict=False):
        intake.take("image", upload.name or "", partial(intake.upload, upload), crop)
    brought, address = None, form.new_address
    if address and "image_url" not in form.errors:
        brought = intake.take("image_url", "", partial(intake.fetch, address))
    if brought is None and fetched is not None:
        brought = intake.take("image", fetched.name, partial(intake.in_team, fetched), form.crop_of(fetched))
        # Without its address it stays, as if it had been uploaded.
        address = form.cleaned_data["kept_from"] if address else form.cleaned_data.get("image_url", "")
    intake.tell_what_is_missing()
    return Pictures(intake.images, brought if address else None, address if brought else "", intake.crops)


class _Intake:
    """Takes one photo after another; what is wrong with one is told, and the next is taken."""

    def __init__(self, form: PictureForm, team: Team, user: User) -> None:
        self.form, self.team, self.user = form, team, user
        self.images: list[QueryImage] = []
        self.crops: dict[int, Box] = {}
        self.several = False
        self.left_out: list[str] = []

    def take(self, field: str, name: str, read: Callable[[], QueryImage], crop: str = "") -> QueryImage | None:
        """The photo that `read` gives, unless it is refused or one too many. `name` tells it from the others.

        crop: what was sent as the part to search.
        """
        # One that is there already takes no room, but that is not known before it is read.
        if len(self.images) == SearchJob.MOST_PHOTOS:
            self.left_out.append(name or _("the picture from the address"))
            return None
        try:
            image = read()
        except (ImageRejected, FetchRefused) as refusal:
            self._tell(field, name, _(refusal.message), refusal.code)
            return None
        except OSError as error:
            what = error.strerror or type(error).__name__
            logger.error("a photo cannot be kept (%s): is the media folder writable, and not full?", what)
            self._tell(field, name, _not_stored(), "storage")
            return None
        if image not in self.images:
            self.images.append(image)
        if crop:
            self._mark(image, name, crop)
        return image

    def upload(self, upload: UploadedFile[bytes]) -> QueryImage:
        return self._keep(bytes_of(upload), upload.name or "")

    def fetch(self, address: str) -> QueryImage:
        return self._keep(fetch_picture(address), name_in(address))

    def in_team(self, image: QueryImage) -> QueryImage:
        """The same picture as the team's own, when the team was changed after it had been kept."""
        if image.team_id == self.team.pk:
            return image
        with prepared.opened(image) as file:
            return self._keep(file.read(), image.name)

    def tell_what_is_missing(self) -> None:
        if self.form.lost:
            text = ngettext(
                "A photo that was kept is there no longer: give it again.",
                "%(number)d photos that were kept are there no longer: give them again.",
                self.form.lost,
            )
            self.form.add_error("image", ValidationError(text % {"number": self.form.lost}, code="kept-gone"))
        if not self.left_out:
            return
        text = ngettext(
            "A search takes up to %(most)d photos of one item. This one was left out: %(names)s. Search with those "
            "that are kept, or take one away and choose it again.",
            "A search takes up to %(most)d photos of one item. These were left out: %(names)s. Search with those "
            "that are kept, or take some away and choose these again.",
            len(self.left_out),
        )
        parts = {"most": SearchJob.MOST_PHOTOS, "names": ", ".join(self.left_out)}
        self.form.add_error("image", ValidationError(text % parts, code="too-many-photos"))

    def _mark(self, image: QueryImage, name: str, crop: str) -> None:
        """Note the part to search. One that is none is told: nobody is to search with all of the photo unawares."""
        try:
            box = box_from(crop)
        except ValueError:
            self._tell("image", name, _("The part that was chosen is not within the photo. Choose it again."), "part")
            return
        if is_too_small(box, image):
            text = _("The part that was chosen is too small to search with. Choose a larger one.")
            self._tell("image", name, text, "part-too-small")
            return
        self.crops.setdefault(image.pk, box)

    def _keep(self, data: bytes, name: str) -> QueryImage:
        return keep_query_image(team=self.team, user=self.user, data=data, name=name)

    def _tell(self, field: str, name: str, text: str, code: str) -> None:
        named = _("%(name)s: %(text)s") % {"name": name, "text": text} if name and self.several else text
        self.form.add_error(field, ValidationError(named, code=code))


def _not_stored() -> str:
    return _(
        "The photo could not be stored, and nothing was searched: the server's disk is full, or its media folder "
        "cannot be written to. Tell an administrator, and send it again then."
    )


def name_in(url: str) -> str:
    parts = urlsplit(url)
    return unquote(PurePosixPath(parts.path).name) or parts.netloc


def title_from(name: str) -> str:
    """A file's name as a title: without its ending, words apart."""
    words = PurePath(name).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:200] or _("untitled")


def bytes_of(upload: UploadedFile[bytes]) -> bytes:
    """Raises `ImageRejected` for more than a picture may have."""
    # Django knows the size without reading: what is too large never gets into memory.
    if (upload.size or 0) > MAX_BYTES:
        raise ImageRejected("too-large")
    data: bytes = upload.read()
    return data
