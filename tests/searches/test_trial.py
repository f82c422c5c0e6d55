"""What a marketplace would get of a photo, asked for before the search."""

import io

import pytest
from PIL import Image

from searches import actions, prepared
from searches.imaging import BASIC, ENHANCED, MAX_BYTES, PRESETS, Box, prepare
from searches.models import QueryImage, SearchJob
from tests.factories import QueryImageFactory
from tests.searches.pages import photo, upload

TRIAL = "/search/trial/"
HALF = "0.5,0,1,1"
WIDE = photo(size=(360, 200))


@pytest.fixture
def image(alice, team):
    return actions.keep_query_image(team=team, user=alice, data=WIDE, name="wide.png")


def size(response) -> tuple[int, int]:
    return Image.open(io.BytesIO(response.content)).size


def files(folder) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("preparation", ["basic", "enhanced"])
@pytest.mark.parametrize("box", ["", HALF])
def test_it_is_what_the_search_would_send(preparation, box, alice, image, signed_in):
    asked = {"preparation": preparation, "box": box}
    crop = Box(0.5, 0, 1, 1) if box else None
    expected = prepare(WIDE, crop=crop, preset=PRESETS[preparation]).jpeg
    client = signed_in(alice)
    for source in ({"image": upload("wide.png", WIDE)}, {"kept_image": image.pk}):
        response = client.post(TRIAL, asked | source)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert response.content == expected
    assert prepared.jpeg_of(image, {"basic": BASIC, "enhanced": ENHANCED}[preparation], crop) == expected


def test_without_a_preparation_it_is_the_photo_to_look_at(alice, team, signed_in):
    file = io.BytesIO()
    Image.new("RGB", (3000, 1000), "olive").save(file, "TIFF", compression="tiff_deflate")
    response = signed_in(alice).post(TRIAL, {"image": upload("wide.tiff", file.getvalue())})
    assert size(response) == (1280, 427)


def test_nothing_is_kept(alice, image, media_folder, signed_in):
    before = files(media_folder)
    client = signed_in(alice)
    for source in ({"image": upload("red.png", photo("red", (360, 200)))}, {"kept_image": image.pk}):
        response = client.post(TRIAL, source | {"preparation": "enhanced", "box": HALF})
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert files(media_folder) == before
    assert (QueryImage.objects.count(), SearchJob.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"box": "0,0,2,1"}, 400, "not within the photo"),
        ({"box": "x"}, 400, "not within the photo"),
        ({"preparation": "sharper"}, 400, "no such preparation"),
        ({"image": upload("notes.jpg", b"words")}, 422, "not a picture we can read"),
        ({"image": upload("empty.jpg", b"")}, 422, "The file is empty"),
        ({"image": upload("huge.jpg", bytes(MAX_BYTES + 1))}, 422, "larger than 20 MB"),
    ],
    ids=["beyond", "no box", "preparation", "no picture", "empty", "too large"],
)
def test_a_refusal_is_a_sentence(asked, status, words, alice, team, signed_in):
    response = signed_in(alice).post(TRIAL, {"image": upload("wide.png", WIDE), "preparation": "basic"} | asked)
    assert (response.status_code, response["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert words in response.content.decode()


def test_a_kept_photo_whose_file_is_lost_is_a_sentence(alice, image, signed_in):
    image.file.storage.delete(image.file.name)
    response = signed_in(alice).post(TRIAL, {"kept_image": image.pk, "preparation": "basic"})
    assert (response.status_code, response["Content-Type"]) == (503, "text/plain; charset=utf-8")


def test_only_photos_that_one_may_search_with_are_tried(alice, bob, charlie, vera, loner, image, signed_in):
    asked = {"kept_image": image.pk, "preparation": "basic"}
    statuses = {user: signed_in(user).post(TRIAL, asked).status_code for user in (alice, bob, charlie, vera, loner)}
    assert statuses == {alice: 200, bob: 200, charlie: 404, vera: 403, loner: 403}
    anonymous = signed_in(None).post(TRIAL, asked | {"image": upload()})
    assert (anonymous.status_code, anonymous["Content-Type"]) == (401, "text/plain; charset=utf-8")
    assert "signed out" in anonymous.content.decode()


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30])
def test_what_is_no_photo_is_not_found(pk, alice, team, signed_in):
    assert signed_in(alice).post(TRIAL, {"kept_image": pk, "preparation": "basic"}).status_code == 404


def test_a_photo_whose_time_is_over_is_not_found(alice, image, signed_in):
    QueryImage.objects.update(file="")
    assert signed_in(alice).post(TRIAL, {"kept_image": image.pk, "preparation": "basic"}).status_code == 404


def test_it_is_asked_for_by_a_form_only(alice, team, signed_in):
    assert signed_in(alice).get(TRIAL).status_code == 405


# The photo to draw on


def test_the_preview_is_large_enough_to_draw_on(alice, vera, charlie, team, signed_in):
    large = actions.keep_query_image(team=team, user=alice, data=photo(size=(3000, 1500)), name="large.png")
    address = f"/searches/pictures/{large.pk}/preview/"
    assert size(signed_in(vera).get(address)) == (1280, 640)
    assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(alice).get(f"/searches/pictures/{QueryImageFactory(team=team).pk}/preview/").status_code == 404
