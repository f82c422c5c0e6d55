"""A tile map of China: one square for each province, all of one size, roughly where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TILE, GAP = 44, 3
SHADES = 5

# Column from the west, row from the north, by the short names that places begin with.
PROVINCES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "黑龙江": (8, 0),
        "新疆": (0, 1),
        "内蒙古": (5, 1),
        "辽宁": (7, 1),
        "吉林": (8, 1),
        "甘肃": (2, 2),
        "宁夏": (3, 2),
        "山西": (4, 2),
        "河北": (5, 2),
        "北京": (6, 2),
        "天津": (7, 2),
        "青海": (1, 3),
        "陕西": (3, 3),
        "河南": (4, 3),
        "山东": (6, 3),
        "西藏": (0, 4),
        "四川": (2, 4),
        "重庆": (3, 4),
        "湖北": (4, 4),
        "安徽": (5, 4),
        "江苏": (6, 4),
        "上海": (7, 4),
        "云南": (2, 5),
        "贵州": (3, 5),
        "湖南": (4, 5),
        "江西": (5, 5),
        "浙江": (6, 5),
        "广西": (4, 6),
        "广东": (5, 6),
        "福建": (6, 6),
        "台湾": (7, 6),
        "海南": (4, 7),
        "澳门": (5, 7),
        "香港": (6, 7),
    }
)


@dataclass(frozen=True, slots=True)
class Tile:
    """shade: 0 for none, up to SHADES for the most. middle, name_y, count_y: where the words stand."""

    province: str
    count: int
    shade: int
    x: int
    y: int
    size: int
    middle: int
    name_y: int
    count_y: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """bounds: the largest count of each shade, from the first on."""

    width: int
    height: int
    tiles: list[Tile]
    bounds: list[int]


def shade_bounds(most: int) -> list[int]:
    """The largest count of each shade: each step the same multiple of the one before, since one province often has
    more than all others together."""
    bounds = {max(step, round(most ** (step / SHADES))) for step in range(1, SHADES)} if most else set()
    return sorted({bound for bound in bounds if bound < most} | ({most} if most else set()))


def draw_tiles(counts: Mapping[str, int]) -> TileMap:
    """counts: by province; one that is not named has none."""
    bounds = shade_bounds(max(counts.values(), default=0))
    tiles = []
    for province, (column, row) in PROVINCES.items():
        count, x, y = counts.get(province, 0), column * TILE, row * TILE
        shade = next((step for step, bound in enumerate(bounds, 1) if count <= bound), 0) if count else 0
        size = TILE - GAP
        tiles.append(Tile(province, count, shade, x, y, size, x + size // 2, y + 17, y + 33))
    columns, rows = (max(place[axis] for place in PROVINCES.values()) + 1 for axis in (0, 1))
    return TileMap(columns * TILE, rows * TILE, tiles, bounds)
