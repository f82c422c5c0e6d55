"""Four offers to filter, and reading what a page's filters say."""

import html
import re
from decimal import Decimal

from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory

RED, BLUE, VASE, BAG = "红色 马克杯 陶瓷", "蓝色 马克杯", "陶瓷 花瓶 Vase", "100% cotton_bag"


def search_with_four_offers(team, owner) -> SearchJob:
    job = SearchJobFactory(team=team, owner=owner)
    SearchCallFactory(job=job, offers_found=4)
    for title, price, moq, similarity, credit, supplier, place in (
        (RED, "8", 1, 0.95, 5, "义乌晨屿", "浙江 金华"),
        (BLUE, "12", 10, 0.85, 4, "义乌喜禾", "浙江 金华"),
        (VASE, "30", 100, 0.75, 5, "潮州瓷韵", "广东 潮州"),
        (BAG, "55", 500, 0.4, None, "白沟恒达", "河北 保定"),
    ):
        SupplierMatchFactory(
            job=job,
            title=title,
            price=Decimal(price),
            moq=moq,
            similarity=similarity,
            supplier_credit=credit,
            supplier_name=supplier,
            supplier_location=place,
        )
    return job


def counts(response, name: str) -> dict[str, int]:
    """Beside each choice of a filter: how many offers it would list."""
    found = re.findall(
        rf'name="{name}" value="([^"]*)"[^>]*>[^<]*</span><span class="dim">([\d,]+)', response.content.decode()
    )
    return {html.unescape(value): int(number.replace(",", "")) for value, number in found}


def chips(response) -> dict[str, str]:
    """The active filters: what each says, and the address without it."""
    found = re.findall(r'<a class="chip" href="([^"]*)">(.*?) <span', response.content.decode())
    return {html.unescape(label): html.unescape(address) for address, label in found}
