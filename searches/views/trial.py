"""What a marketplace would get of a photo, before anything is searched, and the photo to choose a part of."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User, teams_to_search_for
from accounts.scope import id_of, viewers_only_read
from searches import prepared
from searches.boxes import box_from
from searches.imaging import PRESETS, ImageRejected, prepare
from searches.intake import bytes_of
from searches.models import QueryImage
from searches.views.pictures import PREVIEW

PLAIN = "text/plain; charset=utf-8"


@login_not_required  # so that it is said in the words below, and not by a page to sign in at
@never_cache
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """A JPEG, of which nothing is kept; a refusal is a sentence as plain text.

    `image`: the photo's file; or `kept_image`: the id of one. `box`: the part of it, all without one. `preparation`:
    as in the form; without one, the photo as it is, in a size to be looked at.
    """
    user = request.user
    if not isinstance(user, User):
        return HttpResponse(_("You were signed out. Sign in in another window, then go on here."), PLAIN, 401)
    if not teams_to_search_for(user).exists():
        return HttpResponse(viewers_only_read(), PLAIN, 403)
    preset = {"": PREVIEW, **PRESETS}.get(request.POST.get("preparation", ""))
    if preset is None:
        return HttpResponse(_("There is no such preparation."), PLAIN, 400)
    try:
        box = box_from(text) if (text := request.POST.get("box", "")) else None
    except ValueError:
        return HttpResponse(_("The part that was chosen is not within the photo. Choose it again."), PLAIN, 400)
    try:
        jpeg = prepare(_photo(request, user), crop=box, preset=preset).jpeg
    except ImageRejected as refusal:
        return HttpResponse(_(refusal.message), PLAIN, 422)
    except OSError:
        return HttpResponse(_("The photo could not be read from the server's storage."), PLAIN, 503)
    return HttpResponse(jpeg, "image/jpeg")


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
