"""Items' pictures, for their team only: shown, added, put first, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.scope import signed_in
from catalog import actions
from catalog.models import Item, ItemPicture
from catalog.pictures import small_jpeg
from catalog.views.scope import item_to_change, picture_to_change
from searches.imaging import MAX_BYTES, MESSAGES, ImageRejected
from searches.views.pictures import kept_by_the_browser


@require_safe
@kept_by_the_browser
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """As it is kept. Raises Http404."""
    found = _seen(request, pk)
    try:
        file = found.file.storage.open(found.file.name or "")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/jpeg", filename="item.jpg")


@require_safe
@kept_by_the_browser
def small(request: HttpRequest, pk: int) -> HttpResponse:
    """For the line of a table. Raises Http404."""
    try:
        jpeg = small_jpeg(_seen(request, pk))
    except (ImageRejected, FileNotFoundError):
        raise Http404 from None
    headers = {"Content-Disposition": 'inline; filename="item.jpg"'}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """`pictures`: files, repeated."""
    item = item_to_change(request, pk)
    kept = keep_uploaded(request, item)
    if kept:
        messages.success(request, _("The pictures are kept; searches find them within a minute."))
    elif not request.FILES:
        messages.warning(request, _("Choose a picture first."))
    return redirect(item)


@require_POST
def make_first(request: HttpRequest, pk: int) -> HttpResponse:
    found = picture_to_change(request, pk)
    actions.make_first(picture=found)
    return redirect(found.item)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = picture_to_change(request, pk)
    actions.remove_picture(picture=found)
    messages.success(request, _("The picture is removed."))
    return redirect(found.item)


def keep_uploaded(request: HttpRequest, item: Item) -> int:
    """Keep the request's `pictures`, and say of each that is refused why. Answers how many were kept."""
    uploads = request.FILES.getlist("pictures")
    # Of larger ones not all was received (searches/uploads.py); the imaging refuses those by their bytes.
    files = [upload.read(MAX_BYTES + 1) for upload in uploads]
    if not files:
        return 0
    try:
        rejected = actions.add_pictures(item=item, files=files)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return 0
    for reason in {problem.code for problem in rejected}:
        messages.error(request, _("A picture is not kept: %(reason)s") % {"reason": _(MESSAGES[reason])})
    return len(files) - len(rejected)


def _seen(request: HttpRequest, pk: int) -> ItemPicture:
    pictures = ItemPicture.objects.for_user(signed_in(request)).defer("vector")
    return get_object_or_404(pictures, pk=pk)
