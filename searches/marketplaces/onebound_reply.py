"""Replies of Onebound: their offers, and what their errors mean. Pure functions of parsed JSON.

Every reply is {items, error_code, reason, request_id}, with HTTP 200 for errors too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule
from searches.marketplaces.offers import JSON, Offer, PriceKind, SearchPage
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
    as_words,
    left_over,
    masked,
    reads_as,
)
from searches.marketplaces.replies import status_rule
from searches.marketplaces.reply_pages import page_of_rows

KEY = "onebound"
# The document names no largest page: this is what is asked for, and what comes is taken up to MOST_ITEMS.
PAGE_SIZE = 20
MOST_ITEMS = 100

_NO_RESULT = "2000"
_SUCCESS = frozenset({"0000", "0"})
_CODES: Mapping[str, Rule] = {
    _NO_RESULT: errors.NOTHING_FOUND,
    "4000": errors.SERVICE_FAILED,
    "4001": errors.SERVICE_FAILED,
    "4002": errors.SERVICE_FAILED,
    "4003": errors.BAD_PARAMETER,
    "4004": errors.ACCOUNT_REFUSED,
    "4005": errors.ACCOUNT_REFUSED,
    "4008": errors.THROTTLED,
    # Maintenance, to be tried "later": it outlasts the pauses that grow from two seconds.
    "4009": replace(errors.SERVICE_FAILED, retry_after=60.0),
    "4013": errors.CALLS_USED_UP,
    "4014": errors.BAD_PARAMETER,
    "4016": errors.CALLS_USED_UP,
    "4017": errors.SERVICE_FAILED,
}
# The one parameter of an upload that is ours to get wrong is the picture.
_CODES_OF_UPLOADS: Mapping[str, Rule] = {
    **_CODES,
    "4003": errors.PICTURE_NOT_TAKEN,
    "4014": errors.PICTURE_NOT_TAKEN,
}


def failure_in(
    payload: JSON,
    *,
    page: int = 1,
    status: int = 200,
    pause: float | None = None,
    hidden: Iterable[str] = (),
    uploading: bool = False,
) -> MarketplaceError | None:
    """The error that a reply's JSON reports, None when it reports none.

    page: the one that was asked for; "no result" beyond the first is the search's end and no failure.
    status, pause: of the HTTP reply; pause is its Retry-After in seconds.
    hidden: texts that no message may show, should the vendor quote them. uploading: the call was to send a picture.
    """
    report = as_object(payload)
    code = _code_in(report)
    if code in _SUCCESS or (code == _NO_RESULT and page > 1):
        return None
    if not code and status < 300:
        return errors.UNEXPECTED_REPLY.error("unexpected-reply")
    code, hidden = code or str(status), tuple(hidden)
    return _rule(code, status, _CODES_OF_UPLOADS if uploading else _CODES).error(
        masked(code, hidden),
        message=as_words(report.get("reason"), hidden=hidden),
        retry_after=pause,
        request_id=masked(as_identifier(report.get("request_id")), hidden),
    )


def _code_in(report: Mapping[str, object]) -> str:
    """The reply's code; where it says success, or nothing, that of items which hold an error in place of rows."""
    code = as_identifier(report.get("error_code"))
    if code not in _SUCCESS and (code or "items" not in report):
        return code
    items = as_object(report.get("items"))
    return ("" if items.get("item") else as_text(items.get("error"), 64)) or "0000"


def _rule(code: str, status: int, codes: Mapping[str, Rule]) -> Rule:
    return codes.get(code) or status_rule(status) or errors.UNKNOWN_CODE


def parse_reference(payload: JSON) -> str:
    """The imgid from an upload's reply. Raises MarketplaceError.

    The document calls it `name` and does not say where; real replies have it in items.item.
    """
    failure = failure_in(payload, uploading=True)
    if failure is not None:
        raise failure
    report = as_object(payload)
    items = as_object(report.get("items"))
    names = [place["name"] for place in (as_object(items.get("item")), items, report) if "name" in place]
    if not names:
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    name = as_identifier(names[0], 1000)
    if name in {"", "0"}:
        raise errors.PICTURE_NOT_TAKEN.error("no-image-id")
    return name


def parse_page(payload: JSON, *, page: int, page_size: int, fetched_at: datetime) -> SearchPage:
    """The page in a search's reply; `page` and `page_size` as they were asked for. Pure.

    Raises MarketplaceError for a reported error and for whatever is not such a reply.
    """
    failure = failure_in(payload, page=page)
    if failure is not None:
        raise failure
    report = as_object(payload)
    items = report.get("items")
    rows = as_object(items).get("item")
    past_the_end = as_identifier(report.get("error_code")) == _NO_RESULT
    if (
        not (past_the_end or "items" in report)
        or not isinstance(items, dict | list | None)
        or not isinstance(rows, list | None)
    ):
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    return page_of_rows(
        (rows or [])[:MOST_ITEMS],
        _offer,
        page=page,
        page_size=as_whole(as_object(items).get("page_size"), low=1, high=MOST_ITEMS) or page_size,
        total=None if past_the_end else as_object(items).get("real_total_results"),
        has_next=None,
        fetched_at=fetched_at,
    )


def _offer(item: Mapping[str, object], rank: int) -> Offer:
    offer_id = as_identifier(item.get("num_iid"))
    price, prices = _prices(item)
    offer = Offer(
        marketplace=KEY,
        offer_id=offer_id,
        title=as_text(item.get("title"), 500),
        url=as_web_url(item.get("detail_url")) or f"https://detail.1688.com/offer/{quote(offer_id, safe='')}.html",
        image_url=as_web_url(item.get("pic_url")),
        price=price,
        currency="CNY",
        rank=rank,
        prices=prices,
        repurchase_rate=next((rate for name in _RATES if (rate := as_share(item.get(name))) is not None), None),
        supplier_name=as_text(item.get("seller_nick"), 200),
        supplier_location=place_of(as_text(item.get("area"), 100)),
    )
    return replace(offer, extras=_extras(item, offer))


_RATES = ("turnHead", "turn_head")  # 回头率; the vendor writes it in both ways


def _prices(item: Mapping[str, object]) -> tuple[Decimal | None, dict[PriceKind, Decimal]]:
    """What is paid: the promotion's price where that is lower, and then both kinds beside it."""
    price, promotion = as_price(item.get("price")), as_price(item.get("promotion_price"))
    if not promotion:  # 0 stands for none
        return price, {}
    if not price:
        return promotion, {}
    if promotion >= price:
        return price, {}
    return promotion, {PriceKind.ORIGINAL: price, PriceKind.PROMOTION: promotion}


def _extras(item: Mapping[str, object], offer: Offer) -> dict[str, JSON]:
    """What the typed fields do not say.

    `sales` is among it: nothing says of what time they are, so they are not known to be a month's.
    """
    said = {"num_iid", "title", "detail_url", "pic_url", "seller_nick", "area"}
    original = offer.prices.get(PriceKind.ORIGINAL, offer.price)
    said |= {"price"} if reads_as(item.get("price"), original) else set()
    said |= {"promotion_price"} if reads_as(item.get("promotion_price"), offer.price) else set()
    said |= {name for name in _RATES if as_share(item.get(name)) is not None}
    return as_extras(as_object(left_over(item, said)))
