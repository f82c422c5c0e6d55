"""One item, several photos: how they are asked for, and what is done to such a search."""

import re

import pytest
from django.core.exceptions import ValidationError

from searches import actions
from searches.fusion import fused
from searches.imaging import Box
from searches.models import SearchCall, SearchJob, Sighting
from tests.factories import MARKETPLACE, OTHER_MARKETPLACE, CredentialFactory, QueryImageFactory
from tests.searches.conftest import work
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


@pytest.fixture
def ask(alice, team):
    """`ask(images)`: alice's search with them, at one marketplace that nobody answers for."""
    CredentialFactory()

    def start(images, **parameters) -> SearchJob:
        parameters = {"marketplaces": [MARKETPLACE], "title": "Jacket"} | parameters
        return actions.start_search(user=alice, team=team, images=images, **parameters)

    return start


@pytest.fixture
def sides(sandbox, start):
    """A finished search with three photos of the sandbox's products: two of one, one of another."""
    return work(start(photos=[sandbox.query("plate-01"), photo(size=(400, 300)), sandbox.query("ring-01")]))


def test_every_photo_is_asked_at_every_marketplace(ask, team) -> None:
    CredentialFactory(marketplace=OTHER_MARKETPLACE)
    images = QueryImageFactory.create_batch(3, team=team)
    job = ask(images, marketplaces=[MARKETPLACE, OTHER_MARKETPLACE])
    asked = set(job.calls.values_list("image", "marketplace", "page"))
    assert asked == {(image.pk, key, 1) for image in images for key in (MARKETPLACE, OTHER_MARKETPLACE)}


def test_photos_are_numbered_as_they_were_given(ask, team) -> None:
    images = QueryImageFactory.create_batch(8, team=team)
    given = [images[number] for number in (5, 0, 7, 3, 1, 6, 2, 4)]
    job = ask(iter(given))
    assert SearchJob.objects.get(pk=job.pk).photos == given


def test_a_photo_that_is_given_twice_counts_once(ask, team) -> None:
    one, two = QueryImageFactory.create_batch(2, team=team)
    job = ask([one, two, one])
    assert job.photos == [one, two]
    assert job.calls.count() == 2


@pytest.mark.parametrize(
    ("number", "asked", "code"),
    [
        (0, {}, "no-photo"),
        (9, {}, "too-many-photos"),
        (2, {"crops": {"0": [0, 0, 0.5, 0.5]}}, "part"),
        (2, {"marketplaces": []}, "no-marketplace"),
    ],
)
def test_what_cannot_be_asked_is_refused_whole(number, asked, code, ask, team) -> None:
    images = QueryImageFactory.create_batch(number, team=team)
    with pytest.raises(ValidationError) as refused:
        ask(images, **asked)
    assert refused.value.code == code
    assert not SearchJob.objects.exists()


def test_an_address_is_passed_on_for_a_single_photo_only(ask, team) -> None:
    one, two = QueryImageFactory.create_batch(2, team=team)
    address = "https://shop.example/a.jpg"
    assert ask([one], image_url=address).image_url == address
    assert ask([one, two], image_url=address).image_url == ""


def test_offers_are_merged_with_every_photo_that_found_them(sides) -> None:
    assert sides.status == Job.DONE
    assert sides.calls.count() == 3
    sightings = Sighting.objects.filter(match__job=sides)
    assert sightings.count() == sum(sides.calls.values_list("offers_found", flat=True))
    assert sides.matches.count() < sightings.count()
    for match in sides.matches.all():
        ranks = [sighting.rank for sighting in match.sightings.all()]
        assert (match.photos_count, match.rank, match.fused) == (len(ranks), min(ranks), fused(ranks))
        assert match.similarity == max(sighting.similarity for sighting in match.sightings.all())


def test_every_photo_has_its_following_pages(start, sandbox) -> None:
    job = work(start(photos=[sandbox.query("plate-01"), sandbox.query("ring-01")], wanted=100), turns=2)
    assert job.status == Job.DONE
    asked = [(number, page) for number in (0, 1) for page in (1, 2)]
    assert sorted((job.photos.index(call.image), call.page) for call in job.calls.all()) == asked
    assert Sighting.objects.filter(match__job=job).count() == 200


def test_searching_again_takes_all_photos_in_their_order(alice, sides, sandbox) -> None:
    again = actions.search_again(user=alice, job=sides)
    assert again.photos == sides.photos
    before = len(sandbox.calls())
    assert work(again).status == Job.DONE
    assert len(sandbox.calls()) == before + 3


def test_a_part_is_searched_for_of_its_own_photo(alice, sides) -> None:
    part = actions.search_part(user=alice, job=sides, image=sides.photos[2], box=Box(0, 0, 0.5, 0.5))
    assert part.photos == [sides.photos[2]]
    assert part.crops == {str(sides.photos[2].pk): [0, 0, 0.5, 0.5]}


def test_each_photo_is_asked_for_by_its_part(alice, start, sandbox) -> None:
    photos = [photo(size=(360, 200)), sandbox.query("plate-01")]
    half = [0, 0, 0.5, 1]
    job = work(start(photos=photos, crop=half))
    again = work(actions.search_again(user=alice, job=job))
    assert again.crops == {str(job.photos[0].pk): half}
    sent = [call["image_sha256"] for call in sandbox.calls()]
    whole = work(start(photos=photos))
    assert {call.from_cache for call in whole.calls.filter(image=job.photos[1])} == {True}
    assert sandbox.calls()[-1]["image_sha256"] not in sent


def test_a_part_names_its_photo(alice, charlies_team, sides, signed_in) -> None:
    client, address = signed_in(alice), f"/searches/{sides.pk}/part/"
    foreign = QueryImageFactory(team=charlies_team)
    for image in ("", "x", str(foreign.pk)):
        assert client.post(address, {"box": "0,0,0.5,0.5", "image": image}).status_code == 404
    assert SearchJob.objects.count() == 1
    client.post(address, {"box": "0,0,0.5,0.5", "image": sides.photos[1].pk})
    assert SearchJob.objects.latest("pk").photos == [sides.photos[1]]


def test_each_photo_suggests_its_first_part(alice, sides, signed_in) -> None:
    for number, image in enumerate(sides.photos):
        edge = 0.2 + number / 10
        sides.calls.filter(image=image).update(regions=[[0, 0, edge, edge], [0.6, 0.6, 0.9, 0.9]])
    page = signed_in(alice).get(f"/searches/{sides.pk}/").content.decode()
    for image, edge in zip(sides.photos, ("0.2", "0.3", "0.4"), strict=True):
        assert f'name="image" value="{image.pk}"><input type="hidden" name="box" value="0,0,{edge},{edge}"' in page
    assert page.count('name="box"') == 3


def test_cancelling_stops_every_photo_and_retrying_starts_them_again(ask, team) -> None:
    job = ask(QueryImageFactory.create_batch(3, team=team))
    actions.cancel_search(job=job)
    assert set(job.calls.values_list("status", flat=True)) == {Call.CANCELLED}
    assert actions.retry_failed_calls(job=job) == 3
    job.refresh_from_db()
    assert job.status == Job.QUEUED


def test_the_form_is_filled_with_all_photos(alice, sides, signed_in) -> None:
    page = signed_in(alice).get(f"/search/new/?like={sides.pk}").content.decode()
    places = [page.index(f'name="kept_image" value="{image.pk}" checked') for image in sides.photos]
    assert places == sorted(places)


def test_the_pages_head_shows_all_photos(alice, sides, signed_in) -> None:
    page = signed_in(alice).get(f"/searches/{sides.pk}/").content.decode()
    head = page[page.index('<ol class="query sides"') : page.index("</ol>")]
    places = [head.index(f"/searches/pictures/{image.pk}/thumb/") for image in sides.photos]
    assert places == sorted(places)
    assert all(f'alt="Photo {number}"' in head for number in (1, 2, 3))


def test_the_history_shows_the_first_photo_and_how_many_there_are(ask, alice, team, signed_in) -> None:
    images = QueryImageFactory.create_batch(3, team=team)
    ask([images[2], images[0]])
    ask([images[2]])
    page = signed_in(alice).get("/searches/")
    assert f"/searches/pictures/{images[2].pk}/thumb/" in page.content.decode()
    assert re.findall(r"\d photos?", text_of(page)) == ["2 photos"]
