"""The server half of Onebound: a key and its secret go along as parameters, no signature.

Written from the protocol's document. Every answer has HTTP 200; ``error_code`` says how it went. What
the document leaves open is decided here: key and secret may be in the query or in the form, a page
has at most 50 items, an imgid is good for a day, and ``sort`` is ``bid`` (price) or ``sale``, with an
underscore before it for the highest first.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from sandbox.calls import Call
from sandbox.dialects.dialect import ApiError, Dialect, request_id
from sandbox.dialects.parameters import ParameterError, page_wanted, read_choice, read_whole
from sandbox.dice import Dice
from sandbox.images import ImageRefusedError, decode_base64, open_image
from sandbox.kept_pictures import KeptPictures
from sandbox.marketplace import Marketplace
from sandbox.offers import Offer
from sandbox.search import BY_PRICE, BY_PRICE_DOWN, BY_SALES, BY_SALES_DOWN, BY_SIMILARITY, Criteria
from sandbox.web import BadRequest, Reply, Request, json_reply

SEARCH, UPLOAD = "/1688/item_search_img/", "/1688/upload_img/"
METHODS = {SEARCH: "GET", UPLOAD: "POST"}
APIS = {SEARCH: "search", UPLOAD: "upload"}
LARGEST_PAGE = 50
KEPT_SECONDS = 24 * 3600
SORTS = {
    "default": BY_SIMILARITY,
    "bid": BY_PRICE,
    "_bid": BY_PRICE_DOWN,
    "sale": BY_SALES,
    "_sale": BY_SALES_DOWN,
}

NO_RESULT = "2000"
MESSAGES = {
    NO_RESULT: "no result",
    "4000": "request failed, please try again",
    "4001": "request timed out, please try again",
    "4002": "the data source gives no answer, please try again",
    "4003": "invalid parameter",
    "4004": "the key or its secret is not valid",
    "4005": "the account is not authorized for this API",
    "4008": "too many requests, please slow down",
    "4009": "the API is under maintenance",
    "4013": "the calls of the package are used up",
    "4014": "missing parameter",
    "4016": "the balance is used up",
    "4017": "the data source failed, please try again",
}


class Onebound(Dialect):
    """``error_code``, ``reason`` and ``request_id`` are in every answer, ``items`` in good ones and in 2000."""

    key = "onebound"
    title = "Onebound"
    endpoints = (SEARCH, UPLOAD)
    apis = tuple(APIS.values())
    codes = MESSAGES
    parameter_code = "4003"

    def __init__(self, marketplace: Marketplace) -> None:
        super().__init__(marketplace)
        self._uploads = KeptPictures(KEPT_SECONDS)

    def handles(self, path: str) -> bool:
        return _endpoint(path) in METHODS

    def can_fail(self, code: str, api: str | None) -> bool:
        return code in self.codes and (code != NO_RESULT or api == "search")

    def respond(self, request: Request, call: Call) -> Reply:
        endpoint = _endpoint(request.path)
        call.api = APIS[endpoint]
        try:
            parameters = request.parameters()
            self._admit(parameters, request, call)
            if request.method != METHODS[endpoint]:
                raise ParameterError(f"the method must be {METHODS[endpoint]}")
            if endpoint == UPLOAD:
                return self.perform(request, call, lambda: self._upload(parameters, request, call))
            call.page = page_wanted(parameters)
            return self.perform(request, call, lambda: self._search(parameters, request, call))
        except (ParameterError, BadRequest, ImageRefusedError) as error:
            raise ApiError("4003", f"{MESSAGES['4003']}: {error}") from error

    def refuse(self, request: Request, error: ApiError) -> Reply:
        content: dict[str, Any] = {} if error.code != NO_RESULT else {"items": _items([], 0, error.message)}
        return json_reply(content | _envelope(request, error.code, error.message))

    def _admit(self, parameters: Mapping[str, str], request: Request, call: Call) -> None:
        key = _required(parameters, "key")
        call.app_key = key
        account = self.marketplace.accounts.get(key)
        secret = _required(parameters, "secret").encode()
        if account is None or not hmac.compare_digest(account.secret.encode(), secret):
            raise ApiError("4004", MESSAGES["4004"])
        if not self.admits(key, request):
            raise ApiError("4008", MESSAGES["4008"])

    def _upload(self, parameters: Mapping[str, str], request: Request, call: Call) -> Reply:
        data = decode_base64(_required(parameters, "imgcode"))
        open_image(data)
        call.image_sha256 = hashlib.sha256(data).hexdigest()
        name = call.image_sha256[:32]
        self._uploads.keep(name, data, self.marketplace.clock())
        return json_reply({"items": {"item": {"name": name}}} | _envelope(request, "0000", "ok"))

    def _search(self, parameters: Mapping[str, str], request: Request, call: Call) -> Reply:
        criteria = Criteria(sort=read_choice(parameters, "sort", SORTS))
        page = read_whole(parameters, "page", default=1, low=1, high=10**6)
        size = read_whole(parameters, "page_size", default=20, low=1, high=LARGEST_PAGE)
        data = self._uploads.find(_required(parameters, "imgid"), self.marketplace.clock())
        if data is None:
            raise ParameterError("imgid is unknown, or its day is over: upload the picture again")
        call.image_sha256 = hashlib.sha256(data).hexdigest()
        hits = self.marketplace.catalogue.find(open_image(data), criteria)
        if not hits:
            raise ApiError(NO_RESULT, MESSAGES[NO_RESULT])
        shown = hits[(page - 1) * size : page * size]
        items = _items([_item(hit.offer, request.base_url) for hit in shown], len(hits))
        return json_reply({"items": items} | _envelope(request, "0000", "ok"))


def _endpoint(path: str) -> str:
    return path.rstrip("/") + "/"


def _envelope(request: Request, code: str, reason: str) -> dict[str, Any]:
    return {"error_code": code, "reason": reason, "request_id": request_id(request)}


def _items(rows: list[dict[str, Any]], total: int, error: str = "") -> dict[str, Any]:
    return {"real_total_results": total, "error": error, "item": rows}


def _required(parameters: Mapping[str, str], name: str) -> str:
    if not parameters.get(name):
        raise ApiError("4014", f"{MESSAGES['4014']}: {name}")
    return parameters[name]


def _item(offer: Offer, base_url: str) -> dict[str, Any]:
    trade, supplier = offer.trade, offer.supplier
    # As with the real one, the same value has other names and types from one offer to the next.
    dice = Dice("onebound", offer.offer_id)
    promotion = trade.prices.promotion or offer.price
    item = {
        "title": offer.title,
        "pic_url": f"{base_url}/{offer.picture}",
        "price": float(offer.price) if dice.chance(0.3) else str(offer.price),
        "promotion_price": float(promotion) if dice.chance(0.3) else str(promotion),
        "sales": trade.sold,
        "num_iid": int(offer.offer_id) if dice.chance(0.4) else offer.offer_id,
        "seller_nick": "" if supplier is None else supplier.company_name,
        "area": "" if supplier is None else supplier.location,
        "detail_url": f"{base_url}/offer/{offer.offer_id}.html",
    }
    name = "turnHead" if dice.chance(0.4) else "turn_head"
    return item if trade.repurchase_rate is None else item | {name: f"{trade.repurchase_rate:.0%}"}
