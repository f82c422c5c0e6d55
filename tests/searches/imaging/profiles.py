"""Colour profiles built byte by byte (ICC.1:2001-04), so that no file of somebody else's is needed."""

import struct

ADOBE_RGB_PRIMARIES = {  # adapted to D50
    "r": (0.60974, 0.31111, 0.01947),
    "g": (0.20528, 0.62567, 0.06087),
    "b": (0.14919, 0.06322, 0.74457),
}
ADOBE_RGB_GAMMA = 563 / 256
_D50 = (0.9642, 1.0, 0.8249)
_CLUT_POINTS = 2


def wide_gamut() -> bytes:
    """A matrix profile with the primaries and the gamma of Adobe RGB (1998)."""
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(ADOBE_RGB_GAMMA * 256)) + b"\0\0"
    tags = {f"{channel}TRC".encode(): curve for channel in "rgb"}
    tags |= {f"{channel}XYZ".encode(): _xyz(colour) for channel, colour in ADOBE_RGB_PRIMARIES.items()}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def grey_gamma(gamma: float) -> bytes:
    """A profile for greyscale."""
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def cyan_prints_grey() -> bytes:
    """A printer on which pure cyan gives a middle grey (L* 50) and every other mix gives white."""
    white, grey = bytes((255, 128, 128)), bytes((128, 128, 128))
    only_cyan = _CLUT_POINTS**3  # the first ink varies slowest
    mixes = b"".join(grey if mix == only_cyan else white for mix in range(_CLUT_POINTS**4))
    identity = struct.pack(">9i", *(65536 if place in (0, 4, 8) else 0 for place in range(9)))
    linear = bytes(range(256))
    table = b"mft1" + bytes(4) + bytes((4, 3, _CLUT_POINTS, 0)) + identity + linear * 4 + mixes + linear * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def _xyz(colour: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(part * 65536) for part in colour))


def _profile(device: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    name = b"made for a test\0"
    description = b"desc" + struct.pack(">II", 0, len(name)) + name + bytes(78)
    tags = {b"desc": description, b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": _xyz(_D50)} | tags
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for signature, content in tags.items():
        table += signature + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x02400000, device, space, connection)
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", *(round(part * 65536) for part in _D50)) + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body
