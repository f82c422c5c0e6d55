"""Photos for batches: different pictures, also for the portal, which would search for the same one once."""

import io
import random
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from zipfile import ZipFile

from PIL import Image, ImageEnhance

# Real product photos, where there are any beside the project; else those of the demo catalogue.
SHARED = Path(__file__).parents[2] / "shared" / "photos"
CATALOGUE = Path(__file__).parents[1] / "sandbox" / "catalogue"
SIDE = 640  # of one product; a photo shows two beside each other
TURNS = tuple(Image.Transpose)


def archive_of(photos: list[bytes]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for number, photo in enumerate(photos, 1):
            archive.writestr(f"photo-{number:04}.jpg", photo)
    return file.getvalue()


def what_they_are() -> str:
    kind = "real product photos" if _is_real() else "rendered ones"
    return f"JPEGs of {2 * SIDE} x {SIDE} px, made of two {kind} beside each other"


def photos() -> Iterator[bytes]:
    """JPEGs, each of another pair of products, turned and lit another way."""
    dice = random.Random(20261122)  # noqa: S311  they are to be the same each time
    pairs = list(permutations(_products(), 2))
    dice.shuffle(pairs)
    for pair in pairs:
        photo = Image.new("RGB", (2 * SIDE, SIDE))
        for place, product in enumerate(pair):
            photo.paste(product.transpose(dice.choice(TURNS)), (place * SIDE, 0))
        photo = ImageEnhance.Brightness(photo).enhance(dice.uniform(0.6, 1.2))
        photo = ImageEnhance.Color(photo).enhance(dice.uniform(0.3, 2.0))
        file = io.BytesIO()
        photo.save(file, "JPEG", quality=90)
        yield file.getvalue()


@cache
def _products() -> tuple[Image.Image, ...]:
    paths = SHARED.glob("*.jpg") if _is_real() else CATALOGUE.glob("*/*.jpg")
    return tuple(_opened(path) for path in sorted(paths))


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").resize((SIDE, SIDE))


def _is_real() -> bool:
    return any(SHARED.glob("*.jpg"))
