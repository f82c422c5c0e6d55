"""A small catalogue drawn in memory: plain shapes in plain colours, photographed a little differently."""

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

PRODUCTS = {
    # id: (shape, colour, name, material, price band)
    "plate-01": ("disc", (190, 40, 40), "餐盘", "陶瓷", ("6.50", "14.00")),
    "box-01": ("box", (40, 70, 180), "收纳盒", "塑料", ("3.20", "9.80")),
    "ring-01": ("ring", (60, 140, 60), "玩具圈", "橡胶", ("1.10", "3.00")),
    "sign-01": ("triangle", (220, 180, 30), "警示牌", "铝合金", ("12.00", "28.00")),
    "bar-01": ("bar", (40, 40, 46), "擀面杖", "木", ("5.00", "11.00")),
    "tile-01": ("diamond", (150, 70, 170), "杯垫", "硅胶", ("0.80", "2.40")),
}
VIEWS = 5
QUERY_VIEW = 2.5
SIDE = 160


def write_small_catalogue(folder: Path, views: int = VIEWS) -> None:
    """Six products, ``views`` pictures each, and one further query photo a product."""
    pictures, queries = [], []
    for product in PRODUCTS:
        for view in range(views):
            file = f"pictures/{product}-{view}.jpg"
            pictures.append({"file": file, "product": product, "view": view})
            _write(folder / file, photo(product, view))
        file = f"queries/{product}.jpg"
        queries.append({"file": file, "product": product})
        _write(folder / file, photo(product, QUERY_VIEW))
    products = [
        {
            "id": product,
            "category": "demo",
            "name_en": product,
            "name_zh": name,
            "keywords_zh": [f"{name}批发", "家居用品", "礼品"],
            "material_zh": material,
            "color_zh": "单色",
            "price_low": prices[0],
            "price_high": prices[1],
            "weight_g": 200,
        }
        for product, (_, _, name, material, prices) in PRODUCTS.items()
    ]
    manifest = {"version": 1, "products": products, "pictures": pictures, "queries": queries}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def photo(product: str, view: float) -> bytes:
    """A JPEG of the product: another view is turned, sized and lit another way."""
    shape, colour, *_ = PRODUCTS[product]
    radius = 40 + 4 * (view % 5)
    turn = 4 * (view % 7) - 8
    subject = Image.new("RGBA", (SIDE, SIDE), (*colour, 0))
    draw = ImageDraw.Draw(subject)
    middle = SIDE // 2
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    if shape == "disc":
        draw.ellipse(box, fill=colour)
    elif shape == "ring":
        draw.ellipse(box, outline=colour, width=16)
    elif shape == "bar":
        draw.rounded_rectangle((box[0] - 12, middle - 11, box[2] + 12, middle + 11), 10, fill=colour)
    else:
        sides = {"triangle": 3, "box": 4, "diamond": 4}[shape]
        angle = {"triangle": 0, "box": 0, "diamond": 45}[shape]
        draw.regular_polygon((middle, middle, radius), sides, rotation=angle, fill=colour)
    subject = subject.rotate(turn, resample=Image.Resampling.BICUBIC)
    background = Image.new("RGBA", (SIDE, SIDE), (*(round(level - 4 * (view % 9)) for level in (246, 245, 241)), 255))
    picture = Image.alpha_composite(background, subject).convert("RGB")
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=88)
    return out.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
