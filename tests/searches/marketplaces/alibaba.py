"""What the tests of the official 1688 platform share: examples of its replies, a host with tokens, its signature."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from searches.marketplaces import Account, MarketplaceError, SearchRequest, Tokens
from searches.marketplaces.errors import TOKEN_REFUSED
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Answer, Gateway, Recorded, json_reply
from tests.searches.marketplaces.reselling import Watched

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TOKEN = "token-123"
NEW_TOKEN = "token-456"
REFRESH_TOKEN = "refresh-1"
PICTURE = b"\xff\xd8\xff\xe0 prepared +/= \xff\xd9"
BY_PICTURE = SearchRequest(image=PICTURE)
BY_URL = SearchRequest(image_url="https://cbu01.alicdn.com/img/a.jpg", page_size=20)
# As the platform's document describes a row, with members that it does not name.
ROW: dict[str, Any] = {
    "offerId": 620201390233,
    "imageUrl": "https://cbu01.alicdn.com/img/ibank/a.jpg",
    "subject": "夏季纯棉短袖T恤",
    "subjectTrans": "Summer T-shirt of pure cotton",
    "priceInfo": {
        "price": "23.50",
        "jxhyPrice": "22.00",
        "pfJxhyPrice": "21.00",
        "consignPrice": "25.00",
        "promotionPrice": None,
    },
    "repurchaseRate": "13%",
    "monthSold": 1234,
    "minOrderQuantity": 2,
    "isOnePsale": True,
    "sellerIdentities": ["super_factory", "tp_member"],
    "offerIdentities": ["yx"],
    "tradeScore": "5.0",
    "isPatentProduct": False,
    "sellerDataInfo": {
        "tradeMedalLevel": "5",
        "compositeServiceScore": "4.5",
        "repeatPurchasePercent": "0.48",
        "tpYear": 7,
    },
    "productSimpleShippingInfo": {"shippingTimeGuarantee": "shipIn48Hours"},
    "promotionURL": "https://detail.1688.com/offer/620201390233.html?fromkv=refer:ABC",
    "companyName": "浙江省某某商贸公司",
    "companyAddress": "浙江省杭州市",
    "createDate": "2024-04-20 08:00:00",
    "traceInfo": "object_id@620201390233^object_type@offer",
}
SIMILAR_ROW: dict[str, Any] = {
    "offerId": 528900000001,
    "subject": "不锈钢保温杯",
    "quantityBegin": 10,
    "unit": "个",
    "oldPrice": 1010,
    "imageUrl": "https://cbu01.alicdn.com/img/ibank/c.jpg",
    "province": "浙江",
    "city": "金华",
    "supplyAmount": 2147483646,
    "categoryId": 1031912,
    "detailUrl": "https://detail.1688.com/offer/528900000001.html",
}


class Office(Watched):
    """A host that keeps a refresh token, "" for none, and counts the renewals by what was stale."""

    def __init__(self, refresh_token: str = REFRESH_TOKEN) -> None:
        super().__init__()
        self.refresh_token = refresh_token
        self.stale: list[str] = []

    def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        assert not self.open, "a slot is held while others wait for the token"
        self.stale.append(stale)
        if not self.refresh_token:
            raise TOKEN_REFUSED.error("401")
        return renew(self.refresh_token).access_token


def account_at(base_url: str, **changes: Any) -> Account:
    settings: dict[str, Any] = {"base_url": base_url, "app_key": APP_KEY, "secret": SECRET, "token": TOKEN}
    return Account(**settings | changes)


def signature_holds(sent: Recorded) -> bool:
    """As MARKETPLACES section 2 words it."""
    path = sent.path.partition("/openapi/")[2]
    joined = "".join(sorted(name + value for name, value in sent.params.items() if name != "_aop_signature"))
    digest = hmac.new(SECRET.encode(), (path + joined).encode(), hashlib.sha1).hexdigest()
    return sent.params["_aop_signature"] == digest.upper()


def apis(gateway: Gateway) -> list[str]:
    """The interfaces that were called, by the last parts of their names."""
    return [sent.path.split("/")[-2].rpartition(".")[2] for sent in gateway.requests]


def uploaded(image_id: object = "123456789", success: object = "true") -> Answer:
    return json_reply({"result": {"success": success, "result": image_id}})


def found(*rows: object, **stated: object) -> Answer:
    return json_reply(open_page(*rows, **stated))


def open_page(*rows: object, **stated: object) -> dict[str, Any]:
    result = {"totalRecords": len(rows), "totalPage": 1, "pageSize": 20, "currentPage": 1, "data": list(rows)}
    return {"result": {"success": "true", "code": "S0000", "message": "", "result": result | stated}}


def similar_page(*rows: object, **stated: object) -> dict[str, Any]:
    result = {"total": len(rows), "page": 1, "pageSize": 20, "result": list(rows)}
    return {"success": True, "result": result | stated}


def similar(*rows: object, **stated: object) -> Answer:
    return json_reply(similar_page(*rows, **stated))


def refused(code: object, message: str = "refused", *, status: int = 400, **http: Any) -> Answer:
    """The gateway's own envelope."""
    content = {"error_code": code, "error_message": message, "exception": message, "request_id": "req-1"}
    return json_reply(content, status=status, **http)


def granted(access_token: str = NEW_TOKEN, **more: object) -> Answer:
    return json_reply({"access_token": access_token, "expires_in": "36000"} | more)


def query_of(sent: Recorded) -> dict[str, Any]:
    query: dict[str, Any] = json.loads(sent.params["offerQueryParam"])
    return query


def failure_of(act: Callable[[], object]) -> MarketplaceError:
    """The error that this ends with."""
    with pytest.raises(MarketplaceError) as failure:
        act()
    return failure.value
