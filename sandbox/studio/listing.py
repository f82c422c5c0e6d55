"""The manifest: what the catalogue holds, so that it is known which pictures show the same product."""

from __future__ import annotations

from typing import Any

from sandbox.studio.products import Product, table
from sandbox.studio.shots import SEED, Shot, shots_of


def manifest(scale: float) -> dict[str, Any]:
    """What the catalogue holds: products, and each picture's product, view and set."""
    shots = [shot for product in table() for shot in shots_of(product)]
    return {
        "version": 1,
        "seed": SEED,
        "products": [product_entry(product) for product in table()],
        "pictures": [shot_entry(shot, scale) for shot in shots if not shot.query],
        "queries": [shot_entry(shot, scale) for shot in shots if shot.query],
    }


def product_entry(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "category": product.category,
        "name_en": product.name_en,
        "name_zh": product.name_zh,
        "keywords_zh": list(product.keywords_zh),
        "material_zh": product.material_zh,
        "color_zh": product.color_zh,
        "price_low": product.price_low,
        "price_high": product.price_high,
        "weight_g": product.weight_g,
    }


def shot_entry(shot: Shot, scale: float) -> dict[str, Any]:
    return {
        "file": shot.file,
        "product": shot.product,
        "view": shot.view,
        "seed": shot.seed,
        "background": shot.background,
        "light": shot.light,
        "watermark": shot.watermark,
        "width": round(shot.size[0] * scale),
        "height": round(shot.size[1] * scale),
    }
