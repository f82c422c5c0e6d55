"""Clients of the marketplaces: offers in, whatever the protocol. Knows neither Django nor the rest of the product."""

from searches.marketplaces.account import Account
from searches.marketplaces.errors import ErrorKind, MarketplaceError, Remedy, RetryWith
from searches.marketplaces.offers import JSON, InvalidRequest, Offer, SearchPage, SearchRequest, Sort, Tier, is_web_url
from searches.marketplaces.registry import MARKETPLACES, Client, Marketplace, client_for
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts

__all__ = [
    "DEFAULT_TIMEOUTS",
    "JSON",
    "MARKETPLACES",
    "Account",
    "Client",
    "ErrorKind",
    "InvalidRequest",
    "Marketplace",
    "MarketplaceError",
    "Offer",
    "Remedy",
    "RetryWith",
    "SearchPage",
    "SearchRequest",
    "Sort",
    "Tier",
    "Timeouts",
    "client_for",
    "is_web_url",
]
