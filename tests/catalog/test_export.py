"""The catalogue as a file: what it holds, who gets it, and that an import reads it back."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import exporting
from catalog.imports import actions, uploads
from catalog.imports import jobs as import_jobs
from catalog.models import CatalogImport, Item
from catalog.pictures import keep_picture
from exports import jobs
from exports.models import Export
from tests.exports.making import content
from tests.factories import ItemFactory
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = [
    "Own code", "Name", "Supplier", "Price", "Currency", "MOQ", "Price tiers", "Last bought", "Notes", "Offer page",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path) -> None:
    settings.UPLOAD_ROOT = tmp_path / "uploads"


@pytest.fixture
def items(team) -> list[Item]:
    full = ItemFactory(
        team=team,
        code="=BAG-1",
        name='旅行包, "large"',
        supplier_name="+恒达箱包厂",
        price=Decimal("23.5"),
        currency="USD",
        tiers=[[2, "23.5"], [100, "21.855"]],
        moq=50,
        last_bought=date(2026, 3, 1),
        notes="good zips\nslow answers",
        url="https://detail.1688.com/offer/1.html",
    )
    keep_picture(item=full, data=photo("red", size=(1000, 500)))
    bare = ItemFactory(team=team, code="POT", name="pot", supplier_name="", price=None, moq=None)
    return [full, bare]


def written(client, address: str = "/catalog/export/", **data: object) -> Export:
    answer = client.post(address, data)
    export = Export.objects.order_by("pk").last()
    assert answer.url == f"/exports/{export.pk}/"
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error_message) == ("done", "")
    return export


def csv_lines(export: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(export).decode("utf-8-sig"))))


def sheet_of(export: Export):
    return openpyxl.load_workbook(io.BytesIO(content(export))).worksheets[0]


def test_csv_has_every_fact_and_runs_nothing(alice, items, signed_in):
    lines = csv_lines(written(signed_in(alice), do="csv", query="?sort=code"))
    assert lines[0] == HEADINGS
    assert lines[1] == [
        "'=BAG-1", '旅行包, "large"', "'+恒达箱包厂", "23.50", "USD", "50", "2+: 23.5; 100+: 21.855",
        "2026-03-01", "good zips\nslow answers", "https://detail.1688.com/offer/1.html",
    ]  # fmt: skip
    assert lines[2] == ["POT", "pot", "", "", "CNY", "", "", "", "", ""] and len(lines) == 3


def test_a_workbook_has_the_pictures_as_they_are_kept(alice, items, signed_in):
    export = written(signed_in(alice), do="xlsx", query="?sort=code")
    sheet = sheet_of(export)
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Picture", *HEADINGS) and rows[1][1:5] == ("=BAG-1", '旅行包, "large"', "+恒达箱包厂", 23.5)
    (picture,) = sheet._images
    with items[0].pictures.get().file.open() as file:
        assert picture._data() == file.read()
    assert picture.anchor._from.row == 1


def test_what_the_page_shows_is_what_is_written(alice, items, signed_in, monkeypatch):
    client = signed_in(alice)
    assert [line[0] for line in csv_lines(written(client, do="csv", query="?q=pot"))] == ["Own code", "POT"]
    chosen = written(client, "/catalog/change/", do="csv", entry=[items[0].pk])
    assert [line[0] for line in csv_lines(chosen)] == ["Own code", "'=BAG-1"]
    everything = written(client, "/catalog/change/", do="csv", entry=[items[0].pk], all="1", query="?sort=code")
    assert len(csv_lines(everything)) == 3
    monkeypatch.setattr(exporting, "MOST_PICTURED", 1)
    many = sheet_of(written(client, do="xlsx", query=""))
    assert many["A1"].value == "Own code" and not many._images


def test_nothing_chosen_writes_nothing(alice, items, signed_in):
    response = signed_in(alice).post("/catalog/change/", {"do": "xlsx"}, follow=True)
    assert "No item was chosen" in text_of(response) and not Export.objects.exists()


def test_who_gets_a_file_of_what(alice, vera, charlie, loner, team, items, signed_in):
    assert len(csv_lines(written(signed_in(vera), do="csv", team=team.pk))) == 3
    # Whoever is in another team gets that team's, whatever they ask for.
    taken = written(signed_in(charlie), "/catalog/change/", do="csv", team=team.pk, entry=[items[0].pk])
    assert len(csv_lines(taken)) == 1
    assert signed_in(loner).post("/catalog/export/", {"do": "csv", "team": team.pk}).status_code == 404
    assert signed_in(alice).post("/catalog/export/", {"do": "pdf"}).status_code == 404
    export = written(signed_in(alice), do="csv")
    team.memberships.filter(user=alice).delete()
    assert signed_in(alice).get(f"/exports/{export.pk}/file/").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_import_reads_it_back_and_changes_nothing(alice, team, items, signed_in, kind):
    data = content(written(signed_in(alice), do=kind, query="?sort=code"))
    before = facts()
    found = imported(team, alice, data, kind)
    assert (found["refused"], found["new"], found["unchanged"]) == (0, 0, 2)
    assert facts() == before


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_import_makes_another_teams_catalogue_of_it(alice, charlie, charlies_team, items, signed_in, kind):
    data = content(written(signed_in(alice), do=kind, query="?sort=code"))
    imported(charlies_team, charlie, data, kind)
    theirs = {key[1:]: told for key, told in facts().items() if key[0] == charlies_team.pk}
    ours = {key[1:]: told for key, told in facts().items() if key[0] != charlies_team.pk}
    assert theirs.keys() == ours.keys() and len(theirs) == 2
    for key, told in ours.items():
        pictures = told[-1] if kind == "xlsx" else 0
        assert theirs[key] == (*told[:-1], pictures)


def facts() -> dict[tuple[object, ...], tuple[object, ...]]:
    names = ("name", "supplier_name", "price", "currency", "moq", "last_bought", "notes", "url")
    return {
        (item.team_id, item.code): (
            *(getattr(item, name) for name in names), item.price_tiers, item.pictures.count(),
        )
        for item in Item.objects.order_by("team_id", "code")
    }  # fmt: skip


def imported(team, user, data: bytes, kind: str) -> dict[str, int]:
    of = actions.begin(team=team, user=user)
    file = SimpleUploadedFile(f"catalogue.{kind}", data)
    uploads.receive_whole(of=of, upload=file, name=file.name, size=len(data))
    import_jobs.go_on(of.pk)
    of = CatalogImport.objects.get(pk=of.pk)
    actions.try_out(of=of, columns=of.columns)
    import_jobs.go_on(of.pk)
    actions.start(of=of)
    import_jobs.go_on(of.pk)
    import_jobs.keep_pictures(of.pk)
    return CatalogImport.objects.get(pk=of.pk).written
