"""Pictures, offers' pages and the rest of what a browser sees."""

import dataclasses
import html
import http.client

import pytest
import requests

from sandbox.application import DIALECTS
from sandbox.pages import offer_page
from tests.sandbox.running import running_sandbox, small_catalogue


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as running:
        yield running


def test_a_picture_is_served_as_it_is_and_may_be_kept(sandbox):
    url = f"{sandbox.url}/pictures/ring-01-1.jpg"
    answer = requests.get(url, timeout=10)
    assert answer.content == (small_catalogue() / "pictures/ring-01-1.jpg").read_bytes()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")


def test_query_photos_are_served_too(sandbox):
    assert requests.get(f"{sandbox.url}/queries/ring-01.jpg", timeout=10).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/../manifest.json",
        "/pictures/%2e%2e/manifest.json",
        "/pictures/..%2fmanifest.json",
        "/manifest.json",
        "//etc/hostname",
        "/pictures/%2fetc%2fhostname",
        "/pictures/",
        "/pictures/ring-01-1.jpg/",
        "/pictures/ring-01-1.jpg%00",
        "/pictures/\\..\\manifest.json",
        "/offer/../pictures/ring-01-1.jpg",
        "/offer/000000000000.html",
        "/offer/.html",
        "/nothing",
    ],
)
def test_nothing_else_can_be_reached(sandbox, path):
    host, port = sandbox.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", path)
    assert connection.getresponse().status == 404
    connection.close()


def test_an_offers_page_shows_what_the_search_says(sandbox):
    offer = sandbox.marketplace.catalogue.offers[0]
    page = requests.get(f"{sandbox.url}/offer/{offer.offer_id}.html", timeout=10)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in (offer.title, f"¥{offer.price}", offer.supplier.company_name, f"/{offer.picture}", "sandbox"):
        assert text in page.text


def test_an_offer_without_its_supplier_has_a_page_too(sandbox):
    offer = sandbox.marketplace.catalogue.offers[0]
    page = offer_page(dataclasses.replace(offer, supplier=None, min_buy=None, title="<b>&"))
    assert "&lt;b&gt;&amp;" in page
    assert offer.supplier.company_name not in page


def test_the_start_page_says_what_this_is_and_shows_photos(sandbox):
    page = requests.get(sandbox.url, timeout=10).text
    assert "/queries/plate-01.jpg" in page
    for account in sandbox.marketplace.accounts.values():
        assert account.app_key in page
        assert account.secret not in page and account.token not in page


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.key)
def test_the_start_page_lists_every_protocol(sandbox, dialect):
    page = html.unescape(requests.get(sandbox.url, timeout=10).text)
    assert f"<code>{sandbox.url}</code>" in page
    assert f"<code>{dialect.key}</code>" in page
    assert dialect.title in page
    assert dialect.endpoints
    for endpoint in dialect.endpoints:
        assert f"<code>{endpoint}</code>" in page


def test_health(sandbox):
    answer = requests.get(f"{sandbox.url}/healthz", timeout=10).json()
    assert answer == {"status": "ok", "offers": len(sandbox.marketplace.catalogue.offers)}


def test_pages_cannot_be_posted_to(sandbox):
    answer = requests.post(f"{sandbox.url}/healthz", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_head_has_the_length_and_no_body(sandbox):
    answer = requests.head(f"{sandbox.url}/pictures/ring-01-1.jpg", timeout=10)
    assert int(answer.headers["Content-Length"]) > 500
    assert answer.content == b""
