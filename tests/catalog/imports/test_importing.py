"""From a sheet to items: new ones, changed ones, and what stays as it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import CatalogImport, ImportPicture, Item, ItemPicture
from tests.batches.making import picture, zip_of
from tests.catalog.imports.making import (
    HEADINGS,
    State,
    counts,
    csv_of,
    imported,
    mapped,
    page,
    tried,
    written,
    xlsx_of,
)
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db
BAG = ("BAG-1", "防水旅行包", "白沟恒达箱包厂", "¥25.00", "", 50, "1-99: 25.00; 100+: 23.50", "2026年3月1日", "红色")


def test_a_row_becomes_an_item(browser, team, alice) -> None:
    of = imported(browser, csv_of(HEADINGS, BAG))
    item = Item.objects.get()
    assert (of.state, counts(of.written)) == (State.DONE, (1, 0, 0, 0))
    assert (item.team, item.created_by, item.code, item.name) == (team, alice, "BAG-1", "防水旅行包")
    assert (item.supplier_name, item.price, item.currency, item.moq) == ("白沟恒达箱包厂", Decimal(25), "CNY", 50)
    assert item.price_tiers == [(1, Decimal("25.00")), (100, Decimal("23.50"))]
    assert (item.last_bought, item.notes) == (date(2026, 3, 1), "红色")


def test_a_dry_run_writes_nothing_and_says_what_would_change(browser, team) -> None:
    ItemFactory(team=team, code="BAG-1", name="防水旅行包", price=Decimal(24), supplier_name="", moq=10)
    ItemFactory(team=team, code="CUP-1", name="Cup", price=Decimal(3))
    cup = ("CUP-1", "Cup", "", "3.0")
    of = tried(browser, mapped(browser, csv_of(HEADINGS, BAG, cup, ("NEW-1", "New"), ("NEW-2", ""))))
    assert (of.state, counts(of.found)) == (State.CHECKED, (1, 1, 1, 1))
    assert of.found["fields"] == {
        "supplier_name": 1, "price": 1, "moq": 1, "tiers": 1, "last_bought": 1, "notes": 1,
    }  # fmt: skip
    assert Item.objects.count() == 2
    assert Item.objects.get(code="BAG-1").price == 24
    shown = page(browser, of)
    assert "Nothing is written yet." in shown
    assert "a new one needs a name" in shown


def test_an_empty_cell_and_a_column_left_out_change_nothing(browser, team) -> None:
    before = ItemFactory(
        team=team, code="BAG-1", name="Bag", supplier_name="Hengda", price=Decimal(24), currency="USD", notes="ask Li"
    )
    of = imported(browser, csv_of(("Own code", "Name", "Supplier", "Price"), ("BAG-1", "", "", "26")))
    after = Item.objects.get()
    assert counts(of.written) == (0, 1, 0, 0)
    assert (after.pk, after.name, after.supplier_name, after.notes) == (before.pk, "Bag", "Hengda", "ask Li")
    assert (after.price, after.currency, after.version) == (26, "USD", before.version + 1)


def test_the_same_sheet_again_changes_nothing(browser, team) -> None:
    sheet = csv_of(HEADINGS, BAG)
    imported(browser, sheet)
    before = Item.objects.get()
    of = imported(browser, sheet)
    after = Item.objects.get()
    assert counts(of.written) == (0, 0, 1, 0)
    assert (after.version, after.changed_at) == (before.version, before.changed_at)


def test_an_archived_item_comes_back(browser, team) -> None:
    ItemFactory(team=team, code="BAG-1", name="Bag", archived_at=timezone.now())
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name"), ("BAG-1", "Bag"))))
    assert (counts(of.found), of.found["restored"]) == ((0, 1, 0, 0), 1)
    assert "1 of them is archived today and comes back." in page(browser, of)
    written(browser, of)
    assert Item.objects.get().archived_at is None


def test_codes_are_compared_trimmed_and_by_case(browser, team) -> None:
    ItemFactory(team=team, code="BAG-1", name="Bag")
    of = imported(browser, csv_of(("Own code", "Name"), ("  BAG-1 ", "Bag"), ("bag-1", "another")))
    assert counts(of.written) == (1, 0, 1, 0)
    assert set(Item.objects.values_list("code", flat=True)) == {"BAG-1", "bag-1"}


def test_other_teams_items_are_nobodys_business(browser, charlies_team) -> None:
    theirs = ItemFactory(team=charlies_team, code="BAG-1", name="Theirs")
    of = imported(browser, csv_of(("Own code", "Name"), ("BAG-1", "Ours")))
    theirs.refresh_from_db()
    assert (counts(of.written), theirs.name) == ((1, 0, 0, 0), "Theirs")


def test_pictures_in_cells_belong_to_their_rows(browser) -> None:
    lines = (("Picture", "Own code", "Name"), (None, "A", "Bag"), (None, "B", "Cup"), (None, "C", "no picture"))
    sheet = xlsx_of(*lines, pictures={(1, 0): picture(1), (2, 0): picture(2)})
    of = imported(browser, sheet, name="items.xlsx")
    assert counts(of.written) == (3, 0, 0, 0)
    assert of.written["pictures"] == 2
    assert dict(ItemPicture.objects.values_list("item__code", "width")) == {"A": 320, "B": 320}
    assert not ImportPicture.objects.exists()


def test_pictures_of_a_zip_are_found_by_name_and_by_code(browser) -> None:
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "red.jpg, back.jpg"), ("B", "Cup", ""))
    photos = zip_of([("photos/red.jpg", picture(1)), ("photos/back.jpg", picture(2)), ("b.jpg", picture(3))])
    imported(browser, sheet, ("photos.zip", photos))
    found = list(ItemPicture.objects.order_by("item__code", "place").values_list("item__code", "place"))
    assert found == [("A", 0), ("A", 1), ("B", 0)]


def test_pictures_may_come_as_they_are(browser) -> None:
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "red.jpg"))
    imported(browser, sheet, ("red.jpg", picture(1)))
    assert ItemPicture.objects.get().item.code == "A"


def test_a_picture_that_an_item_has_is_not_added_again(browser) -> None:
    lines = (("Picture", "Own code", "Name"), (None, "A", "Bag"))
    imported(browser, xlsx_of(*lines, pictures={(1, 0): picture(1)}), name="items.xlsx")
    # Another file of the same picture, and another picture.
    imported(browser, xlsx_of(*lines, pictures={(1, 0): picture(1, "PNG")}), name="items.xlsx")
    assert ItemPicture.objects.count() == 1
    imported(browser, xlsx_of(*lines, pictures={(1, 0): picture(2)}), name="items.xlsx")
    assert list(ItemPicture.objects.values_list("place", flat=True)) == [0, 1]


def test_a_picture_that_is_none_is_told_and_its_item_is_imported(browser) -> None:
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "a.jpg"), ("B", "Cup", "b.jpg"), ("C", "Pot", "c.jpg"))
    of = imported(browser, sheet, ("photos.zip", zip_of([("a.jpg", b"no picture"), ("b.jpg", picture(2))])))
    assert (of.state, counts(of.written)) == (State.DONE, (3, 0, 0, 0))
    assert ItemPicture.objects.get().item.code == "B"
    told = {(one.row, one.code, one.refused) for one in of.troubles.all()}
    assert told == {(2, "bad-picture", False), (4, "no-file", False)}
    assert "c.jpg" in page(browser, of)


def test_a_damaged_zip_leaves_its_pictures_out_and_says_so(browser) -> None:
    sheet = csv_of(("Own code", "Name", "Picture"), ("A", "Bag", "a.jpg"))
    of = imported(browser, sheet, ("photos.zip", zip_of([("a.jpg", picture(1))])[:200]))
    assert counts(of.written) == (1, 0, 0, 0)
    assert "stops before its end" in page(browser, of)


def test_what_an_edit_has_changed_since_the_dry_run_is_seen(browser, team) -> None:
    of = tried(browser, mapped(browser, csv_of(("Own code", "Name", "Price"), ("A", "Bag", 5))))
    assert counts(of.found) == (1, 0, 0, 0)
    ItemFactory(team=team, code="A", name="Bag", price=Decimal(5), notes="by hand")
    of = written(browser, of)
    assert counts(of.written) == (0, 0, 1, 0)
    assert Item.objects.get().notes == "by hand"


def test_tiers_in_columns_of_their_own(browser) -> None:
    headings = ("Own code", "Name", "1-99 pcs", "100+", "≥1,000")
    imported(browser, csv_of(headings, ("A", "Bag", "¥5.8", "5.2", "")))
    assert Item.objects.get().price_tiers == [(1, Decimal("5.8")), (100, Decimal("5.2"))]


def test_chinese_headings_in_gbk(browser) -> None:
    headings = ("货号", "产品名称", "供应商", "采购价", "币种", "起订量", "阶梯价", "上次采购", "备注")
    sheet = csv_of(headings, ("A", "包", "厂", "12.5", "美元", "1,000", "", "2026/3/1", ""), encoding="gb18030")
    imported(browser, sheet)
    item = Item.objects.get()
    assert (item.name, item.currency, item.moq, item.last_bought) == ("包", "USD", 1000, date(2026, 3, 1))


def test_the_state_of_a_finished_import_stays(browser) -> None:
    of = imported(browser, csv_of(HEADINGS, BAG))
    browser.post(f"/catalog/import/{of.pk}/start/")
    browser.post(f"/catalog/import/{of.pk}/cancel/")
    of.refresh_from_db()
    assert of.state == State.DONE
    assert CatalogImport.objects.count() == 1
