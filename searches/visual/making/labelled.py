"""Pictures of which it is known what they show: the sandbox's catalogue, and real photos by their file names."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = 5  # one family in so many is never learned from and never calibrated with: tests and the bench are of it


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture; ``product`` is the thing in its colour, ``family`` the same thing in any colour.

    ``stands_free``: before a plain background that can be replaced. ``asks``: a further view with which one searches,
    of those that nobody offers.
    """

    path: Path
    product: str
    family: str
    stands_free: bool
    asks: bool = False

    @property
    def held_out(self) -> bool:
        return int(hashlib.sha256(self.family.encode()).hexdigest(), 16) % HELD_OUT == 0


def read_catalogue(folder: Path) -> list[Labelled]:
    """The pictures and the query photos of a catalogue's ``manifest.json``; each product is its own family."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return [
        Labelled(folder / item["file"], item["product"], item["product"], stands_free=False, asks=asks)
        for asks, items in ((False, manifest["pictures"]), (True, manifest["queries"]))
        for item in items
    ]


def read_photos(folder: Path) -> list[Labelled]:
    """Photos named SKU-colour_view.jpg, or SKU-colour-0.jpg and SKU-colour-0_view.jpg for gear.

    Gear and clothing share SKUs and nothing else: they are different products.
    """
    return [_labelled_by_name(path) for path in sorted(folder.glob("*.jpg"))]


def _labelled_by_name(path: Path) -> Labelled:
    sku, *rest = path.stem.partition("_")[0].split("-")
    kind = "gear" if rest[-1:] == ["0"] else "clothing"
    colour = rest[0] if rest else ""
    return Labelled(path, f"{kind} {sku} {colour}", f"{kind} {sku}", stands_free=True)
