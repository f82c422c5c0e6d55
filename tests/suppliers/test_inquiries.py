"""Inquiries: a sheet for each supplier, in two languages, on paper and as a workbook."""

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from openpyxl import load_workbook

from suppliers.models import KeptPicture, ListEntry
from tests.factories import ListEntryFactory
from tests.searches.pages import photo, text_of


@pytest.fixture
def offers(spring, team) -> list[ListEntry]:
    """Two of one supplier, a rejected third, and one of a supplier without an id."""
    name = default_storage.save("kept/ab/picture.jpg", ContentFile(photo(kind="JPEG")))
    kept = KeptPicture.objects.create(team=team, address="https://a/b.jpg", state="kept", file_name=name)
    made = {"supplier_list": spring, "supplier_id": "s1", "supplier_name": "白沟恒达箱包厂"}
    first = ListEntryFactory(
        **made, title="=HYPERLINK(1)", target_quantity=500, target_price=Decimal("21.5"), picture=kept, note="internal"
    )
    second = ListEntryFactory(**made, title="登山包 🧳")
    ListEntryFactory(**made, title="rejected one", status="rejected", reason="late")
    ListEntryFactory(supplier_list=spring, supplier_id="", supplier_name="义乌")
    ListEntryFactory(supplier_list=spring, supplier_id="", supplier_name="")
    return [first, second]


def sheet(spring, entry, ending="/", **more) -> str:
    items = "".join(f"&item={item}" for item in more.get("items", []))
    return f"/lists/{spring.pk}/inquiries/sheet{ending}?of={entry.pk}{items}"


def test_who_can_be_asked(alice, spring, offers, signed_in):
    page = signed_in(alice).get(f"/lists/{spring.pk}/inquiries/").context["page"]
    assert [(supplier.name, supplier.offers) for supplier in page] == [("白沟恒达箱包厂", 2), ("义乌", 1)]


def test_the_sheet_is_in_both_languages_whatever_its_readers(vera, spring, offers, signed_in):
    client = signed_in(vera)
    for language in ("en", "zh-hans"):
        answer = client.get(sheet(spring, offers[0]), headers={"accept-language": language})
        said = text_of(answer)
        for text in ("询价单 Inquiry", "目标单价 Target price", "您的单价 Your price", "大货生产需要多少天？"):
            assert text in said, text
        assert "How many days does production take?" in said
        assert "=HYPERLINK(1)" in said
        assert "500 ¥21.50" in said
        assert "internal" not in said, "what the team notes is its own"
        assert "rejected one" not in said
    assert "vera · Outdoor" in said


def test_only_the_chosen_offers_are_asked_for(alice, spring, offers, signed_in):
    inquiry = signed_in(alice).get(sheet(spring, offers[0], items=[offers[1].pk])).context["inquiry"]
    assert [item.title for item in inquiry.items] == ["登山包 🧳"]


def test_as_a_workbook(alice, spring, offers, signed_in):
    answer = signed_in(alice).get(sheet(spring, offers[0], ".xlsx"))
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    page = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    texts = [str(cell.value) for cell in cells]
    assert "询价单 Inquiry" in texts
    assert "致 To: 白沟恒达箱包厂" in texts
    assert "大货生产需要多少天？\nHow many days does production take?" in texts
    title = next(cell for cell in cells if cell.value == "=HYPERLINK(1)")
    assert title.data_type == "s", "a title is never a formula"
    assert page.cell(title.row, 6).value == 500
    assert page.cell(title.row, 4).hyperlink.target == offers[0].url
    assert len(page._images) == 1


def test_a_picture_that_is_gone_is_left_out(alice, spring, offers, signed_in):
    default_storage.delete(KeptPicture.objects.get().file_name)
    answer = signed_in(alice).get(sheet(spring, offers[0], ".xlsx"))
    assert len(load_workbook(io.BytesIO(answer.content)).active._images) == 0


def test_the_questions_are_the_teams(alice, spring, offers, signed_in):
    client = signed_in(alice)
    step = f"/lists/{spring.pk}/inquiries/questions/"
    assert "大货生产需要多少天？" in client.get(step).content.decode()
    client.post(step, {"chinese": "颜色？\n\n<b>尺寸</b>？", "english": "Colours?\n\nSizes?\nExtra"})
    spring.refresh_from_db()
    assert spring.questions == [["颜色？", "Colours?"], ["<b>尺寸</b>？", "Sizes?"], ["", "Extra"]]
    said = text_of(client.get(sheet(spring, offers[0])))
    assert "颜色？ Colours?" in said
    assert "How many days" not in said
    client.post(step, {"chinese": "", "english": " "})
    assert "How many days" in text_of(client.get(sheet(spring, offers[0])))


@pytest.mark.parametrize("english", ["x" * 301, "\n".join("?" for _ in range(31))])
def test_questions_have_bounds(alice, spring, english, signed_in):
    answer = signed_in(alice).post(f"/lists/{spring.pk}/inquiries/questions/", {"english": english})
    assert "errorlist" in answer.content.decode()
    spring.refresh_from_db()
    assert spring.questions == []


def test_who_asks(vera, charlie, spring, offers, signed_in):
    assert signed_in(vera).get(f"/lists/{spring.pk}/inquiries/questions/").status_code == 403
    for address in (sheet(spring, offers[0]), sheet(spring, offers[0], ".xlsx"), f"/lists/{spring.pk}/inquiries/"):
        assert signed_in(vera).get(address).status_code == 200
        assert signed_in(charlie).get(address).status_code == 404


@pytest.mark.parametrize("of", ["", "x", "0", "9" * 30])
def test_of_nobody(alice, spring, of, signed_in):
    assert signed_in(alice).get(f"/lists/{spring.pk}/inquiries/sheet/?of={of}").status_code == 404


def test_nobody_to_ask_is_said(alice, spring, signed_in):
    assert "Nobody to ask" in text_of(signed_in(alice).get(f"/lists/{spring.pk}/inquiries/"))
