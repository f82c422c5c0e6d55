"""Every marketplace that can be searched. To add one: a module with its client, and a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from searches.marketplaces import image_search_md5
from searches.marketplaces.account import Account
from searches.marketplaces.errors import WRONG_MARKETPLACE, gettext_noop
from searches.marketplaces.offers import SearchPage, SearchRequest
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts


class Client(Protocol):
    """What every marketplace's client can do. All but `close` raise MarketplaceError."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of offers. Raises InvalidRequest for what this marketplace never takes."""

    def check(self) -> None:
        """The cheapest real call that proves the account's settings."""

    def close(self) -> None:
        """Close the connections."""


@dataclass(frozen=True, slots=True)
class Marketplace:
    """What the rest of the product has to know of a protocol.

    label: the protocol's name, translated where it is shown. source: whom pages and exports name as the data's source.
    cache_seconds: how long an answer stays good.
    image_hosts: where browsers fetch the offers' pictures, as CSP sources.
    """

    key: str
    label: str
    source: str
    default_base_url: str
    max_page_size: int
    max_image_bytes: int
    takes_image_url: bool
    gives_similarity: bool
    cache_seconds: int
    image_hosts: tuple[str, ...]
    client: Callable[[Account, Timeouts], Client]


MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType(
    {
        marketplace.key: marketplace
        for marketplace in (
            Marketplace(
                key=image_search_md5.KEY,
                label=gettext_noop("1688 (MD5 gateway)"),
                source="1688",
                default_base_url="https://gw.open.1688.com",
                max_page_size=image_search_md5.MAX_PAGE_SIZE,
                max_image_bytes=image_search_md5.MAX_IMAGE_BYTES,
                takes_image_url=True,
                gives_similarity=True,
                cache_seconds=3600,
                image_hosts=("https://*.alicdn.com",),
                client=image_search_md5.ImageSearchMd5,
            ),
        )
    }
)


def client_for(key: str, account: Account, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> Client:
    """A client of the marketplace `key`, to be closed after use.

    Raises MarketplaceError (configuration) for a key that is not in the table and for a base URL that is none.
    """
    marketplace = MARKETPLACES.get(key)
    if marketplace is None:
        raise WRONG_MARKETPLACE.error("unknown-marketplace")
    return marketplace.client(account, timeouts)
