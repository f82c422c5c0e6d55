"""`manage.py imagebatch`: alice at a shell, with the sandbox as her marketplace, and nobody else working."""

import csv

import openpyxl
import pytest

from batches.models import Batch
from procurement.progressbar import ProgressBar
from searches.models import SearchJob
from tests.batches.commandline import photo, states
from tests.batches.making import zip_of

pytestmark = pytest.mark.django_db


def test_a_folder_is_searched_and_written_without_any_worker(run, folder, tmp_path) -> None:
    ended = run(folder, "--xlsx", tmp_path / "a.xlsx", "--csv", tmp_path / "a.csv")
    assert ended.status == 0, ended.err
    batch = Batch.objects.get()
    assert (batch.title, batch.status, batch.owner.username) == ("spring range", Batch.Status.DONE, "alice")
    names = list(batch.rows.values_list("source_name", flat=True))
    assert names == ["spring range/a.jpg", "spring range/b.jpg", "spring range/cups/c.jpg"]
    assert states(batch) == ["done"] * 3
    assert "3 products. Searched: 3, repeated pictures: 0, refused: 0, failed: 0." in ended.out
    assert "1 other files in the folders are passed over" in ended.err
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book.worksheets[0]["A"][1:]][:1] == [1]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {line["row"] for line in csv.DictReader(file)} >= {"1", "2", "3"}
    # Nothing is left beside the results.
    assert {path.name for path in tmp_path.iterdir()} >= {"a.xlsx", "a.csv"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".imagebatch")]


def test_a_zip_and_a_sheet_make_products_together(run, tmp_path, sandbox) -> None:
    (tmp_path / "photos.zip").write_bytes(zip_of((f"{at}.jpg", photo(sandbox, at)) for at in range(3)))
    (tmp_path / "list.csv").write_text("货号,数量,图片\nA1,500,0.jpg\nA2,20,1.jpg\n", encoding="utf-8")
    # Whatever the order: the sheet is read when the pictures are there.
    ended = run(tmp_path / "list.csv", tmp_path / "photos.zip", "--title", "May")
    assert ended.status == 0, ended.err
    assert "list.csv is read as code: 货号; quantity: 数量; picture: 图片." in ended.err
    batch = Batch.objects.get(title="May")
    assert list(batch.rows.values_list("code", "quantity")) == [("A1", 500), ("A2", 20), ("", None)]


def test_the_question_is_that_of_the_options(run, folder) -> None:
    run(folder, "--wanted", 100, "--price-from", "5.5", "--wholesale", "--order", "price", "--preset", "enhanced")
    job = SearchJob.objects.first()
    assert (job.wanted, str(job.price_from), job.wholesale_only) == (100, "5.50", True)
    assert (job.order, job.preparation, job.urgency) == ("price", "enhanced", SearchJob.Urgency.BATCH)


def test_progress_is_told_in_lines_where_there_is_no_terminal(run, folder) -> None:
    err = run(folder).err
    assert "files 3/3\n" in err
    assert "searched 3/3" in err
    assert "\r" not in err
    assert run(folder, "--verbosity", 0).err == ""


def test_in_a_terminal_a_bar_moves() -> None:
    written: list[str] = []
    bar = ProgressBar(written.append, moves=True, quiet=False)
    bar.show("searched", 1, 4, "3 failed")
    bar.show("searched", 3, 4)
    bar.line("a word")
    bar.clear()
    text = "".join(written)
    assert "\r[######------------------]  25 % searched 1/4 · 3 failed" in text
    assert "\r[##################------]  75 % searched 3/4" in text
    # The word has a line of its own, and the bar stands below it again.
    assert "a word\n\r[####" in text
    # A shorter line leaves nothing of the longer one.
    shown = [line for line in text.split("\r") if line.startswith("[")]
    assert len(shown[1]) >= len(shown[0])
    assert text.endswith("\r")
