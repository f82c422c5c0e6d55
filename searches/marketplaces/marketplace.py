"""What the rest of the product has to know of a protocol: its client, its limits, and the keys it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from searches.marketplaces.account import Account, Tokens
from searches.marketplaces.host import Host
from searches.marketplaces.offers import SearchPage
from searches.marketplaces.search_request import SearchRequest
from searches.marketplaces.transport import Timeouts


class Client(Protocol):
    """What every marketplace's client can do. All but `close` raise MarketplaceError, and what the host raises."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of offers. Raises InvalidRequest for what this marketplace never takes."""

    def check(self) -> None:
        """The cheapest real call that proves the account's settings."""

    def close(self) -> None:
        """Close the connections."""


class Authorizing(Protocol):
    """The client of a marketplace where people allow the app to act for them, by OAuth."""

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where the administrator's browser goes to allow it."""

    def exchange_code(self, code: str, redirect_uri: str) -> Tokens:
        """The tokens for the code that came back. Raises MarketplaceError."""

    def close(self) -> None:
        """Close the connections."""


@dataclass(frozen=True, slots=True)
class KeyField:
    """One of an account's fields, as an administrator sees it. `label` and `help` are translated where shown.

    help: where in the vendor's console it is found.
    """

    name: Literal["app_key", "secret", "token"]
    label: str
    help: str
    required: bool = True


ClientFactory: TypeAlias = Callable[[Account, Timeouts, Host], Client]
AuthorizingFactory: TypeAlias = Callable[[Account, Timeouts, Host], Authorizing]
# What a search may ask for and a marketplace may lack: names of SearchRequest's fields.
Ignorable: TypeAlias = Literal["wholesale_only", "price", "sort"]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One row of the table.

    label: the protocol's name; source: whom pages and exports name as the data's source.
    keys: what an account consists of. check_proves: what a passed connection test says, and what it leaves open.
    takes_image, takes_image_url: how the picture may go there. takes_region: a part of it may be named, else it is
    cropped before. ignores: filters that it does not know, which pages then say.
    cache_seconds: how long an answer stays good. image_hosts: where browsers fetch the offers' pictures, as CSP
    sources. calls_a_picture: how many it costs to send a picture that is new there, before its first page.
    allow_list: the vendor may ask for this server's address. calls_per_minute: the vendor's default limit.
    authorizing: for OAuth; with default_auth_url, the address people are sent to.
    """

    key: str
    label: str
    source: str
    default_base_url: str
    keys: tuple[KeyField, ...]
    check_proves: str
    max_page_size: int
    max_image_bytes: int
    takes_image: bool
    takes_image_url: bool
    gives_similarity: bool
    cache_seconds: int
    image_hosts: tuple[str, ...]
    client: ClientFactory
    takes_region: bool = False
    ignores: frozenset[Ignorable] = frozenset()
    calls_a_picture: int = 0
    allow_list: bool = False
    calls_per_minute: int = 100
    authorizing: AuthorizingFactory | None = None
    default_auth_url: str = ""
