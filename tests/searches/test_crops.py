"""The parts of photos in the form of a new search: what is taken, what is refused, and what survives."""

import re

import pytest

from searches.models import QueryImage, SearchJob
from tests.factories import (
    CredentialFactory,
    MembershipFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
)
from tests.searches.pages import hidden, kept, photo, text_of, upload
from tests.searches.test_interrupted_search import sign_in

NEW = "/search/new/"
LEFT, RIGHT = "0,0,0.5,1", "0.5,0.1,1,0.9"
LEFT_EDGES, RIGHT_EDGES = [0, 0, 0.5, 1], [0.5, 0.1, 1, 0.9]


@pytest.fixture
def asked(db):
    credential = CredentialFactory()
    return {
        "title": "Jacket",
        "order": "similarity",
        "wanted": "50",
        "preparation": "basic",
        "marketplaces": [credential.marketplace],
        "rights": "on",
    }


def wide(colour: str = "teal"):
    return upload(f"{colour}.png", photo(colour, (360, 200)))


def crops_of(job: SearchJob) -> list:
    """The part of each photo, in the search's order."""
    return [job.crops.get(str(image.pk)) for image in job.photos]


def boxes(response) -> list[str]:
    """What the form holds as the parts of the kept photos."""
    return re.findall(r'<input type="hidden" name="crop_\d+" value="([^"]*)"', response.content.decode())


def test_a_file_is_searched_by_its_part(alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"image": wide(), "file_crop": RIGHT})
    job = SearchJob.objects.get()
    assert crops_of(job) == [RIGHT_EDGES]
    assert job.calls.get().crop.left == 0.5


def test_each_of_several_photos_has_its_own(alice, asked, signed_in):
    files = [wide(colour) for colour in ("teal", "olive", "navy")]
    signed_in(alice).post(NEW, asked | {"image": files, "file_crop": [LEFT, "", RIGHT]})
    job = SearchJob.objects.get()
    assert crops_of(job) == [LEFT_EDGES, None, RIGHT_EDGES]
    assert [call.crop is None for call in job.calls.order_by("pk")] == [False, True, False]


def test_a_file_that_is_refused_takes_no_other_files_part(alice, asked, signed_in):
    client = signed_in(alice)
    files = [wide(), upload("notes.jpg", b"words"), wide("olive")]
    response = client.post(NEW, asked | {"image": files, "file_crop": [LEFT, "0,0,1,0.5", RIGHT]})
    assert "notes.jpg: The file is not a picture we can read." in text_of(response)
    assert boxes(response) == [LEFT, RIGHT]


def test_without_parts_all_of_the_photos_is_searched(alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"image": [wide(), wide("olive")]})
    assert SearchJob.objects.get().crops == {}


def test_they_survive_a_refused_form_and_go_out_with_the_next(alice, asked, signed_in):
    client = signed_in(alice)
    files = {"image": [wide(), wide("olive")], "file_crop": ["", LEFT]}
    response = client.post(NEW, asked | files | {"rights": ""})
    assert boxes(response) == ["", LEFT]
    assert response.content.decode().count('<svg class="outline" viewBox="0 0 360 200"') == 1
    sent = {f"crop_{pk}": box for pk, box in zip(kept(response), boxes(response), strict=True)}
    client.post(NEW, asked | sent | {"kept_image": kept(response)})
    assert crops_of(SearchJob.objects.get()) == [None, LEFT_EDGES]


def test_they_survive_an_ended_session(alice, asked, signed_in):
    token = hidden(signed_in(alice).get(NEW), "sender")
    client = signed_in(None)
    sent = {"sender": token, "image": [wide(), wide("olive")], "file_crop": [LEFT, RIGHT], "crop_7": LEFT}
    client.post(NEW, asked | sent)
    session = client.session["interrupted_search"]
    assert not [name for name in session["typed"] if "crop" in name]
    sign_in(client, alice)
    assert boxes(client.get(NEW)) == [LEFT, RIGHT]


def test_what_a_version_without_parts_left_in_a_session_is_taken(alice, team, asked, signed_in):
    client = signed_in(alice)
    image = QueryImageFactory(team=team)
    session = client.session
    session["interrupted_search"] = {
        "user": alice.pk,
        "typed": {},
        "images": [image.pk],
        "fetched": None,
        "fetched_from": "",
    }
    session.save()
    page = client.get(NEW)
    assert (kept(page), boxes(page)) == ([str(image.pk)], [""])


@pytest.mark.parametrize(
    "box",
    ["0,0,1", "0.6,0,0.1,1", "0,0,2,1", "a,b,c,d", "nan,0,1,1", "0,0,1,1,1", "-0.1,0,1,1", "0,0,0,1", "9" * 5000, ","],
)
def test_what_is_no_part_is_told_and_nothing_is_searched(box, alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": wide(), "file_crop": box})
    assert "The part that was chosen is not within the photo. Choose it again." in text_of(response)
    assert SearchJob.objects.count() == 0
    assert boxes(response) == [""], "the photo is kept"


@pytest.mark.parametrize(("box", "taken"), [("0,0,0.04,1", False), ("0,0,1,0.07", False), ("0,0,0.045,0.08", True)])
def test_a_part_needs_sixteen_pixels_each_way(box, taken, alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": wide(), "file_crop": box})
    assert SearchJob.objects.exists() == taken
    if not taken:
        assert "The part that was chosen is too small to search with." in text_of(response)


def test_of_a_tiny_photo_all_of_its_height_will_do(alice, asked, signed_in):
    tiny = upload("tiny.png", photo(size=(100, 8)))
    signed_in(alice).post(NEW, asked | {"image": tiny, "file_crop": LEFT})
    assert crops_of(SearchJob.objects.get()) == [LEFT_EDGES]


def test_a_wrong_part_of_several_photos_names_its_photo(alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"image": [wide(), wide("olive")], "file_crop": [LEFT, "x"]})
    assert "olive.png: The part that was chosen is not within the photo." in text_of(response)
    assert boxes(response) == [LEFT, ""]


def test_a_part_of_a_strangers_photo_is_nothing(alice, charlies_team, asked, signed_in):
    theirs = QueryImageFactory(team=charlies_team, data=photo("red"))
    response = signed_in(alice).post(NEW, asked | {"image": wide(), f"crop_{theirs.pk}": LEFT})
    assert response.status_code == 302
    assert SearchJob.objects.get().crops == {}
    refused = signed_in(alice).post(NEW, asked | {"kept_image": theirs.pk, f"crop_{theirs.pk}": LEFT})
    assert (refused.status_code, kept(refused), boxes(refused)) == (200, [], [])


def test_a_part_follows_its_photo_to_the_other_team(alice, team, charlies_team, asked, signed_in):
    MembershipFactory(user=alice, team=charlies_team)
    client = signed_in(alice)
    (pk,) = kept(client.post(NEW, asked | {"image": wide(), "rights": "", "team": team.pk}))
    client.post(NEW, asked | {"kept_image": pk, f"crop_{pk}": LEFT, "team": charlies_team.pk})
    job = SearchJob.objects.get()
    assert job.photos != [QueryImage.objects.get(pk=pk)]
    assert crops_of(job) == [LEFT_EDGES]


# Like another search


@pytest.fixture
def model(alice, team):
    """A finished search for the left half of its photo, in which a marketplace saw two parts."""
    image = QueryImageFactory(team=team, data=photo(size=(360, 200)), width=360, height=200)
    job = SearchJobFactory(team=team, owner=alice, image=image, crops={str(image.pk): LEFT_EDGES})
    SearchCallFactory(job=job, regions=[[0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1], LEFT_EDGES])
    return job


def test_a_search_like_another_takes_its_parts(alice, model, signed_in):
    assert boxes(signed_in(alice).get(f"{NEW}?like={model.pk}")) == [LEFT]


def test_and_leaves_them_on_request(alice, model, signed_in):
    page = signed_in(alice).get(f"{NEW}?like={model.pk}&whole=1")
    assert len(kept(page)) == 1
    assert boxes(page) == [""]


def test_the_parts_that_marketplaces_saw_are_offered_also_after_a_mistake(alice, model, asked, signed_in):
    client, address = signed_in(alice), f"{NEW}?like={model.pk}"
    page = client.get(address)
    again = client.post(address, asked | {"kept_image": kept(page), "rights": ""})
    for response in (page, again):
        assert 'data-parts="0.1,0.2,0.6,0.9 0,0,0.5,1"' in response.content.decode()


def test_a_strangers_search_offers_no_parts(charlie, model, asked, signed_in):
    page = signed_in(charlie).get(f"{NEW}?like={model.pk}").content.decode()
    assert "0.1,0.2,0.6,0.9" not in page


# And on the search's page


def test_the_search_shows_the_part_of_each_photo(alice, team, signed_in):
    images = QueryImageFactory.create_batch(3, team=team)
    job = SearchJobFactory(team=team, image=images[0], crops={str(images[1].pk): LEFT_EDGES})
    job.images.add(images[1], images[2])
    for image in images:
        SearchCallFactory(job=job, image=image)
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    page = response.content.decode()
    assert re.findall(r'alt="(Photo \d[^"]*)"', page) == [
        "Photo 1",
        "Photo 2, with the part that was searched for",
        "Photo 3",
    ]
    assert page.count('<svg class="outline"') == 1
    assert "a part of 1 photo · search with the whole" in text_of(response)


def test_who_may_not_search_is_led_to_no_form(vera, model, signed_in):
    page = signed_in(vera).get(f"/searches/{model.pk}/").content.decode()
    assert '<svg class="outline"' in page
    assert "/search/new/?like" not in page
