"""The sixty suppliers of the demo catalogue. All of them are invented."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.dice import Dice

# What 1688 says a seller is: a paying member, a strong merchant, an inspected factory, a large one.
TP_MEMBER, STRONG_MERCHANT = "tp_member", "powerful_merchants"
CERTIFIED_FACTORY, SUPER_FACTORY = "certified_factory", "super_factory"


@dataclass(frozen=True)
class Supplier:
    """``credit_level`` is 0 to 5; ``location`` reads "province city".

    ``years`` is how long it has been a paying member (1 to 15), ``medal_level`` its trade medal (1 to
    5), ``service_score`` 0 to 5, ``repeat_rate`` the share of buyers who came back, 0 to 1 in whole
    percents; each is None where 1688 does not say.
    """

    user_id: str
    company_name: str
    credit_level: int
    location: str
    identities: tuple[str, ...]
    years: int | None
    medal_level: int | None
    service_score: Decimal | None
    repeat_rate: Decimal | None

    @property
    def member_id(self) -> str:
        return f"b2b-{self.user_id}"

    @property
    def province(self) -> str:
        return self.location.split()[0]

    @property
    def city(self) -> str:
        return self.location.split()[1]


# Places known for small wares, and the beginnings of company names that are usual there.
PLACES = (
    ("浙江", "金华", "义乌市", ("拓野", "喜禾", "优朵", "佰汇", "晨屿", "洛梵", "小满屋")),
    ("浙江", "宁波", "宁波", ("海曜", "甬创", "美舍", "博远")),
    ("浙江", "台州", "台州市黄岩", ("塑尚", "恒塑", "佳朗")),
    ("浙江", "温州", "温州", ("瓯艺", "诚礼", "远帆")),
    ("浙江", "杭州", "杭州", ("拾光里", "云栖谷", "简物")),
    ("广东", "广州", "广州", ("聚途", "雅轩", "莱客", "同禾")),
    ("广东", "深圳", "深圳市", ("创想物", "智家源", "科睿")),
    ("广东", "佛山", "佛山市", ("顺意", "铭厨", "广佳")),
    ("广东", "潮州", "潮州市", ("枫溪陶源", "瓷韵", "韩江窑")),
    ("广东", "东莞", "东莞市", ("莞品", "和力")),
    ("广东", "揭阳", "揭阳市", ("不锈源",)),
    ("福建", "泉州", "泉州", ("德化白瓷坊", "远行者", "闽匠", "瓷里乡")),
    ("福建", "厦门", "厦门", ("鹭岛物语", "禾风")),
    ("江苏", "苏州", "苏州", ("吴地良品", "拙木")),
    ("江苏", "徐州", "徐州", ("彭城玻璃艺", "晶彩")),
    ("山东", "淄博", "淄博", ("博山琉韵", "齐风玻璃艺")),
    ("山东", "临沂", "临沂", ("沂蒙优选", "柳编人家")),
    ("山东", "青岛", "青岛", ("海之源",)),
    ("河北", "保定", "白沟新城", ("恒达", "燕赵")),
    ("河北", "沧州", "沧州", ("渤海玻璃艺",)),
    ("河南", "郑州", "郑州", ("中原聚货",)),
    ("江西", "景德镇", "景德镇", ("昌江窑", "青花里")),
    ("湖南", "株洲", "醴陵市", ("醴瓷",)),
    ("四川", "成都", "成都", ("蜀品汇",)),
    ("上海", "上海", "上海", ("申简",)),
)
ENDINGS = (
    "日用品有限公司",
    "家居用品有限公司",
    "工艺品厂",
    "贸易有限公司",
    "电子商务有限公司",
    "百货商行",
    "制品厂",
    "实业有限公司",
    "礼品有限公司",
    "进出口有限公司",
)
# How often each credit level is met: most sellers who stay in business have a good one.
CREDIT_LEVELS = (0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5)


def all_suppliers() -> tuple[Supplier, ...]:
    """The same sixty companies every time."""
    suppliers = []
    for province, city, prefix, names in PLACES:
        for name in names:
            suppliers.append(_supplier(f"{province} {city}", prefix, name))
    return tuple(suppliers)


def _supplier(location: str, prefix: str, name: str) -> Supplier:
    dice, standing = Dice("supplier", prefix, name), Dice("standing", prefix, name)
    # All are drawn, whether shown or not, so that each keeps its place among the throws.
    years, medal = standing.number(1, 15), standing.number(1, 5)
    service, repeat = standing.number(30, 50), standing.number(3, 68)
    identities = _identities(standing)
    return Supplier(
        user_id=f"22{dice.number(10**10, 10**11 - 1)}",
        company_name=f"{prefix}{name}{dice.pick(ENDINGS)}",
        credit_level=dice.pick(CREDIT_LEVELS),
        location=location,
        identities=identities,
        years=years if TP_MEMBER in identities else None,
        medal_level=None if standing.chance(0.1) else medal,
        service_score=None if standing.chance(0.1) else Decimal(service).scaleb(-1),
        repeat_rate=None if standing.chance(0.15) else Decimal(repeat).scaleb(-2),
    )


def _identities(dice: Dice) -> tuple[str, ...]:
    """A super factory has been inspected too; nearly all are paying members."""
    is_super, is_inspected = dice.chance(0.15), dice.chance(0.3)
    has = {
        TP_MEMBER: dice.chance(0.93),
        STRONG_MERCHANT: dice.chance(0.3),
        CERTIFIED_FACTORY: is_super or is_inspected,
        SUPER_FACTORY: is_super,
    }
    return tuple(identity for identity, held in has.items() if held)
