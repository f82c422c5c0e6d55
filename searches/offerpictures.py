"""Offers' pictures lie on hosts that the marketplaces name: which of them this server fetches from."""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from django.conf import settings

from searches.marketplaces import MARKETPLACES


def may_fetch(marketplace: str, url: str) -> bool:
    """Whether the address is of a host where the marketplace keeps pictures, or of one that this server allows."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if f"{host}:{port}" in settings.FETCH_ALLOWED_HOSTS:
        return True
    known = MARKETPLACES.get(marketplace)
    # CSP sources, such as https://*.alicdn.com.
    sources = map(urlsplit, known.image_hosts if known else ())
    return port is None and any(
        parts.scheme == source.scheme and fnmatchcase(host, source.hostname or "") for source in sources
    )
