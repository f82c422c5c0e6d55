"""What a vendor's SDK does for the official 1688 platform: signed form posts, written apart from the sandbox."""

import hashlib
import hmac
import json
from typing import Any

import requests

from tests.sandbox.calling import image
from tests.sandbox.running import Sandbox

UPLOAD = "com.alibaba.fenxiao.crossborder/product.image.upload"
QUERY = "com.alibaba.fenxiao.crossborder/product.search.imageQuery"
SIMILAR = "com.alibaba.linkplus/alibaba.cross.similar.offer.search"
CURRENT_TIME = "system/currentTime"
TOKEN = "token-123"


def sign(path: str, arguments: dict[str, str], secret: str) -> str:
    joined = sorted(f"{name}{value}" for name, value in arguments.items())
    message = path.encode() + b"".join(pair.encode() for pair in joined)
    return hmac.new(secret.encode(), message, "sha1").hexdigest().upper()


def call(
    sandbox: Sandbox,
    api: str,
    *,
    method: str = "POST",
    token: str | None = TOKEN,
    headers: dict[str, str] | None = None,
    timeout: float = 20,
    **arguments: Any,
) -> requests.Response:
    """One call; arguments that are objects go as JSON, those given as None are left out."""
    sent = {"access_token": token} | arguments
    form = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
        for name, value in sent.items()
        if value is not None
    }
    path = f"param2/1/{api}/{sandbox.app_key}"
    form["_aop_signature"] = sign(path, form, sandbox.secret)
    url = f"{sandbox.url}/openapi/{path}"
    if method == "GET":
        return requests.get(url, params=form, headers=headers, timeout=timeout)
    return requests.post(url, data=form, headers=headers, timeout=timeout)


def upload(sandbox: Sandbox, data: bytes | None = None, **options: Any) -> requests.Response:
    picture = sandbox.query() if data is None else data
    return call(sandbox, UPLOAD, uploadImageParam={"imageBase64": image(picture)}, **options)


def uploaded(sandbox: Sandbox, data: bytes | None = None) -> str:
    """The imageId of a picture."""
    answer = upload(sandbox, data).json()["result"]
    assert answer["success"] == "true"
    return str(answer["result"])


def query(sandbox: Sandbox, image_id: str | None, **changes: Any) -> requests.Response:
    """A search for an uploaded picture; a parameter given as None is left out."""
    asked = {"imageId": image_id, "beginPage": 1, "pageSize": 20, "country": "en"} | changes
    return call(sandbox, QUERY, offerQueryParam={name: value for name, value in asked.items() if value is not None})


def found(answer: requests.Response) -> dict[str, Any]:
    """The innermost result of a query."""
    result = answer.json()["result"]
    assert result["success"] == "true"
    page: dict[str, Any] = result["result"]
    return page


def error(answer: requests.Response) -> str:
    """The code in the gateway's envelope, which comes with HTTP 400."""
    content = answer.json()
    assert answer.status_code == 400
    assert content["error_message"] and content["exception"] and content["request_id"]
    return str(content["error_code"])


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
