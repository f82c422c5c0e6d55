"""The search by a picture's address: 2c of the official platform."""

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from sandbox.trade import UNLIMITED_SUPPLY
from tests.sandbox.running import running_sandbox
from tests.sandbox.vendor_sdk import SIMILAR, call, error


@pytest.fixture(scope="module")
def sandbox():
    """One whose every search shows every offer."""
    with running_sandbox(limit=10_000, views=20, floor=0.0) as running:
        yield running


def _search(sandbox, **arguments):
    sent = {"picUrl": f"{sandbox.url}/pictures/plate-01-0.jpg", "page": 1} | arguments
    return call(sandbox, SIMILAR, **sent)


def _page(sandbox, **arguments):
    answer = _search(sandbox, **arguments).json()
    assert answer["success"] is True
    return answer["result"]


def _offers(sandbox, page):
    return [sandbox.marketplace.catalogue.offers_by_id[str(row["offerId"])] for row in page["result"]]


def test_rows_have_eleven_fields_with_prices_in_fen(sandbox):
    rows = [row for page in range(1, 8) for row in _page(sandbox, page=page)["result"]]
    by_id = sandbox.marketplace.catalogue.offers_by_id
    for row in rows:
        offer = by_id[str(row["offerId"])]
        assert set(row) == {
            *("offerId", "subject", "quantityBegin", "unit", "oldPrice", "imageUrl"),
            *("province", "city", "supplyAmount", "categoryId", "detailUrl"),
        }
        assert isinstance(row["oldPrice"], int)
        assert row["oldPrice"] == offer.price * 100
        assert row["quantityBegin"] == offer.min_buy
        assert row["detailUrl"].endswith(f"/offer/{offer.offer_id}.html")
        if offer.supplier:
            assert f"{row['province']} {row['city']}" == offer.supplier.location
    assert any(row["supplyAmount"] == UNLIMITED_SUPPLY for row in rows)
    assert any(row["supplyAmount"] < UNLIMITED_SUPPLY for row in rows)


def test_the_picture_finds_its_own_offer_first(sandbox):
    page = _page(sandbox)
    assert page["result"][0]["imageUrl"].endswith("/pictures/plate-01-0.jpg")
    assert page["total"] == len(sandbox.marketplace.catalogue.offers)


def test_a_page_has_twenty_rows_whatever_is_asked(sandbox):
    assert len(_page(sandbox)["result"]) == 20
    page = _page(sandbox, pageSize=50)
    assert (page["page"], page["pageSize"], len(page["result"])) == (1, 20, 20)
    assert len(_page(sandbox, pageSize=5)["result"]) == 5
    first, second = (_page(sandbox, page=number) for number in (1, 2))
    assert not {row["offerId"] for row in first["result"]} & {row["offerId"] for row in second["result"]}


def test_prices_sorting_and_categories(sandbox):
    offers = _offers(sandbox, _page(sandbox, priceMin="5", priceMax="9.5", sortFields="price:desc,sale_amount:desc"))
    prices = [offer.price for offer in offers]
    assert prices and all(5 <= price <= 9.5 for price in prices)
    assert prices == sorted(prices, reverse=True)
    category = offers[0].trade.category_id
    assert all(offer.trade.category_id == category for offer in _offers(sandbox, _page(sandbox, categoryID=category)))
    assert _page(sandbox, categoryID=1)["total"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"picUrl": None}, "gw.ParamMissing"),
        ({"page": None}, "gw.ParamMissing"),
        ({"picUrl": ""}, "gw.ParamMissing"),
        ({"page": 0}, "400"),
        ({"page": "x"}, "400"),
        ({"sortFields": "price"}, "400"),
        ({"priceMin": "cheap"}, "400"),
    ],
)
def test_arguments_are_checked(sandbox, changes, code):
    assert error(_search(sandbox, **changes)) == code


@pytest.mark.parametrize(
    "url", ["https://cbu01.alicdn.com/a.jpg", "{own}/pictures/none.jpg", "{own}/healthz", "nothing"]
)
def test_a_bad_picture_is_never_no_matches(sandbox, url):
    url = url.format(own=sandbox.url)
    answer = _search(sandbox, picUrl=url)
    assert answer.status_code == 200
    assert answer.json() == {"success": False, "code": "SYSTEM_ERROR", "message": f"handle image error with url {url}"}
    assert sandbox.calls()[-1]["outcome"] == "SYSTEM_ERROR"
    assert sandbox.calls()[-1]["image_url"] == url


def test_pictures_of_this_machine_are_fetched(sandbox, tmp_path):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    (tmp_path / "photo.jpg").write_bytes(sandbox.query("ring-01"))
    (tmp_path / "text.jpg").write_bytes(b"no picture")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        assert _offers(sandbox, _page(sandbox, picUrl=f"{address}/photo.jpg"))[0].product == "ring-01"
        assert _search(sandbox, picUrl=f"{address}/text.jpg").json()["code"] == "SYSTEM_ERROR"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
