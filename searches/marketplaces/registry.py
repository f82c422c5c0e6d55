"""Every marketplace that can be searched. To add one: a module with its client and its row, and its name here."""

from collections.abc import Mapping
from types import MappingProxyType

from searches.marketplaces import alibaba_open, alibaba_similar, image_search_md5, onebound, own_catalogue, tmapi
from searches.marketplaces.account import Account
from searches.marketplaces.errors import WRONG_MARKETPLACE
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.marketplace import Client, Marketplace
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts

# In the order in which people are offered them.
MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType(
    {
        marketplace.key: marketplace
        for marketplace in (
            image_search_md5.MARKETPLACE,
            alibaba_open.MARKETPLACE,
            alibaba_similar.MARKETPLACE,
            tmapi.MARKETPLACE,
            onebound.MARKETPLACE,
            own_catalogue.MARKETPLACE,
        )
    }
)
# The team's own: it is searched like the others, and called like none of them.
CATALOG = own_catalogue.KEY
# Those that are called, by an account there.
PROTOCOLS: Mapping[str, Marketplace] = MappingProxyType(
    {key: marketplace for key, marketplace in MARKETPLACES.items() if key != CATALOG}
)


def client_for(key: str, account: Account, timeouts: Timeouts = DEFAULT_TIMEOUTS, host: Host | None = None) -> Client:
    """A client of the marketplace `key`, to be closed after use; without a host it stands alone.

    Raises MarketplaceError (configuration) for a key that is not in the table and for a base URL that is none.
    """
    marketplace = MARKETPLACES.get(key)
    if marketplace is None:
        raise WRONG_MARKETPLACE.error("unknown-marketplace")
    return marketplace.client(account, timeouts, host or Alone())
