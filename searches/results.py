"""The result cache: what a marketplace answered, for everybody who asks the same again."""

import hashlib
import json
from datetime import datetime

from django.core.cache import cache

from searches.marketplaces import SearchPage, SearchRequest, page_from_json, page_to_json
from searches.models import SearchCall


def key_of(call: SearchCall, request: SearchRequest, base_url: str) -> str:
    """Everything that changes the answer, and nothing of who asks: neither the credential nor the user."""
    question = {
        "marketplace": call.marketplace,
        "base_url": base_url,
        "image": request.image_url or [call.image.sha256, call.job.preparation, call.variant],
        "page": request.page,
        "page_size": request.page_size,
        "price_from": str(request.price_from),
        "price_to": str(request.price_to),
        "wholesale_only": request.wholesale_only,
        "sort": request.sort.value,
    }
    text = json.dumps(question, sort_keys=True)
    return f"result:{hashlib.sha256(text.encode()).hexdigest()}"


def find(key: str, *, not_older_than: datetime | None = None) -> SearchPage | None:
    """The kept page, or None when there is none, it is too old, or it cannot be read any more."""
    kept = cache.get(key)
    if kept is None:
        return None
    try:
        page = page_from_json(kept)
    except ValueError:
        return None
    return None if not_older_than and page.fetched_at < not_older_than else page


def keep(key: str, page: SearchPage, *, seconds: int) -> None:
    cache.set(key, page_to_json(page), seconds)
