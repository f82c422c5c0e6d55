"""Imports into the catalogue through the whole portal: 1,000 items with pictures, and 100,000 rows without.

The web server, two workers, the scheduler, Valkey and SQLite are what `make run` starts, on loopback. Nobody waits
between the steps: as soon as the columns are known they are tried, and as soon as that is done it is written.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import requests
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

from benchmarks import batch_photos
from benchmarks.figures import Figure, at_most, of_interest
from benchmarks.scales import Scales
from tests.processes.portal import Portal

WORKERS = 2
PICTURED, LARGE = 1_000, 100_000
MOST_SECONDS = 120
# Of a worker with its children, in which a page that several processes share counts in parts.
MOST_MEMORY = 250
PATIENCE_SECONDS = 900
SECONDS_BETWEEN_LOOKS = 0.1
HEADINGS = (
    "Picture", "Own code", "Name", "Supplier", "Price", "Currency", "MOQ", "Price tiers", "Last bought", "Notes",
    "Offer page",
)  # fmt: skip
STATE = "SELECT state FROM catalog_catalogimport WHERE id = {of}"
COLUMNS = "SELECT columns FROM catalog_catalogimport WHERE id = {of}"
UNCHANGED = "SELECT found ->> 'unchanged' FROM catalog_catalogimport WHERE id = {of}"
UNSEEN = "SELECT count(*) FROM catalog_itempicture WHERE vector_version = '' AND trouble = ''"
SEEN = "SELECT count(*) FROM catalog_itempicture WHERE vector_version != ''"
ITEMS = "SELECT count(*) FROM catalog_item WHERE code LIKE '{prefix}%'"


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, Portal(Path(folder), WORKERS) as portal:
        portal.launch()
        portal.wait_for(lambda: portal.value("SELECT finished_at FROM searches_searchjob"), "the demo search")
        clerk = Clerk(portal)
        yield from _pictured(clerk)
        yield from _large(clerk)
        portal.interrupt()


def _pictured(clerk: "Clerk") -> Iterator[Figure]:
    photos = list(islice(batch_photos.photos(), PICTURED))
    sheet = workbook("PIC", PICTURED, photos)
    seen = clerk.portal.value(SEEN)
    run = clerk.run(sheet)
    started = time.monotonic()
    clerk.wait_until(lambda: not clerk.portal.value(UNSEEN))
    embedding = time.monotonic() - started
    assert clerk.portal.value(ITEMS.format(prefix="PIC")) == PICTURED  # noqa: S101  it would measure nothing
    assert clerk.portal.value(SEEN) - seen >= 0.99 * PICTURED  # noqa: S101  nor would it then
    how = (
        f"{PICTURED:,} rows of an XLSX with pictures in its cells, {len(sheet) / 1e6:.0f} MB; {WORKERS} workers, SQLite"
    )
    method = f"from the last byte of the sheet to the last vector: read, tried, written, pictures, the eye; {how}"
    yield at_most("catalog_import.pictured", run.all + embedding, "s", MOST_SECONDS, method)
    yield of_interest("catalog_import.pictured-read", run.reading, "s", f"until its columns are shown; {how}")
    yield of_interest("catalog_import.pictured-tried", run.trying, "s", f"the dry run; {how}")
    method = f"items written, pictures checked and made small ({batch_photos.what_they_are()}); {how}"
    yield of_interest("catalog_import.pictured-written", run.writing, "s", method)
    method = f"after the last picture was kept, until all have vectors: most were made meanwhile; {how}"
    yield of_interest("catalog_import.pictured-eye", embedding, "s", method)


def _large(clerk: "Clerk") -> Iterator[Figure]:
    sheet = workbook("ROW", LARGE, [])
    scales = Scales(clerk.portal, "worker")
    with scales.looking():
        run = clerk.run(sheet)
    assert clerk.portal.value(ITEMS.format(prefix="ROW")) == LARGE  # noqa: S101  it would measure nothing
    how = f"{LARGE:,} rows of an XLSX without pictures, {len(sheet) / 1e6:.0f} MB; {WORKERS} workers, SQLite"
    yield of_interest("catalog_import.rows", LARGE / run.writing, "rows/s", f"written as new items; {how}")
    yield of_interest("catalog_import.rows-read", run.reading, "s", f"until its columns are shown; {how}")
    yield of_interest("catalog_import.rows-tried", run.trying, "s", f"the dry run; {how}")
    yield of_interest("catalog_import.rows-written", run.writing, "s", f"written; {how}")
    method = f"one worker, its work horse and its readers together (PSS), largest seen; {how}"
    yield at_most("catalog_import.memory", scales.proportional["worker"], "MB", MOST_MEMORY, method)
    again = clerk.run(sheet, only_try=True)
    unchanged = clerk.portal.value(UNCHANGED.format(of=again.of))
    assert unchanged == LARGE  # noqa: S101  it would measure something else
    method = f"the dry run of the same sheet once more: {LARGE:,} items compared, none changed; {how}"
    yield of_interest("catalog_import.rows-compared", again.trying, "s", method)


def workbook(prefix: str, rows: int, photos: list[bytes]) -> bytes:
    """A row an item, as a buyer's sheet has them; the photos lie in the cells of the first column."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("Items")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, rows + 1):
        code = f"{prefix}-{number:06}"
        address = f"https://detail.1688.com/offer/{610_000_000_000 + number}.html"
        maker, price = f"白沟恒达箱包厂 {number % 500}", 5 + number % 1000 / 10
        tiers = f"1-99: {price:.2f}; 100+: {price * 0.9:.2f}"
        cells = (
            code,
            f"大容量防水旅行包 {number}",
            maker,
            price,
            "CNY",
            50,
            tiers,
            "2026-03-01",
            f"第{number}批",
            address,
        )
        sheet.write_row(number, 1, cells)
        if photos:
            sheet.embed_image(number, 0, f"{number}.jpg", {"image_data": BytesIO(photos[number - 1])})
    book.close()
    return file.getvalue()


@dataclass(frozen=True)
class Run:
    """Seconds of an import's phases; `of` is its id."""

    of: int
    reading: float
    trying: float
    writing: float

    @property
    def all(self) -> float:
        return self.reading + self.trying + self.writing


class Clerk:
    """The demo's buyer, who imports sheets by the portal's pages. Everything raises requests.RequestException."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    @cached_property
    def session(self) -> requests.Session:
        session = self.portal.sign_in()
        session.get(f"{self.portal.address}/catalog/import/").raise_for_status()
        return session

    def run(self, sheet: bytes, *, only_try: bool = False) -> Run:
        of = int(self._post("/catalog/import/").url.rstrip("/").rpartition("/")[2])
        self._send(of, sheet)
        reading = self._wait_for(of, "mapping")
        columns = self.portal.rows(COLUMNS.format(of=of))[0][0]
        names = columns.strip("[]").replace('"', "").split(", ")
        self._post(f"/catalog/import/{of}/columns/", data=_chosen(names) | {"do": "try"})
        trying = self._wait_for(of, "checked")
        if only_try:
            return Run(of, reading, trying, 0.0)
        self._post(f"/catalog/import/{of}/start/")
        return Run(of, reading, trying, self._wait_for(of, "done"))

    def _send(self, of: int, sheet: bytes) -> None:
        announced = {"name": "items.xlsx", "size": len(sheet), "fingerprint": f"sheet of {of}"}
        file = self._post(f"/catalog/import/{of}/files/", json=announced).json()
        parts = BytesIO(sheet)
        while part := parts.read(file["part_bytes"]):
            offset = parts.tell() - len(part)
            self._post(f"/catalog/import/{of}/files/{file['file']}/part/?offset={offset}", data=part)

    def _wait_for(self, of: int, state: str) -> float:
        """Answers the seconds that it took."""
        started = time.monotonic()
        self.wait_until(lambda: self.portal.value(STATE.format(of=of)) in (state, "refused"))
        assert self.portal.value(STATE.format(of=of)) == state  # noqa: S101  the rest would measure nothing
        return time.monotonic() - started

    def wait_until(self, look: Any) -> None:
        started = time.monotonic()
        while not look():
            if time.monotonic() > started + PATIENCE_SECONDS:
                raise TimeoutError(f"the import went no further:\n{self.portal.log.read_text()[-3000:]}")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _post(self, path: str, **request: Any) -> requests.Response:
        """As the browser would."""
        token = {"X-CSRFToken": self.session.cookies["csrftoken"]}
        answer = self.session.post(f"{self.portal.address}{path}", headers=token, timeout=60, **request)
        answer.raise_for_status()
        return answer


def _chosen(columns: list[str]) -> dict[str, str]:
    return {f"column-{place}": name for place, name in enumerate(columns)}
