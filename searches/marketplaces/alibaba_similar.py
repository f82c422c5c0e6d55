"""The official search of 1688 for offers like a picture that the platform fetches from its address."""

from searches.marketplaces.alibaba_gateway import CHECK_PROVES, DEFAULT_BASE_URL, KEYS, AlibabaClient, ApiCall
from searches.marketplaces.alibaba_oauth import DEFAULT_AUTH_URL
from searches.marketplaces.alibaba_similar_reply import KEY, MAX_PAGE_SIZE, parse_page
from searches.marketplaces.errors import gettext_noop
from searches.marketplaces.marketplace import Marketplace
from searches.marketplaces.offers import SearchPage
from searches.marketplaces.search_request import InvalidRequest, SearchRequest, Sort

__all__ = ["KEY", "MARKETPLACE", "MAX_PAGE_SIZE", "AlibabaSimilar"]

_SEARCH = "com.alibaba.linkplus/alibaba.cross.similar.offer.search"
_SORTS = {Sort.PRICE: "price:asc", Sort.PRICE_DESC: "price:desc"}


class AlibabaSimilar(AlibabaClient):
    """A client of one account."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One call, one page. Raises MarketplaceError.

        Refused before a call is spent, as InvalidRequest: more than 20 offers a page, and a picture in place of its
        address.
        """
        if request.page_size > MAX_PAGE_SIZE:
            raise InvalidRequest("page_size", f"A page holds at most {MAX_PAGE_SIZE} offers.")
        if not request.image_url:
            raise InvalidRequest("image", "This marketplace takes a picture's address, not the picture.")
        params = {"picUrl": request.image_url, "page": str(request.page), "pageSize": str(request.page_size)}
        for name, price in (("priceMin", request.price_from), ("priceMax", request.price_to)):
            if price is not None:
                params[name] = f"{price:f}"
        if request.sort in _SORTS:
            params["sortFields"] = _SORTS[request.sort]
        # Whoever knows the address of an uploaded photo may fetch it.
        payload = self._call(ApiCall(_SEARCH, params, hidden=(request.image_url,)))
        return parse_page(payload, page=request.page, page_size=request.page_size, fetched_at=self._clock())


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("1688 official: similar offers (by address)"),
    source="1688",
    default_base_url=DEFAULT_BASE_URL,
    keys=KEYS,
    check_proves=CHECK_PROVES,
    max_page_size=MAX_PAGE_SIZE,
    # It sends none, so this only bounds what is prepared for the address that it is shown under.
    max_image_bytes=5_000_000,
    takes_image=False,
    takes_image_url=True,
    gives_similarity=False,
    cache_seconds=3600,
    image_hosts=("https://*.alicdn.com",),
    client=AlibabaSimilar,
    ignores=frozenset({"wholesale_only"}),
    allow_list=True,
    authorizing=AlibabaSimilar,
    default_auth_url=DEFAULT_AUTH_URL,
)
