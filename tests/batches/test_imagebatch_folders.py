"""`manage.py imagebatch --folders`: each folder of photos is one product."""

import pytest

from batches.models import Batch
from tests.batches.commandline import photo

pytestmark = pytest.mark.django_db


def test_each_folder_is_one_product_and_a_refused_photo_is_told(run, sandbox, tmp_path) -> None:
    for name, data in {
        "mugs/front.jpg": photo(sandbox, 0),
        "mugs/back.jpg": photo(sandbox, 1),
        "mugs/bad.jpg": b"no picture",
        "boxes/1.jpg": photo(sandbox, 2),
    }.items():
        path = tmp_path / "range" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    ended = run("--folders", tmp_path / "range")
    assert (ended.status, ended.out) == (
        3,
        f"Batch {Batch.objects.get().pk}: 2 products. Searched: 2, repeated pictures: 0, refused: 1, failed: 0.\n",
    )
    assert "2 mugs: Photo 2 (bad.jpg): The file is not a picture" in ended.err
    assert [len(row.job.photos) for row in Batch.objects.get().rows.all()] == [1, 2]


def test_photos_that_do_not_lie_in_folders_of_products_are_not_searched_for(run, sandbox, tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(photo(sandbox, 0))
    ended = run("--folders", tmp_path / "a.jpg")
    assert (ended.status, Batch.objects.get().status) == (3, Batch.Status.COLLECTING)
    assert "do not lie in folders of products" in ended.err
