"""What is kept of an upload while it arrives."""

from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from searches.imaging import MAX_BYTES


def received(size: int):
    """The request of a form with a file of `size` bytes."""
    file = SimpleUploadedFile("mug.jpg", b"x" * size, "image/jpeg")
    return RequestFactory().post("/search/new/", {"image": file, "title": "Blue mug"})


@pytest.mark.parametrize("size", [0, 1, MAX_BYTES, MAX_BYTES + 1])
def test_a_picture_is_kept_whole(size):
    with closing(received(size)) as request:
        upload = request.FILES["image"]
        assert (upload.size, len(upload.read())) == (size, size)


def test_of_a_larger_file_only_its_size_is_learned():
    with closing(received(MAX_BYTES + 3_000_000)) as request:
        upload = request.FILES["image"]
        assert (upload.size, len(upload.read())) == (MAX_BYTES + 3_000_000, MAX_BYTES + 1)
        assert request.POST["title"] == "Blue mug"


def test_more_files_than_a_search_takes_are_told_of_and_very_many_are_not_read(alice, signed_in):
    def status_of(number: int) -> int:
        files = [SimpleUploadedFile("mug.jpg", b"x") for _ in range(number)]
        return signed_in(alice).post("/search/new/", {"image": files}).status_code

    assert (status_of(9), status_of(17)) == (200, 400)


def test_fields_that_are_no_file_are_bounded(alice, signed_in):
    response = signed_in(alice).post("/search/new/", {"title": "x" * 3_000_000})
    assert response.status_code == 400
