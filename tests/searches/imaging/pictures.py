"""Pictures made in memory, and what is asked of the results."""

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 40), (30, 40, 220), (230, 220, 40)
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]

# How upright pixels come to be stored, by EXIF orientation.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def flat(mode: str = "RGB", size: tuple[int, int] = (64, 48), colour: object = 0) -> Image.Image:
    return Image.new(mode, size, colour)


def quadrants(width: int = 240, height: int = 160) -> Image.Image:
    """Red and green above, blue and yellow below: every turn and every crop of it shows."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height))
    picture.paste(BLUE, (0, height // 2, width, height))
    picture.paste(YELLOW, (width // 2, height // 2, width, height))
    return picture


def noise(width: int, height: int) -> Image.Image:
    """What compresses worst."""
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8))


def scene(width: int = 2000, height: int = 1500) -> Image.Image:
    """Gradients, edges, a little grain and stripes fine enough to show a shift or a loss of sharpness: near enough
    to a photo for comparing two ways of scaling."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    grain = np.random.default_rng(3).normal(0, 2, (height, width))
    stripes = 30 * np.sin((across * width + down * height) * 2 * np.pi / (width / 200))
    light = 60 + 100 * across + 40 * down + stripes + grain
    light[(across - 0.3) ** 2 + (down - 0.6) ** 2 < 0.02] *= 0.5
    light[(abs(across - 0.75) < 0.1) & (abs(down - 0.3) < 0.15)] += 40
    channels = [np.clip(light * tint, 0, 255).astype(np.uint8) for tint in (1.0, 0.85, 0.7)]
    return Image.fromarray(np.dstack(channels))


def stored(upright: Image.Image, orientation: int, kind: str, **options: object) -> bytes:
    """A file that shows `upright` to a viewer that minds the orientation."""
    turn = STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = upright.transpose(turn) if turn is not None else upright
    return encoded(picture, kind, exif=exif.tobytes() if kind == "HEIF" else exif, **options)


def png(width: int, height: int, depth: int, colour_type: int, pixels: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """A PNG of samples that Pillow can't write; `pixels` without the filter bytes, `extra` chunks before them."""
    stride = len(pixels) // height
    rows = b"".join(b"\0" + pixels[y * stride : (y + 1) * stride] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def shown(jpeg: bytes) -> Image.Image:
    picture = Image.open(BytesIO(jpeg))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    picture.load()
    return picture


def at(jpeg: bytes, across: float, down: float) -> Colour:
    """The colour at a place given in fractions."""
    picture = shown(jpeg)
    pixel = picture.getpixel((int(across * picture.width), int(down * picture.height)))
    assert isinstance(pixel, tuple)
    return pixel


def near(colour: Colour, expected: Colour, tolerance: int = 16) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(colour, expected, strict=True))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures of a size, in steps of 0 to 255."""
    assert one.size == other.size
    return float(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float)).mean())
