"""What is wrong with a photo, told where it is chosen and where it was searched with. A hint: nothing is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from searches import prepared
from searches.boxes import text_of
from searches.imaging import Box, ImageRejected
from searches.models import QueryImage, SearchJob
from searches.views.pictures import THUMB
from searches.visual.advice import MESSAGES, Advice, advise

# Of so many photos a process remembers what was said; a page that polls asks each second.
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Hint:
    """`texts`: what is wrong and what to do, translated. `part`: what to search with instead, as forms write it; or "".

    `number`: of several photos of a search which one it is, else 0; `image`: its id.
    """

    texts: list[str]
    part: str
    number: int = 0
    image: int = 0


def hint_in(jpeg: bytes, crop: Box | None = None) -> Hint | None:
    """On a photo that was prepared with `THUMB`, all of it or the part in the box; None for one as it should be."""
    return _hint(advise(jpeg), crop)


def hint_on(image: QueryImage, crop: Box | None = None, *, number: int = 0) -> Hint | None:
    """On a kept photo. None, too, for one that cannot be read: whoever searches with it hears of that."""
    return _hint(_advice(image, crop), crop, number=number, image=image.pk)


def hints_of(job: SearchJob, photos: Sequence[QueryImage]) -> list[Hint]:
    """On the photos of a search, in their order, or the parts of them that it searched."""
    hints = [
        hint_on(photo, job.crop_of(photo.pk), number=number if len(photos) > 1 else 0)
        for number, photo in enumerate(photos, 1)
    ]
    return [hint for hint in hints if hint]


def codes_on(image: QueryImage) -> str:
    """What is wrong with a kept photo, to be kept in a column and told by `texts_of`."""
    return " ".join(_advice(image, None).codes)


def texts_of(codes: Iterable[str]) -> list[str]:
    """The codes' messages, translated; of codes that there were once, none."""
    return [_(message) for code, message in MESSAGES.items() if code in set(codes)]


def _advice(image: QueryImage, crop: Box | None) -> Advice:
    if not image.file:
        return Advice()
    try:
        return _remembered(image.sha256, str(image.file.name), crop)
    except (ImageRejected, OSError):
        return Advice()


@lru_cache(REMEMBERED)
def _remembered(sha256: str, file: str, crop: Box | None) -> Advice:
    return advise(prepared.jpeg_of(QueryImage(sha256=sha256, file=file), THUMB, crop))


def _hint(advice: Advice, crop: Box | None, *, number: int = 0, image: int = 0) -> Hint | None:
    if not advice.codes:
        return None
    part = ""
    if advice.part:
        left, top, right, bottom = advice.part
        across, down = (crop.right - crop.left, crop.bottom - crop.top) if crop else (1.0, 1.0)
        x, y = (crop.left, crop.top) if crop else (0.0, 0.0)
        edges = (x + left * across, y + top * down, x + right * across, y + bottom * down)
        part = text_of(Box(*(min(1.0, round(edge, 4)) for edge in edges)))
    return Hint(texts_of(advice.codes), part, number, image)
