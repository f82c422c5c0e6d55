"""Parts of the photo: those that a marketplace saw in it, and a search for one of them."""

import re

import pytest

from searches.models import SearchCall, SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of, version

MUG, LID = [0.1, 0.2, 0.6, 0.9], [0.65, 0.1, 0.9, 0.4]
WHOLE, NEARLY_WHOLE, MUG_AGAIN = [0, 0, 1, 1], [0.02, 0.03, 1, 0.99], [0.11, 0.2, 0.6, 0.88]


@pytest.fixture
def job(team, alice) -> SearchJob:
    return SearchJobFactory(team=team, owner=alice, title="Teal mug")


@pytest.fixture
def offered(alice, job, signed_in):
    """`offered(regions)`: the boxes of the parts that the page offers to search for."""

    def read(regions, **call) -> list[str]:
        SearchCallFactory(job=job, regions=regions, **call)
        return boxes(signed_in(alice).get(f"/searches/{job.pk}/"))

    return read


def boxes(response) -> list[str]:
    return re.findall(r'name="box" value="([^"]*)"', response.content.decode())


@pytest.mark.parametrize(
    ("regions", "parts"),
    [
        ([], []),
        ([MUG, LID], ["0.1,0.2,0.6,0.9", "0.65,0.1,0.9,0.4"]),
        ([WHOLE, MUG], ["0.1,0.2,0.6,0.9"]),
        ([NEARLY_WHOLE], []),
        ([MUG, MUG_AGAIN, LID], ["0.1,0.2,0.6,0.9", "0.65,0.1,0.9,0.4"]),
        ([[0.5, 0.5, 0.52, 0.52]], []),
        ([[0.5, 0.5, 0.5, 0.9], [0.9, 0.1, 0.2, 0.5]], []),
        (
            [[0, 0, 0.2, 0.2], [0.3, 0, 0.5, 0.2], [0.6, 0, 0.8, 0.2], [0, 0.4, 0.2, 0.6], [0.4, 0.4, 0.6, 0.6]],
            ["0,0,0.2,0.2", "0.3,0,0.5,0.2", "0.6,0,0.8,0.2", "0,0.4,0.2,0.6"],
        ),
    ],
)
def test_the_parts_that_are_worth_a_search(regions, parts, offered):
    assert offered(regions) == parts


def test_each_part_is_a_picture_that_starts_a_search(alice, job, signed_in):
    SearchCallFactory(job=job, regions=[MUG, LID])
    client = signed_in(alice)
    content = client.get(f"/searches/{job.pk}/").content.decode()
    assert f'src="/searches/pictures/{job.images.get().pk}/thumb/?crop=0.65,0.1,0.9,0.4"' in content
    assert 'aria-label="Search for this part only: 2 of 2"' in content
    client.post(f"/searches/{job.pk}/part/", {"box": boxes(client.get(f"/searches/{job.pk}/"))[1]})
    assert SearchJob.objects.latest("pk").crops == {str(job.images.get().pk): LID}


def test_several_marketplaces_parts_are_told_together(job, offered):
    SearchCallFactory(job=job, marketplace="tmapi", regions=[LID, MUG_AGAIN])
    assert offered([MUG]) == ["0.1,0.2,0.6,0.9", "0.65,0.1,0.9,0.4"]


def test_only_first_pages_say_what_the_photo_shows(offered):
    assert offered([MUG], page=2) == []


def test_who_may_not_search_sees_no_parts(vera, job, signed_in):
    SearchCallFactory(job=job, regions=[MUG])
    response = signed_in(vera).get(f"/searches/{job.pk}/")
    assert boxes(response) == []
    assert "Search for this part only" not in text_of(response)


def test_a_search_for_a_part_shows_the_part_and_leads_back_to_the_whole(alice, vera, job, signed_in):
    SearchJob.objects.update(crops={str(job.images.get().pk): MUG})
    SearchCallFactory(job=job, regions=[MUG_AGAIN, LID])
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    content = response.content.decode()
    assert f'<img src="/searches/pictures/{job.images.get().pk}/thumb/" width="88"' in content
    assert '<svg class="outline" viewBox="0 0 1200 900"' in content
    assert '<path class="inside" d="M120 180V810H720V180Z"/>' in content
    assert "part of the photo · search with the whole" in text_of(response)
    assert f'href="/search/new/?like={job.pk}&amp;whole=1"' in content
    assert f'href="/search/new/?like={job.pk}#crop"' in content
    assert boxes(response) == ["0.65,0.1,0.9,0.4"], "the part that was searched is not offered again"
    assert "search with the whole" not in text_of(signed_in(vera).get(f"/searches/{job.pk}/"))


def test_the_whole_photo_is_no_part(alice, job, signed_in):
    assert "part of the photo" not in text_of(signed_in(alice).get(f"/searches/{job.pk}/"))


def test_parts_come_with_the_answer_to_a_page_that_waits(alice, job, signed_in):
    SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    call = SearchCallFactory(job=job, status=SearchCall.Status.RUNNING)
    client = signed_in(alice)
    seen = version(client.get(f"/searches/{job.pk}/"))
    SupplierMatchFactory(job=job)
    SearchCall.objects.filter(pk=call.pk).update(status=SearchCall.Status.DONE, offers_found=1, regions=[MUG])
    then = client.get(f"/searches/{job.pk}/", headers={"HX-Request": "true", "X-Results-Seen": seen})
    assert '<div class="parts" id="parts" hx-swap-oob="true">' in then.content.decode()
    assert boxes(then) == ["0.1,0.2,0.6,0.9"]
