"""From a form's file or address to a kept query image, in whatever state the rest of the form is."""

import logging
from pathlib import PurePath, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import Team, User
from searches.actions import keep_query_image
from searches.fetching import FetchRefused, fetch_picture
from searches.forms import PictureForm
from searches.imaging import MAX_BYTES, ImageRejected
from searches.models import QueryImage

logger = logging.getLogger(__name__)


def picture_of(form: PictureForm, *, team: Team, user: User) -> QueryImage | None:
    """The picture that the form gives, kept for the team at once, so that no later mistake loses it.

    A refused picture becomes an error of its field; one that was kept before stays in place of it.
    """
    form.full_clean()
    upload, kept = form.cleaned_data.get("image"), form.cleaned_data.get("kept_image")
    field = "image" if upload else "image_url"
    try:
        if upload:
            return keep_query_image(team=team, user=user, data=_bytes_of(upload), name=upload.name or "")
        if form.new_address and "image_url" not in form.errors:
            data = fetch_picture(form.new_address)
            return keep_query_image(team=team, user=user, data=data, name=name_in(form.new_address))
    except (ImageRejected, FetchRefused) as refusal:
        form.add_error(field, ValidationError(_(refusal.message), code=refusal.code))
    except OSError as error:
        what = error.strerror or type(error).__name__
        logger.error("a photo cannot be kept (%s): is the media folder writable, and not full?", what)
        form.add_error(field, ValidationError(_not_stored(), code="storage"))
    return _in_team(kept, team=team, user=user) if kept else None


def _not_stored() -> str:
    return _(
        "The photo could not be stored, and nothing was searched: the server's disk is full, or its media folder "
        "cannot be written to. Tell an administrator, and send it again then."
    )


def address_of(form: PictureForm) -> str:
    """The address that the form's picture came from; "" for an uploaded one.

    Marketplaces that fetch pictures themselves get it.
    """
    if form.cleaned_data.get("image"):
        return ""
    field = "kept_from" if "image_url" in form.errors else "image_url"
    address: str = form.cleaned_data.get(field, "")
    return address


def name_in(url: str) -> str:
    parts = urlsplit(url)
    return unquote(PurePosixPath(parts.path).name) or parts.netloc


def title_from(name: str) -> str:
    """A file's name as a title: without its ending, words apart."""
    words = PurePath(name).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:200] or _("untitled")


def _bytes_of(upload: UploadedFile[bytes]) -> bytes:
    # Django knows the size without reading: what is too large never gets into memory.
    if (upload.size or 0) > MAX_BYTES:
        raise ImageRejected("too-large")
    data: bytes = upload.read()
    return data


def _in_team(image: QueryImage, *, team: Team, user: User) -> QueryImage:
    """The same picture as the team's own, when the team was changed after it had been kept."""
    if image.team_id == team.pk:
        return image
    with image.file.open() as file:
        return keep_query_image(team=team, user=user, data=file.read(), name=image.name)
