"""Replies in the article's dialect: the source document's example, changed, and read as a page."""

from datetime import UTC, datetime
from typing import Any

from searches.marketplaces import Offer, SearchPage
from searches.marketplaces.image_search_md5 import parse_page

NOW = datetime(2026, 1, 2, tzinfo=UTC)
# The source document's own example.
SUPPLIER: dict[str, Any] = {"user_id": "2209876543210", "company_name": "XX服装有限公司", "credit_level": 5}
PRODUCT: dict[str, Any] = {
    "product_id": "628745190321",
    "title": "夏季纯棉短袖T恤 宽松百搭 厂家直销",
    "main_image": "https://cbu01.alicdn.com/img/ibank/2024/123/456/789/012/abcdef.jpg",
    "price": "23.50",
    "min_buy": 5,
    "supplier": SUPPLIER,
    "similarity": 0.96,
}


def page_of(*products: Any, asked: tuple[int, int] = (1, 20), **stated: Any) -> SearchPage:
    """The page read from these products and what else the result states; `asked` is page and page size."""
    page, page_size = asked
    result = {"total": len(products), "page": page, "page_size": page_size, "products": list(products)} | stated
    payload: Any = {"alibaba_image_search_response": {"result": result}}
    return parse_page(payload, page=page, page_size=page_size, fetched_at=NOW)


def offer_of(**changes: Any) -> Offer:
    return page_of(PRODUCT | changes).offers[0]
