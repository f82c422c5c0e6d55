"""Query images, for their team only: as they came, and as the small JPEG that every page shows."""

from pathlib import PurePath

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from searches import prepared, publicpictures
from searches.boxes import box_from
from searches.imaging import Box, ImageRejected, Preset
from searches.marketplaces import MARKETPLACES
from searches.models import QueryImage

# Twice the 88 px of the page's head, and something for pictures that are not square. Browsers show no HEIC or TIFF.
THUMB = Preset("thumb", max_side=256, quality=80)
# Whatever the screen, a part is drawn within half a pixel of it.
PREVIEW = Preset("preview", max_side=1280, quality=82)
# A picture never changes: another one is another row.
kept_by_the_browser = cache_control(private=True, max_age=60 * 60 * 24 * 30, immutable=True)


@require_safe
@kept_by_the_browser
def original(request: HttpRequest, pk: int) -> FileResponse:
    image = get_object_or_404(QueryImage.objects.for_user(signed_in(request)), pk=pk)
    # The name is the user's, the ending is the content's.
    name = PurePath(image.name).stem + PurePath(image.file.name or "").suffix
    try:
        file = prepared.opened(image)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type=image.mime, filename=name)


@require_safe
@kept_by_the_browser
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole photo, or with `?crop=left,top,right,bottom` (fractions) the part of it."""
    image = get_object_or_404(QueryImage.objects.for_user(signed_in(request)), pk=pk)
    return _jpeg(image, THUMB, box_of(request.GET.get("crop", "")))


@require_safe
@kept_by_the_browser
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Large enough to choose a part of it."""
    image = get_object_or_404(QueryImage.objects.for_user(signed_in(request)), pk=pk)
    return _jpeg(image, PREVIEW, None)


@require_safe
@login_not_required
@cache_control(private=True, max_age=60 * 60)
def public(request: HttpRequest, token: str) -> HttpResponse:
    """A prepared picture for a marketplace, which knows its address and nothing else of this portal."""
    named = publicpictures.picture_of(token)
    if named is None or named.marketplace not in MARKETPLACES:
        raise Http404
    image = get_object_or_404(QueryImage, pk=named.image)
    most_bytes = MARKETPLACES[named.marketplace].max_image_bytes
    preset = prepared.preset_for(named.preparation, named.variant, most_bytes)
    response = _jpeg(image, preset, named.crop)
    response["X-Robots-Tag"] = "noindex"
    return response


def box_of(text: str) -> Box | None:
    """The box of an address; None for all of the picture. Raises Http404 for what is no box."""
    if not text:
        return None
    try:
        return box_from(text)
    except ValueError:
        raise Http404 from None


def _jpeg(image: QueryImage, preset: Preset, crop: Box | None) -> HttpResponse:
    try:
        jpeg = prepared.jpeg_of(image, preset, crop)
    except (ImageRejected, FileNotFoundError):
        raise Http404 from None
    disposition = {"Content-Disposition": 'inline; filename="photo.jpg"'}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=disposition)
