"""From a call's row to the question that its marketplace takes, and from its answer back to the photo."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

from searches import prepared
from searches.imaging import PRESETS, Box, Preset, inspect
from searches.marketplaces import ErrorKind, Marketplace, MarketplaceError, Region, SearchRequest, Sort
from searches.models import SearchCall
from searches.publicpictures import public_address


def request_of(call: SearchCall, protocol: Marketplace) -> SearchRequest:
    """The question: by address where the picture has one and the marketplace takes it, else by the prepared picture.

    Raises `ImageRejected`, and `MarketplaceError` when the picture cannot be had or cannot be shown there.
    """
    job, crop = call.job, call.crop
    address = _address(call, protocol)
    image = None if address else sent_picture(call, protocol)
    return SearchRequest(
        image=image,
        image_url=address or None,
        region=_region(crop, image) if image and crop and _sends_region(call, protocol) else None,
        page=call.page,
        page_size=call.page_size,
        price_from=job.price_from,
        price_to=job.price_to,
        wholesale_only=job.wholesale_only,
        sort=Sort(job.order),
    )


def sends_address(call: SearchCall, protocol: Marketplace) -> bool:
    """Whether the marketplace gets the address that the user gave, for it to fetch the picture itself."""
    return bool(call.job.image_url) and protocol.takes_image_url and not call.variant and call.crop is None


def sent_picture(call: SearchCall, protocol: Marketplace) -> bytes:
    """The JPEG as it goes to the marketplace."""
    preset = prepared.preset_for(call.job.preparation, call.variant, protocol.max_image_bytes)
    return picture_of(call, preset, None if _sends_region(call, protocol) else call.crop)


def picture_of(call: SearchCall, preset: Preset, crop: Box | None) -> bytes:
    """The call's photo, or the part of it in the box, made by `preset`.

    Raises `ImageRejected`, and `MarketplaceError` when the picture cannot be had.
    """
    try:
        return prepared.jpeg_of(call.image, preset, crop)
    except prepared.PhotoGone as error:
        raise MarketplaceError(
            _("The photo is kept no longer."),
            kind=ErrorKind.BAD_IMAGE,
            code="photo-gone",
            remedy=_("Start a new search and upload the photo again."),
        ) from error
    except OSError as error:
        raise MarketplaceError(
            _("The photo could not be read from the server's storage, or the prepared one not be written there."),
            kind=ErrorKind.CONFIGURATION,
            code="storage",
            remedy=_("Ask an administrator to look at the media folder: is it there, writable, and not full?"),
            retryable=True,
        ) from error


def boxes_of(regions: Iterable[Region], call: SearchCall, protocol: Marketplace) -> list[list[float]]:
    """The parts of the photo that a marketplace took for its subject, as `SearchJob.crops` writes them."""
    regions = list(regions)
    if not regions or sends_address(call, protocol) or not protocol.takes_image:
        return []  # of a picture that we did not send, nobody knows the size
    facts = inspect(sent_picture(call, protocol))
    outer = _sent_part(call, protocol)
    return [_rounded(outer, region, facts.width, facts.height) for region in regions]


def _address(call: SearchCall, protocol: Marketplace) -> str:
    if sends_address(call, protocol):
        return call.job.image_url
    if protocol.takes_image:
        return ""
    # Prepared here and now: an address that leads nowhere would cost a call.
    sent_picture(call, protocol)
    return public_address(call)


def _sends_region(call: SearchCall, protocol: Marketplace) -> bool:
    """Whether the whole photo goes out and the part is named: then another part needs no other upload.

    A preset that crops by itself has the part cropped here: it would be counted from another corner.
    """
    return call.crop is not None and protocol.takes_region and not PRESETS[call.job.preparation].crop_to_square


def _region(crop: Box, image: bytes) -> Region:
    facts = inspect(image)
    x, y = round(crop.left * facts.width), round(crop.top * facts.height)
    x, y = min(x, facts.width - 1), min(y, facts.height - 1)
    return Region(x, y, max(round(crop.right * facts.width) - x, 1), max(round(crop.bottom * facts.height) - y, 1))


def _sent_part(call: SearchCall, protocol: Marketplace) -> Box:
    """The part of the photo that the marketplace saw."""
    box = None if _sends_region(call, protocol) else call.crop
    if box is None and PRESETS[call.job.preparation].crop_to_square:
        return Box.centred_square(call.image.width, call.image.height)
    return box or Box(0, 0, 1, 1)


def _rounded(outer: Box, region: Region, width: int, height: int) -> list[float]:
    across, down = outer.right - outer.left, outer.bottom - outer.top
    edges = (
        outer.left + across * region.x / width,
        outer.top + down * region.y / height,
        outer.left + across * (region.x + region.width) / width,
        outer.top + down * (region.y + region.height) / height,
    )
    return [round(min(max(edge, 0.0), 1.0), 4) for edge in edges]
