"""Rows and files with which something is wrong: each is told, nothing is guessed, and the others go on."""

import pytest

from batches.reading.rejected import SHEET_MESSAGES
from catalog.imports import opening
from catalog.models import Item
from tests.batches.making import picture, zip_of
from tests.batches.reading.workbooks import MAIN, cells, packed, parts
from tests.catalog.imports.making import (
    HEADINGS,
    State,
    begin,
    counts,
    csv_of,
    imported,
    mapped,
    page,
    send,
    tried,
    written,
    xlsx_of,
)
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db


def troubles(of) -> set[tuple[int, str]]:
    return set(of.troubles.values_list("row", "code"))


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Price", "10-12", "bad-price"),
        ("Price", "ask", "bad-price"),
        ("Currency", "XXX", "bad-currency"),
        ("Currency", "galleons", "bad-currency"),
        ("MOQ", "some", "bad-moq"),
        ("MOQ", "-5", "bad-moq"),
        ("Price tiers", "1-90: 5; 100+: 4", "bad-tiers"),
        ("Price tiers", "100: 5; 50: 6", "bad-tiers"),
        ("Last bought", "3/4/2026", "bad-day"),
        ("Last bought", "yesterday", "bad-day"),
        ("Offer page", "javascript:alert(1)", "bad-address"),
        ("Notes", "x" * 2001, "too-long"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_alone(browser, heading, cell, code) -> None:
    of = imported(browser, csv_of(("Own code", "Name", heading), ("A", "Bag", cell), ("B", "Cup", "")))
    assert counts(of.written) == (1, 0, 0, 1)
    assert troubles(of) == {(2, code)}
    assert Item.objects.get().code == "B"


def test_two_currencies_in_a_row_contradict_each_other(browser) -> None:
    of = imported(browser, csv_of(("Own code", "Name", "Price", "Currency"), ("A", "Bag", "$5", "CNY")))
    assert troubles(of) == {(2, "two-currencies")}
    assert "USD, CNY" in page(browser, of)


def test_a_moq_beyond_the_first_tier_is_refused_unless_it_stood_there_before(browser, team) -> None:
    ItemFactory(team=team, code="OLD", name="Old", moq=100, tiers=[[1, "5"], [50, "4"]])
    lines = (("OLD", "Old", 100, "1-49: 5; 50+: 4"), ("NEW", "New", 100, "1-49: 5; 50+: 4"))
    of = imported(browser, csv_of(("Own code", "Name", "MOQ", "Price tiers"), *lines))
    assert counts(of.written) == (0, 0, 1, 1)
    assert troubles(of) == {(3, "moq-beyond-tier")}


def test_the_second_row_of_a_code_is_refused_with_the_first_ones_number(browser) -> None:
    of = imported(browser, csv_of(("Own code", "Name"), ("A", "Bag"), ("B", "Cup"), (" A ", "another bag")))
    assert counts(of.written) == (2, 0, 0, 1)
    trouble = of.troubles.get()
    assert (trouble.row, trouble.code, trouble.details["other"]) == (4, "twice", 2)
    assert "The code A stands in row 2 already" in page(browser, of)
    assert Item.objects.get(code="A").name == "Bag"


def test_a_code_twice_is_noticed_across_chunks_and_turns(browser, monkeypatch) -> None:
    monkeypatch.setattr("catalog.imports.turns.CHUNK", 2)
    monkeypatch.setattr("catalog.imports.jobs.SECONDS_A_TURN", 0.0)
    lines = [(f"A{number}", "Bag") for number in range(7)]
    of = imported(browser, csv_of(("Own code", "Name"), *lines, ("A1", "again")))
    assert counts(of.written) == (7, 0, 0, 1)
    assert of.troubles.get().details["other"] == 3


def test_rows_without_code_are_refused(browser) -> None:
    of = imported(browser, csv_of(("Own code", "Name"), ("", "Bag"), ("B", "Cup")))
    assert troubles(of) == {(2, "no-code")}


def test_of_merged_cells_the_first_row_has_the_value(browser) -> None:
    # What a merged cell hides shows nowhere, yet some programs leave it in the file.
    lines = (("Own code", "Name", "Supplier"), ("A", "Bag", "Hengda"), ("B", "Cup", "hidden"), ("C", "Pot", "Tuoye"))
    sheet = cells(*lines) + '<mergeCells><mergeCell ref="C2:C3"/></mergeCells>'
    of = mapped(browser, packed(parts(sheet)).getvalue(), name="items.xlsx")
    assert "2 rows of this sheet lie in merged cells." in page(browser, of)
    written(browser, tried(browser, of))
    assert dict(Item.objects.values_list("code", "supplier_name")) == {"A": "Hengda", "B": "", "C": "Tuoye"}


def test_formulas_count_with_their_saved_values_and_without_one_are_refused(browser) -> None:
    def cell(reference: str, inner: str, kind: str = "") -> str:
        return f'<c r="{reference}"{kind}>{inner}</c>'

    def text(reference: str, value: str) -> str:
        return cell(reference, f"<is><t>{value}</t></is>", ' t="inlineStr"')

    rows = [
        text("A1", "Own code") + text("B1", "Name") + text("C1", "Price"),
        text("A2", "SAVED") + text("B2", "Bag") + cell("C2", "<f>A9*2</f><v>12.5</v>"),
        text("A3", "UNSAVED") + text("B3", "Bag") + cell("C3", "<f>A9*2</f><v></v>"),
        text("A4", "ERROR") + text("B4", "Bag") + cell("C4", "<f>1/0</f><v>#DIV/0!</v>", ' t="e"'),
        text("A5", "EMPTY") + text("B5", "Bag") + cell("C5", '<f>""</f><v></v>', ' t="str"'),
    ]
    sheet = "<sheetData>" + "".join(f'<row r="{at}">{row}</row>' for at, row in enumerate(rows, 1)) + "</sheetData>"
    of = imported(browser, packed(parts(sheet)).getvalue(), name="items.xlsx")
    assert counts(of.written) == (2, 0, 0, 2)
    assert troubles(of) == {(3, "no-value"), (4, "no-value")}
    assert dict(Item.objects.values_list("code", "price")) == {"SAVED": 12.5, "EMPTY": None}


def test_days_as_spreadsheets_keep_them(browser) -> None:
    of = imported(browser, csv_of(("Own code", "Name", "Last bought"), ("A", "Bag", "46082")))
    assert counts(of.written) == (1, 0, 0, 0)
    assert Item.objects.get().last_bought.isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("items.xlsx", b"PK\x03\x04 and no more", "damaged"),
        ("items.xlsx", b"something else", "damaged"),
        ("items.xlsx", zip_of([("content.xml", b"<x/>")]), "legacy"),
        ("items.csv", b"\x01\x02 binary", "not-a-sheet"),
        ("items.csv", b'code,name\nA,"open', "open-quote"),
        ("items.csv", b"<html><table>", "legacy"),
        ("items.csv", b"code,name\n", "empty"),
        ("items.csv", b"A" * 40_000 + b",name\n1,2\n", "cell-too-long"),
        ("items.csv", b"," * 150 + b"x\n1,2\n", "too-many-columns"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(browser, name, data, code) -> None:
    of = mapped(browser, data, name=name)
    assert (of.state, of.error_message) == (State.REFUSED, SHEET_MESSAGES[code])
    assert "The sheet was not read." in page(browser, of)


def test_a_workbook_that_ends_half_way_is_refused_whole(browser) -> None:
    whole = xlsx_of(HEADINGS, *((f"A{number}", f"Bag {number}") for number in range(500)))
    of = mapped(browser, whole[: len(whole) // 2], name="items.xlsx")
    assert of.state == State.REFUSED
    assert not Item.objects.exists()


def test_rows_out_of_their_order_are_damage(browser) -> None:
    row = '<row r="{}"><c t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = f"<sheetData>{row.format(2)}{row.format(1)}</sheetData>"
    of = mapped(browser, packed(parts(sheet)).getvalue(), name="items.xlsx")
    assert (of.state, of.error_message) == (State.REFUSED, SHEET_MESSAGES["damaged"])


def test_external_entities_are_not_read(browser) -> None:
    hostile = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}">&e;</worksheet>'
    made = parts() | {"xl/worksheets/sheet1.xml": hostile}
    of = mapped(browser, packed(made).getvalue(), name="items.xlsx")
    assert (of.state, of.error_message) == (State.REFUSED, SHEET_MESSAGES["unsafe"])


def test_too_many_rows_are_refused_in_words(browser, monkeypatch) -> None:
    monkeypatch.setattr(opening, "MOST_ROWS", 3)
    of = mapped(browser, csv_of(("Own code", "Name"), *((f"A{number}", "Bag") for number in range(4))))
    assert of.state == State.REFUSED
    assert "more than 200,000 rows" in of.error_message


def test_a_second_sheet_is_not_taken(browser) -> None:
    of = begin(browser)
    send(browser, of, "items.csv", csv_of(("Own code", "Name"), ("A", "Bag")))
    body = '{"name": "other.csv", "size": 5, "fingerprint": "x"}'
    answer = browser.post(f"/catalog/import/{of.pk}/files/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "one sheet" in answer.json()["error"]


def test_what_is_neither_sheet_nor_picture_is_not_taken(browser) -> None:
    of = begin(browser)
    body = '{"name": "notes.docx", "size": 5, "fingerprint": "x"}'
    answer = browser.post(f"/catalog/import/{of.pk}/files/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "notes.docx is no sheet" in answer.json()["error"]


def test_columns_without_a_code_are_not_tried(browser) -> None:
    of = mapped(browser, csv_of(("Own code", "Name"), ("A", "Bag")))
    answer = browser.post(f"/catalog/import/{of.pk}/columns/", {"column-1": "name", "do": "try"}, follow=True)
    assert "No column is taken for the own code" in answer.content.decode()
    of.refresh_from_db()
    assert of.state == State.MAPPING


def test_formula_marks_of_our_own_exports_come_off(browser) -> None:
    of = imported(browser, csv_of(("Own code", "Name"), ("'-1", "'=SUM(A1)"), ("it's", "Cup")))
    assert counts(of.written) == (2, 0, 0, 0)
    assert dict(Item.objects.values_list("code", "name")) == {"-1": "=SUM(A1)", "it's": "Cup"}


def test_names_of_pictures_that_two_files_have_are_told(browser) -> None:
    photos = zip_of([("red/1.jpg", picture(1)), ("blue/1.jpg", picture(2))])
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "1.jpg"), ("B", "Cup", "blue/1.jpg"))
    of = imported(browser, sheet, ("photos.zip", photos))
    assert troubles(of) == {(2, "several-files")}
    assert Item.objects.get(code="B").pictures.count() == 1
