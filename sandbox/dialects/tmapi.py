"""The server half of TMAPI: one key in the header ``apikey``, no signature.

Written from the protocol's document. What that leaves open is decided here: every answer has HTTP
200, whatever its ``code``; ``is_factory`` asks for inspected factories and ``verified_supplier`` for
strong merchants; types that real answers are seen to mix are mixed (ids and tiers as numbers or text).

A search takes the path of a converted picture, or a picture of the sandbox itself, which stands for
one on Alibaba's CDN. Converting fetches what the frame lets it (see sandbox.fetching).
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image

from sandbox.calls import Call
from sandbox.companies import CERTIFIED_FACTORY, STRONG_MERCHANT, Supplier
from sandbox.dialects.dialect import ApiError, Dialect
from sandbox.dialects.parameters import (
    ParameterError,
    page_wanted,
    read_choice,
    read_flag,
    read_price_range,
    read_whole,
)
from sandbox.dice import Dice
from sandbox.fetching import is_loopback
from sandbox.images import ImageRefusedError, open_image
from sandbox.kept_pictures import KeptPictures
from sandbox.marketplace import Marketplace
from sandbox.offers import Offer
from sandbox.search import BY_PRICE, BY_PRICE_DOWN, BY_SALES_DOWN, BY_SIMILARITY, Criteria
from sandbox.trade import Tier
from sandbox.web import BadRequest, Reply, Request, json_reply

SEARCH, CONVERT = "/1688/search/image", "/1688/tools/image/convert_url"
METHODS = {SEARCH: "GET", CONVERT: "POST"}
SEARCH_ENDPOINT = "/search/image"
LARGEST_PAGE = 20
CONVERTED_SECONDS = 24 * 3600
SORTS = {"default": BY_SIMILARITY, "sales": BY_SALES_DOWN, "price_up": BY_PRICE, "price_down": BY_PRICE_DOWN}

MESSAGES = {
    "417": "failed to fetch data, please try again",
    "422": "invalid parameter",
    "439": "insufficient balance",
    "499": "upstream request timed out",
    "500": "internal server error",
    "503": "too many concurrent requests",
    "4011": "apikey is missing or not valid",
}


class Tmapi(Dialect):
    """``code`` and ``msg`` are in every answer; ``data`` is null in an error's."""

    key = "tmapi"
    title = "TMAPI"
    endpoints = (SEARCH, CONVERT)
    apis = ("search", "convert")
    codes = MESSAGES
    parameter_code = "422"

    def __init__(self, marketplace: Marketplace) -> None:
        super().__init__(marketplace)
        self._converted = KeptPictures(CONVERTED_SECONDS)

    def handles(self, path: str) -> bool:
        return path in METHODS

    def respond(self, request: Request, call: Call) -> Reply:
        call.api = "search" if request.path == SEARCH else "convert"
        self._admit(request, call)
        try:
            if request.method != METHODS[request.path]:
                raise ParameterError(f"the method must be {METHODS[request.path]}")
            if request.path == CONVERT:
                address = _address(request.body)
                call.image_url = address
                return self.perform(request, call, lambda: self._convert(address, request, call))
            parameters = request.parameters()
            call.page, call.image_url = page_wanted(parameters), parameters.get("img_url")
            return self.perform(request, call, lambda: self._search(parameters, request, call))
        except (ParameterError, BadRequest, ImageRefusedError) as error:
            raise ApiError("422", f"{MESSAGES['422']}: {error}") from error

    def refuse(self, request: Request, error: ApiError) -> Reply:
        return json_reply({"code": int(error.code), "msg": error.message, "data": None})

    def _admit(self, request: Request, call: Call) -> None:
        account = self.marketplace.account_of_token(request.headers.get("apikey", ""))
        if account is None:
            raise ApiError("4011", MESSAGES["4011"])
        # The record names whose key it was, not the key: there it is the only secret.
        call.app_key = account.app_key
        if not self.admits(account.app_key, request):
            raise ApiError("503", MESSAGES["503"])

    def _convert(self, address: str, request: Request, call: Call) -> Reply:
        try:
            data = self.picture_at(address, request)
        except ImageRefusedError as error:
            # An address that is never fetched stays so; one that gives no picture now may do so later.
            code = "417" if _may_be_fetched(address, request) else "422"
            raise ApiError(code, f"{MESSAGES[code]} ({error})") from error
        open_image(data)
        call.image_sha256 = hashlib.sha256(data).hexdigest()
        path = f"/search/imgextra/{call.image_sha256[:32]}.jpg"
        self._converted.keep(path, data, self.marketplace.clock())
        return _success({"image_url": path})

    def _search(self, parameters: Mapping[str, str], request: Request, call: Call) -> Reply:
        criteria = _criteria(parameters)
        page = read_whole(parameters, "page", default=1, low=1, high=10**6)
        size = read_whole(parameters, "page_size", default=LARGEST_PAGE, low=1, high=LARGEST_PAGE)
        image = self._image(parameters.get("img_url", ""), request, call)
        hits = self.marketplace.catalogue.find(image, criteria)
        shown = hits[(page - 1) * size : page * size]
        data = {
            "page": page,
            "page_size": size,
            "total_count": len(hits),
            "items": [_item(hit.offer, request.base_url) for hit in shown],
            "has_next_page": page * size < len(hits),
        }
        return _success(data)

    def _image(self, address: str, request: Request, call: Call) -> Image.Image:
        if not address:
            raise ParameterError("img_url is required")
        if address.startswith("/"):
            data = self._converted.find(address, self.marketplace.clock())
            if data is None:
                raise ParameterError("img_url is not a converted picture, or its day is over: convert it again")
            call.image_sha256 = hashlib.sha256(data).hexdigest()
            return open_image(data)
        own = _is_own(address, request)
        path = self.marketplace.catalogue.files.get(unquote(urlsplit(address).path).lstrip("/")) if own else None
        if path is None:
            raise ParameterError(
                f"img_url must be a picture of this server, as {request.base_url}/pictures/…, "
                f"or be converted first at {CONVERT}"
            )
        return open_image(path.read_bytes())


def _success(data: Mapping[str, Any]) -> Reply:
    return json_reply({"code": 200, "msg": "success", "data": data})


def _address(body: bytes) -> str:
    """The address in a convert call's JSON. Raises ParameterError."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParameterError("the body must be JSON") from error
    if not isinstance(content, dict) or not isinstance(address := content.get("url"), str) or not address:
        raise ParameterError("url is required")
    if content.get("search_api_endpoint") != SEARCH_ENDPOINT:
        raise ParameterError(f"search_api_endpoint must be {SEARCH_ENDPOINT}")
    _host(address)
    return address


def _host(address: str) -> str:
    """The lower-case host of an HTTP address, with its port. Raises ParameterError."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise ParameterError("the picture's address is not a URL") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ParameterError("the picture's address must begin with http:// or https://")
    return parts.netloc.lower()


def _is_own(address: str, request: Request) -> bool:
    return address.startswith("http://") and _host(address) == request.host.lower()


def _may_be_fetched(address: str, request: Request) -> bool:
    return _is_own(address, request) or (
        address.startswith("http://") and is_loopback(urlsplit(address).hostname or "")
    )


def _criteria(parameters: Mapping[str, str]) -> Criteria:
    price_from, price_to = read_price_range(parameters, "price_start", "price_end")
    wanted = {"is_factory": CERTIFIED_FACTORY, "verified_supplier": STRONG_MERCHANT}
    return Criteria(
        price_from=price_from,
        price_to=price_to,
        sort=read_choice(parameters, "sort", SORTS),
        identities=tuple(identity for name, identity in wanted.items() if read_flag(parameters, name)),
        dropshipping_only=read_flag(parameters, "support_dropshipping"),
        free_shipping_only=read_flag(parameters, "free_shipping"),
        new_only=read_flag(parameters, "new_arrival"),
    )


def _item(offer: Offer, base_url: str) -> dict[str, Any]:
    trade, supplier = offer.trade, offer.supplier
    dice = Dice("tmapi", offer.offer_id)
    rate = trade.repurchase_rate
    return {
        "item_id": int(offer.offer_id) if dice.chance(0.3) else offer.offer_id,
        "product_url": f"{base_url}/offer/{offer.offer_id}.html",
        "title": offer.title,
        "img": f"{base_url}/{offer.picture}",
        "price": float(offer.price) if offer.price_is_number else str(offer.price),
        "price_info": {
            "sale_price": str(trade.prices.promotion or offer.price),
            "origin_price": str(trade.prices.origin or offer.price),
        },
        "moq": None if dice.chance(0.15) else offer.min_buy,
        "quantity_prices": _quantity_prices(trade.tiers, as_text=dice.chance(0.5)),
        "sale_info": {"sale_quantity_int": trade.sold},
        "delivery_info": {"area_from": [] if supplier is None else [supplier.province, supplier.city]},
        "item_repurchase_rate": "" if rate is None else f"{rate:.0%}",
        "shop_info": None if supplier is None else _shop(supplier),
        "is_ad": trade.advertised,
    }


def _quantity_prices(tiers: tuple[Tier, ...], *, as_text: bool) -> list[dict[str, Any]]:
    """Each tier's quantities, both included; the last one has no end."""
    ends: list[int | None] = [*(tier.quantity - 1 for tier in tiers[1:]), None]
    rows = [(tier.quantity, end, str(tier.price)) for tier, end in zip(tiers, ends, strict=False)]
    if as_text:
        return [{"begin_num": str(begin), "end_num": str(end or ""), "price": price} for begin, end, price in rows]
    return [{"begin_num": begin, "end_num": end, "price": price} for begin, end, price in rows]


def _shop(supplier: Supplier) -> dict[str, Any]:
    score = supplier.service_score
    return {
        "company_name": supplier.company_name,
        "member_id": supplier.member_id,
        "is_factory": CERTIFIED_FACTORY in supplier.identities,
        "location": supplier.location,
        "shop_years": supplier.years,
        "score_info": {"composite_score": None if score is None else str(score)},
    }
