"""Why a picture is refused: a stable code, and what to tell the person who sent it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Code = Literal["empty", "too-large", "too-many-pixels", "too-costly", "unsupported", "svg", "truncated", "damaged"]


def gettext_noop(message: str) -> str:
    """Mark a message for the translators' tools; whoever shows it translates it."""
    return message


MESSAGES: Mapping[Code, str] = MappingProxyType(
    {
        "empty": gettext_noop("The file is empty. Choose the picture again."),
        "too-large": gettext_noop(
            "The file is larger than 20 MB. Save the picture as a JPEG, or make it smaller, and upload that."
        ),
        "too-many-pixels": gettext_noop(
            "The picture has more than 50 million pixels. Make it smaller and upload that."
        ),
        "too-costly": gettext_noop(
            "Reading the picture takes more time or memory than a picture may take. "
            "Make it smaller, save it as a JPEG and upload that."
        ),
        "unsupported": gettext_noop(
            "The file is not a picture we can read. Upload a JPEG, PNG, WebP, GIF, BMP, TIFF or HEIC picture."
        ),
        "svg": gettext_noop(
            "The file is an SVG drawing, which has no pixels to search by. "
            "Export it as a PNG or JPEG picture and upload that."
        ),
        "truncated": gettext_noop(
            "The picture file stops before its end, so it was not copied or downloaded completely. "
            "Copy or download it again and upload that."
        ),
        "damaged": gettext_noop(
            "The picture file is damaged and can't be read. "
            "Open it in a picture program, save it as a JPEG and upload that."
        ),
    }
)


class ImageRejected(Exception):
    """The one exception of this package.

    `code` is stable, for programs; `message` is an English sentence out of `MESSAGES`, which never holds
    anything of the file, so that it can be translated and shown.
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES[code]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
