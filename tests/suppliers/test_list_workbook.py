"""A supplier list as a workbook: what was kept, what is decided, what it is today, who did what."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from exports import jobs
from exports.models import Export
from searches import offerpictures
from suppliers.models import Approval, EntryEvent, KeptPicture, ListEntry, SupplierList
from tests.batches.making import picture
from tests.exports.making import content
from tests.factories import (
    NOON,
    ListEntryFactory,
    QueryImageFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of
from tests.searches.test_workbook import DANGEROUS, about, lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch, settings, tmp_path) -> None:
    monkeypatch.setattr(offerpictures, "MARKETPLACES", {})
    settings.UPLOAD_ROOT = tmp_path / "uploads"


@pytest.fixture
def kept(alice, team) -> SupplierList:
    made = SupplierListFactory(team=team, owner=alice, name="Spring bags")
    for number in range(1, 4):
        ListEntryFactory(supplier_list=made, added_by=alice, title=f"包 {number}", price=Decimal(number * 10))
    return made


@pytest.fixture
def opened(kept, alice, signed_in):
    """`opened(query)`: asked for on the page, written by a worker, downloaded, and opened."""

    def open_it(query: str = "", user=alice) -> openpyxl.Workbook:
        client = signed_in(user)
        answer = client.post(f"/lists/{kept.pk}/workbook/{query}")
        export = Export.objects.first()
        assert answer.url == f"/exports/{export.pk}/"
        jobs.write_export(export.pk)
        export.refresh_from_db()
        assert (export.state, export.error_message) == ("done", "")
        assert client.get(f"/exports/{export.pk}/file/").getvalue() == content(export)
        return openpyxl.load_workbook(io.BytesIO(content(export)))

    return open_it


def test_what_was_decided_and_by_whom(opened, kept, alice, bob) -> None:
    entry = kept.entries.get(title="包 2")
    ListEntry.objects.filter(pk=entry.pk).update(
        status="chosen",
        stage="approved",
        assignee=bob,
        due_on=date(2026, 12, 1),
        tags="\nred\nurgent\n",
        note="=ask again",
        target_quantity=500,
        target_price=Decimal("18.5"),
        tiers=[[1, "20"], [500, "17"]],
        rate=Decimal("0.14"),
        rate_currency="USD",
        rate_on=date(2026, 11, 20),
    )
    Approval.objects.create(
        entry=entry, state="approved", proposed_by=alice, decided_by=bob, decided_at=NOON, answer="Go ahead"
    )
    line = {line["Offer"]: line for line in lines(opened()["Offers"])}["包 2"]
    told = {"Status": "chosen", "Approval": "approved", "Proposed by": "alice", "Answered by": "bob"}
    told |= {"Answer": "Go ahead", "Looked after by": "bob", "Tags": "red, urgent", "Note": "=ask again"}
    told |= {"Quantity": 500, "Target price": 18.5, "Price": 20, "Price at the quantity": 17, "Currency": "CNY"}
    told |= {"Exchange rate": 0.14, "into": "USD", "Saved by": "alice"}
    assert told.items() <= line.items()
    assert line["Due"].date() == date(2026, 12, 1)
    assert line["Rate of"].date() == date(2026, 11, 20)


def test_who_did_what(opened, kept, alice) -> None:
    entry = kept.entries.get(title="包 1")
    EntryEvent.objects.create(entry=entry, who=alice, what="status", before="candidate", after="rejected")
    found = [line for line in lines(opened()["Who did what"]) if line["Offer"] == "包 1"]
    assert [(line["Who"], line["What"], line["Before"], line["After"]) for line in found] == [
        ("alice", "saved it to the list", None, None),
        ("alice", "changed status", "candidate", "rejected"),
    ]


def test_what_is_other_today(opened, kept, team) -> None:
    entry = kept.entries.get(title="包 1")
    SupplierMatchFactory(
        job=SearchJobFactory(team=team),
        offer_id=entry.offer_id,
        marketplace=entry.marketplace,
        price=Decimal(8),
        fetched_at=NOON + timedelta(days=1),
    )
    line = {line["Offer"]: line for line in lines(opened()["Offers"])}["包 1"]
    assert line["Price"] == 10
    assert "Price: ¥10.00 → ¥8.00" in line["Since then"]


def test_the_rows_of_the_page_in_its_order(opened, kept) -> None:
    ListEntry.objects.filter(title="包 2").update(status="rejected", reason="late")
    book = opened("?sort=-price&status=candidate&page=7")
    assert [line["Offer"] for line in lines(book["Offers"])] == ["包 3", "包 1"]
    told = about(book)
    assert (told["Supplier list"], told["Team"], told["By"]) == ("Spring bags", "Outdoor", "alice")
    assert (told["Filters"], told["Order"]) == ("candidate", "Price, falling")
    assert any("数据来源：1688" in str(text) for text in told)


def test_kept_pictures_and_photos_are_in_the_cells(opened, kept, team) -> None:
    name = default_storage.save("kept/aa/a.jpg", ContentFile(picture(3)))
    held = KeptPicture.objects.create(team=team, address="https://a.example/a.jpg", state="kept", file_name=name)
    lost = KeptPicture.objects.create(
        team=team, address="https://a.example/b.jpg", state="kept", file_name="kept/bb/lost.jpg"
    )
    photo = QueryImageFactory(team=team, data=picture(1))
    ListEntry.objects.filter(title="包 1").update(picture=held, query_image=photo)
    ListEntry.objects.filter(title="包 2").update(picture=lost)
    sheet = opened("?sort=price")["Offers"]
    assert sorted((image.anchor._from.row, image.anchor._from.col) for image in sheet._images) == [(1, 0), (1, 1)]
    assert lines(sheet)[1]["Picture"] == kept.entries.get(title="包 2").image_url


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_in_a_text_is_run(text, opened, kept) -> None:
    ListEntry.objects.update(title=text, supplier_name=text, note=text, tags=f"\n{text}\n", url=text, image_url=text)
    SupplierList.objects.update(name=text)
    cells = [cell for sheet in opened() for row in sheet.iter_rows() for cell in row]
    assert len([cell for cell in cells if cell.value == text]) > 15
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_an_empty_list_is_an_empty_sheet(opened, kept) -> None:
    kept.entries.all().delete()
    assert lines(opened()["Offers"]) == []


def test_a_viewer_may(opened, vera) -> None:
    assert len(lines(opened(user=vera)["Offers"])) == 3


@pytest.mark.parametrize("name", ["charlie", "loner", "bob"])
def test_who_does_not_see_it_may_not(name, kept, request, signed_in) -> None:
    SupplierList.objects.update(audience="private")
    assert signed_in(request.getfixturevalue(name)).post(f"/lists/{kept.pk}/workbook/").status_code == 404
    assert not Export.objects.exists()


def test_what_is_not_shared_any_more_is_not_handed_out(opened, kept, vera, signed_in) -> None:
    opened(user=vera)
    SupplierList.objects.update(audience="private")
    client, export = signed_in(vera), Export.objects.get()
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert "not shown to you any more" in text_of(client.get(f"/exports/{export.pk}/"))


def test_queries_do_not_grow_with_the_entries(kept, alice, signed_in, django_assert_max_num_queries) -> None:
    for _number in range(90):
        ListEntryFactory(supplier_list=kept, added_by=alice)
    signed_in(alice).post(f"/lists/{kept.pk}/workbook/")
    with django_assert_max_num_queries(40):
        jobs.write_export(Export.objects.get().pk)
