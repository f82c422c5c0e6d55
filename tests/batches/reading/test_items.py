"""Rows find their pictures among the files; files without a row are items of their own."""

from decimal import Decimal

import pytest

from batches.reading import (
    EmbeddedPicture,
    FilePicture,
    Item,
    Problem,
    ProblemCode,
    ProductRow,
    UrlPicture,
    join_items,
)

EMBEDDED = EmbeddedPicture("xl/media/1.png", 0)


def found(wanted: str, *names: str) -> list[str]:
    """The files that a row takes."""
    item = join_items(names, [ProductRow(2, file_name=wanted)])[0]
    return [picture.name for picture in item.pictures if isinstance(picture, FilePicture)]


def codes(item: Item) -> list[ProblemCode]:
    return [problem.code for problem in item.problems]


def test_files_alone_are_items_called_by_their_names() -> None:
    first, second = join_items(["red/cup 1.JPG", "notes.v2"])
    assert first == Item(None, "", "cup 1", None, None, "", (FilePicture(0, "red/cup 1.JPG"),), ())
    assert (second.name, second.pictures) == ("notes.v2", (FilePicture(1, "notes.v2"),))


def test_a_row_brings_its_values_and_leaves_the_other_files() -> None:
    row = ProductRow(7, "A1", "cup", Decimal("1.5"), 3, "mug", file_name="2.jpg")
    items = join_items(["1.jpg", "2.jpg", "3.jpg"], [row])
    assert items[0] == Item(7, "A1", "cup", Decimal("1.5"), 3, "mug", (FilePicture(1, "2.jpg"),), ())
    assert [(item.row, item.name) for item in items[1:]] == [(None, "1"), (None, "3")]


@pytest.mark.parametrize(
    ("wanted", "names", "match"),
    [
        ("a.jpg", ("A.jpg", "a.jpg", "x/a.jpg"), "a.jpg"),
        ("a.jpg", ("x/a.jpg", "A.JPG"), "A.JPG"),
        ("a.jpg", ("x/a.jpg", "b.jpg"), "x/a.jpg"),
        ("A.JPG", ("x/y/a.jpg",), "x/y/a.jpg"),
        ("photos/a.jpg", ("a.jpg",), "a.jpg"),
        ("C:\\photos\\a.jpg", ("a.jpg",), "a.jpg"),
        ("./a.jpg", ("a.jpg",), "a.jpg"),
        ("red/1.jpg", ("photos/red/1.jpg", "photos/blue/1.jpg"), "photos/red/1.jpg"),
        ("red\\1.jpg", ("photos/red/1.jpg", "photos/blue/1.jpg"), "photos/red/1.jpg"),
        ("a", ("a.png",), "a.png"),
        ("a.jpg", ("a.png",), "a.png"),
        ("SKU1.5", ("SKU1.5.jpg", "SKU1.jpg"), "SKU1.5.jpg"),
        ("cafe\u0301.jpg", ("café.jpg",), "café.jpg"),
        ("Ａ１.jpg", ("a1.jpg",), "a1.jpg"),
        ("a, b.jpg", ("a, b.jpg",), "a, b.jpg"),
    ],
)
def test_names_are_matched_as_exactly_as_possible(wanted: str, names: tuple[str, ...], match: str) -> None:
    assert found(wanted, *names) == [match]


@pytest.mark.parametrize("cell", ["1.jpg, 2.jpg", "1.jpg\n2.jpg", "1.jpg;2.jpg;", "1.jpg、2.jpg", "1.jpg|2|1.jpg"])
def test_several_names_in_a_cell(cell: str) -> None:
    assert found(cell, "2.jpg", "1.jpg", "3.jpg") == ["1.jpg", "2.jpg"]


def test_a_missing_file_is_told_and_the_others_are_used() -> None:
    item = join_items(["1.jpg"], [ProductRow(2, file_name="1.jpg, gone.jpg")])[0]
    assert item.pictures == (FilePicture(0, "1.jpg"),)
    assert item.problems == (Problem(ProblemCode.FILE_MISSING, "gone.jpg"),)


def test_a_name_that_means_several_files_takes_none() -> None:
    items = join_items(["red/1.jpg", "blue/1.jpg"], [ProductRow(2, file_name="1.jpg")])
    assert (items[0].pictures, codes(items[0])) == ((), [ProblemCode.FILE_AMBIGUOUS])
    assert [item.row for item in items] == [2, None, None]


def test_the_same_name_twice_is_two_files() -> None:
    items = join_items(["1.jpg", "1.jpg"])
    assert [item.pictures for item in items] == [(FilePicture(0, "1.jpg"),), (FilePicture(1, "1.jpg"),)]


def test_files_win_over_pictures_in_the_sheet_and_these_over_addresses() -> None:
    url = "https://a.example/1.jpg"
    rows = [
        ProductRow(2, file_name="1.jpg", pictures=(EMBEDDED,), urls=(url,)),
        ProductRow(3, file_name="gone.jpg", pictures=(EMBEDDED,), urls=(url,)),
        ProductRow(4, file_name="gone.jpg", urls=(url,)),
    ]
    first, second, third = join_items(["1.jpg"], rows)
    assert (first.pictures, codes(first)) == ((FilePicture(0, "1.jpg"),), [])
    assert (second.pictures, codes(second)) == ((EMBEDDED,), [ProblemCode.FILE_MISSING])
    assert (third.pictures, codes(third)) == ((UrlPicture(url),), [ProblemCode.FILE_MISSING])


def test_a_file_called_like_the_code_belongs_to_the_row() -> None:
    nothing = (Problem(ProblemCode.NO_PICTURE),)
    rows = [ProductRow(2, code="A-102", problems=nothing), ProductRow(3, code="B", problems=nothing)]
    first, second = join_items(["photos/a-102.jpeg"], rows)
    assert (first.pictures, first.problems) == ((FilePicture(0, "photos/a-102.jpeg"),), ())
    assert (second.pictures, second.problems) == ((), nothing)


def test_a_cell_of_commas_names_no_file() -> None:
    (item,) = join_items([], [ProductRow(2, file_name=" ,;")])
    assert (item.pictures, codes(item)) == ((), [ProblemCode.NO_PICTURE])


def test_two_rows_may_share_a_file() -> None:
    items = join_items(["1.jpg"], [ProductRow(2, file_name="1.jpg"), ProductRow(3, file_name="1")])
    assert [item.pictures for item in items] == [(FilePicture(0, "1.jpg"),)] * 2


def test_no_more_than_8_pictures() -> None:
    pictures = tuple(EmbeddedPicture(str(at), 0) for at in range(9))
    (item,) = join_items([], [ProductRow(2, pictures=pictures)])
    assert (item.pictures, codes(item)) == (pictures[:8], [ProblemCode.TOO_MANY_PICTURES])
    (eight,) = join_items([], [ProductRow(2, pictures=pictures[:8])])
    assert codes(eight) == []
