"""Places are written one way, so that a filter does not count one city twice."""

import pytest

from searches.marketplaces.places import place_of


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("广东省广州市", "广东 广州"),
        ("广东 广州", "广东 广州"),
        ("浙江省 义乌市", "浙江 义乌"),
        ("浙江义乌", "浙江 义乌"),
        ("浙江省杭州市西湖区文三路1号", "浙江 杭州"),
        ("广西壮族自治区南宁市", "广西 南宁"),
        ("内蒙古自治区呼和浩特市", "内蒙古 呼和浩特"),
        ("黑龙江省大兴安岭地区", "黑龙江 大兴安岭"),
        ("新疆维吾尔自治区", "新疆"),
        ("上海市", "上海"),
        ("北京北京市朝阳区", "北京"),
        ("浙江", "浙江"),
    ],
)
def test_province_and_city(text: str, place: str) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize("text", ["", "义乌", "Guangdong Guangzhou", "越南 河内"])
def test_what_begins_with_no_province_stays(text: str) -> None:
    assert place_of(text) == text
