"""A gateway's address, as administrators type it."""

from urllib.parse import urlsplit

from searches.marketplaces import errors
from searches.marketplaces.search_request import is_web_url


def base_of(address: str, path: str = "") -> str:
    """The address without a slash at its end, and without `path`, which many copy along with it.

    Raises MarketplaceError (configuration) when it is no web address or holds more than one.
    """
    base = address.strip().rstrip("/")
    if not is_web_url(base) or urlsplit(base).query or urlsplit(base).fragment:
        raise errors.BAD_ADDRESS.error("base-url")
    return base.removesuffix(path).rstrip("/") if path else base
