"""What the demo's team has bought before: a dozen items, so that a first search may answer "you have this"."""

import logging
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from accounts.models import Team, User
from catalog.models import Item
from catalog.pictures import keep_picture
from searches.imaging import ImageRejected

logger = logging.getLogger(__name__)

PICTURES = settings.BASE_DIR / "sandbox" / "catalogue" / "pictures"
TEAHOUSE, NORTHWOOD, BRIGHT = "德化县清和陶瓷有限公司", "曹县北木工艺品厂", "永康市亮程日用品有限公司"
# (code, product of the sandbox, name, supplier, price, MOQ, tiers, days since it was last bought)
BOUGHT: tuple[tuple[str, str, str, str, str, int, list[list[int | str]], int], ...] = (
    ("HW-1001", "mug-01", "釉面马克杯 墨绿", TEAHOUSE, "8.9", 48, [[48, "8.9"], [500, "8.2"]], 63),
    ("HW-1002", "mug-03", "鼓形马克杯 白色蓝边", TEAHOUSE, "10.5", 48, [[48, "10.5"], [500, "9.6"]], 63),
    ("HW-1003", "teapot-01", "陶瓷茶壶 藏蓝", TEAHOUSE, "36", 12, [[12, "36"], [120, "32.5"]], 201),
    ("HW-1004", "bowl-01", "日式拉面碗 钴蓝", TEAHOUSE, "9.8", 60, [], 118),
    ("HW-1005", "vase-02", "条纹圆肚花瓶 米白", TEAHOUSE, "21", 24, [], 340),
    ("HW-2001", "bowl-02", "相思木沙拉碗", NORTHWOOD, "27", 20, [[20, "27"], [200, "24"]], 45),
    ("HW-2002", "tray-01", "木质托盘 带提手", NORTHWOOD, "33", 20, [], 45),
    ("HW-2003", "board-01", "相思木砧板 挂绳", NORTHWOOD, "22.5", 30, [[30, "22.5"], [300, "19.9"]], 152),
    ("HW-2004", "stool-01", "实木圆凳", NORTHWOOD, "52", 10, [], 410),
    ("HW-3001", "bottle-01", "提环保温水壶 灰绿", BRIGHT, "29.5", 100, [[100, "29.5"], [1000, "26.8"]], 17),
    ("HW-3002", "kettle-01", "细口手冲壶 不锈钢", BRIGHT, "49", 50, [], 90),
    ("HW-3003", "tumbler-01", "不锈钢保温车载杯 黑色", BRIGHT, "23.8", 100, [[100, "23.8"], [1000, "21"]], 17),
)


def make_catalogue(team: Team, buyer: User) -> None:
    """The items with a picture each. Nobody is rung for: the scheduler sees what is to be done once it runs."""
    today = timezone.localdate()
    for code, product, name, supplier, price, moq, tiers, days in BOUGHT:
        item = Item.objects.create(
            team=team,
            created_by=buyer,
            code=code,
            name=name,
            supplier_name=supplier,
            price=Decimal(price),
            moq=moq,
            tiers=tiers,
            last_bought=_weekday(today - timedelta(days=days)),
        )
        try:
            keep_picture(item=item, data=(PICTURES / f"{product}-2.jpg").read_bytes(), ring=False)
        except (ImageRejected, OSError) as problem:
            # An item without a picture is no reason not to start.
            logger.warning("The demo's item %s has no picture: %s", code, type(problem).__name__)


def _weekday(day: date) -> date:
    """Nobody buys on Sundays."""
    return day - timedelta(days=1) if day.isoweekday() == 7 else day
