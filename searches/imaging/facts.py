"""The check on arrival."""

from dataclasses import dataclass

from searches.imaging.opening import open_picture
from searches.imaging.orientation import upright_size


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a picture file is: `format` as in "JPEG" or "HEIC", its MIME type, the usual extension without a dot,
    and its size in pixels as it is shown, that is, turned upright."""

    format: str
    mime: str
    extension: str
    width: int
    height: int


def inspect(data: bytes) -> PictureFacts:
    """Tell what the bytes are, by the bytes, without decoding a pixel.

    Raises ImageRejected for all that the header shows: empty, too many bytes or pixels, SVG, no picture.
    Damage behind the header only comes to light in `prepare`.
    """
    opened = open_picture(data)
    width, height = upright_size(opened.file.size, opened.orientation)
    return PictureFacts(opened.kind.name, opened.kind.mime, opened.kind.extension, width, height)
