"""What `manage.py imagesearch` prints and writes: a table, JSON, CSV."""

import csv
import io

import pytest

from searches.models import SearchJob
from searches.terminal import cut, display_width, json_object, table
from tests.factories import OTHER_MARKETPLACE, CredentialFactory, SearchJobFactory, SupplierMatchFactory

pytestmark = pytest.mark.django_db


def test_a_photo_becomes_a_table(run, photo) -> None:
    ended = run(photo)
    assert ended.status == 0
    heads, *rows = ended.out.split("\n\n")[0].splitlines()
    assert heads.split() == ["#", "sim.", "price", "MOQ", "title", "supplier", "credit", "location"]
    assert len(rows) == 50
    job = SearchJob.objects.get()
    best = job.matches.order_by("-similarity", "price", "rank").first()
    assert best.title in rows[0]
    assert best.supplier_name in rows[0]
    assert f"50 of 50 offers. Search {job.pk}" in ended.out
    assert "数据来源：1688" in ended.out


def test_json_is_exactly_what_integrators_were_promised(run, photo) -> None:
    ended = run(photo, "--json", "--limit", "3")
    result = ended.result
    job = SearchJob.objects.get()
    assert list(result) == ["job", "status", "total", "matches"]
    assert (result["job"], result["status"], result["total"], len(result["matches"])) == (job.pk, "done", 50, 3)
    match = result["matches"][0]
    assert list(match) == [
        *("marketplace", "offer_id", "title", "url", "image_url", "price", "currency", "moq", "similarity", "rank"),
        *("supplier", "prices", "tiers", "monthly_sales", "repurchase_rate", "ships_within_hours"),
        *("dropshipping", "patented", "advertised", "photos", "photos_of"),
        *("similarity_ours", "not_compared"),
    ]
    supplier = ["id", "name", "credit", "location", "years", "medal", "score", "identities"]
    assert list(match["supplier"]) == supplier
    row = job.matches.get(offer_id=match["offer_id"])
    assert match["price"] == f"{row.price:.2f}"
    assert (match["similarity"], match["moq"], match["rank"]) == (row.similarity, row.moq, row.rank)
    assert match["supplier"]["id"] == row.supplier_id


def test_what_is_unknown_is_null() -> None:
    job = SearchJobFactory()
    SupplierMatchFactory(job=job, price=None, moq=None, similarity=None, supplier_credit=None)
    (match,) = json_object(job, job.matches.all(), 1)["matches"]
    assert [match[name] for name in ("price", "moq", "similarity")] == [None, None, None]
    assert match["supplier"]["credit"] is None
    assert table(job.matches.all(), None).splitlines()[1].split()[1:4] == ["–", "–", "–"]


def test_json_tells_all_that_an_offer_carries() -> None:
    job = SearchJobFactory()
    SupplierMatchFactory(
        job=job,
        prices={"promotion": "18.00"},
        tiers=[[1, "20.00"], [100, "17.50"]],
        monthly_sales=132,
        dropshipping=False,
        identities=["super-factory"],
    )
    (match,) = json_object(job, job.matches.all(), 1)["matches"]
    assert match["prices"] == {"promotion": "18.00"}
    assert match["tiers"] == [{"quantity": 1, "price": "20.00"}, {"quantity": 100, "price": "17.50"}]
    assert (match["monthly_sales"], match["dropshipping"], match["advertised"]) == (132, False, None)
    assert match["supplier"]["identities"] == ["super-factory"]


def test_nothing_that_fits_is_no_failure(run, photo) -> None:
    ended = run(photo, "--keywords", "no such word")
    assert ended.status == 0
    assert "None of the 50 offers" in ended.out
    assert run(photo, "--price-to", "0.01").out.startswith("No offers were found.")


def test_csv_to_a_file_instead_of_a_table(run, photo, tmp_path) -> None:
    path = tmp_path / "offers.csv"
    ended = run(photo, "--csv", path, "--limit", "3")
    assert (ended.status, ended.out) == (0, "")
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert len(lines) == 1 + 3 + 1
    assert lines[0][:3] == ["source", "marketplace", "offer_id"]
    assert "数据来源：1688" in lines[-1][0]
    assert str(path) in ended.err


def test_csv_to_standard_output(run, photo) -> None:
    ended = run(photo, "--csv", "-", "--limit", "3")
    assert ended.out.startswith("\ufeffsource,")
    assert len(ended.out.splitlines()) == 5


def test_csv_and_json_together(run, photo, tmp_path) -> None:
    ended = run(photo, "--csv", tmp_path / "offers.csv", "--json", "--limit", "2")
    assert len(ended.result["matches"]) == 2
    assert (tmp_path / "offers.csv").exists()


def test_notes_stay_off_standard_output(run, photo, capsys) -> None:
    CredentialFactory(marketplace=OTHER_MARKETPLACE)
    ended = run(photo, "--json")
    assert ended.err
    assert ended.result["total"] == 50
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "width"), [("plate", 5), ("餐盘", 4), ("（盘）", 6), ("ﾌﾟ", 2), ("é", 1), ("e\u0301", 1), ("¥9", 2)]
)
def test_wide_signs_take_two_columns(text, width) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("餐盘批发", 8, "餐盘批发"), ("餐盘批发", 7, "餐盘批…"), ("餐盘批发", 6, "餐盘…"), ("a plate", 3, "a…")],
)
def test_text_is_cut_by_the_columns_it_takes(text, width, shown) -> None:
    assert cut(text, width) == shown
    assert display_width(cut(text, width)) <= width


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_table_fits_its_window_with_columns_below_each_other(columns) -> None:
    job = SearchJobFactory()
    for title in ("大容量防水旅行包女短途行李包健身包运动包", "Duffle bag with a rather long English name, blue", "包"):
        SupplierMatchFactory(job=job, title=title, supplier_name="义乌市拓野户外用品有限公司")
    lines = table(job.matches.all(), columns).splitlines()
    assert all(display_width(line) <= columns for line in lines)
    ends = {display_width(line[: line.index("河北") if "河北" in line else line.index("location")]) for line in lines}
    assert len(ends) == 1


def test_nothing_in_a_title_steers_the_terminal() -> None:
    job = SearchJobFactory()
    SupplierMatchFactory(job=job, title="red \x1b[31m\u202e plate\r\n", supplier_name="a\x07b")
    assert table(job.matches.all(), None).isprintable() is False
    assert all(line.isprintable() for line in table(job.matches.all(), None).splitlines())
    assert len(table(job.matches.all(), None).splitlines()) == 2
