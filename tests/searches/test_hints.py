"""What is said of a photo before it is searched with, in the form and on the search's page; nothing is ever refused."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter

from searches import actions, hints
from searches.imaging import Box
from searches.models import SearchJob
from tests.factories import CredentialFactory
from tests.searches.pages import photo, upload

pytestmark = pytest.mark.django_db

HINT, NEW = "/search/hint/", "/search/new/"
SMALL, BLURRED = "The product is small in this photo", "This photo is blurred"
USE = "Use the suggested part"


def picture(*, blur: float = 0, share: float = 0.6, at: tuple[float, float] = (0.5, 0.5)) -> bytes:
    """A striped box before a plain wall: `share` of its sides, its middle at `at`."""
    image = Image.new("RGB", (800, 600), (244, 244, 240))
    draw = ImageDraw.Draw(image)
    x, y, reach = at[0] * 800, at[1] * 600, share * 300
    draw.rectangle((x - reach, y - reach, x + reach, y + reach), fill=(60, 90, 160))
    for stripe in range(-3, 4, 2):
        draw.line((x + stripe * reach / 4, y - reach, x + stripe * reach / 4, y + reach), fill=(230, 190, 60), width=6)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=90)
    return out.getvalue()


GOOD = picture()
FAR = picture(share=0.2, at=(0.25, 0.3))


@pytest.fixture
def keep(alice, team):
    def kept(data: bytes, name: str = "box.jpg"):
        return actions.keep_query_image(team=team, user=alice, data=data, name=name)

    return kept


def text_of(response) -> str:
    return response.content.decode()


def edges_in(page: str) -> list[float]:
    return [float(edge) for edge in page.split('data-part="')[1].split('"')[0].split(",")]


def test_of_a_good_photo_there_is_nothing_to_say(alice, keep, signed_in):
    client = signed_in(alice)
    for source in ({"image": upload("box.jpg", GOOD)}, {"kept_image": keep(GOOD).pk}):
        response = client.post(HINT, source)
        assert (response.status_code, response.content) == (204, b"")


def test_a_small_product_is_told_with_the_part_around_it(alice, keep, signed_in):
    client = signed_in(alice)
    for source in ({"image": upload("box.jpg", FAR)}, {"kept_image": keep(FAR).pk}):
        page = text_of(client.post(HINT, source))
        assert SMALL in page and USE in page
        assert edges_in(page) == pytest.approx([0.16, 0.18, 0.34, 0.42], abs=0.03)


def test_of_the_suggested_part_there_is_nothing_to_say(alice, keep, signed_in):
    client, image = signed_in(alice), keep(FAR)
    box = ",".join(map(str, edges_in(text_of(client.post(HINT, {"kept_image": image.pk})))))
    assert client.post(HINT, {"kept_image": image.pk, "box": box}).status_code == 204


def test_a_part_within_a_part_is_told_in_fractions_of_the_photo(alice, signed_in):
    page = text_of(signed_in(alice).post(HINT, {"image": upload("box.jpg", FAR), "box": "0,0,0.8,0.8"}))
    assert edges_in(page) == pytest.approx([0.16, 0.18, 0.34, 0.42], abs=0.03)


def test_a_blurred_photo_is_told_without_a_part(alice, signed_in):
    page = text_of(signed_in(alice).post(HINT, {"image": upload("box.jpg", picture(blur=9))}))
    assert BLURRED in page
    assert USE not in page


def test_hints_speak_the_readers_language(alice, signed_in, monkeypatch):
    monkeypatch.setattr(hints, "_", lambda text: f"译{text}")
    assert f"译{BLURRED}" in text_of(signed_in(alice).post(HINT, {"image": upload("box.jpg", picture(blur=9))}))


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"box": "0,0,2,1"}, 400, "not within the photo"),
        ({"image": upload("notes.jpg", b"words")}, 200, "not a picture we can read"),
        ({"kept_image": "0"}, 404, ""),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_words(asked, status, words, alice, team, signed_in):
    given = {} if asked.keys() & {"image", "kept_image"} else {"image": upload("box.jpg", GOOD)}
    response = signed_in(alice).post(HINT, given | asked)
    assert response.status_code == status
    assert words in text_of(response)


def test_who_may_not_search_gets_no_hint(client, charlie, keep, signed_in):
    image = keep(FAR)
    assert client.post(HINT, {"kept_image": image.pk}).status_code == 401
    assert signed_in(charlie).post(HINT, {"kept_image": image.pk}).status_code in (403, 404)


def test_kept_photos_have_their_hints_in_a_form_that_comes_back(alice, team, signed_in):
    CredentialFactory()
    files = [upload("far.jpg", FAR), upload("good.jpg", GOOD)]
    page = text_of(signed_in(alice).post(NEW, {"image": files, "title": "Box"}))
    assert "Not sent yet" in page
    assert page.count(SMALL) == page.count(USE) == 1


def test_a_part_that_was_chosen_is_what_the_hint_is_on(alice, team, signed_in):
    CredentialFactory()
    page = text_of(signed_in(alice).post(NEW, {"image": [upload("far.jpg", FAR)], "file_crop": ["0.1,0.1,0.4,0.5"]}))
    assert "Not sent yet" in page
    assert SMALL not in page


def started(alice, team, images, **more) -> SearchJob:
    credential = CredentialFactory()
    return actions.start_search(
        user=alice,
        team=team,
        images=images,
        marketplaces=[credential.marketplace],
        title="Box",
        preparation="basic",
        **more,
    )


def test_the_searchs_page_says_it_too_and_offers_the_part(alice, team, keep, signed_in):
    job = started(alice, team, [keep(FAR)])
    client = signed_in(alice)
    page = text_of(client.get(job.get_absolute_url(), follow=True))
    assert SMALL in page and "Search for the suggested part" in page
    box = page.split(SMALL)[1].split('name="box" value="')[1].split('"')[0]
    client.post(f"/searches/{job.pk}/part/", {"image": job.photos[0].pk, "box": box})
    narrowed = SearchJob.objects.latest("pk")
    assert narrowed.crop_of(job.photos[0].pk) == Box(*map(float, box.split(",")))
    assert SMALL not in text_of(client.get(narrowed.get_absolute_url(), follow=True))


def test_of_several_photos_the_page_says_which(alice, team, keep, signed_in):
    job = started(alice, team, [keep(GOOD), keep(picture(blur=9), "other.jpg")])
    page = " ".join(text_of(signed_in(alice).get(job.get_absolute_url(), follow=True)).split())
    assert f"<b>Photo 2</b> {BLURRED}" in page
    assert f"<b>Photo 1</b> {BLURRED}" not in page


def test_of_a_photo_that_is_kept_no_longer_nothing_is_said(keep):
    image = keep(FAR)
    image.file.delete()
    assert hints.hint_on(image) is None


def test_of_a_photo_that_the_storage_lost_nothing_is_said(keep, media_folder):
    image = keep(photo(size=(90, 90)))
    for path in media_folder.rglob("*.*"):
        path.unlink()
    assert hints.hint_on(image) is None
