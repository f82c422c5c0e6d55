"""Who may import, what the pages say, the files that are taken along, and uploads that break off."""

import csv
import io
import json

import pytest
from django.utils import translation

from catalog import exporting
from catalog.imports import rejected
from catalog.models import CatalogImport, Item, ItemPicture
from exports.models import Export
from tests.batches.making import picture
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
    work,
    workbook,
    written,
    xlsx_of,
)
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
SHEET = csv_of(("Own code", "Name", "Price"), ("A", "Bag", "5"), ("B", "Cup", "ask"), ("C", "", "3"))


@pytest.fixture
def of(browser) -> CatalogImport:
    return tried(browser, mapped(browser, SHEET))


POSTS = ("columns", "again", "start", "cancel", "upload", "rejected/xlsx")


def test_strangers_find_nothing(of, charlie, loner, signed_in) -> None:
    for stranger in (charlie, loner):
        client = signed_in(stranger)
        assert client.get(f"/catalog/import/{of.pk}/").status_code == 404
        for name in POSTS:
            assert client.post(f"/catalog/import/{of.pk}/{name}/").status_code == 404, name
        body = json.dumps({"name": "a.csv", "size": 1, "fingerprint": "a"})
        assert client.post(f"/catalog/import/{of.pk}/files/", body, content_type="application/json").status_code == 404
        file = of.files.get()
        assert client.post(f"/catalog/import/{of.pk}/files/{file.pk}/part/?offset=0").status_code == 404
        assert "items.csv" not in client.get("/catalog/import/").content.decode()


def test_viewers_read_and_import_nothing(of, vera, signed_in) -> None:
    client = signed_in(vera)
    shown = page(client, of)
    assert 'id="start"' not in shown
    assert 'id="begin"' not in client.get("/catalog/import/").content.decode()
    assert client.post("/catalog/import/").status_code == 403
    for name in POSTS[:-1]:
        assert client.post(f"/catalog/import/{of.pk}/{name}/").status_code == 403, name
    assert client.post(f"/catalog/import/{of.pk}/rejected/csv/").status_code == 302
    of.refresh_from_db()
    assert of.state == State.CHECKED


def test_anonymous_visitors_are_asked_to_sign_in(of, signed_in) -> None:
    client = signed_in(None)
    for address in ("/catalog/import/", f"/catalog/import/{of.pk}/", "/catalog/import/template.xlsx"):
        assert client.get(address).status_code == 302


def test_an_import_is_of_the_team_that_was_chosen(alice, charlies_team, signed_in) -> None:
    MembershipFactory(user=alice, team=charlies_team)
    of = begin(signed_in(alice), team=charlies_team.pk)
    assert of.team == charlies_team


def test_the_columns_found_are_shown_with_the_first_rows_as_they_will_be_read(browser) -> None:
    shown = page(browser, mapped(browser, SHEET))
    assert '<option value="code" selected>Own code</option>' in shown
    assert "ask” is no single amount" in shown
    assert "An empty cell changes nothing" in shown
    assert "Of merged cells only the first row has the value." in shown


def test_a_changed_column_is_shown_at_once_and_stays(browser) -> None:
    of = mapped(browser, SHEET)
    form = {"column-0": "code", "column-1": "name", "column-2": "notes"}
    answer = browser.post(f"/catalog/import/{of.pk}/columns/", form, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="preview"')
    assert "ask" in answer.content.decode()
    of.refresh_from_db()
    assert of.columns == ["code", "name", "notes"]


def test_two_columns_of_one_field_are_said(browser) -> None:
    of = mapped(browser, SHEET)
    form = {"column-0": "code", "column-1": "name", "column-2": "name"}
    answer = browser.post(f"/catalog/import/{of.pk}/columns/", form, headers={"HX-Request": "true"})
    assert "Several columns are taken for “Name”" in answer.content.decode()


def test_a_column_of_tiers_needs_a_quantity_in_its_heading(browser) -> None:
    of = mapped(browser, SHEET)
    form = {"column-0": "code", "column-1": "name", "column-2": "tier", "do": "try"}
    answer = browser.post(f"/catalog/import/{of.pk}/columns/", form, follow=True)
    assert "The heading “Price” names no quantity" in answer.content.decode()
    of.refresh_from_db()
    assert of.state == State.MAPPING


def test_a_made_up_field_counts_for_none(browser) -> None:
    of = mapped(browser, SHEET)
    browser.post(f"/catalog/import/{of.pk}/columns/", {"column-0": "code", "column-1": "is_superuser"})
    of.refresh_from_db()
    assert of.columns == ["code", "", ""]


def test_nothing_is_written_that_was_not_tried(browser) -> None:
    of = mapped(browser, SHEET)
    answer = browser.post(f"/catalog/import/{of.pk}/start/", follow=True)
    assert "The import is elsewhere already" in answer.content.decode()
    assert not Item.objects.exists()


def test_a_cancelled_trial_reports_nothing_as_done(browser, of) -> None:
    browser.post(f"/catalog/import/{of.pk}/cancel/")
    shown = page(browser, of)
    assert "Cancelled. Nothing of it was written." in shown
    assert 'id="tally-new"' not in shown


def test_there_is_nothing_to_import_where_nothing_changes(browser) -> None:
    sheet = csv_of(("Own code", "Name"), ("A", "Bag"))
    imported(browser, sheet)
    shown = page(browser, tried(browser, mapped(browser, sheet)))
    assert "no row would change anything" in shown


def test_the_page_says_what_goes_on(browser) -> None:
    of = begin(browser)
    send(browser, of, "items.csv", SHEET)
    answer = browser.get(f"/catalog/import/{of.pk}/", headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert 'hx-trigger="every 1s"' in shown
    assert "the sheet is being read" in shown
    work(of)
    assert 'hx-trigger="every' not in page(browser, of)


def test_an_upload_that_broke_off_goes_on_where_it_stopped(browser) -> None:
    of = begin(browser)
    body = json.dumps({"name": "items.csv", "size": len(SHEET), "fingerprint": "items"})
    address = f"/catalog/import/{of.pk}/files/"
    file = browser.post(address, body, content_type="application/json").json()["file"]
    part = f"{address}{file}/part/?offset="
    assert browser.post(f"{part}0", SHEET[:10], content_type="application/octet-stream").json() == {"received": 10}
    assert "choose it again to go on" in page(browser, of)
    twice = browser.post(f"{part}0", SHEET[:10], content_type="application/octet-stream")
    assert (twice.status_code, twice.json()) == (409, {"received": 10})
    assert browser.post(address, body, content_type="application/json").json()["received"] == 10
    browser.post(f"{part}10", SHEET[10:], content_type="application/octet-stream")
    assert work(of).rows_all == 3


def test_without_scripts_files_come_with_the_form(browser) -> None:
    of = begin(browser)
    sheet = io.BytesIO(csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "a.jpg")))
    photo = io.BytesIO(picture(1))
    sheet.name, photo.name = "items.csv", "a.jpg"
    answer = browser.post(f"/catalog/import/{of.pk}/upload/", {"files": [photo, sheet]}, follow=True)
    assert answer.status_code == 200
    written(browser, tried(browser, work(of)))
    assert ItemPicture.objects.get().item.code == "A"


def test_the_rows_to_mend_are_mended_and_imported(browser, of, alice, tmp_path) -> None:
    of = written(browser, of)
    assert browser.post(f"/catalog/import/{of.pk}/rejected/csv/")["Location"].startswith("/exports/")
    export = Export.objects.get()
    path = tmp_path / "rows.csv"
    rejected.write(export, path, lambda done, of: None)
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert lines[0] == ["Own code", "Name", "Price", "What is wrong"]
    assert [line[0] for line in lines[1:]] == ["B", "C"]
    assert "“ask” is no single amount" in lines[1][3]
    lines[1][2], lines[2][1] = "7", "Pot"
    again = imported(browser, csv_of(*lines))
    assert counts(again.written) == (2, 0, 0, 0)
    assert dict(Item.objects.values_list("code", "name")) == {"A": "Bag", "B": "Cup", "C": "Pot"}


def test_the_rows_to_mend_come_as_a_workbook_too(browser, of, tmp_path) -> None:
    browser.post(f"/catalog/import/{of.pk}/rejected/xlsx/")
    path = tmp_path / "rows.xlsx"
    rejected.write(Export.objects.get(), path, lambda done, of: None)
    again = tried(browser, mapped(browser, path.read_bytes(), name="rows.xlsx"))
    assert (again.rows_all, counts(again.found)) == (2, (0, 0, 0, 2))


def test_rows_to_mend_bring_their_pictures_along(browser, tmp_path) -> None:
    lines = (("Picture", "Own code", "Name"), (None, "A", ""), (None, "B", "Cup"))
    of = imported(browser, xlsx_of(*lines, pictures={(1, 0): picture(1), (2, 0): picture(2)}), name="items.xlsx")
    browser.post(f"/catalog/import/{of.pk}/rejected/xlsx/")
    path = tmp_path / "rows.xlsx"
    rejected.write(Export.objects.get(), path, lambda done, of: None)
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(("xlsx", "jpg"))] == ["rows.xlsx"]
    [(row, column)] = [
        (image.anchor._from.row, image.anchor._from.col) for image in workbook(path.read_bytes()).active._images
    ]
    assert (row, column) == (1, 0)


def test_files_go_when_they_have_become_items(browser, django_capture_on_commit_callbacks) -> None:
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "a.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        of = imported(browser, sheet, ("a.jpg", picture(1)))
    assert [file.name for file in of.folder.iterdir()] == [of.rows_file]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_empty_sheet_is_understood(browser, language) -> None:
    browser.cookies["django_language"] = language
    with translation.override(language):
        data = browser.get("/catalog/import/template.xlsx").content
    assert workbook(data).active.max_row == 4
    of = mapped(browser, data, name="catalogue.xlsx")
    assert set(of.columns) == {
        "picture", "code", "name", "supplier_name", "price", "currency", "moq", "tiers", "last_bought", "notes", "url",
    }  # fmt: skip
    assert counts(tried(browser, of).found) == (1, 0, 0, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_catalogues_own_export_changes_nothing(browser, alice, team, tmp_path, kind) -> None:
    lines = (
        ("Picture", *HEADINGS, "Offer page"),
        (None, "=A-1", "+Bag", "@Hengda", 12.5, "USD", 50, "1-99: 5.80; 100+: 5.2", "2026-03-01", "two\nlines", ""),
        (None, "007", "Cup", "", "", "", "", "", "", "", "https://detail.1688.com/offer/1.html"),
    )
    sheet = xlsx_of(*lines, pictures={(1, 0): picture(1)})
    assert counts(imported(browser, sheet, name="items.xlsx").written) == (2, 0, 0, 0)
    export = exporting.ask_for(team=team, user=alice, kind=kind, query="", items=None, language="en")
    path = tmp_path / f"export.{kind}"
    exporting.write(export, path, lambda done, of: None)
    of = tried(browser, mapped(browser, path.read_bytes(), name=path.name))
    assert counts(of.found) == (0, 0, 2, 0)
    written(browser, of)
    assert ItemPicture.objects.count() == 1
