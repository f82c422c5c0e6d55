"""Sheets in memory, sent as a browser sends them, and workers that hear the bell until nothing is left to do."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

import openpyxl
import xlsxwriter
from django.test import Client

from catalog.imports import jobs
from catalog.models import CatalogImport, ImportFile
from tests.batches.making import picture

HEADINGS = ("Own code", "Name", "Supplier", "Price", "Currency", "MOQ", "Price tiers", "Last bought", "Notes")
State = CatalogImport.State


def csv_of(*lines: Sequence[object], encoding: str = "utf-8") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(lines)
    return file.getvalue().encode(encoding)


def xlsx_of(*lines: Sequence[object], pictures: Mapping[tuple[int, int], bytes] = {}) -> bytes:
    """pictures: by row from 0 and column from 0, laid into the cells."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Items")
    for at, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write(at, column, value)
    for (row, column), data in pictures.items():
        sheet.set_row_pixels(row, 80)
        sheet.embed_image(row, column, "picture.jpg", {"image_data": io.BytesIO(data)})
    book.close()
    return file.getvalue()


def begin(browser: Client, **form: object) -> CatalogImport:
    answer = browser.post("/catalog/import/", form)
    assert answer.status_code == 302
    return CatalogImport.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def send(browser: Client, of: CatalogImport, name: str, data: bytes, *, part: int = 2_000_000) -> ImportFile:
    """In parts, as the page's script sends them."""
    body = json.dumps({"name": name, "size": len(data), "fingerprint": f"{name} {len(data)}"})
    announced = browser.post(f"/catalog/import/{of.pk}/files/", body, content_type="application/json")
    assert announced.status_code == 200, announced.content
    told = announced.json()
    offset = told["received"]
    while offset < len(data):
        address = f"/catalog/import/{of.pk}/files/{told['file']}/part/?offset={offset}"
        answer = browser.post(address, data[offset : offset + part], content_type="application/octet-stream")
        assert answer.status_code == 200, answer.content
        offset = answer.json()["received"]
    return ImportFile.objects.get(pk=told["file"])


def work(of: CatalogImport) -> CatalogImport:
    """As workers do: until it waits for somebody, or is over."""
    for _turn in range(100):
        of.refresh_from_db()
        if not of.is_busy:
            return of
        jobs.go_on(of.pk)
        jobs.keep_pictures(of.pk)
    raise AssertionError(f"the import stays {of.state}")


def mapped(browser: Client, data: bytes, *others: tuple[str, bytes], name: str = "items.csv") -> CatalogImport:
    """With its files, and its columns guessed."""
    of = begin(browser)
    for other, content in others:
        send(browser, of, other, content)
    send(browser, of, name, data)
    return work(of)


def tried(browser: Client, of: CatalogImport, columns: Iterable[str] | None = None) -> CatalogImport:
    chosen = of.columns if columns is None else columns
    form = {f"column-{at}": field for at, field in enumerate(chosen)}
    assert browser.post(f"/catalog/import/{of.pk}/columns/", {**form, "do": "try"}).status_code == 302
    return work(of)


def written(browser: Client, of: CatalogImport) -> CatalogImport:
    assert browser.post(f"/catalog/import/{of.pk}/start/").status_code == 302
    return work(of)


def imported(browser: Client, data: bytes, *others: tuple[str, bytes], name: str = "items.csv") -> CatalogImport:
    """From the upload to the end, with the columns as they are guessed."""
    of = tried(browser, mapped(browser, data, *others, name=name))
    assert of.state == State.CHECKED, (of.state, of.error_message)
    return written(browser, of)


def counts(held: Mapping[str, int]) -> tuple[int, int, int, int]:
    return held["new"], held["changed"], held["unchanged"], held["refused"]


def page(browser: Client, of: CatalogImport) -> str:
    answer = browser.get(f"/catalog/import/{of.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def workbook(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


__all__ = ["HEADINGS", "State", "picture"]
