"""The server half of ``alibaba.image.search``, the MD5-signed dialect of resellers' gateways.

Written from the protocol's document. Errors come with HTTP 200 in ``error_response``. Beyond the
document's table (400, 110, 413, 429, 502) the codes are those of similar gateways: 22 unknown
method, 25 invalid signature, 28 invalid app key, 30 timestamp out of range, 40 missing parameter,
41 invalid parameter.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import quote_plus

from PIL import Image

from sandbox.calls import Call
from sandbox.dialects.dialect import ApiError, Dialect, base64_sha256, request_id
from sandbox.images import ImageRefusedError, decode_base64, open_image
from sandbox.search import Criteria, Hit
from sandbox.web import BadRequest, Reply, Request, json_reply

PATH = "/openapi/param2/2.0/"
METHOD = "alibaba.image.search"
CHINA = timezone(timedelta(hours=8))
CLOCK_TOLERANCE = timedelta(minutes=10)
LARGEST_PAGE = 50
BASE64 = re.compile(r"[A-Za-z0-9+/=]*")

MESSAGES = {
    "400": "image format error: the image must be JPG or PNG",
    "110": "IP is not in the allow-list",
    "413": "image too large: the limit is 5 MB",
    "429": "call rate exceeded",
    "502": "image recognition service error",
}


def sign(parameters: Mapping[str, str], secret: str) -> str:
    """UPPER(MD5(urlencode(all parameters but ``sign``, sorted by name) + secret))."""
    pairs = sorted(item for item in parameters.items() if item[0] != "sign")
    query = "&".join(f"{quote_plus(name)}={_quoted(value)}" for name, value in pairs)
    return hashlib.md5((query + secret).encode(), usedforsecurity=False).hexdigest().upper()


def _quoted(value: str) -> str:
    # A picture has hundreds of kilobytes; for its alphabet, three replacements say the same faster.
    if len(value) > 1000 and BASE64.fullmatch(value):
        return value.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return quote_plus(value)


class ImageSearchMd5(Dialect):
    """Answers calls of this dialect; one object serves all threads."""

    key = "image_search_md5"
    title = "alibaba.image.search (MD5 signature)"
    endpoints = (PATH,)
    apis = ("search",)
    codes = MESSAGES
    parameter_code = "41"

    def handles(self, path: str) -> bool:
        return path in (PATH, PATH.rstrip("/"))

    def respond(self, request: Request, call: Call) -> Reply:
        call.api = "search"
        if request.method not in ("GET", "POST"):
            raise ApiError("41", "Invalid HTTP method: use GET or POST")
        try:
            parameters = request.parameters()
        except BadRequest as error:
            raise ApiError("41", f"Invalid parameters: {error}") from error
        _note(call, parameters)
        self._admit(request, parameters)
        return self.perform(request, call, lambda: self._search(request, parameters))

    def refuse(self, request: Request, error: ApiError) -> Reply:
        content = {"code": error.code, "msg": error.message, "request_id": request_id(request)}
        return json_reply({"error_response": content})

    def _admit(self, request: Request, parameters: Mapping[str, str]) -> None:
        """Who calls, and whether they may now; in the order that the document lists."""
        market = self.marketplace
        if _required(parameters, "method") != METHOD:
            raise ApiError("22", "Invalid method")
        app_key = _required(parameters, "app_key")
        account = market.accounts.get(app_key)
        if account is None:
            raise ApiError("28", "Invalid app key")
        if abs(_timestamp(_required(parameters, "timestamp")) - _aware(market.clock())) > CLOCK_TOLERANCE:
            raise ApiError("30", "Timestamp out of range: it must be within 10 minutes, in UTC+8")
        given = _required(parameters, "sign").encode()
        if not hmac.compare_digest(given, sign(parameters, account.secret).encode()):
            raise ApiError("25", "Invalid signature")
        if not _allowed(request.client, market.conduct.allowed_ips):
            raise ApiError("110", MESSAGES["110"])
        if not self.admits(app_key, request):
            raise ApiError("429", MESSAGES["429"])

    def _search(self, request: Request, parameters: Mapping[str, str]) -> Reply:
        if parameters.get("format", "json") != "json" or parameters.get("v", "2.0") != "2.0":
            raise ApiError("41", "Invalid parameter: format must be json and v must be 2.0")
        if ("image" in parameters) == ("image_url" in parameters):
            raise ApiError("40", "Missing parameter: exactly one of image and image_url is required")
        criteria = _criteria(parameters)
        page = _whole(parameters, "page", default=1, low=1, high=10**6)
        size = _whole(parameters, "page_size", default=20, low=1, high=LARGEST_PAGE)
        hits = self.marketplace.catalogue.find(self._image(request, parameters), criteria)
        shown = hits[(page - 1) * size : page * size]
        products = [_product(hit, request.base_url) for hit in shown]
        result = {"total": len(hits), "page": page, "page_size": size, "products": products}
        return json_reply({"alibaba_image_search_response": {"result": result}})

    def _image(self, request: Request, parameters: Mapping[str, str]) -> Image.Image:
        try:
            if "image" in parameters:
                return open_image(decode_base64(parameters["image"]))
            return open_image(self.picture_at(parameters["image_url"], request))
        except ImageRefusedError as error:
            code = "413" if error.too_large else "400"
            raise ApiError(code, f"{MESSAGES[code]} ({error})") from error


def _note(call: Call, parameters: Mapping[str, str]) -> None:
    call.app_key = parameters.get("app_key")
    call.image_url = parameters.get("image_url")
    page = parameters.get("page", "1")
    call.page = int(page) if re.fullmatch(r"\d{1,7}", page, re.ASCII) else None
    if "image" in parameters:
        call.image_sha256 = base64_sha256(parameters["image"])


def _required(parameters: Mapping[str, str], name: str) -> str:
    if not parameters.get(name):
        raise ApiError("40", f"Missing parameter: {name}")
    return parameters[name]


def _aware(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _timestamp(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError as error:
        raise ApiError("30", "Timestamp out of range: it must read yyyy-MM-dd HH:mm:ss") from error


def _allowed(client: str, allowed: tuple[str, ...]) -> bool:
    return not allowed or any(ip_address(client) in ip_network(entry, strict=False) for entry in allowed)


def _criteria(parameters: Mapping[str, str]) -> Criteria:
    price_from, price_to = _price(parameters, "price_from"), _price(parameters, "price_to")
    if price_from is not None and price_to is not None and price_from > price_to:
        raise ApiError("41", "Invalid parameter: price_from is above price_to")
    return Criteria(
        price_from=price_from,
        price_to=price_to,
        wholesale_only=_whole(parameters, "is_wholesale", default=0, low=0, high=1) == 1,
        sort=_whole(parameters, "sort", default=0, low=0, high=2),
    )


def _price(parameters: Mapping[str, str], name: str) -> Decimal | None:
    if not parameters.get(name):
        return None
    try:
        price = Decimal(parameters[name])
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise ApiError("41", f"Invalid parameter: {name} must be a price of 0 or more")
    return price


def _whole(parameters: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = parameters.get(name, str(default))
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII) or not low <= int(text) <= high:
        raise ApiError("41", f"Invalid parameter: {name} must be a whole number from {low} to {high}")
    return int(text)


def _product(hit: Hit, base_url: str) -> dict[str, Any]:
    offer = hit.offer
    product: dict[str, Any] = {
        "product_id": offer.offer_id,
        "title": offer.title,
        "main_image": f"{base_url}/{offer.picture}",
        "price": float(offer.price) if offer.price_is_number else str(offer.price),
        "min_buy": offer.min_buy,
        "detail_url": f"{base_url}/offer/{offer.offer_id}.html",
        "similarity": hit.similarity,
    }
    if offer.supplier is not None:
        product["supplier"] = {
            "user_id": offer.supplier.user_id,
            "company_name": offer.supplier.company_name,
            "credit_level": offer.supplier.credit_level,
            "location": offer.supplier.location,
        }
    return product
