"""What a client itself costs: preparing and signing its calls, reading a page of offers. The network is left out.

Each protocol's replies are recorded from the sandbox once; then the same search runs again and again on the recording.
"""

import io
import time
from collections.abc import Iterator
from statistics import median
from unittest.mock import patch

from PIL import Image

from benchmarks.figures import Figure, at_most, of_interest
from searches.imaging import BASIC, prepare
from searches.marketplaces import PROTOCOLS, Account, Marketplace, SearchRequest, client_for
from searches.marketplaces.replies import Reply
from searches.marketplaces.transport import Transport
from tests.sandbox.running import Sandbox, running_sandbox

ROUNDS = 60
MOST_OFFERS = 50
TOKEN = "token-123"  # noqa: S105  the sandbox's own, test data


def figures() -> Iterator[Figure]:
    # Twenty pictures of each of six products, and every one of them found: pages are full.
    with running_sandbox(views=20, floor=0.0) as sandbox:
        for marketplace in PROTOCOLS.values():
            yield from _figures(marketplace, sandbox)


def _figures(marketplace: Marketplace, sandbox: Sandbox) -> Iterator[Figure]:
    request = _request(marketplace, sandbox)
    account = Account(sandbox.url, sandbox.app_key, sandbox.secret, TOKEN)
    tape: list[Reply] = []
    send = Transport._send

    def record(*call: object) -> Reply:
        tape.append(send(*call))  # type: ignore[arg-type]  # as it was called
        return tape[-1]

    with patch.object(Transport, "_send", record):
        offers = len(_search(marketplace, account, request))
    times = []
    for _ in range(ROUNDS):
        replies = iter(tape)
        with patch.object(Transport, "_send", lambda *_call, replies=replies: next(replies)):
            started = time.perf_counter()
            _search(marketplace, account, request)
            times.append((time.perf_counter() - started) * 1000)
    sent = f"a JPEG of {len(request.image) / 1000:.0f} kB" if request.image else "the picture's address"
    method = (
        f"median of {ROUNDS} searches by {sent}, {len(tape)} calls each, {offers} offers read; making the client, "
        "parameters, encoding, signature, and reading the replies, without the network"
    )
    figure = f"protocols.{marketplace.key}"
    yield at_most(figure, median(times), "ms", 2, method)
    yield of_interest(f"{figure}-per-offer", median(times) / offers, "ms", method)


def _search(marketplace: Marketplace, account: Account, request: SearchRequest) -> tuple[object, ...]:
    client = client_for(marketplace.key, account)
    offers = client.search(request).offers
    client.close()
    return offers


def _request(marketplace: Marketplace, sandbox: Sandbox) -> SearchRequest:
    size = min(MOST_OFFERS, marketplace.max_page_size)
    if not marketplace.takes_image:
        return SearchRequest(
            image_url=f"{sandbox.url}/{next(iter(sandbox.marketplace.catalogue.files))}", page_size=size
        )
    return SearchRequest(image=_photo(), page_size=size)


def _photo() -> bytes:
    """A picture of about 100 kB as it goes to a marketplace."""
    png = io.BytesIO()
    Image.effect_noise((640, 480), 20).save(png, "PNG")
    return prepare(png.getvalue(), preset=BASIC).jpeg
