"""Pictures that callers send: checked as the marketplace documents it, then opened."""

import base64
import binascii
import io

from PIL import Image

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000
SEARCHED_SIDE = 448  # pixels of the longer side that a search looks at, twice of what the eye sees


class ImageRefusedError(ValueError):
    """The picture cannot be searched; ``too_large`` tells the two documented reasons apart."""

    def __init__(self, message: str, *, too_large: bool = False) -> None:
        super().__init__(message)
        self.too_large = too_large


def decode_base64(text: str) -> bytes:
    """The bytes of a Base64 parameter, without a data-URI prefix. Raises ImageRefusedError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ImageRefusedError("the image is not valid Base64 (send it without a data-URI prefix)") from None
    if len(data) > MOST_BYTES:
        raise ImageRefusedError("the image is larger than 5 MB", too_large=True)
    return data


def open_image(data: bytes, *, full_size: bool = False) -> Image.Image:
    """A loaded RGB picture, no larger than the search needs unless ``full_size``. Raises ImageRefusedError."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
        if image.width * image.height > MOST_PIXELS:
            raise ImageRefusedError("the image has too many pixels", too_large=True)
        if not full_size:
            image.draft("RGB", (SEARCHED_SIDE, SEARCHED_SIDE))
        if image.mode in ("RGBA", "LA", "P", "PA"):
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        image.load()
        return image if image.mode == "RGB" else image.convert("RGB")
    except ImageRefusedError:
        raise
    except Exception as error:  # a decoder fed with foreign bytes may raise anything
        raise ImageRefusedError("the image is not a readable JPEG or PNG") from error
