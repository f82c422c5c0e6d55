"""Where suppliers are, written one way: "浙江 杭州" for 浙江省杭州市, 浙江杭州 and 浙江 杭州市."""

import re

# Provinces, autonomous regions and special regions by their usual short names, and what their full names add.
_SUFFIXES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"({_PROVINCES})(?:{'|'.join(_SUFFIXES)})?[\s,，/·-]*")
# What follows a city in an address: its districts and streets are too much for a column.
_CITY = re.compile(r"([\u4e00-\u9fff]{2,8}?)(?:市|地区|自治州|盟)(?!场)")
_MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})


def place_of(text: str) -> str:
    """Province and city, with a blank between them; a text that begins with no Chinese province stays as it is."""
    found = _PROVINCE.match(text)
    if not found:
        return text
    province, rest = found[1], text[found.end() :].strip()
    if province in _MUNICIPALITIES:
        return province
    city = _CITY.match(rest)
    if city:
        return f"{province} {city[1]}"
    return f"{province} {rest}" if 0 < len(rest) <= 8 else province
