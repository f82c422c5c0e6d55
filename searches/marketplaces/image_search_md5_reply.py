"""Replies of `alibaba.image.search`: their offers, and what their errors mean. Pure functions of parsed JSON."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule
from searches.marketplaces.offers import JSON, Offer, SearchPage
from searches.marketplaces.places import place_of
from searches.marketplaces.readers import (
    as_extras,
    as_identifier,
    as_object,
    as_price,
    as_share,
    as_text,
    as_web_url,
    as_whole,
    reads_as,
)
from searches.marketplaces.replies import status_rule

KEY = "image_search_md5"
MAX_PAGE_SIZE = 50
LONGEST_WORDS = 300
_MOST_OFFERS = 1_000_000_000  # a total beyond it is a misread one

_CODES: Mapping[str, Rule] = {
    "400": errors.IMAGE_FORMAT,
    "413": errors.IMAGE_TOO_LARGE,
    "502": errors.SERVICE_FAILED,
    "110": errors.NOT_ON_ALLOW_LIST,
    "429": errors.THROTTLED,
    # The document names no codes for a wrong key, signature or time. These three are our sandbox's choice, numbered
    # in the manner of TOP gateways.
    "25": errors.BAD_KEY,
    "28": errors.BAD_KEY,
    "30": errors.BAD_CLOCK,
}
# Gateways number such errors as they like; what they say about them is more alike.
_WORDS: Iterable[tuple[tuple[str, ...], Rule]] = (
    (("signature", "签名", "app key", "appkey", "app_key"), errors.BAD_KEY),
    (("timestamp", "时间戳"), errors.BAD_CLOCK),
)


def failure_in(
    payload: JSON, *, status: int = 200, pause: float | None = None, hidden: Iterable[str] = ()
) -> MarketplaceError | None:
    """The error that a reply's JSON reports, None when it reports none.

    status, pause: of the HTTP reply; pause is its Retry-After in seconds.
    hidden: texts that no message may show, should the gateway quote them.
    """
    report = _error_report(payload)
    if report is None:
        return None
    code = _without(hidden, as_identifier(report.get("code"))) or (str(status) if status >= 300 else "")
    said = _without(hidden, _vendor_words(report))[:LONGEST_WORDS]
    request_id = report.get("request_id") or as_object(payload).get("request_id")
    return _rule(code, said, status).error(
        code, message=said, retry_after=pause, request_id=_without(hidden, as_identifier(request_id))
    )


def _error_report(payload: JSON) -> Mapping[str, object] | None:
    reply = as_object(payload)
    report = reply.get("error_response")
    if report:
        return report if isinstance(report, dict) else {"msg": report}
    # Some gateways leave the envelope out when they refuse a call.
    return reply if "code" in reply and "alibaba_image_search_response" not in reply else None


def _vendor_words(report: Mapping[str, object]) -> str:
    # Not cut to its length yet: a secret that lies across the cut would not be found.
    return as_text(report.get("msg") or report.get("message"), 5000)


def _without(hidden: Iterable[str], text: str) -> str:
    for secret in hidden:
        if secret:
            text = text.replace(secret, "***")
    return text


def _rule(code: str, said: str, status: int) -> Rule:
    if code in _CODES:
        return _CODES[code]
    lowered = said.lower()
    for words, rule in _WORDS:
        if any(word in lowered for word in words):
            return rule
    if len(code) == 3 and code.isascii() and code.isdigit() and code[0] == "5":
        return errors.SERVICE_FAILED  # the documented codes are HTTP's, so 503 and 504 mean what they mean there
    return status_rule(status) or errors.UNKNOWN_CODE


def parse_page(payload: JSON, *, page: int, page_size: int, fetched_at: datetime) -> SearchPage:
    """The page in a reply's JSON; `page` and `page_size` as they were asked for. Pure.

    Raises MarketplaceError for a reported error and for whatever is not such a reply. A product without an id is
    left out, as nothing could refer to it; of two with the same id the first stays.
    """
    failure = failure_in(payload)
    if failure is not None:
        raise failure
    result = as_object(as_object(payload).get("alibaba_image_search_response")).get("result")
    products = as_object(result).get("products", [])
    if not isinstance(result, dict) or not isinstance(products, list | None):
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    products = (products or [])[:MAX_PAGE_SIZE]
    # A gateway may cut its pages smaller than asked: what it says counts, unless it holds more than that.
    size = max(as_whole(result.get("page_size"), low=1, high=MAX_PAGE_SIZE) or page_size, len(products))
    offers: dict[str, Offer] = {}
    for rank, product in enumerate(products, start=(page - 1) * size + 1):
        offer = _offer(as_object(product), rank)
        if offer.offer_id:
            offers.setdefault(offer.offer_id, offer)
    total, pages = _extent(result.get("total"), page=page, size=size, count=len(products))
    return SearchPage(tuple(offers.values()), total, page, pages, size, fetched_at)


def _extent(stated: object, *, page: int, size: int, count: int) -> tuple[int, int]:
    """Offers and pages in all. An empty page ends the search, whatever the gateway promised."""
    seen = (page - 1) * size + count
    total = as_whole(stated, low=0, high=_MOST_OFFERS)
    if total is None:
        return seen, page + 1 if count == size else page
    total = max(total, seen if count else 0)
    pages = math.ceil(total / size)
    return total, pages if count else min(pages, page)


def _offer(product: Mapping[str, object], rank: int) -> Offer:
    offer_id = as_identifier(product.get("product_id"))
    price = as_price(product.get("price"))
    moq = as_whole(product.get("min_buy"), low=1, high=2_147_483_647)
    similarity = as_share(product.get("similarity"))
    supplier = _supplier(product.get("supplier"))
    credit = as_whole(supplier.get("credit_level"), low=0, high=5)
    return Offer(
        marketplace=KEY,
        offer_id=offer_id,
        title=as_text(product.get("title"), 500),
        url=as_web_url(product.get("detail_url")) or f"https://detail.1688.com/offer/{quote(offer_id, safe='')}.html",
        image_url=as_web_url(product.get("main_image")),
        price=price,
        currency="CNY",
        moq=moq,
        similarity=similarity,
        rank=rank,
        supplier_id=as_identifier(supplier.get("user_id")),
        supplier_name=as_text(supplier.get("company_name"), 200),
        supplier_location=place_of(_location(supplier)),
        supplier_credit=credit,
        extras=_extras(product, supplier, {"price": price, "min_buy": moq, "similarity": similarity}, credit),
    )


def _supplier(value: object) -> Mapping[str, object]:
    return {"company_name": value} if isinstance(value, str) else as_object(value)


def _location(supplier: Mapping[str, object]) -> str:
    location = as_text(supplier.get("location"), 100)
    if location:
        return location
    province, city = as_text(supplier.get("province"), 50), as_text(supplier.get("city"), 49)
    return " ".join(dict.fromkeys(part for part in (province, city) if part))


_TYPED = frozenset({"product_id", "title", "main_image", "detail_url", "supplier"})
_TYPED_OF_SUPPLIER = frozenset({"user_id", "company_name", "location", "province", "city"})


def _extras(
    product: Mapping[str, object],
    supplier: Mapping[str, object],
    numbers: Mapping[str, Decimal | float | None],
    credit: int | None,
) -> dict[str, JSON]:
    """What the typed fields do not say: unknown fields, and the originals of numbers that were not plain ones."""

    def left_over(
        values: Mapping[str, object], typed: frozenset[str], read: Mapping[str, Decimal | float | None]
    ) -> dict[str, object]:
        return {
            name: value
            for name, value in values.items()
            if name not in typed and not (name in read and reads_as(value, read[name]))
        }

    extras = left_over(product, _TYPED, numbers)
    of_supplier = left_over(supplier, _TYPED_OF_SUPPLIER, {"credit_level": credit})
    if of_supplier:
        extras["supplier"] = of_supplier
    return as_extras(extras)
