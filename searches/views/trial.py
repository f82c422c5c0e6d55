"""Before anything is searched: what a marketplace would get of a photo, the photo to choose a part of, and hints."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User, teams_to_search_for
from accounts.scope import id_of, viewers_only_read
from searches import prepared
from searches.boxes import box_from
from searches.hints import Hint, hint_in
from searches.imaging import PRESETS, Box, ImageRejected, Preset, prepare
from searches.intake import bytes_of
from searches.models import QueryImage
from searches.views.pictures import PREVIEW, THUMB

PLAIN = "text/plain; charset=utf-8"


class Refused(Exception):
    """The request is answered with a sentence as plain text."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.response = HttpResponse(message, PLAIN, status)


@login_not_required  # so that it is said in the words below, and not by a page to sign in at
@never_cache
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """A JPEG, of which nothing is kept; a refusal is a sentence as plain text.

    `image`: the photo's file; or `kept_image`: the id of one. `box`: the part of it, all without one. `preparation`:
    as in the form; without one, the photo as it is, in a size to be looked at.
    """
    preset = {"": PREVIEW, **PRESETS}.get(request.POST.get("preparation", ""))
    try:
        if preset is None:
            raise Refused(_("There is no such preparation."), 400)
        return HttpResponse(_prepared(request, preset, _box(request)), "image/jpeg")
    except Refused as refused:
        return refused.response
    except ImageRejected as refusal:
        return HttpResponse(_(refusal.message), PLAIN, 422)


@login_not_required
@never_cache
@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """What is wrong with a photo, as a fragment of a page; 204 where nothing is. Asked as `trial` is.

    A smaller copy of the photo's file will do. A file that no search would take is said to be none.
    """
    try:
        box = _box(request)
        found = hint_in(_prepared(request, THUMB, box), box)
    except Refused as refused:
        return refused.response
    except ImageRejected as refusal:
        found = Hint([_(refusal.message)], "")
    return render(request, "searches/_hint.html", {"hint": found}) if found else HttpResponse(status=204)


def _box(request: HttpRequest) -> Box | None:
    try:
        return box_from(text) if (text := request.POST.get("box", "")) else None
    except ValueError:
        raise Refused(_("The part that was chosen is not within the photo. Choose it again."), 400) from None


def _prepared(request: HttpRequest, preset: Preset, box: Box | None) -> bytes:
    """Raises `Refused` and `ImageRejected`."""
    user = request.user
    if not isinstance(user, User):
        raise Refused(_("You were signed out. Sign in in another window, then go on here."), 401)
    if not teams_to_search_for(user).exists():
        raise Refused(viewers_only_read(), 403)
    try:
        return prepare(_photo(request, user), crop=box, preset=preset).jpeg
    except OSError:
        raise Refused(_("The photo could not be read from the server's storage."), 503) from None


def _photo(request: HttpRequest, user: User) -> bytes:
    """The file's bytes, else the kept photo's. Raises Http404 for a kept one that the user may not search with."""
    upload = request.FILES.get("image")
    if isinstance(upload, UploadedFile):
        return bytes_of(upload)
    rows = QueryImage.objects.editable_by(user).exclude(file="")
    image = get_object_or_404(rows, pk=id_of(request.POST.get("kept_image", "")))
    with prepared.opened(image) as file:
        data: bytes = file.read()
    return data
