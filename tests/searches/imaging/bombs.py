"""Files that are made to cost much, to mislead or to break what reads them; each of a few bytes or of 20 MB at most."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from searches.imaging import MAX_BYTES
from tests.searches.imaging import profiles
from tests.searches.imaging.pictures import encoded, flat, noise, png, quadrants, scene

SMALL = noise(40, 30)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def _segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpegs() -> Iterator[tuple[str, bytes]]:
    plain = encoded(SMALL, "JPEG")
    exif = _segment(0xE1, b"Exif\0\0" + bytes(4))
    yield "EXIF in a million pieces", plain[:2] + exif * ((MAX_BYTES - len(plain)) // len(exif)) + plain[2:]
    yield "49 megapixels, 50 times over", progressive((7000, 7000), 50)
    yield "a profile of 16 MB", encoded(SMALL, "JPEG", icc_profile=profiles.wide_gamut() + bytes(16_000_000))
    tags = struct.pack(">I", 2**31) + b"rTRC" * 3000
    yield "a profile of endless tags", encoded(SMALL, "JPEG", icc_profile=profiles.wide_gamut()[:128] + tags)
    curve = struct.pack(">I", 1) + b"rTRC" + struct.pack(">II", 132, 2**32 - 1)
    yield "a profile with a tag beyond its end", encoded(SMALL, "JPEG", icc_profile=profiles.wide_gamut()[:128] + curve)
    yield "a comment of 19 MB", plain[:2] + _segment(0xFE, b"x" * 65_000) * 290 + plain[2:]
    for name, directory in _exifs():
        yield f"EXIF {name}", plain[:2] + _segment(0xE1, b"Exif\0\0" + directory) + plain[2:]
    film = encoded(SMALL, "MPO", save_all=True, append_images=[SMALL])
    start = film.index(b"MPF\0")
    yield "MPO with wild offsets", film[: start + 60] + b"\xff" * 24 + film[start + 84 :]
    yield "MPO of a million pictures", film.replace(struct.pack("<HHII", 0xB001, 4, 1, 2), _many_pictures())
    yield "JPEG without tables", re.sub(rb"\xff\xc4..", b"\xff\xfe\0\x02", plain, flags=re.DOTALL)
    yield "JPEG of 12 bits", plain.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c")
    yield "JPEG of 255 channels", plain.replace(b"\x03\x01\x22", b"\xff\x01\x22")
    yield "JPEG of 65,000 rows in 600 bytes", plain.replace(struct.pack(">HH", 30, 40), struct.pack(">HH", 65_000, 700))


def _many_pictures() -> bytes:
    return struct.pack("<HHII", 0xB001, 4, 1, 1_000_000)


def progressive(size: tuple[int, int], scans: int) -> bytes:
    """A JPEG whose last scan is repeated: a pass over the picture for a few bytes."""
    data = encoded(flat("L", size, 90), "JPEG", progressive=True)
    tables = [found.start() for found in re.finditer(rb"\xff\xc4", data)]
    return data[:-2] + data[tables[-1] : -2] * scans + data[-2:]


def _exifs() -> Iterator[tuple[str, bytes]]:
    head = b"II*\0\x08\0\0\0"
    to_itself = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)
    yield "that refers to itself", head + to_itself
    yield "of 5,000 tags", head + struct.pack("<H", 5000) + struct.pack("<HHII", 0x8769, 4, 1, 8) * 5000
    yield "with a tag of 4 GB", head + struct.pack("<HHHII", 1, 0x0112, 3, 2**32 - 1, 8)
    yield "beyond its end", b"MM\0*\xff\xff\xff\xff"
    yield "with an orientation in fractions", head + struct.pack("<HHHIII", 1, 0x0112, 5, 1, 26, 0) + bytes(8)
    yield "with an orientation in letters", head + struct.pack("<HHHI4sI", 1, 0x0112, 2, 4, b"six\0", 0)
    yield "with a hundred orientations", head + struct.pack("<HHHII", 1, 0x0112, 3, 100, 22) + bytes(200)


def pngs() -> Iterator[tuple[str, bytes]]:
    pixels = bytes(3 * 40 * 30)
    zeros = zlib.compress(bytes(100_000_000), 9)
    yield "PNG text of 100 MB", png(40, 30, 8, 2, pixels, (b"zTXt", b"a\0\0" + zeros))
    yield "PNG of 500 texts", png(40, 30, 8, 2, pixels, *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 500)
    yield "PNG of international text", png(40, 30, 8, 2, pixels, (b"iTXt", b"a\0\1\0\0\0" + zeros))
    yield "PNG profile of 100 MB", png(40, 30, 8, 2, pixels, (b"iCCP", b"a\0\0" + zeros))
    yield "PNG of 100,000 chunks", png(40, 30, 8, 2, pixels, *[(b"prVt", b"")] * 300_000)
    yield "PNG with more pixels than it says", png(40, 30, 8, 2, bytes(3 * 40 * 30_000))
    yield "PNG with fewer pixels than it says", png(7000, 7000, 8, 6, bytes(7000))
    yield "PNG film of a million frames", png(40, 30, 8, 2, pixels, (b"acTL", struct.pack(">II", 2**31 - 1, 0)))
    yield "PNG with a drawing in it", png(40, 30, 8, 2, pixels, (b"tEXt", b"a\0" + SVG))
    for depth, colours in ((3, 0), (16, 3), (8, 5), (255, 255)):
        yield f"PNG of {depth} bits in colours {colours}", png(40, 30, depth, colours, pixels)


def tiffs() -> Iterator[tuple[str, bytes]]:
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        data = encoded(scene(200, 150), "TIFF", compression=compression)
        name = compression or "raw"
        at = data.index(struct.pack("<HH", 273, 4))
        yield f"TIFF {name} with a wild offset", data[: at + 8] + b"\xff\xff\xff\x7f" + data[at + 12 :]
        yield f"TIFF {name} of endless strips", data[: at + 4] + b"\xff\xff\xff\x7f" + data[at + 8 :]
        at = data.index(struct.pack("<HH", 278, 4)) if struct.pack("<HH", 278, 4) in data else at
        yield f"TIFF {name} of no rows", data[: at + 8] + bytes(4) + data[at + 12 :]
    data = encoded(SMALL, "TIFF")
    (directory,) = struct.unpack_from("<I", data, 4)
    (tags,) = struct.unpack_from("<H", data, directory)
    following = directory + 2 + 12 * tags
    yield "TIFF in a circle", data[:following] + struct.pack("<I", directory) + data[following + 4 :]
    yield "TIFF of 65,535 tags", data[:directory] + b"\xff\xff" + data[directory + 2 :] + bytes(12 * 65_535)
    many = b"".join(struct.pack("<HHHIII", 1, 256, 4, 1, 40, 8 + 18 * page) for page in range(1, 100_000))
    yield "TIFF of 100,000 pages", b"II*\0\x08\0\0\0" + many
    yield (
        "TIFF of sixteen bits that are none",
        encoded(SMALL, "TIFF").replace(struct.pack("<HHI", 258, 3, 3), struct.pack("<HHI", 258, 3, 2**31)),
    )


def films() -> Iterator[tuple[str, bytes]]:
    gif = encoded(SMALL, "GIF")
    header, frame = gif[: 13 + 3 * 2 ** ((gif[10] & 7) + 1)], gif[13 + 3 * 2 ** ((gif[10] & 7) + 1) : -1]
    small = b"\x2c" + bytes(4) + struct.pack("<HH", 1, 1) + b"\0\x02\x02\x44\x01\0"
    yield "GIF of 400,000 frames", header + frame + small * 400_000 + b";"
    yield "GIF of 1 MB of comments", header + b"\x21\xfe" + (b"\xff" + b"c" * 255) * 4000 + b"\0" + frame + b";"
    canvas = header[:6] + struct.pack("<HH", 7000, 7000) + header[10:]
    yield "GIF with a frame on a great canvas", canvas + frame + b";"
    beyond = b"\x2c" + struct.pack("<HHHH", 65_000, 65_000, 65_000, 65_000) + frame[9:]
    yield "GIF with a frame beyond its canvas", header + beyond + b";"
    frames = [flat(size=(40, 30), colour=(n % 256, n // 8, 9)) for n in range(300)]
    yield "WebP of 300 frames", encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    yield "PNG of 300 frames", encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    webp = encoded(SMALL, "WEBP", save_all=True, append_images=frames[:2])
    at = webp.index(b"VP8X") + 12
    yield "WebP film on a great canvas", webp[:at] + (3999).to_bytes(3, "little") * 2 + webp[at + 6 :]


def others() -> Iterator[tuple[str, bytes]]:
    jpeg, gif, bmp = (encoded(SMALL, kind) for kind in ("JPEG", "GIF", "BMP"))
    archive = b"PK\x03\x04" + bytes(200) + b"PK\x05\x06" + bytes(18)
    yield "JPEG and ZIP", jpeg + archive
    yield "ZIP and JPEG", archive + jpeg
    yield "PDF and JPEG", b"%PDF-1.7\n" + jpeg
    yield "JPEG and PDF", jpeg + b"%PDF-1.7\n%%EOF"
    yield "GIF and script", gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1)"
    yield "drawing and PNG", SVG + encoded(SMALL)
    yield "JPEG and drawing", jpeg + SVG
    compressed = bmp[:30] + struct.pack("<I", 1) + bmp[34:]
    yield "BMP compressed, though it is not", compressed
    runs = struct.pack("<IiiHHIIiiII", 40, 7000, 7000, 1, 8, 1, 0, 0, 0, 256, 0) + bytes(1024)
    yield "BMP of 49 megapixels of runs", b"BM" + struct.pack("<IHHI", 0, 0, 0, 1078) + runs + b"\xff\x01" * 30_000
    yield "BMP upside down", bmp[:22] + struct.pack("<i", -(2**31)) + bmp[26:]
    heic = encoded(quadrants(64, 64), "HEIF")
    for box in (b"iloc", b"iinf", b"ipco", b"ipma", b"iprp", b"hvcC", b"meta", b"pitm"):
        at = heic.index(box)
        yield f"HEIC with a wild {box.decode()}", heic[: at + 8] + b"\xff" * 16 + heic[at + 24 :]
        yield f"HEIC with an endless {box.decode()}", heic[: at - 4] + b"\xff\xff\xff\xff" + heic[at:]
    nested = b""
    for _ in range(12_000):
        nested = struct.pack(">I", len(nested) + 8) + b"meta" + nested
    yield "HEIC of boxes in boxes", heic[:24] + nested
    picture = Image.open(BytesIO(jpeg))
    yield "JPEG of a JPEG's name", encoded(picture, "JPEG", comment=b"\xff\xd8\xff\xd9" * 900)
