"""What is kept of an upload while it arrives."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import MULTIPART_CONTENT, encode_multipart

from searches.imaging import MAX_BYTES


def received(*sizes: int):
    """The request of a form with files of these sizes, in bytes."""
    files = [SimpleUploadedFile("mug.jpg", b"x" * size, "image/jpeg") for size in sizes]
    return RequestFactory().post("/search/new/", {"image": files, "title": "Blue mug"})


@pytest.mark.parametrize("size", [0, 1, MAX_BYTES, MAX_BYTES + 1])
def test_a_picture_is_kept_whole(size):
    upload = received(size).FILES["image"]
    assert (upload.size, len(upload.read())) == (size, size)


def test_of_a_larger_file_only_its_size_is_learned():
    request = received(MAX_BYTES + 3_000_000)
    upload = request.FILES["image"]
    assert (upload.size, len(upload.read())) == (MAX_BYTES + 3_000_000, MAX_BYTES + 1)
    assert request.POST["title"] == "Blue mug"


def test_a_crowd_of_files_is_refused(alice, signed_in):
    crowd = {f"image{number}": SimpleUploadedFile("mug.jpg", b"x") for number in range(12)}
    body = encode_multipart("frontier", crowd)
    content_type = MULTIPART_CONTENT.replace("BoUnDaRyStRiNg", "frontier")
    assert signed_in(alice).generic("POST", "/search/new/", body, content_type).status_code == 400


def test_fields_that_are_no_file_are_bounded(alice, signed_in):
    response = signed_in(alice).post("/search/new/", {"title": "x" * 3_000_000})
    assert response.status_code == 400
