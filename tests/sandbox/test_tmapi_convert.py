"""TMAPI's converting of pictures from elsewhere: what is fetched, what is not, and how long it is good."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests
from PIL import Image

from sandbox.server import Server
from tests.sandbox.running import Sandbox, running_sandbox
from tests.sandbox.tmapi_calling import KEY, convert, convert_body, get, search


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(limit=10_000) as running:
        yield running


@contextmanager
def _serving(files: dict[str, bytes]) -> Iterator[str]:
    """The address of another server on this machine, as a portal would serve its own pictures."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        data = files.get(environ["PATH_INFO"])
        start_response("404 Not Found" if data is None else "200 OK", [("Content-Length", str(len(data or b"")))])
        return [data or b""]

    server = Server("127.0.0.1", 0)
    server.listen(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(timeout=10)


def test_a_picture_from_elsewhere_is_converted_first(sandbox):
    with _serving({"/photo.jpg": sandbox.query("box-01")}) as address:
        answer = convert(sandbox, convert_body(f"{address}/photo.jpg"))
    assert (answer["code"], answer["msg"]) == (200, "success")
    path = answer["data"]["image_url"]
    assert path.startswith("/")
    assert all("收纳盒" in item["title"] for item in search(sandbox, img_url=path, page_size=5)["items"])


def test_a_picture_of_the_sandbox_can_be_converted_too(sandbox):
    path = convert(sandbox, convert_body(f"{sandbox.url}/queries/ring-01.jpg"))["data"]["image_url"]
    direct = search(sandbox, img_url=f"{sandbox.url}/queries/ring-01.jpg")
    assert search(sandbox, img_url=path) == direct


def test_a_converted_picture_is_good_for_a_day():
    now = [1_790_000_000.0]
    with running_sandbox(clock=lambda: now[0]) as sandbox:
        path = convert(sandbox, convert_body(f"{sandbox.url}/queries/plate-01.jpg"))["data"]["image_url"]
        now[0] += 24 * 3600 - 1
        assert search(sandbox, img_url=path)["total_count"] >= 5
        now[0] += 1
        assert get(sandbox, img_url=path)["code"] == 422


def test_what_cannot_be_fetched_now_may_be_later(sandbox):
    with _serving({}) as address:
        assert convert(sandbox, convert_body(f"{address}/gone.jpg"))["code"] == 417
    assert convert(sandbox, convert_body(f"{address}/no-server-any-more.jpg"))["code"] == 417
    assert convert(sandbox, convert_body(f"{sandbox.url}/pictures/nothing.jpg"))["code"] == 417


@pytest.mark.parametrize(
    "url",
    [
        "https://cbu01.alicdn.com/img/a.jpg",
        "http://192.0.2.1/a.jpg",
        "http://169.254.169.254/latest",
        "file:///etc/hostname",
        "plate-01.jpg",
        "http://[",
        "",
    ],
)
def test_what_is_never_fetched_is_a_bad_parameter(sandbox, url):
    answer = convert(sandbox, convert_body(url))
    assert (answer["code"], answer["data"]) == (422, None)


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_other_formats_are_not_converted(sandbox, kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, kind)
    with _serving({"/photo": out.getvalue()}) as address:
        assert convert(sandbox, convert_body(f"{address}/photo"))["code"] == 422


@pytest.mark.parametrize("body", [[], {}, "text", {"url": 7}, {"url": "{own}/queries/plate-01.jpg"}, None])
def test_the_body_is_checked(sandbox, body):
    assert convert(sandbox, body)["code"] == 422


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_told(sandbox, body):
    url = f"{sandbox.url}/1688/tools/image/convert_url"
    answer = requests.post(url, data=body, headers=KEY, timeout=20).json()
    assert (answer["code"], "JSON" in answer["msg"]) == (422, True)


def test_the_methods_are_as_documented(sandbox):
    assert requests.post(f"{sandbox.url}/1688/search/image", headers=KEY, timeout=20).json()["code"] == 422
    assert requests.get(f"{sandbox.url}/1688/tools/image/convert_url", headers=KEY, timeout=20).json()["code"] == 422
