"""Sections 2a and 2b of the official platform: a picture is uploaded, then searched for by its id.

Regions are "x1,x2,y1,y2" in pixels of the uploaded picture, in queries as in replies: the vendor's example of
a query's, "266,799,48,581", is a square only if it is read so.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any

from PIL import Image

from sandbox.calls import Call
from sandbox.companies import CERTIFIED_FACTORY
from sandbox.dialects.alibaba_api import (
    Api,
    ResultError,
    invalid,
    json_argument,
    missing,
    peek_number,
    price,
    whole_number,
)
from sandbox.dialects.alibaba_crossborder_offer import offer_row
from sandbox.dialects.dialect import base64_sha256
from sandbox.images import ImageRefusedError, decode_base64, open_image
from sandbox.marketplace import Marketplace
from sandbox.regions import Region, main_subject, whole
from sandbox.search import (
    BY_PRICE,
    BY_PRICE_DOWN,
    BY_REPURCHASE,
    BY_REPURCHASE_DOWN,
    BY_SALES,
    BY_SALES_DOWN,
    BY_SIMILARITY,
    Criteria,
)
from sandbox.web import Reply, Request, json_reply

NAMESPACE = "com.alibaba.fenxiao.crossborder"
MOST_UPLOAD_BYTES = 300 * 1024
LARGEST_PAGE = 50
LAST_PAGE = 10**6
SORTS = {
    ("price", "asc"): BY_PRICE,
    ("price", "desc"): BY_PRICE_DOWN,
    ("rePurchaseRate", "asc"): BY_REPURCHASE,
    ("rePurchaseRate", "desc"): BY_REPURCHASE_DOWN,
    ("monthSold", "asc"): BY_SALES,
    ("monthSold", "desc"): BY_SALES_DOWN,
}
FILTERS: Mapping[str, Mapping[str, Any]] = {
    "shipIn48Hours": {"ships_within": 48},
    "shipIn24Hours": {"ships_within": 24},
    "certifiedFactory": {"identities": (CERTIFIED_FACTORY,)},
    "isOnePsale": {"dropshipping_only": True},
    "new7": {"new_only": True},
    "1688Selection": {"selected_only": True},
}


class ImageUpload(Api):
    """2a: takes a JPEG or PNG as Base64 and gives it an id."""

    path = f"{NAMESPACE}/product.image.upload"
    name = "upload"
    required = ("uploadImageParam",)

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def note(self, call: Call, arguments: Mapping[str, str]) -> None:
        text = _peeked(arguments, "uploadImageParam").get("imageBase64")
        call.image_sha256 = base64_sha256(text) if isinstance(text, str) else None

    def act(self, request: Request, arguments: Mapping[str, str]) -> Reply:
        text = json_argument(arguments, "uploadImageParam").get("imageBase64")
        if not isinstance(text, str) or not text:
            raise missing("uploadImageParam.imageBase64")
        try:
            data = decode_base64(text)
            if len(data) > MOST_UPLOAD_BYTES:
                raise ImageRefusedError("the image is larger than 300 KB", too_large=True)
            open_image(data)
        except ImageRefusedError as error:
            raise _failure("IMAGE_TOO_LARGE" if error.too_large else "IMAGE_INVALID", str(error)) from error
        # The same picture has the same id: 18 digits, the first of them not 0.
        number = int(hashlib.sha256(data).hexdigest()[:16], 16)
        image_id = str(10**17 + number % (9 * 10**17))
        self._marketplace.uploads.keep(image_id, data, self._marketplace.clock())
        return json_reply({"result": {"success": "true", "result": image_id}})


class ImageQuery(Api):
    """2b: offers with pictures like one that was uploaded, or like one that the marketplace has itself."""

    path = f"{NAMESPACE}/product.search.imageQuery"
    name = "search"
    required = ("offerQueryParam",)

    def __init__(self, marketplace: Marketplace, picture_at: Callable[[str, Request], bytes]) -> None:
        self._marketplace = marketplace
        self._picture_at = picture_at

    def note(self, call: Call, arguments: Mapping[str, str]) -> None:
        query = _peeked(arguments, "offerQueryParam")
        data = self._uploaded(query.get("imageId"))
        call.page = peek_number(query.get("beginPage"))
        call.image_sha256 = hashlib.sha256(data).hexdigest() if data else None
        address = query.get("imageAddress")
        call.image_url = address if isinstance(address, str) else None

    def act(self, request: Request, arguments: Mapping[str, str]) -> Reply:
        query = json_argument(arguments, "offerQueryParam")
        for name in ("country", "beginPage", "pageSize"):
            if query.get(name) in (None, ""):
                raise missing(f"offerQueryParam.{name}")
        page = whole_number(query["beginPage"], "beginPage", LAST_PAGE)
        size = whole_number(query["pageSize"], "pageSize", LARGEST_PAGE)
        criteria = _criteria(query)
        image = self._image(request, query)
        subject = main_subject(image)
        current = _region(query, image) or subject
        sought = image.crop(current.box) if current != subject else image
        hits = self._marketplace.catalogue.find(sought, criteria)
        shown = hits[(page - 1) * size : page * size]
        return _success(
            {
                "totalRecords": len(hits),
                "totalPage": ceil(len(hits) / size),
                "pageSize": size,
                "currentPage": page,
                "data": [offer_row(hit.offer, request.base_url) for hit in shown],
                "picRegionInfo": {
                    "currentRegion": _written(current),
                    "yoloCropRegion": f"{_written(subject)};{_written(whole(image))}",
                },
            }
        )

    def _uploaded(self, image_id: object) -> bytes | None:
        return self._marketplace.uploads.find(str(image_id), self._marketplace.clock())

    def _image(self, request: Request, query: Mapping[str, Any]) -> Image.Image:
        image_id, address = query.get("imageId"), query.get("imageAddress")
        if image_id in (None, "") and not address:
            raise missing("offerQueryParam.imageId")
        try:
            if image_id in (None, ""):
                return open_image(self._picture_at(str(address), request), full_size=True)
            data = self._uploaded(image_id)
            if data is None:
                raise ImageRefusedError(f"there is no image with the imageId {image_id}")
            return open_image(data, full_size=True)
        except ImageRefusedError as error:
            raise _failure("IMAGE_INVALID", str(error)) from error


def _success(result: Any) -> Reply:
    return json_reply({"result": {"success": "true", "code": "S0000", "message": "", "result": result}})


def _failure(code: str, message: str) -> ResultError:
    reply = json_reply({"result": {"success": "false", "code": code, "message": message}})
    return ResultError(code, message, reply)


def _peeked(arguments: Mapping[str, str], name: str) -> Mapping[str, Any]:
    """A JSON argument for the record of a call, where nothing may fail."""
    try:
        content = json.loads(arguments.get(name, ""))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _criteria(query: Mapping[str, Any]) -> Criteria:
    category, keyword = query.get("categoryId"), query.get("keyword")
    chosen: dict[str, Any] = {}
    # In the order of the table, not of the caller: of two promises the shorter one counts.
    names = _filters(query.get("filter"))
    for name, wanted in FILTERS.items():
        if name in names:
            chosen |= wanted
    first, *others = _sorts(query.get("sort")) or [BY_SIMILARITY]
    return Criteria(
        price_from=price(query.get("priceStart"), "priceStart"),
        price_to=price(query.get("priceEnd"), "priceEnd"),
        sort=first,
        then_by=tuple(others),
        keyword=keyword if isinstance(keyword, str) else "",
        category_id=None if category in (None, "") else str(category),
        **chosen,
    )


def _filters(text: object) -> set[str]:
    if text in (None, ""):
        return set()
    names = {name.strip() for name in str(text).split(",")}
    if not isinstance(text, str) or not names <= set(FILTERS):
        raise invalid("filter", f"it must be some of {','.join(FILTERS)}, separated by commas")
    return names


def _sorts(text: object) -> list[int]:
    """The orders of a JSON string such as ``{"price":"asc"}``, the first counting most."""
    if text in (None, ""):
        return []
    rule = "it must be a string of JSON: price, rePurchaseRate or monthSold, each asc or desc"
    try:
        content = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError) as error:
        raise invalid("sort", rule) from error
    if not isinstance(content, dict) or any(item not in SORTS for item in _pairs(content)):
        raise invalid("sort", rule)
    return [SORTS[item] for item in _pairs(content)]


def _pairs(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in content.items()]


def _region(query: Mapping[str, Any], image: Image.Image) -> Region | None:
    text = query.get("region")
    if text in (None, ""):
        return None
    match = re.fullmatch(r"(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})", str(text), re.ASCII)
    if match:
        left, right, top, bottom = (int(number) for number in match.groups())
        region = Region(left, top, right, bottom)
        if region.within(image):
            return region
    raise invalid("region", f'it must be "x1,x2,y1,y2" within the {image.width} x {image.height} pixels of the image')


def _written(region: Region) -> str:
    return f"{region.left},{region.right},{region.top},{region.bottom}"
