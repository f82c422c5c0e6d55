"""Where the filtered offers' suppliers are: a tile map of China, and the provinces in a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from searches.diagrams import PROVINCES, Tile, TileMap, draw_tiles, in_units, spread_of
from searches.formats import percent
from searches.offertable import OfferTable, Rows
from searches.pictured.measure import Measure

# A province's link names each of its places; longer addresses than that servers refuse.
MOST_PLACES = 40
NAMES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "黑龙江": gettext_lazy("Heilongjiang"),
        "新疆": gettext_lazy("Xinjiang"),
        "内蒙古": gettext_lazy("Inner Mongolia"),
        "辽宁": gettext_lazy("Liaoning"),
        "吉林": gettext_lazy("Jilin"),
        "甘肃": gettext_lazy("Gansu"),
        "宁夏": gettext_lazy("Ningxia"),
        "山西": gettext_lazy("Shanxi"),
        "河北": gettext_lazy("Hebei"),
        "北京": gettext_lazy("Beijing"),
        "天津": gettext_lazy("Tianjin"),
        "青海": gettext_lazy("Qinghai"),
        "陕西": gettext_lazy("Shaanxi"),
        "河南": gettext_lazy("Henan"),
        "山东": gettext_lazy("Shandong"),
        "西藏": gettext_lazy("Tibet"),
        "四川": gettext_lazy("Sichuan"),
        "重庆": gettext_lazy("Chongqing"),
        "湖北": gettext_lazy("Hubei"),
        "安徽": gettext_lazy("Anhui"),
        "江苏": gettext_lazy("Jiangsu"),
        "上海": gettext_lazy("Shanghai"),
        "云南": gettext_lazy("Yunnan"),
        "贵州": gettext_lazy("Guizhou"),
        "湖南": gettext_lazy("Hunan"),
        "江西": gettext_lazy("Jiangxi"),
        "浙江": gettext_lazy("Zhejiang"),
        "广西": gettext_lazy("Guangxi"),
        "广东": gettext_lazy("Guangdong"),
        "福建": gettext_lazy("Fujian"),
        "台湾": gettext_lazy("Taiwan"),
        "海南": gettext_lazy("Hainan"),
        "澳门": gettext_lazy("Macau"),
        "香港": gettext_lazy("Hong Kong"),
    }
)


@dataclass(frozen=True, slots=True)
class Square:
    tile: Tile
    url: str
    told: str


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """name: in the reader's language, "" where that is the Chinese one. median: of the prices measured."""

    province: str
    name: str
    url: str
    count: int
    share: str
    median: str


@dataclass(frozen=True, slots=True)
class Places:
    """legend: the shades with the counts that they stand for. elsewhere, unknown: offers on no tile."""

    drawing: TileMap
    squares: list[Square]
    lines: list[ProvinceLine]
    legend: list[tuple[int, str]]
    elsewhere: int
    unknown: int
    summary: str


def places_of(table: OfferTable, rows: Rows, measure: Measure, link: Callable[[Sequence[str]], str]) -> Places | None:
    """link: the address of the comparison in some places. None where no offer tells its place."""
    provinces = [*PROVINCES]
    # Places begin with the province: see `marketplaces.places`. The last: where the code of the unknown points.
    number_of = {province: number for number, province in enumerate(provinces)}
    numbers = [number_of.get(place.split(" ")[0], -1) for place in table.places]
    of_rows = np.array([*numbers, -1], dtype=np.int64)[table.place[rows]]
    unknown = int(np.count_nonzero(table.place[rows] < 0))
    if unknown == len(rows):
        return None
    counted = np.bincount(of_rows[of_rows >= 0], minlength=len(provinces))
    counts = {province: int(counted[number]) for number, province in enumerate(provinces) if counted[number]}
    within: dict[str, list[str]] = {province: [] for province in counts}
    for code in np.unique(table.place[rows]):
        if code >= 0 and (province := provinces[numbers[code]] if numbers[code] >= 0 else "") in within:
            within[province].append(table.places[code])
    urls = {province: link(names) if len(names) <= MOST_PLACES else "" for province, names in within.items()}
    drawing = draw_tiles(counts)
    lines = [
        _line(province, count, len(rows), urls[province], _median(measure, rows[of_rows == number_of[province]]))
        for province, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    return Places(
        drawing=drawing,
        squares=[_square(tile, urls.get(tile.province, "")) for tile in drawing.tiles],
        lines=lines,
        legend=_legend(drawing.bounds),
        elsewhere=len(rows) - unknown - sum(counts.values()),
        unknown=unknown,
        summary=_summary(lines),
    )


def _line(province: str, count: int, offers: int, url: str, median: str) -> ProvinceLine:
    name = str(NAMES[province])
    return ProvinceLine(province, "" if name == province else name, url, count, percent(count / offers), median)


def _median(measure: Measure, rows: Rows) -> str:
    values = in_units(measure.values[rows])
    return measure.told(spread_of(values).median) if len(values) else ""


def _square(tile: Tile, url: str) -> Square:
    words = ngettext("%(province)s: %(number)s offer", "%(province)s: %(number)s offers", tile.count)
    return Square(tile, url, words % {"province": NAMES[tile.province], "number": f"{tile.count:,}"})


def _legend(bounds: Sequence[int]) -> list[tuple[int, str]]:
    legend, lowest = [], 1
    for shade, highest in enumerate(bounds, 1):
        legend.append((shade, f"{lowest:,}" if lowest == highest else f"{lowest:,}–{highest:,}"))
        lowest = highest + 1
    return legend


def _summary(lines: Sequence[ProvinceLine]) -> str:
    if not lines:
        return _("Offers by province: none in China")
    first = lines[0]
    words = {"province": first.name or first.province, "share": first.share}
    return _("Offers by province; most of them in %(province)s: %(share)s") % words
