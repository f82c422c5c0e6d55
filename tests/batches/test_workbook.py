"""The workbook: opened by another library than wrote it, and looked at cell by cell."""

import warnings
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from openpyxl.worksheet.worksheet import Worksheet

from batches import exporting
from batches.models import Batch, BatchFile, BatchRow
from exports.models import Export
from searches import offerpictures
from searches.exports import OFFER_COLUMNS
from searches.models import SearchCall, SearchJob, SupplierMatch
from tests.batches.making import found_row, picture
from tests.factories import SupplierMatchFactory
from tests.searches.picturehost import host

__all__ = ["host"]

pytestmark = pytest.mark.django_db
DANGEROUS = ('=HYPERLINK("http://evil.example","click")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "{=1+1}", "\t=1")


@pytest.fixture(autouse=True)
def nothing_else_is_fetched(monkeypatch) -> None:
    """The factories' pictures are the marketplace's own: no test may ask for them."""
    monkeypatch.setattr(offerpictures, "MARKETPLACES", {})


@pytest.fixture
def written(batch, tmp_path):
    """`written()`: the batch's workbook, opened."""

    def write() -> openpyxl.Workbook:
        Batch.objects.filter(pk=batch.pk).update(status=Batch.Status.DONE)
        path = tmp_path / "results.xlsx"
        exporting.write_file(batch, Export.Kind.XLSX, path, beat=lambda done: None)
        assert [left.name for left in tmp_path.iterdir() if left.name not in ("uploads", "media")] == ["results.xlsx"]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return openpyxl.load_workbook(path)

    return write


def lines(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows below the headings, as far as they have a first cell; without the notice."""
    heads = [cell.value for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(heads, row, strict=True)) for row in rows if any(cell is not None for cell in row[1:])]


def pictures(sheet: Worksheet) -> set[tuple[int, str]]:
    """Where pictures lie: the row, and the head of the column."""
    heads = [cell.value for cell in sheet[1]]
    anchors = [image.anchor._from for image in sheet._images]
    return {(anchor.row + 1, heads[anchor.col]) for anchor in anchors}


def notice(sheet: Worksheet) -> str:
    return str(sheet.cell(sheet.max_row, 1).value)


def test_the_three_best_offers_of_each_product_are_told(batch, written) -> None:
    row = found_row(batch, 1, data=picture(), code="A1", name="Cup", target_price=Decimal("3.035"), quantity=500)
    for place in range(5):
        SupplierMatchFactory(
            job=row.job,
            title=f"杯子 {place}",
            rank=place + 1,
            similarity=0.9 - place / 10,
            price=Decimal(10 + place),
            tiers=[[1, "10"], [100, "8.5"], [1000, "7"]],
        )
    found = lines(written()["Best offers"])
    assert [line["Offer"] for line in found] == ["杯子 0", "杯子 1", "杯子 2"]
    assert [line["Place"] for line in found] == [1, 2, 3]
    first = found[0]
    match = row.job.matches.get(title="杯子 0")
    told = {"Row": 1, "Own code": "A1", "Name": "Cup", "Target price": 3.035, "Quantity": 500, "State": "done"}
    told |= {"Price": 10, "Price at the quantity": 8.5, "Currency": "CNY", "MOQ": 5, "Source": "1688"}
    told |= {"Supplier": match.supplier_name, "Location": "河北 保定", "Similarity by the marketplace": 0.9, "Rank": 1}
    assert told.items() <= first.items()


def test_they_are_in_the_order_of_the_comparison(batch, written) -> None:
    row = found_row(batch, 1)
    for rank, similarity, price in ((1, 0.8, 5), (2, 0.9, 7), (3, 0.9, 6)):
        SupplierMatchFactory(job=row.job, rank=rank, similarity=similarity, price=price)
    assert [line["Rank"] for line in lines(written()["Best offers"])] == [3, 2, 1]


def test_pictures_are_in_the_cells(batch, written, host) -> None:
    row = found_row(batch, 1, data=picture())
    for place, path in enumerate(("one.jpg", "missing.jpg", "bad.jpg")):
        SupplierMatchFactory(job=row.job, rank=place, similarity=1 - place / 10, image_url=f"{host.url}/{path}")
    sheet = written()["Best offers"]
    assert pictures(sheet) == {(2, "Photo"), (2, "Picture")}
    found = lines(sheet)
    assert found[0]["Picture"] is None
    # What cannot be had leaves its address.
    assert [line["Picture"] for line in found[1:]] == [f"{host.url}/missing.jpg", f"{host.url}/bad.jpg"]
    assert [sheet.row_dimensions[number].height for number in (2, 3, 4)] == [60, 60, 60]
    for image in sheet._images:
        assert max(image.width, image.height) <= 256


def test_each_address_is_asked_once(batch, written, host) -> None:
    for number in (1, 2):
        SupplierMatchFactory(job=found_row(batch, number).job, image_url=f"{host.url}/same.jpg")
    sheet = written()["Best offers"]
    assert host.hits == ["/same.jpg"]
    assert pictures(sheet) == {(2, "Picture"), (3, "Picture")}


def test_only_hosts_of_the_marketplace_are_asked(batch, written, host, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = []
    SupplierMatchFactory(job=found_row(batch, 1).job, image_url=f"{host.url}/one.jpg")
    sheet = written()["Best offers"]
    assert (host.hits, pictures(sheet)) == ([], set())
    assert lines(sheet)[0]["Picture"] == f"{host.url}/one.jpg"


def test_all_offers_have_the_columns_of_every_export_and_their_row(batch, written) -> None:
    first, second = found_row(batch, 1, offers=5, code="A1"), found_row(batch, 2, offers=2)
    sheet = written()["All offers"]
    assert [cell.value for cell in sheet[1]] == ["row", "code", *OFFER_COLUMNS]
    found = lines(sheet)
    assert [line["row"] for line in found] == [1] * 5 + [2] * 2
    assert {line["code"] for line in found if line["row"] == 1} == {"A1"}
    ids = [line["offer_id"] for line in found]
    assert sorted(ids) == sorted(SupplierMatch.objects.values_list("offer_id", flat=True))
    offer = first.job.matches.get(offer_id=found[0]["offer_id"])
    assert (found[0]["price"], found[0]["moq"]) == (offer.price, offer.moq)
    assert found[0]["fetched_at"].isoformat() == "2026-11-22T12:00:00"
    assert second.job.matches.count() == 2


def test_a_repeated_picture_has_what_was_found_for_the_other_row(batch, written) -> None:
    first = found_row(batch, 1, offers=1, quantity=1)
    SupplierMatch.objects.update(tiers=[[1, "20"], [100, "10"]])
    batch.rows.create(
        number=2, state=BatchRow.State.DUPLICATE, duplicate_of=first, image=first.image, quantity=200, code="A2"
    )
    found = lines(written()["Best offers"])
    assert [(line["Row"], line["Price at the quantity"]) for line in found] == [(1, 20), (2, 10)]
    assert found[1]["State"] == "same picture as row 1"


def test_a_product_without_offers_is_a_line_with_its_state(batch, written) -> None:
    found_row(batch, 1, name="Cup")
    found_row(batch, 2, name="Plate", status=SearchJob.Status.FAILED)
    batch.rows.create(number=3, name="Bowl", state=BatchRow.State.REFUSED)
    found = lines(written()["Best offers"])
    assert [(line["Name"], line["State"]) for line in found] == [
        ("Cup", "done"),
        ("Plate", "failed"),
        ("Bowl", "refused"),
    ]


def test_what_failed_is_told_with_its_reason(batch, written) -> None:
    found_row(batch, 1, offers=1)
    failed = found_row(batch, 2, status=SearchJob.Status.FAILED, code="A2", name="Plate")
    failed.job.calls.update(
        status=SearchCall.Status.FAILED, error_code="110", error_message="Not allowed.", error_remedy="Ask for it."
    )
    batch.rows.create(
        number=3,
        source_url="https://example.com/a.jpg",
        state=BatchRow.State.REFUSED,
        error_code="too-slow",
        error_message="The picture took too long to load. Try again, or upload it.",
    )
    batch.files.create(
        name="photos.zip",
        size=1,
        fingerprint="f",
        state=BatchFile.State.REFUSED,
        error_code="bomb",
        error_message="No.",
    )
    archive, plate, picture_of = lines(written()["Failures"])
    assert (archive["Row"], archive["File or address"], archive["Error"]) == (None, "photos.zip", "bomb")
    assert (plate["Row"], plate["State"], plate["Reason"]) == (2, "failed", "Not allowed.")
    assert (plate["What to do"], plate["Error"], plate["Own code"]) == ("Ask for it.", "110", "A2")
    assert (picture_of["Row"], picture_of["File or address"]) == (3, "https://example.com/a.jpg")
    assert picture_of["Reason"].startswith("The picture took too long")


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_in_a_text_is_run(text, batch, written) -> None:
    row = found_row(batch, 1, code=text, name=text)
    SupplierMatchFactory(job=row.job, title=text, supplier_name=text, supplier_location=text)
    batch.rows.create(number=2, name=text, code=text, source_name=text, state=BatchRow.State.REFUSED)
    book = written()
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value == text]
    assert len(cells) >= 8
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def test_signs_that_no_sheet_takes_do_no_harm(batch, written) -> None:
    found_row(batch, 1, name="cup \x0b\x07 & <b>\ufffe")
    assert "cup" in lines(written()["Best offers"])[0]["Name"]


def test_what_is_unknown_is_empty_and_never_zero(batch, written) -> None:
    row = found_row(batch, 1)
    SupplierMatchFactory(job=row.job, price=None, moq=None, similarity=None, url="", supplier_name="")
    line = lines(written()["Best offers"])[0]
    names = (
        "Price",
        "Price at the quantity",
        "MOQ",
        "Similarity by our eye",
        "Link",
        "Supplier",
        "Target price",
        "Quantity",
    )
    assert [line[name] for name in names] == [None] * len(names)


def test_the_offers_page_is_linked(batch, written) -> None:
    row = found_row(batch, 1, offers=1)
    sheet = written()["Best offers"]
    assert [cell.hyperlink.target for line in sheet for cell in line if cell.hyperlink] == [row.job.matches.get().url]


def test_source_and_time_are_on_each_sheet(batch, written) -> None:
    found_row(batch, 1, offers=1)
    book = written()
    for sheet in book:
        assert "数据来源：1688" in notice(sheet)
        assert "fetched 2026-11-22 12:00" in notice(sheet)
    assert book.properties.title == "Spring"


def test_heads_and_words_are_in_the_language_that_is_active(batch, written) -> None:
    found_row(batch, 1, offers=1)
    with translation.override("zh-hans"):
        book = written()
    # The columns of all offers are named alike in every language.
    assert [cell.value for cell in book.worksheets[1][1]] == ["row", "code", *OFFER_COLUMNS]
    assert lines(book.worksheets[0])[0][book.worksheets[0]["G1"].value] == "已完成"


def test_a_sheet_that_is_full_says_so(batch, written, monkeypatch) -> None:
    monkeypatch.setattr("exports.workbook.MOST_LINES", 3)
    found_row(batch, 1, offers=5)
    sheet = written()["All offers"]
    assert len(lines(sheet)) == 3
    assert "2 further offers are in the CSV file." in notice(sheet)


def test_queries_do_not_grow_with_the_offers(batch, tmp_path, django_assert_max_num_queries) -> None:
    for number in range(1, 41):
        found_row(batch, number, offers=2)
    with django_assert_max_num_queries(15):
        exporting.write_file(batch, Export.Kind.CSV, Path(tmp_path / "a.csv"), beat=lambda done: None)
    for row in batch.rows.all():
        for _ in range(3):
            SupplierMatchFactory(job=row.job)
    with django_assert_max_num_queries(15):
        exporting.write_file(batch, Export.Kind.CSV, Path(tmp_path / "a.csv"), beat=lambda done: None)


def test_an_empty_batch_is_an_empty_workbook(batch, written) -> None:
    book = written()
    assert [lines(sheet) for sheet in book] == [[], [], []]
