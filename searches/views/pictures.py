"""Query images, for their team only: as they came, and as the small JPEG that every page shows."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.scope import signed_in
from searches import prepared
from searches.imaging import ImageRejected, Preset
from searches.models import QueryImage

# Twice the 88 px of the page's head, and something for pictures that are not square. Browsers show no HEIC or TIFF.
THUMB = Preset("thumb", max_side=256, quality=80)
# A picture never changes: another one is another row.
kept_by_the_browser = cache_control(private=True, max_age=60 * 60 * 24 * 30, immutable=True)


@require_safe
@kept_by_the_browser
def original(request: HttpRequest, pk: int) -> FileResponse:
    image = get_object_or_404(QueryImage.objects.for_user(signed_in(request)), pk=pk)
    # The name is the user's, the ending is the content's.
    name = PurePath(image.name).stem + PurePath(image.file.name or "").suffix
    try:
        file = image.file.open()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type=image.mime, filename=name)


@require_safe
@kept_by_the_browser
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    image = get_object_or_404(QueryImage.objects.for_user(signed_in(request)), pk=pk)
    try:
        jpeg = prepared.jpeg_of(image, THUMB)
    except (ImageRejected, FileNotFoundError):
        raise Http404 from None
    disposition = {"Content-Disposition": 'inline; filename="photo.jpg"'}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=disposition)
