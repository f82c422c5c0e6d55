"""A search's view as a workbook: opened by another library than wrote it, and looked at cell by cell."""

import io
import warnings
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from exports import jobs
from exports.models import Export
from searches import offerpictures
from searches.exports import MATCH_COLUMNS
from searches.models import SearchCall, SupplierMatch
from tests.batches.making import picture
from tests.exports.making import content
from tests.factories import (
    CredentialFactory,
    ListEntryFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of
from tests.searches.picturehost import host

__all__ = ["host"]

pytestmark = pytest.mark.django_db
DANGEROUS = ('=HYPERLINK("http://evil.example","click")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "{=1+1}", "\t=1")


@pytest.fixture(autouse=True)
def nothing_else_is_fetched(monkeypatch, settings, tmp_path) -> None:
    monkeypatch.setattr(offerpictures, "MARKETPLACES", {})
    settings.UPLOAD_ROOT = tmp_path / "uploads"


@pytest.fixture
def job(alice, team):
    CredentialFactory()
    photo = QueryImageFactory(team=team, data=picture())
    made = SearchJobFactory(team=team, owner=alice, image=photo, title="Duffle bags", price_to=Decimal(50))
    SearchCallFactory(job=made, credential=None, offers_found=4)
    for number in range(1, 5):
        SupplierMatchFactory(
            job=made,
            title=f"包 {number}",
            rank=number,
            similarity=1 - number / 10,
            price=Decimal(10 + number),
            tiers=[[1, str(10 + number)], [500, str(8 + number)]],
            moq=number * 100,
        )
    return made


@pytest.fixture
def opened(job, alice, signed_in):
    """`opened(query, data)`: asked for on the page, written by a worker, downloaded, and opened."""

    def open_it(query: str = "", data=None, language: str = "en", user=alice) -> openpyxl.Workbook:
        client = signed_in(user)
        headers = {"Accept-Language": language}
        answer = client.post(f"/searches/{job.pk}/workbook/{query}", data or {}, headers=headers)
        export = Export.objects.first()
        assert answer.url == f"/exports/{export.pk}/"
        jobs.write_export(export.pk)
        export.refresh_from_db()
        assert (export.state, export.error_message) == ("done", "")
        assert client.get(f"/exports/{export.pk}/file/").getvalue() == content(export)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return openpyxl.load_workbook(io.BytesIO(content(export)))

    return open_it


def lines(sheet: Worksheet) -> list[dict[str, object]]:
    heads = [cell.value for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(heads, row, strict=True)) for row in rows if any(cell is not None for cell in row[1:])]


def about(book: openpyxl.Workbook) -> dict[str, object]:
    return {row[0].value: row[1].value for row in book["About"].iter_rows() if row[0].value}


def test_the_view_in_its_order_with_its_columns(opened) -> None:
    book = opened("?sort=-price&cols=supplier,price&moq_to=300")
    found = lines(book["Offers"])
    assert [line["Offer"] for line in found] == ["包 3", "包 2", "包 1"]
    heads = [cell.value for cell in book["Offers"][1]]
    assert heads[:7] == ["Picture", "Offer", "Link", "Supplier", "Price", "Currency", "Prices by quantity"]
    assert "MOQ" not in heads
    assert found[0]["Price"] == 13
    assert found[0]["Prices by quantity"] == "1+ 13.00; 500+ 11.00"
    assert book["Offers"].freeze_panes == "C2"
    assert book["Offers"].auto_filter.ref.startswith("A1:")


def test_all_that_is_known_is_beside_it(opened, job) -> None:
    sheet = opened()["All data"]
    assert [cell.value for cell in sheet[1]] == list(MATCH_COLUMNS)
    ids = {line["offer_id"] for line in lines(sheet)}
    assert ids == set(SupplierMatch.objects.values_list("offer_id", flat=True))


def test_the_chosen_ones_alone(opened, job) -> None:
    first, last = job.matches.get(rank=1), job.matches.get(rank=4)
    book = opened("?sort=-price", {"match": [first.pk, last.pk, "x", 10**30], "of": "chosen"})
    assert [line["Offer"] for line in lines(book["Offers"])] == ["包 4", "包 1"]
    assert about(book)["Offers"] == "the 2 chosen ones"


def test_those_of_an_address_stay_in_its_order(opened, job) -> None:
    ids = [job.matches.get(rank=rank).pk for rank in (2, 4, 1)]
    book = opened("?" + "&".join(f"match={pk}" for pk in ids))
    assert [line["Offer"] for line in lines(book["Offers"])] == ["包 2", "包 4", "包 1"]


def test_offers_of_another_search_are_not_among_them(opened, charlies_team) -> None:
    strange = SupplierMatchFactory(job=SearchJobFactory(team=charlies_team), title="secret")
    book = opened(data={"match": [strange.pk]})
    assert lines(book["Offers"]) == []


def test_nothing_chosen_is_said(job, alice, signed_in) -> None:
    answer = signed_in(alice).post(f"/searches/{job.pk}/workbook/", {"of": "chosen"}, follow=True)
    assert "by their boxes first" in text_of(answer)
    assert not Export.objects.exists()


def test_prices_at_the_quantity_and_landed_costs_with_their_rates(opened, team) -> None:
    from reckoning.models import CostProfile, ExchangeRate

    ExchangeRate.objects.create(source="CNY", target="USD", rate=Decimal("0.14"), valid_on=date(2026, 11, 20))
    profile = CostProfile.objects.create(team=team, name="Sea, Hamburg", target_currency="USD", duty_percent=10)
    SupplierMatch.objects.filter(rank=4).update(price=None, tiers=[])
    book = opened(f"?quantity=500&costs={profile.pk}&sort=unit")
    found = {line["Offer"]: line for line in lines(book["Offers"])}
    first = found["包 1"]
    assert (first["Price at 500"], first["Goods for 500"]) == (9, 4500)
    assert first["Landed, USD a piece"] == pytest.approx(9 * 0.14 * 1.1)
    assert first["Duty, USD"] == pytest.approx(9 * 0.14 * 0.1)
    assert first["Order landed, USD"] == pytest.approx(4500 * 0.14 * 1.1)
    assert first["Exchange rate"] == pytest.approx(0.14)
    assert found["包 4"]["Landed, USD a piece"] is None
    assert found["包 4"]["Missing for the landed cost"] == "no price at this quantity"
    told = about(book)
    assert (told["Order quantity"], told["Cost profile"]) == (500, "Sea, Hamburg")
    assert told["Exchange rate"] == "1 CNY = 0.14 USD, rate of 2026-11-20"


def test_scores_are_those_of_the_page(opened, team) -> None:
    from reckoning.models import ScoreWeights

    weights = ScoreWeights.objects.create(team=team, name="Price first", price=10)
    book = opened(f"?weights={weights.pk}&sort=-score")
    scores = [line["Score"] for line in lines(book["Offers"])]
    assert scores == sorted(scores, reverse=True)
    assert about(book)["Score weights"] == "Price first"


def test_pictures_are_in_the_cells(opened, job, host) -> None:
    for match, path in zip(job.matches.order_by("rank"), ("1.jpg", "22.jpg", "missing.jpg"), strict=False):
        SupplierMatch.objects.filter(pk=match.pk).update(image_url=f"{host.url}/{path}")
    book = opened()
    sheet = book["Offers"]
    assert sorted(image.anchor._from.row for image in sheet._images) == [1, 2]
    assert {image.anchor._from.col for image in sheet._images} == {0}
    assert lines(sheet)[2]["Picture"] == f"{host.url}/missing.jpg"
    # The question's own photo.
    assert len(book["About"]._images) == 1


def test_what_it_is_of_is_told(opened) -> None:
    book = opened("?sort=price,-credit&price_from=11&title_any=包")
    told = about(book)
    assert (told["Team"], told["By"], told["Search"]) == ("Outdoor", "alice", "Duffle bags")
    assert told["Price"] == "up to ¥50"
    assert told["Order"] == "cheapest first, then best credit first"
    assert told["Filters"] == "from ¥11; title has any of: 包"
    assert told["1688"].isoformat() == "2026-11-22T12:00:00"
    assert any("数据来源：1688" in str(text) for text in told)


def test_what_the_team_decided_is_told_to_those_who_see_it(opened, job, team, alice, vera) -> None:
    first = job.matches.get(rank=1)
    mine = SupplierListFactory(team=team, owner=alice, name="Mine", audience="private")
    kept = {"marketplace": first.marketplace, "offer_id": first.offer_id}
    ListEntryFactory(supplier_list=mine, status="rejected", reason="late samples", **kept)
    assert lines(opened()["Offers"])[0]["On lists"] == "Mine: rejected: late samples"
    assert lines(opened(user=vera)["Offers"])[0]["On lists"] is None


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_in_a_text_is_run(text, opened, job) -> None:
    job.title = text
    job.save()
    SupplierMatch.objects.update(title=text, supplier_name=text, supplier_location=text, url=text, image_url=text)
    book = opened()
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len([cell for cell in cells if cell.value == text]) > 20
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "internal:About!A1", "external:C:\\a.exe"]
)
def test_links_lead_to_web_pages_alone(url, opened, job) -> None:
    SupplierMatch.objects.update(url=url)
    SupplierMatch.objects.filter(rank=1).update(url="https://detail.1688.com/offer/1.html")
    links = [cell.hyperlink.target for row in opened()["Offers"].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["https://detail.1688.com/offer/1.html"]


def test_texts_of_every_kind_are_kept(opened, job) -> None:
    texts = ["😀 包", "\u202eتجارة", "x" * 300, "a\x00b\x0bc\ufffe"]
    for match, text in zip(job.matches.order_by("rank"), texts, strict=True):
        SupplierMatch.objects.filter(pk=match.pk).update(title=text.replace("\x00", ""))
    found = [line["Offer"] for line in lines(opened()["Offers"])]
    assert found[:3] == texts[:3]


def test_in_the_language_of_whoever_asked(opened, job) -> None:
    book = opened(language="zh-hans")
    assert Export.objects.get().language == "zh-hans"
    # Words that were there before: the state of translations is another test's.
    assert "供应商" in [cell.value for cell in book.worksheets[0][1]]
    # The columns of all data are named alike in every language.
    assert [cell.value for cell in book.worksheets[1][1]] == list(MATCH_COLUMNS)


def test_an_empty_view_is_an_empty_sheet_that_says_why(opened) -> None:
    book = opened("?moq_to=1")
    assert lines(book["Offers"]) == []
    assert about(book)["Filters"] == "MOQ up to 1"


@pytest.mark.parametrize(
    "query", ["?quantity=0", "?quantity=-5", "?quantity=９９９", "?quantity=1e99", "?sort=x&cols=y"]
)
def test_what_cannot_be_read_has_no_effect(query, opened) -> None:
    assert len(lines(opened(query)["Offers"])) == 4


def test_a_viewer_may(opened, vera) -> None:
    assert len(lines(opened(user=vera)["Offers"])) == 4


@pytest.mark.parametrize("name", ["charlie", "loner"])
def test_strangers_may_not(name, job, request, signed_in) -> None:
    assert signed_in(request.getfixturevalue(name)).post(f"/searches/{job.pk}/workbook/").status_code == 404
    assert not Export.objects.exists()


def test_a_link_asks_for_nothing(job, alice, signed_in) -> None:
    assert signed_in(alice).get(f"/searches/{job.pk}/workbook/").status_code == 405


def test_of_a_search_that_was_deleted_nothing_is_written(job, alice, signed_in) -> None:
    signed_in(alice).post(f"/searches/{job.pk}/workbook/")
    SearchCall.objects.all().delete()
    job.delete()
    export = Export.objects.get()
    jobs.write_export(export.pk)
    assert "was deleted" in text_of(signed_in(alice).get(f"/exports/{export.pk}/"))


def test_queries_do_not_grow_with_the_offers(job, alice, signed_in, django_assert_max_num_queries) -> None:
    for _number in range(150):
        SupplierMatchFactory(job=job)
    signed_in(alice).post(f"/searches/{job.pk}/workbook/")
    with django_assert_max_num_queries(40):
        jobs.write_export(Export.objects.get().pk)
