"""Section 2c of the official platform: the search by a picture's address, with flat parameters."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.calls import Call
from sandbox.dialects.alibaba_api import (
    Api,
    ResultError,
    invalid,
    peek_number,
    price,
    whole_number,
)
from sandbox.images import ImageRefusedError, open_image
from sandbox.marketplace import Marketplace
from sandbox.offers import Offer
from sandbox.search import BY_PRICE, BY_PRICE_DOWN, BY_SALES, BY_SALES_DOWN, BY_SIMILARITY, Criteria
from sandbox.web import Reply, Request, json_reply

LARGEST_PAGE = 20
LAST_PAGE = 10**6
SORTS = {
    "price:asc": BY_PRICE,
    "price:desc": BY_PRICE_DOWN,
    "sale_amount:asc": BY_SALES,
    "sale_amount:desc": BY_SALES_DOWN,
}


class SimilarOfferSearch(Api):
    """2c: offers with pictures like the one at an address that the marketplace fetches itself."""

    path = "com.alibaba.linkplus/alibaba.cross.similar.offer.search"
    name = "similar"
    required = ("picUrl", "page")

    def __init__(self, marketplace: Marketplace, picture_at: Callable[[str, Request], bytes]) -> None:
        self._catalogue = marketplace.catalogue
        self._picture_at = picture_at

    def note(self, call: Call, arguments: Mapping[str, str]) -> None:
        call.image_url = arguments.get("picUrl")
        call.page = peek_number(arguments.get("page"))

    def act(self, request: Request, arguments: Mapping[str, str]) -> Reply:
        page = whole_number(arguments["page"], "page", LAST_PAGE)
        # A larger page is not refused; there are no more rows than the largest has.
        asked = whole_number(arguments.get("pageSize") or LARGEST_PAGE, "pageSize", LAST_PAGE)
        size = min(asked, LARGEST_PAGE)
        criteria = _criteria(arguments)
        try:
            image = open_image(self._picture_at(arguments["picUrl"], request))
        except ImageRefusedError as error:
            raise picture_failed(arguments["picUrl"]) from error
        hits = self._catalogue.find(image, criteria)
        shown = hits[(page - 1) * size : page * size]
        rows = [_row(hit.offer, request.base_url) for hit in shown]
        result = {"total": len(hits), "page": page, "pageSize": size, "result": rows}
        return json_reply({"success": True, "result": result})


def picture_failed(url: str) -> ResultError:
    """A picture that cannot be fetched or read: the reply says so beside ``result``, not inside it."""
    message = f"handle image error with url {url}"
    reply = json_reply({"success": False, "code": "SYSTEM_ERROR", "message": message})
    return ResultError("SYSTEM_ERROR", message, reply)


def _criteria(arguments: Mapping[str, str]) -> Criteria:
    first, *others = _sorts(arguments.get("sortFields", "")) or [BY_SIMILARITY]
    return Criteria(
        price_from=price(arguments.get("priceMin"), "priceMin"),
        price_to=price(arguments.get("priceMax"), "priceMax"),
        sort=first,
        then_by=tuple(others),
        category_id=arguments.get("categoryID") or None,
    )


def _sorts(text: str) -> list[int]:
    fields = [field.strip() for field in text.split(",") if field.strip()]
    if any(field not in SORTS for field in fields):
        raise invalid("sortFields", f"it must be some of {', '.join(SORTS)}, separated by commas")
    return [SORTS[field] for field in fields]


def _row(offer: Offer, base_url: str) -> dict[str, Any]:
    supplier = offer.supplier
    return {
        "offerId": int(offer.offer_id),
        "subject": offer.title,
        "quantityBegin": offer.min_buy,
        "unit": offer.trade.unit,
        "oldPrice": int(offer.price * 100),
        "imageUrl": f"{base_url}/{offer.picture}",
        "province": None if supplier is None else supplier.province,
        "city": None if supplier is None else supplier.city,
        "supplyAmount": offer.trade.supply,
        "categoryId": int(offer.trade.category_id),
        "detailUrl": f"{base_url}/offer/{offer.offer_id}.html",
    }
