"""A new search with several photos of one item: how many, a bad one among good ones, and taking one away."""

import pytest

from searches.models import QueryImage, SearchJob
from tests.factories import CredentialFactory, MembershipFactory, QueryImageFactory
from tests.searches.pages import bytes_of, hidden, kept, photo, text_of, upload
from tests.searches.test_interrupted_search import sign_in

NEW = "/search/new/"
COLOURS = ("teal", "olive", "navy", "maroon", "purple", "gray", "lime", "red", "gold", "black")


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


def uploads(number: int, first: int = 0) -> list:
    return [upload(f"{colour}.png", photo(colour)) for colour in COLOURS[first : first + number]]


def colours_of(job: SearchJob) -> list[str]:
    """Which of our photos the search asks with, in its order."""
    known = {photo(colour): colour for colour in COLOURS}
    return [known[bytes_of(image)] for image in job.photos]


@pytest.mark.parametrize("number", [1, 4, 8])
def test_up_to_eight_photos_are_one_search(number, alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"image": uploads(number)})
    job = SearchJob.objects.get()
    assert colours_of(job) == list(COLOURS[:number])
    assert job.calls.count() == number


def test_of_nine_the_first_eight_are_kept_and_the_ninth_is_named(alice, asked, signed_in):
    client = signed_in(alice)
    response = client.post(NEW, asked | {"image": uploads(9)})
    assert "A search takes up to 8 photos of one item. This one was left out: gold.png." in text_of(response)
    assert SearchJob.objects.count() == 0
    assert len(kept(response)) == QueryImage.objects.count() == 8
    client.post(NEW, asked | {"kept_image": kept(response)})
    assert colours_of(SearchJob.objects.get()) == list(COLOURS[:8])


def test_kept_and_new_ones_are_counted_together(alice, asked, signed_in):
    client = signed_in(alice)
    first = client.post(NEW, asked | {"image": uploads(7), "rights": ""})
    second = client.post(NEW, asked | {"kept_image": kept(first), "image": uploads(3, first=7)})
    assert "These were left out: gold.png, black.png." in text_of(second)
    assert len(kept(second)) == 8


def test_a_bad_photo_is_refused_by_itself_and_the_others_are_kept(alice, asked, signed_in):
    client = signed_in(alice)
    good, other = uploads(2)
    response = client.post(
        NEW, asked | {"image": [good, upload("notes.jpg", b"words"), upload("empty.jpg", b""), other]}
    )
    words = text_of(response)
    assert "notes.jpg: The file is not a picture we can read." in words
    assert "empty.jpg: The file is empty." in words
    assert "teal.png:" not in words
    assert SearchJob.objects.count() == 0
    client.post(NEW, asked | {"kept_image": kept(response)})
    assert colours_of(SearchJob.objects.get()) == ["teal", "olive"]


def test_a_box_that_is_unticked_leaves_its_photo_out(alice, asked, signed_in):
    client = signed_in(alice)
    response = client.post(NEW, asked | {"image": uploads(3), "rights": ""})
    client.post(NEW, asked | {"kept_image": [kept(response)[2], kept(response)[0]]})
    assert colours_of(SearchJob.objects.get()) == ["navy", "teal"]


def test_further_photos_come_after_the_kept_ones(alice, asked, signed_in):
    client = signed_in(alice)
    response = client.post(NEW, asked | {"image": uploads(2, first=4), "rights": ""})
    client.post(NEW, asked | {"kept_image": kept(response), "image": uploads(2)})
    assert colours_of(SearchJob.objects.get()) == ["purple", "gray", "teal", "olive"]


def test_the_same_photo_twice_is_one(alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"image": uploads(2) + uploads(2)})
    assert colours_of(SearchJob.objects.get()) == ["teal", "olive"]


def test_the_first_photo_names_the_search(alice, asked, signed_in):
    signed_in(alice).post(NEW, asked | {"title": "", "image": uploads(3, first=2)})
    assert SearchJob.objects.get().title == "navy"


def test_a_strangers_photo_among_ones_own_is_left_out_and_told(alice, charlies_team, asked, signed_in):
    client = signed_in(alice)
    mine = kept(client.post(NEW, asked | {"image": uploads(1), "rights": ""}))
    theirs = QueryImageFactory(team=charlies_team, data=photo("red"))
    response = client.post(NEW, asked | {"kept_image": [*mine, theirs.pk]})
    assert "A photo that was kept is there no longer: give it again." in text_of(response)
    assert kept(response) == mine
    assert f"/pictures/{theirs.pk}/" not in response.content.decode()
    assert SearchJob.objects.count() == 0


@pytest.mark.parametrize("pk", ["x", "-1", "9" * 30, "0"])
def test_what_is_no_photo_does_no_harm(pk, alice, asked, signed_in):
    response = signed_in(alice).post(NEW, asked | {"kept_image": [pk]})
    assert response.status_code == 200
    assert SearchJob.objects.count() == 0


def test_a_kept_photo_whose_time_is_over_is_asked_for_again(alice, asked, signed_in):
    client = signed_in(alice)
    both = kept(client.post(NEW, asked | {"image": uploads(2), "rights": ""}))
    QueryImage.objects.filter(pk=both[0]).update(file="")
    response = client.post(NEW, asked | {"kept_image": both})
    assert "A photo that was kept is there no longer" in text_of(response)
    assert kept(response) == both[1:]


def test_all_photos_follow_to_the_other_team(alice, charlies_team, asked, signed_in):
    MembershipFactory(user=alice, team=charlies_team)
    client = signed_in(alice)
    both = kept(client.post(NEW, asked | {"image": uploads(2), "rights": ""}))
    client.post(NEW, asked | {"kept_image": both, "team": charlies_team.pk})
    job = SearchJob.objects.get()
    assert colours_of(job) == ["teal", "olive"]
    assert {image.team for image in job.photos} == {job.team} == {charlies_team}


def test_an_ended_session_loses_none_of_them(alice, asked, signed_in):
    token = hidden(signed_in(alice).get(NEW), "sender")
    client = signed_in(None)
    client.post(NEW, asked | {"sender": token, "image": [*uploads(3), upload("notes.jpg", b"words")]})
    sign_in(client, alice)
    page = client.get(NEW)
    assert [QueryImage.objects.get(pk=pk).name for pk in kept(page)] == ["teal.png", "olive.png", "navy.png"]
    client.post(NEW, asked | {"kept_image": kept(page)})
    assert colours_of(SearchJob.objects.get()) == ["teal", "olive", "navy"]


def test_what_an_earlier_version_left_in_a_session_is_no_failure(alice, asked, signed_in):
    client = signed_in(alice)
    session = client.session
    session["interrupted_search"] = {"user": alice.pk, "typed": {}, "image": 1, "image_from": ""}
    session.save()
    assert client.get(NEW).status_code == 200


def test_without_scripts_the_field_takes_several(alice, asked, signed_in):
    page = signed_in(alice).get(NEW).content.decode()
    field = page[page.index('<input type="file"') :]
    assert " multiple" in field[: field.index(">")]
