"""Replies of `alibaba.cross.similar.offer.search`: flat rows, prices in fen. Pure functions of parsed JSON."""

from collections.abc import Mapping
from datetime import datetime

from searches.marketplaces import errors
from searches.marketplaces.alibaba_errors import failure_in
from searches.marketplaces.alibaba_offers import Reading, pieces, read_fields, text, web_url, whole_offer
from searches.marketplaces.offers import JSON, Offer, SearchPage
from searches.marketplaces.places import place_of
from searches.marketplaces.readers import as_extras, as_fen, as_flag, as_identifier, as_object, as_text, as_whole
from searches.marketplaces.reply_pages import page_of_rows

KEY = "alibaba_similar"
MAX_PAGE_SIZE = 20
_UNLIMITED = 2_147_483_646


def parse_page(payload: JSON, *, page: int, page_size: int, fetched_at: datetime) -> SearchPage:
    """The page in a reply's JSON; `page` and `page_size` as they were asked for. Pure.

    Raises MarketplaceError for a reported error and for whatever is not such a reply.
    """
    failure = failure_in(payload)
    if failure is not None:
        raise failure
    reply = as_object(payload)
    result = reply.get("result")
    if result is None and as_flag(reply.get("success")):
        result = {}  # it succeeded and found nothing
    rows = as_object(result).get("result")
    if not isinstance(result, dict) or not isinstance(rows, list | None):
        raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
    return page_of_rows(
        (rows or [])[:MAX_PAGE_SIZE],
        _offer,
        page=page,
        page_size=as_whole(result.get("pageSize"), low=1, high=MAX_PAGE_SIZE) or page_size,
        total=result.get("total"),
        has_next=None,
        fetched_at=fetched_at,
    )


def _offer(row: Mapping[str, object], rank: int) -> Offer:
    fields, extras = read_fields(row, _ROW)
    place = (as_text(row.get("province"), 50), as_text(row.get("city"), 49))
    if as_whole(row.get("supplyAmount"), low=_UNLIMITED, high=_UNLIMITED):
        extras["supplyAmount"] = "unlimited"  # or a page would show it as a stock of two thousand millions
    return whole_offer(
        fields,
        marketplace=KEY,
        rank=rank,
        supplier_location=place_of(" ".join(dict.fromkeys(part for part in place if part))),
        extras=as_extras(extras),
    )


_ROW: Mapping[str, Reading] = {
    "offerId": Reading("offer_id", as_identifier),
    "subject": text("title", 500),
    "detailUrl": web_url("url"),
    "imageUrl": web_url("image_url"),
    "oldPrice": Reading("price", as_fen),
    "quantityBegin": pieces("moq", low=1),
}
