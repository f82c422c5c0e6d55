"""Replies of TMAPI: their offers, and what their errors mean. Pure functions of parsed JSON.

Every reply is {code, msg, data}; the codes are in the manner of HTTP's, whatever the HTTP status is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from operator import gt, lt
from urllib.parse import quote

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule
from searches.marketplaces.offers import JSON, Identity, Offer, PriceKind, SearchPage
from searches.marketplaces.places import place_of
from searches.marketplaces.readers import (
    as_extras,
    as_flag,
    as_identifier,
    as_list,
    as_object,
    as_price,
    as_prices,
    as_score,
    as_share,
    as_text,
    as_tiers,
    as_web_url,
    as_whole,
    as_words,
    left_over,
    masked,
    reads_as,
)
from searches.marketplaces.replies import status_rule
from searches.marketplaces.reply_pages import page_of_rows

KEY = "tmapi"
MAX_PAGE_SIZE = 20
_LARGEST_QUANTITY = 2_147_483_647

_CODES: Mapping[str, Rule] = {
    # The vendor asks to try again; when that helps nothing, it is the picture's address that has to change.
    "417": replace(errors.PICTURE_NOT_FETCHED, retryable=True),
    "422": errors.BAD_PARAMETER,
    "429": errors.THROTTLED,  # in no list of the vendor's, but it numbers as HTTP does
    "439": errors.CALLS_USED_UP,
    "499": errors.SERVICE_FAILED,
    "500": errors.SERVICE_FAILED,
    "503": errors.OVERLOADED,
    "4011": errors.ACCOUNT_REFUSED,
}
# Converting a picture has one parameter that is ours to get wrong: its address.
_CODES_OF_CONVERTING: Mapping[str, Rule] = {**_CODES, "422": errors.PICTURE_NOT_FETCHED}


def failure_in(
    payload: JSON,
    *,
    status: int = 200,
    pause: float | None = None,
    hidden: Iterable[str] = (),
    converting: bool = False,
) -> MarketplaceError | None:
    """The error that a reply's JSON reports, None when it reports none.

    status, pause: of the HTTP reply; pause is its Retry-After in seconds.
    hidden: texts that no message may show, should the vendor quote them. converting: the call was to convert a picture.
    """
    report = as_object(payload)
    code = as_identifier(report.get("code")) or ("" if status < 300 else str(status))
    if code == "200" or (not code and isinstance(report.get("data"), dict)):
        return None
    if not code:
        return errors.UNEXPECTED_REPLY.error("unexpected-reply")
    hidden = tuple(hidden)
    return _rule(code, status, _CODES_OF_CONVERTING if converting else _CODES).error(
        masked(code, hidden),
        message=as_words(report.get("msg") or report.get("message"), hidden=hidden),
        retry_after=pause,
        request_id=masked(as_identifier(report.get("request_id")), hidden),
    )


def _rule(code: str, status: int, codes: Mapping[str, Rule]) -> Rule:
    if code in codes:
        return codes[code]
    if len(code) == 3 and code.isascii() and code.isdigit() and code[0] == "5":
        return errors.SERVICE_FAILED
    return codes.get(str(status)) or status_rule(status) or errors.UNKNOWN_CODE


def parse_reference(payload: JSON) -> str:
    """The path that stands for a converted picture, from the reply of convert_url. Raises MarketplaceError."""
    failure = failure_in(payload, converting=True)
    if failure is not None:
        raise failure
    path = as_identifier(as_object(as_object(payload).get("data")).get("image_url"), 1000)
    if not path:
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    return path


def parse_page(payload: JSON, *, page: int, page_size: int, fetched_at: datetime) -> SearchPage:
    """The page in a search's reply; `page` and `page_size` as they were asked for. Pure.

    Raises MarketplaceError for a reported error and for whatever is not such a reply.
    """
    failure = failure_in(payload)
    if failure is not None:
        raise failure
    data = as_object(payload).get("data")
    items = as_object(data).get("items", [])
    if not isinstance(data, dict) or not isinstance(items, list | None):
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    return page_of_rows(
        (items or [])[:MAX_PAGE_SIZE],
        _offer,
        page=page,
        page_size=as_whole(data.get("page_size"), low=1, high=MAX_PAGE_SIZE) or page_size,
        total=data.get("total_count"),
        has_next=as_flag(data.get("has_next_page")),
        fetched_at=fetched_at,
    )


def _offer(item: Mapping[str, object], rank: int) -> Offer:
    offer_id = as_identifier(item.get("item_id"))
    shop = as_object(item.get("shop_info"))
    tiers = [as_object(tier) for tier in as_list(item.get("quantity_prices"))]
    price, prices = _prices(item)
    offer = Offer(
        marketplace=KEY,
        offer_id=offer_id,
        title=as_text(item.get("title"), 500),
        url=as_web_url(item.get("product_url")) or f"https://detail.1688.com/offer/{quote(offer_id, safe='')}.html",
        image_url=as_web_url(item.get("img")),
        price=price,
        currency="CNY",
        rank=rank,
        prices=prices,
        tiers=as_tiers((tier.get("begin_num"), tier.get("price")) for tier in tiers),  # the next one tells the end
        moq=as_whole(item.get("moq"), low=1, high=_LARGEST_QUANTITY),
        repurchase_rate=as_share(item.get("item_repurchase_rate")),
        advertised=as_flag(item.get("is_ad")),
        supplier_id=as_identifier(shop.get("member_id")),
        supplier_name=as_text(shop.get("company_name"), 200),
        supplier_location=_place(shop.get("location")) or _place(_area(item)),
        supplier_years=as_whole(shop.get("shop_years"), low=0, high=200),
        supplier_score=as_score(as_object(shop.get("score_info")).get("composite_score"), most=5),
        identities=tuple(identity for name, identity in _IDENTITIES.items() if as_flag(shop.get(name))),
    )
    return replace(offer, extras=_extras(item, offer))


def _prices(item: Mapping[str, object]) -> tuple[Decimal | None, dict[PriceKind, Decimal]]:
    """The price, and the others where they say more: a lower one on sale, a higher one before a reduction."""
    info = as_object(item.get("price_info"))
    kinds = as_prices({PriceKind.ORIGINAL: info.get("origin_price"), PriceKind.PROMOTION: info.get("sale_price")})
    price = as_price(item.get("price")) or kinds.get(PriceKind.PROMOTION) or kinds.get(PriceKind.ORIGINAL)
    if price is None:
        return as_price(item.get("price")), {}
    return price, {kind: amount for kind, amount in kinds.items() if _SAYS_MORE[kind](amount, price)}


_SAYS_MORE = {PriceKind.ORIGINAL: gt, PriceKind.PROMOTION: lt}
# The document names the first; the vendor's own examples have the others beside it.
_IDENTITIES = {
    "is_super_factory": Identity.SUPER_FACTORY,
    "is_factory": Identity.FACTORY,
    "factory_inspection": Identity.CERTIFIED_FACTORY,
}


def _area(item: Mapping[str, object]) -> object:
    return as_object(item.get("delivery_info")).get("area_from")


def _place(value: object) -> str:
    """A place from a text, or from a list of province and city, as real replies have it."""
    parts = [as_text(part, 50) for part in (value if isinstance(value, list) else [value])]
    return place_of(as_text(" ".join(dict.fromkeys(part for part in parts if part)), 100))


def _extras(item: Mapping[str, object], offer: Offer) -> dict[str, JSON]:
    """What the typed fields do not say.

    The sales are among it: nothing says of what time `sale_quantity_int` is, so it is not known to be a month's.
    """
    said = {"item_id", "title", "product_url", "img"}
    said |= {name for name, number in (("price", offer.price), ("moq", offer.moq)) if reads_as(item.get(name), number)}
    said |= {"item_repurchase_rate"} if offer.repurchase_rate is not None else set()
    said |= {"is_ad"} if offer.advertised is not None else set()
    tiers = item.get("quantity_prices")
    said |= {"quantity_prices"} if isinstance(tiers, list) and len(tiers) == len(offer.tiers) else set()
    parts = {
        "price_info": _left_of_prices(item.get("price_info"), offer),
        "sale_info": left_over(item.get("sale_info"), set()),
        "shop_info": _left_of_shop(item.get("shop_info"), offer),
        "delivery_info": left_over(
            item.get("delivery_info"), {"area_from"} if _place(_area(item)) == offer.supplier_location else set()
        ),
    }
    return as_extras(as_object(left_over(item, said, parts)))


def _left_of_prices(info: object, offer: Offer) -> object:
    kinds = {"origin_price": PriceKind.ORIGINAL, "sale_price": PriceKind.PROMOTION}
    values = as_object(info)
    return left_over(
        info, {name for name, kind in kinds.items() if reads_as(values.get(name), offer.prices.get(kind, offer.price))}
    )


def _left_of_shop(shop: object, offer: Offer) -> object:
    values = as_object(shop)
    said = {"member_id", "company_name"}
    said |= {name for name in _IDENTITIES if as_flag(values.get(name)) is not None}
    said |= {"location"} if _place(values.get("location")) else set()
    said |= {"shop_years"} if reads_as(values.get("shop_years"), offer.supplier_years) else set()
    scores = values.get("score_info")
    score_said = reads_as(as_object(scores).get("composite_score"), offer.supplier_score)
    return left_over(shop, said, {"score_info": left_over(scores, {"composite_score"} if score_said else set())})
