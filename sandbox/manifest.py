"""What the demo catalogue's folder holds: products, their pictures, and query photos."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

VERSION = 1
DEFAULT_FOLDER = Path(__file__).parent / "catalogue"
PICTURE_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


class ManifestError(ValueError):
    """The catalogue's folder cannot be used; the text says why."""


@dataclass(frozen=True)
class Product:
    """One thing that suppliers sell; prices are in yuan."""

    id: str
    name_zh: str
    name_en: str
    category: str
    keywords_zh: tuple[str, ...]
    material_zh: str
    color_zh: str
    price_low: Decimal
    price_high: Decimal


@dataclass(frozen=True)
class Picture:
    """A photograph: ``file`` is its path inside the folder, ``product`` the truth of what it shows."""

    file: str
    product: str


@dataclass(frozen=True)
class Manifest:
    """``pictures`` are what suppliers show; ``queries`` are further views that no offer uses.

    ``digest_source`` is the manifest's text, by which derived data is told apart.
    """

    folder: Path
    products: Mapping[str, Product]
    pictures: tuple[Picture, ...]
    queries: tuple[Picture, ...]
    digest_source: bytes


def read_manifest(folder: Path) -> Manifest:
    """Reads and checks ``manifest.json``; every file it names must be a picture inside the folder.

    Raises ManifestError.
    """
    path = folder / "manifest.json"
    try:
        source = path.read_bytes()
        raw: Any = json.loads(source)
    except FileNotFoundError:
        raise ManifestError(f"There is no catalogue: {path} does not exist.") from None
    except ValueError as error:
        raise ManifestError(f"{path} is not JSON: {error}") from error
    try:
        if raw["version"] != VERSION:
            raise ManifestError(f"{path} has version {raw['version']!r}; this program reads {VERSION}.")
        products = {item["id"]: _product(item) for item in raw["products"]}
        pictures = tuple(_picture(folder, products, item) for item in raw["pictures"])
        queries = tuple(_picture(folder, products, item) for item in raw.get("queries", ()))
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ManifestError(f"{path} lacks something or is of the wrong shape: {error!r}") from error
    if not pictures:
        raise ManifestError(f"{path} names no pictures.")
    return Manifest(folder, products, pictures, queries, source)


def _product(item: Mapping[str, Any]) -> Product:
    product = Product(
        id=item["id"],
        name_zh=item["name_zh"],
        name_en=item["name_en"],
        category=item["category"],
        keywords_zh=tuple(item["keywords_zh"]),
        material_zh=item["material_zh"],
        color_zh=item["color_zh"],
        price_low=Decimal(item["price_low"]),
        price_high=Decimal(item["price_high"]),
    )
    if not Decimal(0) < product.price_low <= product.price_high:
        raise ManifestError(f"Product {product.id} has no sensible prices.")
    return product


def _picture(folder: Path, products: Mapping[str, Product], item: Mapping[str, Any]) -> Picture:
    picture = Picture(file=item["file"], product=item["product"])
    if picture.product not in products:
        raise ManifestError(f"Picture {picture.file} shows the unknown product {picture.product!r}.")
    path = (folder / picture.file).resolve()
    if not path.is_relative_to(folder.resolve()) or path.suffix.lower() not in PICTURE_TYPES:
        raise ManifestError(f"Picture {picture.file!r} is not a picture inside the catalogue's folder.")
    if not path.is_file():
        raise ManifestError(f"Picture {picture.file} is missing from the catalogue's folder.")
    return picture
