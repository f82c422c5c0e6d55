"""The team's own catalogue, as one more row of the table: nobody is called, and no account is needed.

It is searched by the room above (searches/own.py): this row says what pages and exports have to know of it.
"""

from typing import NoReturn

from searches.marketplaces.account import Account
from searches.marketplaces.errors import WRONG_MARKETPLACE, gettext_noop
from searches.marketplaces.host import Host
from searches.marketplaces.marketplace import Marketplace
from searches.marketplaces.transport import Timeouts

KEY = "catalog"


def _no_client(_account: Account, _timeouts: Timeouts, _host: Host) -> NoReturn:
    """It has no account. Raises MarketplaceError (configuration)."""
    raise WRONG_MARKETPLACE.error("own-catalogue")


MARKETPLACE = Marketplace(
    key=KEY,
    label=gettext_noop("Our catalogue"),
    source=gettext_noop("own catalogue"),
    default_base_url="",
    keys=(),
    check_proves="",
    # What a team has of one product is little: all of it fits on one page.
    max_page_size=50,
    # As large as the largest gateway takes: what was prepared for that one serves here, too.
    max_image_bytes=5_000_000,
    takes_image=True,
    takes_image_url=False,
    # What its items have is our own eye's.
    gives_similarity=False,
    cache_seconds=0,
    # Its pictures are this portal's own.
    image_hosts=(),
    client=_no_client,
    ignores=frozenset({"wholesale_only", "price", "sort"}),
    calls_per_minute=0,
)
