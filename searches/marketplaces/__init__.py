"""Clients of the marketplaces: offers in, whatever the protocol. Knows neither Django nor the rest of the product."""

from searches.marketplaces.account import Account, Tokens
from searches.marketplaces.errors import ErrorKind, MarketplaceError, Remedy, RetryWith
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.marketplace import Client, KeyField, Marketplace
from searches.marketplaces.offers import JSON, Identity, Offer, PriceKind, SearchPage, Tier
from searches.marketplaces.registry import CATALOG, MARKETPLACES, PROTOCOLS, client_for
from searches.marketplaces.search_request import InvalidRequest, Region, SearchRequest, Sort, is_web_url
from searches.marketplaces.stored_pages import page_from_json, page_to_json
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts

__all__ = [
    "CATALOG",
    "DEFAULT_TIMEOUTS",
    "JSON",
    "MARKETPLACES",
    "PROTOCOLS",
    "Account",
    "Alone",
    "Client",
    "ErrorKind",
    "Host",
    "Identity",
    "InvalidRequest",
    "KeyField",
    "Marketplace",
    "MarketplaceError",
    "Offer",
    "PriceKind",
    "Region",
    "Remedy",
    "RetryWith",
    "SearchPage",
    "SearchRequest",
    "Sort",
    "Tier",
    "Timeouts",
    "Tokens",
    "client_for",
    "is_web_url",
    "page_from_json",
    "page_to_json",
]
