"""Pictures that a marketplace has already: sent once, searched for many times."""

import hashlib
from collections.abc import Callable

from searches.marketplaces.errors import MarketplaceError
from searches.marketplaces.host import Host
from searches.marketplaces.offers import SearchPage

# The vendors keep a picture for a day. The hour is for calls that wait.
REMEMBERED_SECONDS = 23 * 3600.0


def picture_key(base_url: str, picture: bytes) -> str:
    """What a reference is remembered by: another gateway of the same marketplace does not know it."""
    return hashlib.sha256(base_url.encode() + b"\n" + picture).hexdigest()


def with_reference(
    host: Host,
    key: str,
    *,
    send: Callable[[], str],
    search: Callable[[str], SearchPage],
    gone: Callable[[MarketplaceError], bool],
) -> SearchPage:
    """A search by the marketplace's own reference to the picture, which `send` gets.

    gone: whether a failure may mean that the marketplace has the picture no longer. A remembered reference is then
    forgotten and the picture sent once more; a new one is only forgotten.
    """
    known = host.recall(key)
    if known:
        try:
            return search(known)
        except MarketplaceError as error:
            if not gone(error):
                raise
    reference = send()
    host.remember(key, reference, seconds=REMEMBERED_SECONDS)
    try:
        return search(reference)
    except MarketplaceError as error:
        if gone(error):
            host.forget(key)
        raise
