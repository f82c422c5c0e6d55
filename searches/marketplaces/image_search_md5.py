"""`alibaba.image.search`: the dialect of the source document, signed with MD5. Resellers' gateways speak it.

A GET carries an `image_url`, a POST form the picture itself: a query string of 200 kB is refused by common servers.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from types import TracebackType
from typing import Self

from searches.marketplaces import errors
from searches.marketplaces.account import Account
from searches.marketplaces.base_urls import base_of
from searches.marketplaces.errors import ErrorKind, MarketplaceError, RetryWith, gettext_noop
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.image_search_md5_reply import KEY, MAX_PAGE_SIZE, failure_in, parse_page
from searches.marketplaces.marketplace import KeyField, Marketplace
from searches.marketplaces.offers import SearchPage
from searches.marketplaces.replies import read_json, retry_after, status_error
from searches.marketplaces.search_request import InvalidRequest, SearchRequest, Sort
from searches.marketplaces.signing import signed_form
from searches.marketplaces.tiny_picture import TINY_JPEG
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts, Transport

__all__ = ["KEY", "MARKETPLACE", "MAX_IMAGE_BYTES", "MAX_PAGE_SIZE", "ImageSearchMd5", "parse_page"]

MAX_IMAGE_BYTES = 5_000_000
_ENDPOINT = "openapi/param2/2.0"
_CHINA = timezone(timedelta(hours=8))
_SORTS = {Sort.SIMILARITY: 0, Sort.PRICE: 1, Sort.PRICE_DESC: 2}


class ImageSearchMd5:
    """A client of one account; a context manager. For one thread at a time.

    clock: the time now, aware; it stamps calls and pages.
    """

    def __init__(
        self,
        account: Account,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        host: Host | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises MarketplaceError (configuration) when the account's base URL is none."""
        self._url = f"{base_of(account.base_url, _ENDPOINT)}/{_ENDPOINT}/"
        self._account = account
        self._host = host or Alone()
        self._clock = clock
        self._transport = Transport(timeouts)

    def search(self, request: SearchRequest) -> SearchPage:
        """One call, one page. Raises MarketplaceError.

        Two things are refused before a call is spent: more than 50 offers a page (InvalidRequest: the caller's
        mistake) and a picture of more than 5 MB (MarketplaceError with RetryWith.SMALLER, as the gateway would say).
        """
        if request.page_size > MAX_PAGE_SIZE:
            raise InvalidRequest("page_size", f"A page holds at most {MAX_PAGE_SIZE} offers.")
        if request.image and len(request.image) > MAX_IMAGE_BYTES:
            raise errors.IMAGE_TOO_LARGE.error("image-too-large")
        form = signed_form(self._params(request), self._account.secret)
        with self._host.slot():
            reply = (self._transport.post if request.image else self._transport.get)(self._url, form)
        payload = read_json(reply)
        failure = failure_in(
            payload,
            status=reply.status,
            pause=retry_after(reply),
            hidden=(self._account.secret, self._account.token, form.signature),
        )
        if failure is None and not reply.ok:
            failure = status_error(reply)
        if failure is not None:
            payload = None  # a traceback that shows variables must not show what the vendor quoted
            raise failure
        return parse_page(payload, page=request.page, page_size=request.page_size, fetched_at=self._clock())

    def check(self) -> None:
        """Spend one call to see whether key, signature, clock, address and allow-list are right.

        A gateway that answers about the picture (it is tiny) or that finds nothing has accepted all of these.
        Raises MarketplaceError for every other failure.
        """
        try:
            self.search(SearchRequest(image=TINY_JPEG, page_size=1))
        except MarketplaceError as error:
            # Not "too large": only something in front of the gateway can say that of 362 bytes.
            about_picture = error.kind is ErrorKind.BAD_IMAGE and error.retry_with is RetryWith.REENCODED
            if not about_picture and error.kind is not ErrorKind.NO_RESULT:
                raise

    def close(self) -> None:
        """Close the connections. The client is of no use afterwards."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _params(self, request: SearchRequest) -> dict[str, object]:
        params: dict[str, object] = {
            "app_key": self._account.app_key,
            "method": "alibaba.image.search",
            "timestamp": self._clock().astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "format": "json",
            "v": "2.0",
            "page": request.page,
            "page_size": request.page_size,
            "is_wholesale": int(request.wholesale_only),
            "sort": _SORTS[request.sort],
        }
        if request.image:
            params["image"] = base64.b64encode(request.image).decode()
        else:
            params["image_url"] = request.image_url
        for name, price in (("price_from", request.price_from), ("price_to", request.price_to)):
            if price is not None:
                params[name] = f"{price:f}"
        return params


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("1688 (MD5 gateway)"),
    source="1688",
    default_base_url="https://gw.open.1688.com",
    keys=(
        KeyField(
            "app_key",
            gettext_noop("App key"),
            gettext_noop("The AppKey that the gateway's operator gave you, in its console beside the app's name."),
        ),
        KeyField(
            "secret",
            gettext_noop("Secret"),
            gettext_noop("The AppSecret beside the AppKey: every call is signed with it."),
        ),
    ),
    check_proves=gettext_noop("Key, signature, clock, address and allow-list are right: the gateway searched."),
    max_page_size=MAX_PAGE_SIZE,
    max_image_bytes=MAX_IMAGE_BYTES,
    takes_image=True,
    takes_image_url=True,
    gives_similarity=True,
    cache_seconds=3600,
    image_hosts=("https://*.alicdn.com",),
    client=ImageSearchMd5,
    allow_list=True,
)
