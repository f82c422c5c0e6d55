"""Calls of TMAPI's protocol as a client makes them."""

from typing import Any

import requests

from tests.sandbox.running import Sandbox

KEY = {"apikey": "token-123"}


def get(sandbox: Sandbox, headers: dict[str, str] = KEY, **parameters: object) -> Any:
    answer = requests.get(f"{sandbox.url}/1688/search/image", params=parameters, headers=headers, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def search(sandbox: Sandbox, **parameters: object) -> Any:
    parameters.setdefault("img_url", f"{sandbox.url}/queries/plate-01.jpg")
    answer = get(sandbox, **parameters)
    assert answer["code"] == 200
    return answer["data"]


def items_of_all_pages(sandbox: Sandbox, **parameters: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    more, page = True, 0
    while more:
        page += 1
        data = search(sandbox, page=page, **parameters)
        items += data["items"]
        more = data["has_next_page"]
    return items


def convert(sandbox: Sandbox, body: object, headers: dict[str, str] = KEY) -> Any:
    url = f"{sandbox.url}/1688/tools/image/convert_url"
    answer = requests.post(url, json=body, headers=headers, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def convert_body(url: str) -> dict[str, str]:
    return {"url": url, "search_api_endpoint": "/search/image"}
