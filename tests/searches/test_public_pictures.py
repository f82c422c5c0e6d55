"""Prepared pictures at addresses for marketplaces that fetch them: these pictures, for some days, and nothing else."""

import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from searches import publicpictures
from searches.actions import keep_query_image
from searches.marketplaces import MARKETPLACES
from searches.models import SearchCall
from searches.question import sent_picture
from tests.factories import SearchCallFactory, SearchJobFactory

FETCHES = "tmapi"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def halves() -> bytes:
    """Red at the left, blue at the right."""
    picture = Image.new("RGB", (400, 200), "red")
    picture.paste("blue", (200, 0, 400, 200))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture(autouse=True)
def at_noon(settings, monkeypatch):
    settings.PUBLIC_URL = "https://portal.example/"
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def call(team, alice):
    """`call(**question)`: a call to a marketplace that fetches pictures by address."""
    image = keep_query_image(team=team, user=alice, data=halves(), name="halves.png")

    def make(marketplace: str = FETCHES, variant: str = "", crop: list[float] | None = None, **question) -> SearchCall:
        crops = {str(image.pk): crop} if crop else {}
        job = SearchJobFactory(team=team, owner=alice, image=image, crops=crops, **question)
        return SearchCallFactory(job=job, image=image, marketplace=marketplace, variant=variant)

    return make


def path_of(call: SearchCall) -> str:
    address = urlsplit(publicpictures.public_address(call))
    assert (address.scheme, address.netloc, address.query) == ("https", "portal.example", "")
    return address.path


def signed(*named: object) -> str:
    return f"/pictures/{signing.Signer(salt=publicpictures.SALT).sign_object(list(named))}.jpg"


@pytest.mark.parametrize(
    "question",
    [{}, {"preparation": "enhanced"}, {"crop": [0.5, 0, 1, 1]}, {"variant": "smaller"}, {"variant": "reencoded"}],
)
def test_a_stranger_gets_just_what_would_have_been_sent(question, call, client):
    asked = call(**question)
    response = client.get(path_of(asked))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content == sent_picture(asked, MARKETPLACES[FETCHES])


def test_a_part_is_the_part(call, client):
    picture = Image.open(io.BytesIO(client.get(path_of(call(crop=[0.5, 0, 1, 1]))).content))
    assert picture.size == (200, 200)
    red, _green, blue = picture.getpixel((3, 100))
    assert blue > 200 > 50 > red


def test_it_is_in_no_search_engine_and_sets_no_cookie(call, client):
    response = client.get(path_of(call()))
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert client.head(path_of(call())).status_code == 200
    assert client.post(path_of(call())).status_code == 405


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (timedelta(days=1), 200),
        (timedelta(days=2), 200),
        (timedelta(days=2, hours=19, minutes=59), 200),
        (timedelta(days=2, hours=20), 404),
        (timedelta(days=400), 404),
    ],
)
def test_its_days_are_counted(later, status, call, client, monkeypatch):
    """Through the second day after, by the world's clock: 04:00 of the first is 20 hours before the end of that day."""
    path = path_of(call())
    monkeypatch.setattr(timezone, "now", lambda: NOW + later)
    assert client.get(path).status_code == status


def test_all_calls_of_a_day_name_one_address(call, monkeypatch):
    """So that a marketplace that keeps what it fetched fetches it once."""
    first = path_of(call())
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=19))
    assert path_of(call()) == first
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=20))
    assert path_of(call()) != first


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_changed_address_leads_nowhere(place, call, client):
    token = path_of(call()).removeprefix("/pictures/").removesuffix(".jpg")
    letters = list(token)
    letters[place] = "A" if letters[place] != "A" else "B"
    assert client.get(f"/pictures/{''.join(letters)}.jpg").status_code == 404


def test_only_our_signature_for_this_purpose_counts(call, client):
    asked = call()
    last_day = int(NOW.timestamp()) // publicpictures.SECONDS_A_DAY + 1
    named = [asked.image_id, "basic", "", FETCHES, None, last_day]
    assert client.get(signed(*named)).status_code == 200
    for signer in (signing.Signer(salt="another"), signing.Signer(key="x" * 50, salt=publicpictures.SALT)):
        assert client.get(f"/pictures/{signer.sign_object(named)}.jpg").status_code == 404
    for token in ("x", "a:b", ":", str(asked.image_id), "../../../etc/passwd"):
        assert client.get(f"/pictures/{token}.jpg").status_code == 404


def test_what_is_gone_is_not_found(call, client):
    asked = call()
    last_day = int(NOW.timestamp()) // publicpictures.SECONDS_A_DAY + 1
    assert client.get(signed(999_999, "basic", "", FETCHES, None, last_day)).status_code == 404
    assert client.get(signed(asked.image_id, "basic", "", "retired", None, last_day)).status_code == 404
    path = path_of(call(variant="smaller"))
    default_storage.delete(asked.image.file.name)
    assert client.get(path).status_code == 404, "it was not prepared yet, and the photo's file is lost"


def test_it_opens_no_other_door(call, client):
    asked = call()
    assert client.get(path_of(asked)).status_code == 200
    for address in (
        f"/searches/pictures/{asked.image_id}/",
        f"/searches/pictures/{asked.image_id}/thumb/",
        f"/searches/{asked.job_id}/",
        asked.image.file.url,
    ):
        response = client.get(address)
        assert response.status_code in (302, 404), address
        assert response.status_code == 404 or response["Location"].startswith("/accounts/sign-in/"), address


def test_the_address_tells_neither_the_photos_name_nor_whose_it_is(call):
    path = path_of(call(title="Secret mug"))
    for told in ("halves", "Secret", "alice"):
        assert told not in path
        assert told not in str(signing.Signer(salt=publicpictures.SALT).unsign_object(path[10:-4]))
