"""TMAPI: a reseller of 1688's image search. One key in a header, no signature; pictures go as addresses.

TMAPI searches for pictures on Alibaba's own hosts. For any other address one call more gets a path that stands for
it and is good for a day.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from searches.marketplaces import errors
from searches.marketplaces.account import Account
from searches.marketplaces.base_urls import base_of
from searches.marketplaces.content import form_content, json_content
from searches.marketplaces.errors import ErrorKind, MarketplaceError, gettext_noop
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.marketplace import KeyField, Marketplace
from searches.marketplaces.offers import JSON, SearchPage
from searches.marketplaces.remembered import picture_key, with_reference
from searches.marketplaces.replies import Reply, read_json, retry_after, status_error
from searches.marketplaces.search_request import InvalidRequest, SearchRequest, Sort
from searches.marketplaces.tmapi_reply import KEY, MAX_PAGE_SIZE, failure_in, parse_page, parse_reference
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts, Transport

__all__ = ["KEY", "MARKETPLACE", "Tmapi", "parse_page"]

_SEARCH = "/1688/search/image"
_CONVERT = "/1688/tools/image/convert_url"
_SORTS = {Sort.SIMILARITY: "default", Sort.PRICE: "price_up", Sort.PRICE_DESC: "price_down"}
# The picture that the vendor's document searches for in its example.
_EXAMPLE = "https://cbu01.alicdn.com/img/ibank/O1CN01Lnbnos2LkORtHhOVp_!!3367999730-0-cib.jpg"


class Tmapi:
    """A client of one account, whose token is the API key. For one thread at a time.

    clock: the time now, aware; it stamps pages.
    """

    def __init__(
        self,
        account: Account,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        host: Host | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises MarketplaceError for a base URL that is none and for a key that no header can hold."""
        self._base = base_of(account.base_url, _SEARCH)
        self._key = account.token.strip()
        if not (self._key.isascii() and self._key.isprintable()):
            raise errors.ACCOUNT_REFUSED.error("api-key")
        self._host = host or Alone()
        self._clock = clock
        self._transport = Transport(timeouts, headers={"apikey": self._key})

    def search(self, request: SearchRequest) -> SearchPage:
        """One page, by one call, or by two for a picture that TMAPI does not know yet. Raises MarketplaceError.

        Refused before a call is spent (InvalidRequest): a picture instead of an address, more than 20 offers a page.
        """
        address = request.image_url
        if address is None:
            raise InvalidRequest("image", "TMAPI takes the address of a picture only.")
        if request.page_size > MAX_PAGE_SIZE:
            raise InvalidRequest("page_size", f"A page holds at most {MAX_PAGE_SIZE} offers.")
        if _is_alibabas(address):
            return self._search(address, request)
        return with_reference(
            self._host,
            picture_key(self._base, address.encode()),
            send=lambda: self._convert(address),
            search=lambda path: self._search(path, request),
            gone=lambda error: error.code in {"417", "422"},
        )

    def check(self) -> None:
        """Spend one call to see whether key and address are right: the conversion of a picture.

        An answer about the picture says that the key was accepted. Raises MarketplaceError for every other failure.
        """
        try:
            self._convert(_EXAMPLE)
        except MarketplaceError as error:
            if error.kind is not ErrorKind.BAD_IMAGE:
                raise

    def close(self) -> None:
        """Close the connections. The client is of no use afterwards."""
        self._transport.close()

    def _search(self, address: str, request: SearchRequest) -> SearchPage:
        params: dict[str, object] = {
            "img_url": address,
            "page": request.page,
            "page_size": request.page_size,
            "sort": _SORTS[request.sort],
        }
        for name, price in (("price_start", request.price_from), ("price_end", request.price_to)):
            if price is not None:
                params[name] = f"{price:f}"
        payload = self._call(lambda: self._transport.get(self._base + _SEARCH, form_content(params)), address)
        return parse_page(payload, page=request.page, page_size=request.page_size, fetched_at=self._clock())

    def _convert(self, address: str) -> str:
        body = json_content({"url": address, "search_api_endpoint": "/search/image"})
        payload = self._call(lambda: self._transport.post(self._base + _CONVERT, body), address, converting=True)
        return parse_reference(payload)

    def _call(self, send: Callable[[], Reply], address: str, *, converting: bool = False) -> JSON:
        with self._host.slot():
            reply = send()
        payload = read_json(reply)
        failure = failure_in(
            payload,
            status=reply.status,
            pause=retry_after(reply),
            # Whoever knows the address of an uploaded photo may fetch it.
            hidden=(self._key, address),
            converting=converting,
        )
        if failure is None and not reply.ok:
            failure = status_error(reply)
        if failure is not None:
            payload = None  # a traceback that shows variables must not show what the vendor quoted
            raise failure
        return payload


def _is_alibabas(address: str) -> bool:
    host = (urlsplit(address).hostname or "").rstrip(".")
    return host == "alicdn.com" or host.endswith(".alicdn.com")


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("1688 by TMAPI"),
    source="1688",
    default_base_url="https://api.tmapi.top",
    keys=(
        KeyField(
            "token",
            gettext_noop("API key"),
            gettext_noop("In TMAPI's console under Account Center. The vendor calls it apikey or apiToken."),
        ),
    ),
    check_proves=gettext_noop(
        "Key and address are right: TMAPI answered about a picture. Whether calls are left shows at the first search."
    ),
    max_page_size=MAX_PAGE_SIZE,
    # What TMAPI fetches is not limited by its document; this is what the portal lays out for it to fetch.
    max_image_bytes=5_000_000,
    takes_image=False,
    takes_image_url=True,
    gives_similarity=False,
    cache_seconds=3600,
    image_hosts=("https://*.alicdn.com",),
    client=Tmapi,
    calls_a_picture=1,
    ignores=frozenset({"wholesale_only"}),
    calls_per_minute=60,  # the vendor limits calls at a time, and names no number
)
