"""A new search: the form, and what becomes of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from searches import intake
from searches.fetching import FetchRefused
from searches.imaging import MAX_BYTES
from searches.models import QueryImage, SearchJob
from searches.rows import marketplace_label
from tests.factories import (
    OTHER_MARKETPLACE,
    CredentialFactory,
    MembershipFactory,
    QueryImageFactory,
)
from tests.searches.pages import bytes_of, hidden, kept, photo, text_of, upload

NEW = "/search/new/"


@pytest.fixture
def credential(db):
    return CredentialFactory(name="1688 Outdoor")


@pytest.fixture
def asked(credential):
    """The form as a careful buyer sends it, but for the photo."""
    return {
        "title": "Blue mug",
        "price_from": "10",
        "price_to": "99.50",
        "wholesale_only": "on",
        "order": "price",
        "wanted": "200",
        "keywords": "马克杯 陶瓷",
        "preparation": "enhanced",
        "marketplaces": [credential.marketplace],
        "rights": "on",
    }


@pytest.fixture
def pictures(monkeypatch):
    """Pictures by address, without a network: `pictures["https://…"] = bytes or exception`."""
    known: dict[str, bytes | Exception] = {}
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        answer = known[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(intake, "fetch_picture", fetch)
    known_and_fetched = known
    return known_and_fetched, fetched


def test_a_photo_and_a_question_become_a_search(alice, team, credential, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": upload()})
    job = SearchJob.objects.get()
    assert response.url == job.get_absolute_url()
    assert (job.team, job.owner, job.title) == (team, alice, "Blue mug")
    assert (job.price_from, str(job.price_to), job.wholesale_only) == (10, "99.50", True)
    assert (job.order, job.wanted, job.keywords, job.preparation) == ("price", 200, "马克杯 陶瓷", "enhanced")
    assert job.rights_confirmed_at is not None
    assert bytes_of(job.images.get()) == photo()
    assert [call.marketplace for call in job.calls.all()] == [credential.marketplace]


def test_without_a_title_the_file_names_it(alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"image": upload("blue_mug-front.PNG"), "title": ""})
    assert SearchJob.objects.get().title == "blue mug front"


def test_a_known_photo_under_a_new_name_goes_by_the_new_one(alice, asked, signed_in):
    browser = signed_in(alice)
    for name in ("summer.png", "winter-mug.png"):
        browser.post(NEW, asked | {"title": "", "image": upload(name)})
    assert [job.title for job in SearchJob.objects.order_by("pk")] == ["summer", "winter mug"]


def test_the_words_of_the_question_are_the_first_filter(alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": upload()}, follow=True)
    assert response.redirect_chain[-1][0] == SearchJob.objects.get().get_absolute_url() + (
        "?title_any=%E9%A9%AC%E5%85%8B%E6%9D%AF+%E9%99%B6%E7%93%B7"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price_from": "100", "price_to": "10"}, "The highest price is below the lowest."),
        ({"price_from": "-1"}, "greater than or equal to 0"),
        ({"price_to": "cheap"}, "Enter a number."),
        ({"rights": ""}, "Confirm that you may use this picture"),
        ({"marketplaces": []}, "Choose at least one marketplace."),
        ({"marketplaces": ["999999"]}, "is not one of the available choices"),
        ({"wanted": "51"}, "51 is not one of the available choices."),
        ({"order": "newest"}, "newest is not one of the available choices."),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_loses_nothing(change, message, alice, asked, signed_in):
    client = signed_in(alice)
    response = client.post(NEW, asked | {"image": upload()} | change)
    assert message in text_of(response)
    assert SearchJob.objects.count() == 0
    page = response.content.decode()
    assert "everything you entered is kept" in page
    assert 'value="Blue mug"' in page
    image = QueryImage.objects.get()
    assert kept(response) == [str(image.pk)]
    assert f"/searches/pictures/{image.pk}/thumb/" in page

    corrected = client.post(NEW, asked | {"kept_image": image.pk, "kept_from": ""})
    assert corrected.url == SearchJob.objects.get().get_absolute_url()
    assert SearchJob.objects.get().images.get() == image


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"no picture at all", "The file is not a picture we can read."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The file is an SVG drawing"),
        (b"\xff\xd8\xff" + b"\0" * (MAX_BYTES + 3_000_000), "The file is larger than 20 MB."),
    ],
)
def test_a_bad_file_is_told_beside_the_photo(data, message, alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": SimpleUploadedFile("mug.jpg", data, "image/jpeg")})
    assert message in text_of(response)
    assert 'value="Blue mug"' in response.content.decode()
    assert (SearchJob.objects.count(), QueryImage.objects.count()) == (0, 0)


def test_a_bad_replacement_leaves_the_good_photo(alice, team, asked, signed_in):
    image = QueryImageFactory(team=team, data=photo())
    bad = asked | {"kept_image": image.pk, "image": upload(data=b"no picture")}
    response = signed_in(alice).post(NEW, bad)
    assert "The file is not a picture we can read." in text_of(response)
    assert kept(response) == [str(image.pk)]


def test_a_photo_is_asked_for(alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked)
    assert "Choose, drop or paste a photo, or give the address of one." in text_of(response)


def test_an_address_is_fetched_kept_and_passed_on(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known["https://shop.example/img/red%20mug.png?v=2"] = photo("red")
    signed_in(alice).post(NEW, asked | {"image_url": "https://shop.example/img/red%20mug.png?v=2", "title": ""})
    job = SearchJob.objects.get()
    assert job.image_url == "https://shop.example/img/red%20mug.png?v=2"
    assert bytes_of(job.images.get()) == photo("red")
    assert job.title == "red mug"


@pytest.mark.parametrize("code", sorted(FetchRefused.MESSAGES))
def test_an_address_that_is_refused_is_told_beside_it(code, alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known["https://shop.example/a.jpg"] = FetchRefused(code)
    response = signed_in(alice).post(NEW, asked | {"image_url": "https://shop.example/a.jpg"})
    assert FetchRefused.MESSAGES[code] in text_of(response)
    assert 'value="https://shop.example/a.jpg"' in response.content.decode()
    assert SearchJob.objects.count() == 0


def test_the_page_behind_an_address_may_be_no_picture(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known["https://shop.example/"] = b"<html>a shop</html>"
    response = signed_in(alice).post(NEW, asked | {"image_url": "https://shop.example/"})
    assert "The file is not a picture we can read." in text_of(response)


@pytest.mark.parametrize(
    "address", ["ftp://shop.example/a.jpg", "https://user:password@shop.example/a.jpg", 'https://shop.example/"a".jpg']
)
def test_an_address_that_no_marketplace_would_take(address, alice, asked, signed_in, pictures):
    known, fetched = pictures
    known[address] = photo()
    response = signed_in(alice).post(NEW, asked | {"image_url": address})
    assert "begins with http:// or https:// and holds no user name" in text_of(response)
    assert 'value="Blue mug"' in response.content.decode()
    assert (SearchJob.objects.count(), fetched) == (0, [])


def test_a_private_address_is_refused_for_real(alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image_url": "http://127.0.0.1/a.jpg"})
    assert "This address is not on the public internet." in text_of(response)


def test_an_address_is_fetched_once_however_often_the_form_is_sent(alice, asked, signed_in, pictures):
    known, fetched = pictures
    known["https://shop.example/a.png"] = photo("red")
    client = signed_in(alice)
    first = client.post(NEW, asked | {"image_url": "https://shop.example/a.png", "rights": ""})
    assert hidden(first, "kept_from") == "https://shop.example/a.png"
    client.post(NEW, asked | again(first) | {"image_url": "https://shop.example/a.png"})
    assert SearchJob.objects.get().image_url == "https://shop.example/a.png"
    assert fetched == ["https://shop.example/a.png"]


def again(response) -> dict[str, object]:
    """What the form sends of the photos that it keeps."""
    return {"kept_image": kept(response)} | {name: hidden(response, name) for name in ("kept_from", "fetched_image")}


def test_another_address_replaces_the_picture_of_the_earlier_one(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known |= {"https://shop.example/a.png": photo("red"), "https://shop.example/b.png": photo("gold")}
    client = signed_in(alice)
    first = client.post(NEW, asked | {"image_url": "https://shop.example/a.png", "rights": ""})
    client.post(NEW, asked | again(first) | {"image_url": "https://shop.example/b.png"})
    job = SearchJob.objects.get()
    assert (bytes_of(job.images.get()), job.image_url) == (photo("gold"), "https://shop.example/b.png")


def test_another_address_that_is_refused_leaves_the_earlier_ones_picture(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known |= {"https://shop.example/a.png": photo("red"), "https://shop.example/b.png": FetchRefused("unreachable")}
    client = signed_in(alice)
    first = client.post(NEW, asked | {"image_url": "https://shop.example/a.png", "rights": ""})
    second = client.post(NEW, asked | again(first) | {"image_url": "https://shop.example/b.png"})
    assert again(second) == again(first)
    assert SearchJob.objects.count() == 0


def test_a_picture_whose_address_is_cleared_stays_as_if_uploaded(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known["https://shop.example/a.png"] = photo("red")
    client = signed_in(alice)
    first = client.post(NEW, asked | {"image_url": "https://shop.example/a.png", "rights": ""})
    client.post(NEW, asked | again(first))
    job = SearchJob.objects.get()
    assert (bytes_of(job.images.get()), job.image_url) == (photo("red"), "")


def test_a_photo_and_an_address_are_two_sides(alice, asked, signed_in, pictures):
    known, _fetched = pictures
    known["https://shop.example/b.png"] = photo("gold")
    signed_in(alice).post(NEW, asked | {"image": upload(), "image_url": "https://shop.example/b.png"})
    job = SearchJob.objects.get()
    assert [bytes_of(image) for image in job.photos] == [photo(), photo("gold")]
    assert job.image_url == "", "a marketplace would search by that one alone"


def test_another_teams_photo_cannot_be_taken(alice, charlies_team, asked, signed_in):
    theirs = QueryImageFactory(team=charlies_team, data=photo())
    response = signed_in(alice).post(NEW, asked | {"kept_image": theirs.pk})
    assert response.status_code == 200
    assert f"/searches/pictures/{theirs.pk}/" not in response.content.decode()
    assert SearchJob.objects.count() == 0


def test_a_switched_off_marketplace_is_not_offered(alice, asked, signed_in):
    off = CredentialFactory(name="Closed shop", marketplace=OTHER_MARKETPLACE, enabled=False)
    page = text_of(signed_in(alice).get(NEW))
    assert "1688 Outdoor" in page
    assert "Closed shop" not in page and marketplace_label(off.marketplace) not in page
    response = signed_in(alice).post(NEW, asked | {"image": upload(), "marketplaces": [off.marketplace]})
    assert SearchJob.objects.count() == 0
    assert "is not one of the available choices" in text_of(response)


def test_somebody_in_two_teams_says_for_which(alice, charlies_team, asked, signed_in):
    client = signed_in(alice)
    assert "For the team" not in text_of(client.get(NEW))
    MembershipFactory(user=alice, team=charlies_team)
    assert "For the team" in text_of(client.get(NEW))
    client.post(NEW, asked | {"image": upload(), "team": charlies_team.pk})
    job = SearchJob.objects.get()
    assert job.team == job.images.get().team == charlies_team


def test_a_kept_photo_follows_to_the_other_team(alice, team, charlies_team, asked, signed_in):
    MembershipFactory(user=alice, team=charlies_team)
    kept = QueryImageFactory(team=team, data=photo(), name="mug.png")
    signed_in(alice).post(NEW, asked | {"kept_image": kept.pk, "team": charlies_team.pk})
    image = SearchJob.objects.get().images.get()
    assert image.team == charlies_team
    assert image != kept
    assert bytes_of(image) == photo()


def test_a_team_of_others_cannot_be_chosen(alice, charlies_team, asked, signed_in):
    MembershipFactory(user=alice, team=charlies_team, role=Membership.Role.VIEWER)
    signed_in(alice).post(NEW, asked | {"image": upload(), "team": charlies_team.pk})
    assert SearchJob.objects.get().team != charlies_team


def test_a_viewer_may_read(vera, asked, signed_in):
    client = signed_in(vera)
    page = client.get(NEW)
    assert page.status_code == 200
    assert "You may read here" in text_of(page)
    assert 'type="file"' not in page.content.decode()
    assert client.post(NEW, asked | {"image": upload()}).status_code == 403
    assert (SearchJob.objects.count(), QueryImage.objects.count()) == (0, 0)


def test_somebody_in_no_team_is_told_what_to_do(loner, signed_in):
    assert "You are in no team yet" in text_of(signed_in(loner).get(NEW))
