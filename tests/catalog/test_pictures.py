"""Items' pictures: made small, kept once, shown to their team only, and gone with their rows."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from accounts.models import Team
from catalog.actions import MOST_PICTURES
from catalog.models import ItemPicture
from catalog.pictures import keep_picture
from searches.imaging import ImageRejected
from searches.storages import walk
from tests.factories import ItemFactory, ItemPictureFactory
from tests.searches.kept import age_files
from tests.searches.pages import photo, text_of, upload

pytestmark = pytest.mark.django_db(transaction=True)


def size_of(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        return picture.size


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def files() -> list[str]:
    return [file.name for file in walk("catalog/")]


def test_a_picture_is_kept_small_and_once(bag):
    large = photo(size=(2400, 1600))
    picture = keep_picture(item=bag, data=large)
    assert (picture.width, picture.height, picture.team) == (800, 533, bag.team)
    assert keep_picture(item=bag, data=large) == picture
    with picture.file.open() as file:
        kept = file.read()
    # As an export of ours brings it back.
    assert keep_picture(item=bag, data=kept) == picture
    assert bag.pictures.count() == 1 and len(files()) == 1
    assert keep_picture(item=bag, data=photo("red")).place == 1
    assert keep_picture(item=ItemFactory(team=bag.team), data=large) != picture


def test_a_place_can_be_given(bag):
    first, second = (keep_picture(item=bag, data=photo(colour)) for colour in ("teal", "red"))
    keep_picture(item=bag, data=photo("red"), place=0)
    keep_picture(item=bag, data=photo("teal"), place=1)
    assert list(bag.pictures.all()) == [second, first]


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"0" * 50])
def test_what_is_no_picture_is_refused_and_leaves_nothing(bag, data):
    with pytest.raises(ImageRejected):
        keep_picture(item=bag, data=data)
    assert not bag.pictures.exists() and not files()


def test_pictures_are_shown_to_the_team_only(alice, vera, charlie, loner, bag, signed_in):
    picture = keep_picture(item=bag, data=photo(size=(2000, 1000)))
    address = f"/catalog/pictures/{picture.pk}"
    for member in (alice, vera):
        client = signed_in(member)
        whole, small = client.get(f"{address}.jpg"), client.get(f"{address}/small.jpg")
        assert size_of(body(whole)) == (800, 400) and size_of(body(small)) == (160, 80)
        for response in (whole, small):
            assert response["Content-Type"] == "image/jpeg" and "immutable" in response["Cache-Control"]
            assert "private" in response["Cache-Control"]
    for stranger in (charlie, loner):
        for way in (".jpg", "/small.jpg"):
            assert signed_in(stranger).get(address + way).status_code == 404
    assert signed_in(None).get(f"{address}.jpg").status_code == 302


def test_a_file_that_is_gone_is_not_found(alice, bag, signed_in):
    picture = keep_picture(item=bag, data=photo())
    default_storage.delete(picture.file.name)
    for way in (".jpg", "/small.jpg"):
        assert signed_in(alice).get(f"/catalog/pictures/{picture.pk}{way}").status_code == 404


def test_several_are_added_one_is_put_first_and_one_removed(alice, bag, signed_in):
    client = signed_in(alice)
    uploads = [upload("a.png", photo("teal")), upload("b.png", photo("red")), upload("c.png", b"none")]
    response = client.post(f"/catalog/{bag.pk}/pictures/", {"pictures": uploads}, follow=True)
    assert "A picture is not kept" in text_of(response) and "The pictures are kept" in text_of(response)
    first, second = bag.pictures.all()
    client.post(f"/catalog/pictures/{second.pk}/first/")
    assert list(bag.pictures.all()) == [second, first]
    name = second.file.name
    client.post(f"/catalog/pictures/{second.pk}/remove/")
    assert list(bag.pictures.all()) == [first] and not default_storage.exists(name)


def test_nothing_chosen_and_too_many_are_said(alice, bag, signed_in):
    client = signed_in(alice)
    assert "Choose a picture first" in text_of(client.post(f"/catalog/{bag.pk}/pictures/", follow=True))
    for number in range(MOST_PICTURES):
        ItemPictureFactory(item=bag, place=number)
    response = client.post(f"/catalog/{bag.pk}/pictures/", {"pictures": upload()}, follow=True)
    assert f"at most {MOST_PICTURES} pictures" in text_of(response)
    assert bag.pictures.count() == MOST_PICTURES


@pytest.mark.parametrize("gone", ["item", "team"])
def test_files_go_with_their_rows(alice, bag, gone, signed_in):
    keep_picture(item=bag, data=photo())
    if gone == "item":
        signed_in(alice).post(f"/catalog/{bag.pk}/delete/")
    else:
        Team.objects.get(pk=bag.team_id).delete()
    assert not ItemPicture.objects.exists() and not files()


def test_files_without_a_row_are_found_and_others_stay(bag, media_folder):
    kept = keep_picture(item=bag, data=photo()).file.name
    orphan = default_storage.save("catalog/00/left.jpg", io.BytesIO(photo()))
    age_files(media_folder, days=2)
    call_command("removeorphans")
    assert default_storage.exists(kept) and not default_storage.exists(orphan)
