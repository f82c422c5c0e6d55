"""Two questions that the tests ask, and how they take a refusal."""

import pytest

from searches.marketplaces import MarketplaceError, SearchRequest
from searches.marketplaces.image_search_md5 import ImageSearchMd5

PICTURE = b"\xff\xd8\xff\xe0 prepared +/= \xff\xd9"
BY_PICTURE = SearchRequest(image=PICTURE)
BY_URL = SearchRequest(image_url="https://cbu01.alicdn.com/img/a%20b.jpg?x=1&y=ä")
BOTH = pytest.mark.parametrize("request_", [BY_PICTURE, BY_URL], ids=["post", "get"])


def failure_of(client: ImageSearchMd5, request: SearchRequest = BY_PICTURE) -> MarketplaceError:
    """The error that this search ends with."""
    with pytest.raises(MarketplaceError) as failure:
        client.search(request)
    return failure.value
