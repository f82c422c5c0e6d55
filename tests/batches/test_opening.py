"""Sheets: the columns are confirmed first, then each product is a row, with the picture that belongs to it."""

import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from django.utils import timezone

from batches import actions, feeding, jobs
from batches.models import Batch, BatchFile, BatchRow
from searches.models import SearchJob
from tests.batches.making import confirm, picture, put_in, zip_of
from tests.batches.reading import workbooks
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
State, FileState = BatchRow.State, BatchFile.State

PRODUCTS = "货号,品名,目标价,数量,关键词,图片\nA1,红杯子,3.035,500,陶瓷,1.jpg\nA2,盘子,¥12,60,,2.jpg\n"


def csv_file(batch: Batch, text: str, name: str = "products.csv") -> BatchFile:
    return put_in(batch, name, text.encode())


def told(row: BatchRow) -> tuple[object, ...]:
    return row.code, row.name, row.target_price, row.quantity, row.keywords


def test_a_sheet_waits_until_its_columns_are_confirmed(batch, alice, signed_in) -> None:
    file = csv_file(batch, PRODUCTS)
    assert (file.state, batch.rows.count()) == (FileState.MAPPING, 0)
    page = signed_in(alice).get(f"/batches/{batch.pk}/")
    assert "One product a row, 2 rows. Which column says what?" in text_of(page)
    assert "红杯子" in text_of(page)
    for field, column in (("code", 0), ("name", 1), ("target_price", 2), ("quantity", 3), ("picture", 5)):
        choice = page.content.decode().partition(f'<select name="{field}">')[2].partition("</select>")[0]
        assert choice.partition('value="')[2]
        assert f'value="{column}" selected' in choice


def test_the_columns_are_taken_as_they_were_guessed(batch, alice, signed_in) -> None:
    put_in(batch, "photos.zip", zip_of([("1.jpg", picture(1)), ("2.jpg", picture(2))]))
    file = csv_file(batch, PRODUCTS)
    guessed = {name: str(column) for name, column in file.mapping["columns"].items()}
    signed_in(alice).post(f"/batches/{batch.pk}/files/{file.pk}/confirm/", guessed)
    jobs.read_file(file.pk)
    file.refresh_from_db()
    first, second = batch.rows.all()
    assert told(first) == ("A1", "红杯子", Decimal("3.0350"), 500, "陶瓷")
    assert told(second) == ("A2", "盘子", Decimal(12), 60, "")
    assert (first.state, first.source_name, file.state) == (State.READY, "1.jpg", FileState.READ)


def test_the_columns_are_taken_as_they_were_changed(batch, alice, signed_in) -> None:
    put_in(batch, "1.jpg", picture(1))
    file = csv_file(batch, "货号,品名,图片\n红杯子,A1,1.jpg\n")
    chosen = {"code": "1", "name": "0", "picture": "2", "quantity": "", "keywords": "x"}
    signed_in(alice).post(f"/batches/{batch.pk}/files/{file.pk}/confirm/", chosen)
    jobs.read_file(file.pk)
    assert told(batch.rows.get())[:2] == ("A1", "红杯子")


def test_one_column_cannot_be_two_fields(batch, alice, signed_in) -> None:
    file = csv_file(batch, PRODUCTS)
    address = f"/batches/{batch.pk}/files/{file.pk}/confirm/"
    page = signed_in(alice).post(address, {"code": "0", "name": "0"}, follow=True)
    assert "Two fields name the same column" in text_of(page)
    file.refresh_from_db()
    assert file.state == FileState.MAPPING


def test_a_sheet_is_confirmed_once(batch, alice, signed_in) -> None:
    file = csv_file(batch, PRODUCTS)
    address = f"/batches/{batch.pk}/files/{file.pk}/confirm/"
    assert signed_in(alice).post(address, {"code": "0"}).status_code == 302
    assert signed_in(alice).post(address, {"code": "1"}).status_code == 404


def test_pictures_that_no_row_names_stay_rows_of_their_own(batch) -> None:
    put_in(batch, "photos.zip", zip_of((f"{number}.jpg", picture(number)) for number in (1, 2, 3)))
    confirm(csv_file(batch, PRODUCTS))
    assert list(batch.rows.values_list("source_name", "code")) == [("1.jpg", "A1"), ("2.jpg", "A2"), ("3.jpg", "")]


def test_a_row_whose_file_comes_later_gets_it(batch) -> None:
    confirm(csv_file(batch, PRODUCTS))
    assert list(batch.rows.values_list("state", "error_code")) == [(State.REFUSED, "file-missing")] * 2
    put_in(batch, "photos.zip", zip_of([("spring/2.JPG", picture(2))]))
    first, second = batch.rows.all()
    assert (first.state, second.state) == (State.REFUSED, State.READY)
    assert told(second)[:4] == ("A2", "盘子", Decimal(12), 60)


def test_a_row_without_a_file_takes_one_that_comes_later_and_is_called_like_its_code(batch) -> None:
    confirm(csv_file(batch, "货号,品名\nA1,红杯子\n"))
    put_in(batch, "a1.jpg", picture(1))
    assert (batch.rows.get().state, batch.rows.get().name) == (State.READY, "红杯子")


def test_a_name_that_two_pictures_have_is_said_to_be_unclear(batch) -> None:
    both = [("red/1.jpg", picture(1)), ("blue/1.jpg", picture(2))]
    put_in(batch, "photos.zip", zip_of(both))
    confirm(csv_file(batch, "货号,图片\nA1,1.jpg\nA2,blue/1.jpg\n"))
    assert list(batch.rows.values_list("code", "state", "error_code")) == [
        ("", State.READY, ""),
        ("A2", State.READY, ""),
        ("A1", State.REFUSED, "file-ambiguous"),
    ]


def test_two_products_may_share_a_picture(batch) -> None:
    put_in(batch, "1.jpg", picture(1))
    confirm(csv_file(batch, "货号,图片\nA1,1.jpg\nA2,1.jpg\n"))
    first, second = batch.rows.all()
    assert (first.code, second.code) == ("A1", "A2")
    assert (second.state, second.duplicate_of) == (State.DUPLICATE, first)


def test_what_cannot_be_used_of_a_row_is_said_beside_it(batch, alice, signed_in) -> None:
    put_in(batch, "1.jpg", picture(1))
    confirm(csv_file(batch, "货号,图片,目标价,数量\nA1,1.jpg,面议,many\n"))
    row = batch.rows.get()
    assert (row.state, row.target_price, row.quantity) == (State.READY, None, None)
    assert "so it was left out" in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))


def test_pictures_in_the_cells_of_a_workbook_are_its_rows(batch) -> None:
    def fill(_book, sheet) -> None:
        sheet.write_row(0, 0, ("图片", "货号", "数量"))
        for line, seed in enumerate((1, 2), 1):
            sheet.write_row(line, 1, (f"A{seed}", seed * 100))
            sheet.insert_image(line, 0, f"{seed}.jpg", {"image_data": BytesIO(picture(seed)), "x_scale": 0.1})

    confirm(put_in(batch, "products.xlsx", workbooks.written(fill).getvalue()))
    found = list(batch.rows.values_list("code", "quantity", "state", "source_name"))
    assert found == [("A1", 100, State.READY, "products.xlsx 2"), ("A2", 200, State.READY, "products.xlsx 3")]


def test_a_workbook_is_told_by_its_name_and_refused_with_its_reason(batch, alice, signed_in) -> None:
    file = put_in(batch, "products.xlsx", b"PK\x03\x04 no workbook")
    assert file.state == FileState.REFUSED
    assert file.error_message in text_of(signed_in(alice).get(f"/batches/{batch.pk}/"))


def test_a_long_sheet_is_read_in_turns_each_row_once(batch, monkeypatch) -> None:
    lines = "".join(f"A{number},{number}.jpg\n" for number in range(6))
    file = csv_file(batch, f"货号,图片\n{lines}")
    monkeypatch.setattr(jobs, "SECONDS_A_TURN", -1)
    for turn in range(1, 7):
        confirm(file) if turn == 1 else jobs.read_file(file.pk)
        assert batch.rows.count() == turn
    monkeypatch.setattr(jobs, "SECONDS_A_TURN", 60)
    jobs.read_file(file.pk)
    assert [row.code for row in batch.rows.all()] == [f"A{number}" for number in range(6)]


def test_a_started_batch_waits_for_a_sheet_that_is_not_confirmed(batch) -> None:
    put_in(batch, "1.jpg", picture(1))
    file = csv_file(batch, PRODUCTS)
    actions.start_batch(batch=batch)
    feeding.feed()
    SearchJob.objects.update(status=SearchJob.Status.DONE)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Batch.Status.RUNNING
    confirm(file)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Batch.Status.DONE


# Addresses in a sheet


class Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(picture(int(self.path[1])))

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def host(settings) -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{made.server_port}"]
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_addresses_in_a_sheet_become_rows_that_are_fetched(batch, host) -> None:
    confirm(csv_file(batch, f"code,image url\nA1,{host}/1.jpg\nA2,{host}/2.jpg\nA3,no address\n"))
    assert list(batch.rows.values_list("state", flat=True)) == [State.FETCHING, State.FETCHING, State.REFUSED]
    for row in BatchRow.objects.to_fetch(timezone.now()):
        jobs.fetch_row(row.pk)
    assert list(batch.rows.values_list("code", "state", "error_code")) == [
        ("A1", State.READY, ""),
        ("A2", State.READY, ""),
        ("A3", State.REFUSED, "bad-url"),
    ]


def test_a_long_address_is_kept_whole(batch) -> None:
    address = "https://example.com/" + "a" * 1900 + ".jpg"
    confirm(csv_file(batch, f"code,image url\nA1,{address}\n"))
    assert batch.rows.get().source_url == address
