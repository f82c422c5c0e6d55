"""Calls of the MD5 dialect as a client makes them, written apart from the sandbox's own check."""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlencode

import requests

from tests.sandbox.running import Sandbox

PATH = "/openapi/param2/2.0/"


def china_time(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds + 8 * 3600))


def md5_sign(parameters: dict[str, Any], secret: str) -> str:
    text = urlencode(sorted(parameters.items())) + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def signed(sandbox: Sandbox, *, at: float | None = None, **parameters: Any) -> dict[str, Any]:
    """Parameters with the base ones added; one given as None is left out."""
    base = {
        "app_key": sandbox.app_key,
        "method": "alibaba.image.search",
        "timestamp": china_time(time.time() if at is None else at),
        "format": "json",
        "v": "2.0",
    }
    given = {name: value for name, value in (base | parameters).items() if value is not None}
    return given | {"sign": md5_sign(given, sandbox.secret)}


def image(data: bytes) -> str:
    return base64.b64encode(data).decode()


def post(
    sandbox: Sandbox, data: dict[str, Any], headers: dict[str, str] | None = None, timeout: float = 20
) -> requests.Response:
    return requests.post(sandbox.url + PATH, data=data, headers=headers, timeout=timeout)


def search(sandbox: Sandbox, product: str = "plate-01", **parameters: Any) -> dict[str, Any]:
    """The result of a search for one of the small catalogue's products."""
    parameters.setdefault("image", image(sandbox.query(product)))
    answer = post(sandbox, signed(sandbox, **parameters)).json()
    return answer["alibaba_image_search_response"]["result"]


def error(sandbox: Sandbox, data: dict[str, Any]) -> dict[str, str]:
    """The error of a call that must fail, with HTTP 200 as documented."""
    answer = post(sandbox, data)
    assert answer.status_code == 200
    return answer.json()["error_response"]
