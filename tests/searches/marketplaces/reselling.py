"""What the tests of TMAPI and Onebound share: a host that takes notes, keys, and the documents' examples as replies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from searches.marketplaces import Alone, SearchPage
from searches.marketplaces.tmapi import parse_page
from tests.searches.marketplaces.gateway import Answer, json_reply

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TOKEN = "key-of-tmapi"
TMAPI_ITEM: dict[str, Any] = {
    "item_id": 983093623752,
    "product_url": "https://detail.1688.com/offer/983093623752.html",
    "title": "运动长袖速干T恤",
    "img": "https://cbu01.alicdn.com/img/ibank/a.jpg",
    "price": "27.00",
    "price_info": {"sale_price": "27.00", "origin_price": "30.00"},
    "moq": 2,
    "quantity_prices": [
        {"begin_num": "2", "end_num": "99", "price": "27.00"},
        {"begin_num": 100, "end_num": None, "price": 25.5},
    ],
    "sale_info": {"sale_quantity_int": 5160},
    "delivery_info": {"area_from": "广东 东莞市"},
    "item_repurchase_rate": "54%",
    "shop_info": {
        "company_name": "广东供应链管理有限公司",
        "member_id": "b2b-2210992147085de3df",
        "is_factory": True,
        "location": "广东 东莞市",
        "shop_years": 5,
        "score_info": {"composite_score": "4.5"},
    },
    "is_ad": False,
}
ONEBOUND_ITEM: dict[str, Any] = {
    "title": "儿童短袖T恤",
    "pic_url": "//cbu01.alicdn.com/img/ibank/b.jpg",
    "price": "8.00",
    "promotion_price": "7.00",
    "sales": 5,
    "num_iid": 529502304128,
    "turn_head": "15%",
    "seller_nick": "中山市制衣有限公司",
    "area": "广东中山市",
    "detail_url": "//detail.1688.com/offer/529502304128.html",
}


class Watched(Alone):
    """Counts the slots that were taken, and knows how long things were to be remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = 0
        self.open = False
        self.seconds: list[float] = []

    @contextmanager
    def slot(self) -> Iterator[None]:
        assert not self.open, "a slot within a slot"
        self.slots += 1
        self.open = True
        try:
            yield
        finally:
            self.open = False

    def remember(self, key: str, value: str, *, seconds: float) -> None:
        self.seconds.append(seconds)
        super().remember(key, value, seconds=seconds)


def tmapi_said(code: object = 200, data: object = None, msg: str = "said", **http: Any) -> Answer:
    return json_reply({"code": code, "msg": msg, "data": data}, **http)


def tmapi_found(*items: object, **stated: object) -> Answer:
    return tmapi_said(data=tmapi_data(*items, **stated))


def tmapi_data(*items: object, **stated: object) -> dict[str, Any]:
    data = {"page": 1, "page_size": 20, "total_count": len(items), "items": list(items), "has_next_page": False}
    return data | stated


def tmapi_page_of(*items: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    """The page read from these items and what else the data state; `asked` is page and page size."""
    payload: Any = {"code": 200, "msg": "success", "data": tmapi_data(*items, **stated)}
    return parse_page(payload, page=asked[0], page_size=asked[1], fetched_at=NOW)


def converted(path: object = "/search/imgextra/1.jpg") -> Answer:
    return tmapi_said(data={"image_url": path})


def onebound_said(code: object = "0000", reason: str = "said", **http: Any) -> Answer:
    return json_reply({"error_code": code, "reason": reason, "request_id": "req-1"}, **http)


def onebound_found(*items: object, **stated: object) -> Answer:
    return json_reply(onebound_page(*items, **stated))


def onebound_page(*items: object, **stated: object) -> dict[str, Any]:
    rows = {"real_total_results": len(items), "error": "", "item": list(items)} | stated
    return {"items": rows, "error_code": "0000", "reason": "ok", "request_id": "req-1"}


def uploaded(name: object = "img-1") -> Answer:
    return json_reply({"items": {"item": {"name": name}}, "error_code": "0000", "reason": "ok", "request_id": "r"})
