"""Reading the page of a batch."""

import re

from batches.models import Batch


def page_of(browser, batch: Batch, query: str = "", **headers: str):
    return browser.get(f"/batches/{batch.pk}/{query}", headers=headers)


def numbers(response) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="num dim">(\d+)</td>', response.content.decode())]
