"""Query images as the team sees them."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from searches.actions import keep_query_image
from tests.factories import QueryImageFactory
from tests.searches.pages import photo


def tall_tiff() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 900), "olive").save(file, "TIFF")
    return file.getvalue()


@pytest.fixture
def tiff(alice, team):
    return keep_query_image(team=team, user=alice, data=tall_tiff(), name='tall "jar"\r\n.html')


def test_the_original_comes_back_as_it_was(alice, tiff, signed_in):
    response = signed_in(alice).get(f"/searches/pictures/{tiff.pk}/")
    assert b"".join(response.streaming_content) == tall_tiff()
    assert response["Content-Type"] == "image/tiff"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    disposition = response["Content-Disposition"]
    assert disposition.startswith("inline")
    assert ".html" not in disposition
    assert "\n" not in disposition


def test_pages_show_a_small_jpeg_whatever_the_original(alice, tiff, signed_in):
    response = signed_in(alice).get(f"/searches/pictures/{tiff.pk}/thumb/")
    assert response["Content-Type"] == "image/jpeg"
    assert "private" in response["Cache-Control"]
    picture = Image.open(io.BytesIO(response.content))
    assert picture.format == "JPEG"
    assert max(picture.size) <= 256
    assert picture.size[1] == 3 * picture.size[0] or abs(picture.size[1] - 3 * picture.size[0]) <= 3


def test_the_small_one_is_made_once(alice, team, signed_in):
    image = keep_query_image(team=team, user=alice, data=photo(), name="mug.png")
    address = f"/searches/pictures/{image.pk}/thumb/"
    first = signed_in(alice).get(address).content
    image.file.delete(save=False)
    assert signed_in(alice).get(address).content == first


def test_a_file_that_is_gone_is_not_found(alice, team, signed_in):
    image = keep_query_image(team=team, user=alice, data=photo(), name="mug.png")
    default_storage.delete(image.file.name)
    for address in (f"/searches/pictures/{image.pk}/", f"/searches/pictures/{image.pk}/thumb/"):
        assert signed_in(alice).get(address).status_code == 404


def test_a_picture_that_cannot_be_decoded_is_not_found(alice, team, signed_in):
    """Its file was damaged on the disk: on arrival it would have been refused."""
    image = QueryImageFactory(team=team, uploaded_by=alice)
    assert signed_in(alice).get(f"/searches/pictures/{image.pk}/thumb/").status_code == 404
