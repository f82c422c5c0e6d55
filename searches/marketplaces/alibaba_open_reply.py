"""Replies of `product.image.upload` and `product.search.imageQuery`. Pure functions of parsed JSON."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from searches.marketplaces import errors
from searches.marketplaces.alibaba_errors import failure_in
from searches.marketplaces.alibaba_offers import Reading, pieces, read_fields, text, web_url, whole_offer
from searches.marketplaces.offers import JSON, Identity, Offer, PriceKind, SearchPage
from searches.marketplaces.places import place_of
from searches.marketplaces.readers import (
    as_extras,
    as_flag,
    as_identifier,
    as_object,
    as_price,
    as_score,
    as_share,
    as_text,
    as_whole,
    reads_as,
)
from searches.marketplaces.reply_pages import page_of_rows
from searches.marketplaces.search_request import Region

KEY = "alibaba_open"
MAX_PAGE_SIZE = 50
_MOST_REGIONS = 20
_MOST_IDENTITIES = 20
_BOX = re.compile(r"\s*([0-9]{1,5})\s*,\s*([0-9]{1,5})\s*,\s*([0-9]{1,5})\s*,\s*([0-9]{1,5})\s*")
_PROMISE = re.compile(r"shipIn([0-9]{1,3})Hours")
_NAMED_PROMISES = {"shipInToday": 24}
_IDENTITIES = {
    "super_factory": Identity.SUPER_FACTORY,
    "powerful_merchants": Identity.STRONG_MERCHANT,
    "tp_member": Identity.VERIFIED,
    "certified_factory": Identity.CERTIFIED_FACTORY,
    "certifiedfactory": Identity.CERTIFIED_FACTORY,
    "factory": Identity.FACTORY,
}
# None: the price that everybody pays.
_PRICE_NAMES = {
    "price": None,
    "promotionPrice": PriceKind.PROMOTION,
    "consignPrice": PriceKind.DROPSHIP,
    "jxhyPrice": PriceKind.SELECTED,
    "pfJxhyPrice": PriceKind.SELECTED_WHOLESALE,
}


def image_id_in(payload: JSON) -> str:
    """The id of an uploaded picture; "" when there is none, which "0" means too."""
    image_id = as_identifier(as_object(as_object(payload).get("result")).get("result"), 200)
    return "" if image_id == "0" else image_id


def parse_page(payload: JSON, *, page: int, page_size: int, fetched_at: datetime) -> SearchPage:
    """The page in a reply's JSON; `page` and `page_size` as they were asked for. Pure.

    Raises MarketplaceError for a reported error and for whatever is not such a reply.
    """
    failure = failure_in(payload)
    if failure is not None:
        raise failure
    envelope = as_object(payload).get("result")
    result = as_object(envelope).get("result")
    if result is None and as_flag(as_object(envelope).get("success")):
        result = {}  # it succeeded and found nothing
    rows = as_object(result).get("data")
    if not isinstance(result, dict) or not isinstance(rows, list | None):
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    read = page_of_rows(
        (rows or [])[:MAX_PAGE_SIZE],
        _offer,
        page=page,
        page_size=as_whole(result.get("pageSize"), low=1, high=MAX_PAGE_SIZE) or page_size,
        total=result.get("totalRecords"),
        has_next=None,
        fetched_at=fetched_at,
    )
    return replace(read, regions=_regions(as_object(result.get("picRegionInfo"))))


def _regions(info: Mapping[str, object]) -> tuple[Region, ...]:
    """The part that was searched for, then the others that the platform saw. Malformed ones are dropped."""
    boxes = f"{as_text(info.get('currentRegion'), 100)};{as_text(info.get('yoloCropRegion'), 2000)}"
    return tuple(dict.fromkeys(_read_boxes(boxes)))[:_MOST_REGIONS]


def _read_boxes(boxes: str) -> Iterator[Region]:
    for box in boxes.split(";"):
        found = _BOX.fullmatch(box)
        if found:
            left, right, top, bottom = (int(edge) for edge in found.groups())
            if left < right and top < bottom:
                yield Region(left, top, right - left, bottom - top)


def _offer(row: Mapping[str, object], rank: int) -> Offer:
    fields, extras = read_fields(row, _ROW)
    for name, read in _PARTS.items():
        part = row.get(name)
        if isinstance(part, dict):
            more, rest = read(part)
            fields |= more
            if rest:
                extras[name] = rest
            else:
                del extras[name]
    address = fields.get("supplier_location", "")
    fields["supplier_location"] = place_of(address)
    if fields["supplier_location"] != address:
        extras["companyAddress"] = address
    return whole_offer(
        fields,
        marketplace=KEY,
        rank=rank,
        title=as_text(row.get("subjectTrans"), 500),
        identities=_identities(row.get("sellerIdentities")),
        extras=as_extras(extras),
    )


def _prices(info: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What one piece costs with the other kinds of price, and what neither says.

    A promotion counts while it is cheaper. The platform writes 0 for a kind that an offer has not.
    """
    read = {name: as_price(info.get(name)) for name in _PRICE_NAMES}
    price, promotion = read["price"], read["promotionPrice"]
    kinds = {kind: amount for name, kind in _PRICE_NAMES.items() if kind and (amount := read[name])}
    if promotion and (price is None or promotion < price):
        del kinds[PriceKind.PROMOTION]
        if price:
            kinds[PriceKind.ORIGINAL] = price
        price = promotion
    rest = {name: value for name, value in info.items() if not (name in read and reads_as(value, read[name]))}
    return {"price": price, "prices": kinds}, rest


def _identities(value: object) -> tuple[Identity, ...]:
    names = value if isinstance(value, list) else as_text(value, 500).split(",")
    known = [_identity(name) for name in names[:_MOST_IDENTITIES]]
    return tuple(dict.fromkeys(identity for identity in known if identity))


def _identity(name: object) -> Identity | None:
    # The documents write "super_factory-超级工厂" where replies have the first half.
    if isinstance(name, str) and name in _IDENTITIES:
        return _IDENTITIES[name]
    return _IDENTITIES.get(as_text(name, 100).partition("-")[0].strip().lower())


def _hours(value: object) -> int | None:
    """48 from "shipIn48Hours"."""
    promise = as_text(value, 40)
    found = _PROMISE.fullmatch(promise)
    return int(found[1]) if found else _NAMED_PROMISES.get(promise)


_ROW: Mapping[str, Reading] = {
    "offerId": Reading("offer_id", as_identifier),
    "subject": text("title", 500),
    "promotionURL": web_url("url"),
    "imageUrl": web_url("image_url"),
    "minOrderQuantity": pieces("moq", low=1),
    "monthSold": pieces("monthly_sales", low=0),
    "repurchaseRate": Reading("repurchase_rate", as_share),
    "isOnePsale": Reading("dropshipping", as_flag),
    "isPatentProduct": Reading("patented", as_flag),
    "companyName": text("supplier_name", 200),
    "companyAddress": text("supplier_location", 100),
}
_SELLER: Mapping[str, Reading] = {
    "tpYear": Reading("supplier_years", partial(as_whole, low=0, high=100)),
    "tradeMedalLevel": Reading("supplier_medal", partial(as_whole, low=0, high=5)),
    "compositeServiceScore": Reading("supplier_score", partial(as_score, most=5)),
}
_SHIPPING: Mapping[str, Reading] = {"shippingTimeGuarantee": Reading("ships_within_hours", _hours)}
# Members that are objects, and how each becomes fields and what they do not say.
_PARTS: Mapping[str, Callable[[Mapping[str, object]], tuple[dict[str, Any], dict[str, Any]]]] = {
    "priceInfo": _prices,
    "sellerDataInfo": partial(read_fields, table=_SELLER),
    "productSimpleShippingInfo": partial(read_fields, table=_SHIPPING),
}
