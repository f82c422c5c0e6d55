"""The official image search of 1688: upload the picture, then ask for pages of what is like it.

An uploaded picture is good for a day, so pages and filters of one picture cost one upload.
"""

import base64
import json

from searches.marketplaces import errors
from searches.marketplaces.alibaba_gateway import CHECK_PROVES, DEFAULT_BASE_URL, KEYS, AlibabaClient, ApiCall
from searches.marketplaces.alibaba_oauth import DEFAULT_AUTH_URL
from searches.marketplaces.alibaba_open_reply import KEY, MAX_PAGE_SIZE, image_id_in, parse_page
from searches.marketplaces.errors import ErrorKind, gettext_noop
from searches.marketplaces.marketplace import Marketplace
from searches.marketplaces.offers import SearchPage
from searches.marketplaces.remembered import picture_key, with_reference
from searches.marketplaces.search_request import InvalidRequest, Region, SearchRequest, Sort

__all__ = ["KEY", "MARKETPLACE", "MAX_IMAGE_BYTES", "MAX_PAGE_SIZE", "AlibabaOpen"]

MAX_IMAGE_BYTES = 300_000
_UPLOAD = "com.alibaba.fenxiao.crossborder/product.image.upload"
_QUERY = "com.alibaba.fenxiao.crossborder/product.search.imageQuery"
# The interface wants to know the language of `subjectTrans`; what it finds does not depend on it.
_LANGUAGE = "en"
_SORTS = {Sort.PRICE: '{"price":"asc"}', Sort.PRICE_DESC: '{"price":"desc"}'}


class AlibabaOpen(AlibabaClient):
    """A client of one account."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page: one call, or two for a picture that has not been uploaded yet. Raises MarketplaceError.

        Refused before a call is spent: more than 50 offers a page and an address in place of a picture
        (InvalidRequest: the caller's mistakes), and a picture of more than 300 kB (RetryWith.SMALLER).
        """
        if request.page_size > MAX_PAGE_SIZE:
            raise InvalidRequest("page_size", f"A page holds at most {MAX_PAGE_SIZE} offers.")
        if not request.image:
            raise InvalidRequest("image_url", "This marketplace takes pictures, not their addresses.")
        if len(request.image) > MAX_IMAGE_BYTES:
            raise errors.IMAGE_TOO_LARGE.error("image-too-large")
        return with_reference(
            self._host,
            picture_key(self._account.base_url, request.image),
            send=lambda: self._upload(request),
            search=lambda image_id: self._page(request, image_id),
            gone=lambda error: error.kind is ErrorKind.BAD_IMAGE,
        )

    def _upload(self, request: SearchRequest) -> str:
        """The id of the uploaded picture."""
        image_id = image_id_in(self._call(_upload_of(request)))
        if not image_id:
            raise errors.PICTURE_NOT_TAKEN.error("no-image-id")
        return image_id

    def _page(self, request: SearchRequest, image_id: str) -> SearchPage:
        payload = self._call(ApiCall(_QUERY, {"offerQueryParam": _query_of(request, image_id)}))
        return parse_page(payload, page=request.page, page_size=request.page_size, fetched_at=self._clock())


def _upload_of(request: SearchRequest) -> ApiCall:
    # Written by hand: a JSON encoder would look for something to escape in 130 kB of Base64.
    picture = base64.b64encode(request.image or b"").decode()
    return ApiCall(_UPLOAD, {"uploadImageParam": f'{{"imageBase64":"{picture}"}}'}, errors.PICTURE_NOT_TAKEN)


def _query_of(request: SearchRequest, image_id: str) -> str:
    query: dict[str, object] = {
        "imageId": image_id,
        "beginPage": request.page,
        "pageSize": request.page_size,
        "country": _LANGUAGE,
    }
    if request.region:
        query["region"] = _box_of(request.region)
    for name, price in (("priceStart", request.price_from), ("priceEnd", request.price_to)):
        if price is not None:
            query[name] = f"{price:f}"
    if request.sort in _SORTS:
        query["sort"] = _SORTS[request.sort]
    return json.dumps(query, ensure_ascii=False, separators=(",", ":"))


def _box_of(region: Region) -> str:
    # As replies write their boxes: both x, both y. The vendor's example, 266,799,48,581, is a square only if read so.
    return f"{region.x},{region.x + region.width},{region.y},{region.y + region.height}"


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("1688 official: image search"),
    source="1688",
    default_base_url=DEFAULT_BASE_URL,
    keys=KEYS,
    check_proves=CHECK_PROVES,
    max_page_size=MAX_PAGE_SIZE,
    max_image_bytes=MAX_IMAGE_BYTES,
    takes_image=True,
    takes_image_url=False,
    gives_similarity=False,
    cache_seconds=3600,
    image_hosts=("https://*.alicdn.com",),
    client=AlibabaOpen,
    calls_a_picture=1,
    takes_region=True,
    ignores=frozenset({"wholesale_only"}),
    allow_list=True,
    authorizing=AlibabaOpen,
    default_auth_url=DEFAULT_AUTH_URL,
)
