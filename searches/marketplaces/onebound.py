"""Onebound: a reseller of 1688's image search. Key and secret go along as parameters, without a signature.

A picture is uploaded first; the imgid that comes back is what is searched for, and good for a day.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

from searches.marketplaces import errors
from searches.marketplaces.account import Account
from searches.marketplaces.base_urls import base_of
from searches.marketplaces.content import Content, form_content
from searches.marketplaces.errors import ErrorKind, MarketplaceError, RetryWith, gettext_noop
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.marketplace import KeyField, Marketplace
from searches.marketplaces.offers import JSON, SearchPage
from searches.marketplaces.onebound_reply import KEY, PAGE_SIZE, failure_in, parse_page, parse_reference
from searches.marketplaces.remembered import picture_key, with_reference
from searches.marketplaces.replies import Reply, read_json, retry_after, status_error
from searches.marketplaces.search_request import InvalidRequest, SearchRequest
from searches.marketplaces.tiny_picture import TINY_JPEG
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts, Transport

__all__ = ["KEY", "MARKETPLACE", "MAX_IMAGE_BYTES", "Onebound", "parse_page"]

# The vendor names no limit: this one is a guess on the safe side, not verified.
MAX_IMAGE_BYTES = 1_000_000
_SEARCH = "/1688/item_search_img/"
_UPLOAD = "/1688/upload_img/"


class Onebound:
    """A client of one account, whose app key is the key. For one thread at a time.

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
        """Raises MarketplaceError (configuration) when the account's base URL is none."""
        self._base = base_of(account.base_url, _SEARCH.rstrip("/"))
        self._account = account
        self._host = host or Alone()
        self._clock = clock
        self._transport = Transport(timeouts)

    def search(self, request: SearchRequest) -> SearchPage:
        """One page, by one call, or by two for a picture that Onebound does not have yet. Raises MarketplaceError.

        Refused before a call is spent: an address instead of a picture and more than 20 offers a page
        (InvalidRequest), and a picture of more than 1 MB (MarketplaceError with RetryWith.SMALLER).
        """
        # The picture is never a variable of its own: crash reports would show it.
        if request.image is None:
            raise InvalidRequest("image_url", "Onebound takes a picture only, not its address.")
        if request.page_size > PAGE_SIZE:
            raise InvalidRequest("page_size", f"A page holds at most {PAGE_SIZE} offers.")
        if len(request.image) > MAX_IMAGE_BYTES:
            raise errors.IMAGE_TOO_LARGE.error("image-too-large")
        return with_reference(
            self._host,
            picture_key(self._base, request.image),
            send=lambda: self._upload(request),
            search=lambda imgid: self._search(imgid, request),
            gone=lambda error: error.code in {"4003", "4014"},
        )

    def check(self) -> None:
        """Spend one call to see whether key, secret and address are right: the upload of a tiny picture.

        An answer about the picture says that the account was accepted. Raises MarketplaceError for every other failure.
        """
        try:
            self._upload(SearchRequest(image=TINY_JPEG))
        except MarketplaceError as error:
            # Not "too large": only something in front of the vendor's service can say that of so small a picture.
            if error.kind is not ErrorKind.BAD_IMAGE or error.retry_with is RetryWith.SMALLER:
                raise

    def close(self) -> None:
        """Close the connections. The client is of no use afterwards."""
        self._transport.close()

    def _search(self, imgid: str, request: SearchRequest) -> SearchPage:
        query = self._question(imgid, request)
        payload = self._call(lambda: self._transport.get(self._base + _SEARCH, query), page=request.page)
        return parse_page(payload, page=request.page, page_size=request.page_size, fetched_at=self._clock())

    def _question(self, imgid: str, request: SearchRequest) -> Content:
        # The document has a `sort` too, but not its values.
        return form_content(
            {
                "key": self._account.app_key,
                "secret": self._account.secret,
                "imgid": imgid,
                "page": request.page,
                "page_size": request.page_size,
            }
        )

    def _upload(self, request: SearchRequest) -> str:
        # The vendor wants the key in the address always. The secret stays out of it where it can: addresses are logged.
        query, body = form_content({"key": self._account.app_key}), self._picture(request)
        payload = self._call(lambda: self._transport.post(self._base + _UPLOAD, body, query), uploading=True)
        return parse_reference(payload)

    def _picture(self, request: SearchRequest) -> Content:
        code = base64.b64encode(request.image or b"").decode()
        return form_content({"secret": self._account.secret, "imgcode": code})

    def _call(self, send: Callable[[], Reply], *, page: int = 1, uploading: bool = False) -> JSON:
        with self._host.slot():
            reply = send()
        payload = read_json(reply)
        failure = failure_in(
            payload,
            page=page,
            status=reply.status,
            pause=retry_after(reply),
            hidden=(self._account.app_key, self._account.secret),
            uploading=uploading,
        )
        if failure is None and not reply.ok:
            failure = status_error(reply)
        if failure is not None:
            payload = None  # a traceback that shows variables must not show what the vendor quoted
            raise failure
        return payload


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("1688 by Onebound"),
    source="1688",
    default_base_url="https://api-gw.onebound.cn",
    keys=(
        KeyField(
            "app_key",
            gettext_noop("Key"),
            gettext_noop("The key (apiKey, 调用key) that Onebound's open platform shows in its console."),
        ),
        KeyField(
            "secret",
            gettext_noop("Secret"),
            gettext_noop("The secret (apiSecret, 调用密钥) beside the key in Onebound's console."),
        ),
    ),
    check_proves=gettext_noop(
        "Key, secret and address are right: Onebound answered about a picture. "
        "Whether the package holds searches shows at the first one."
    ),
    max_page_size=PAGE_SIZE,
    max_image_bytes=MAX_IMAGE_BYTES,
    takes_image=True,
    takes_image_url=False,
    gives_similarity=False,
    cache_seconds=3600,
    image_hosts=("https://*.alicdn.com",),
    client=Onebound,
    calls_a_picture=1,
    ignores=frozenset({"wholesale_only", "price", "sort"}),
    calls_per_minute=60,  # the vendor's depends on the package bought
)
