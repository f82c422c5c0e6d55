"""A part of the photo is searched: how it goes out, and how the marketplace's own boxes come back."""

import shutil
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from searches import actions, results
from searches.imaging import Box, inspect
from searches.marketplaces import MARKETPLACES, MarketplaceError, Region
from searches.models import SearchCall, SearchJob
from searches.question import boxes_of, request_of
from tests.factories import CredentialFactory
from tests.searches.conftest import only_call, work
from tests.searches.pages import photo

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status

TAKES_REGIONS, TAKES_PICTURES, TAKES_ADDRESSES = "alibaba_open", "image_search_md5", "tmapi"
CROP = [0.25, 0.1, 0.75, 0.6]
# Of a square one it would not show what was taken for what.
WIDE = photo(size=(360, 200))


@pytest.fixture
def asked(start):
    """`asked(marketplace, **parameters)`: the call of a search, with its job as it is stored."""

    def call(marketplace: str = TAKES_PICTURES, **parameters) -> SearchCall:
        pk = only_call(start(marketplaces=[marketplace], data=WIDE, **parameters)).pk
        return SearchCall.objects.select_related("job", "image").get(pk=pk)

    return call


def request(call: SearchCall):
    return request_of(call, MARKETPLACES[call.marketplace])


def size(picture: bytes) -> tuple[int, int]:
    facts = inspect(picture)
    return facts.width, facts.height


def close_to(box) -> list:
    return [pytest.approx(edge, abs=0.005) for edge in box]


def test_where_a_region_is_taken_the_whole_photo_goes_out_with_it(asked) -> None:
    whole, part = request(asked(TAKES_REGIONS)), request(asked(TAKES_REGIONS, crop=CROP))
    width, height = size(whole.image)
    assert whole.region is None
    assert part.image == whole.image
    assert part.region == Region(
        round(0.25 * width), round(0.1 * height), round(0.5 * width), round(0.6 * height) - round(0.1 * height)
    )


def test_elsewhere_the_part_is_cut_out_here(asked) -> None:
    whole, part = request(asked()), request(asked(crop=CROP))
    assert part.region is None
    across, down = size(whole.image)
    assert size(part.image) == (pytest.approx(0.5 * across, abs=2), pytest.approx(0.5 * down, abs=2))


def test_a_preparation_that_crops_by_itself_gets_the_part_cut_out(asked) -> None:
    part = request(asked(TAKES_REGIONS, crop=[0.0, 0.0, 1.0, 0.5], preparation="enhanced"))
    assert part.region is None
    across, down = size(part.image)
    # Neither the whole photo nor a square of it.
    assert across / down == pytest.approx(2 * photo_ratio(asked), rel=0.02)


def photo_ratio(asked) -> float:
    image = asked().image
    return image.width / image.height


@pytest.mark.parametrize("crop", [[0.999, 0.999, 1.0, 1.0], [0.0, 0.0, 0.0001, 0.0001], [0.0, 0.0, 1.0, 1.0]])
def test_the_smallest_and_the_largest_part_are_regions_of_the_picture(asked, crop) -> None:
    part = request(asked(TAKES_REGIONS, crop=crop))
    width, height = size(part.image)
    assert part.region.x + part.region.width <= width
    assert part.region.y + part.region.height <= height


def test_a_part_of_a_photo_with_an_address_goes_out_as_a_picture(asked) -> None:
    at = {"image_url": "https://shop.example/a.jpg"}
    assert request(asked(**at)).image_url == at["image_url"]
    part = request(asked(**at, crop=CROP))
    assert part.image_url is None
    assert part.image == request(asked(crop=CROP)).image


def test_a_marketplace_that_fetches_pictures_gets_the_part_at_an_address(asked, settings, client) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    part = request(asked(TAKES_ADDRESSES, crop=CROP))
    assert part.image is None
    address = urlsplit(part.image_url)
    assert f"{address.scheme}://{address.netloc}" == settings.PUBLIC_URL
    response = client.get(address.path)
    assert response.status_code == 200
    assert response.getvalue() == request(asked(crop=CROP)).image


def test_without_a_public_address_it_says_what_to_do(asked, settings) -> None:
    settings.PUBLIC_URL = ""
    with pytest.raises(MarketplaceError) as failure:
        request(asked(TAKES_ADDRESSES, image_url="https://shop.example/a.jpg", crop=CROP))
    assert failure.value.code == "no-public-url"
    assert request(asked(TAKES_ADDRESSES, image_url="https://shop.example/a.jpg")).image_url


def test_two_parts_of_a_photo_cost_one_upload_where_regions_are_taken(start, sandbox) -> None:
    CredentialFactory(marketplace=TAKES_REGIONS, base_url=sandbox.url)
    for crop in (CROP, [0.1, 0.1, 0.6, 0.6]):
        assert work(start(marketplaces=[TAKES_REGIONS], crop=crop)).status == Job.DONE
    assert len(sandbox.calls()) == 3


def test_a_part_is_found_as_a_photo_of_its_own_is(start) -> None:
    job = work(start(crop=[0.05, 0.05, 0.95, 0.95]))
    assert job.status == Job.DONE
    assert job.matches.order_by("rank").first().similarity > 0.6


# And back


@pytest.mark.parametrize("preparation", ["basic", "enhanced"])
@pytest.mark.parametrize("crop", [None, CROP])
@pytest.mark.parametrize("takes_region", [True, False])
def test_a_box_comes_back_to_where_it_is_on_the_photo(asked, preparation, crop, takes_region) -> None:
    protocol = replace(MARKETPLACES[TAKES_REGIONS], takes_region=takes_region)
    call = asked(TAKES_REGIONS, crop=crop, preparation=preparation)
    sent = request_of(call, protocol)
    width, height = size(sent.image)
    (box,) = boxes_of([Region(0, 0, width, height)], call, protocol)
    (inner,) = boxes_of([Region(width // 2, 0, width // 4, height // 2)], call, protocol)
    if preparation == "enhanced" and crop is None:
        square = Box.centred_square(call.image.width, call.image.height)
        seen = [square.left, square.top, square.right, square.bottom]
    else:
        seen = crop if crop and sent.region is None else [0, 0, 1, 1]
    assert box == close_to(seen)
    left, top, right, bottom = seen
    across, down = right - left, bottom - top
    assert inner == close_to([left + across / 2, top, left + across * 0.75, top + down / 2])


def test_what_was_asked_for_as_a_region_comes_back_as_the_part(asked) -> None:
    call = asked(TAKES_REGIONS, crop=CROP)
    (box,) = boxes_of([request(call).region], call, MARKETPLACES[TAKES_REGIONS])
    assert box == close_to(CROP)


def test_a_box_that_leaves_the_picture_ends_at_its_edge(asked) -> None:
    call = asked(TAKES_REGIONS)
    assert boxes_of([Region(0, 0, 99_999, 99_999)], call, MARKETPLACES[TAKES_REGIONS]) == [[0, 0, 1, 1]]


def test_of_a_picture_that_was_not_sent_nothing_is_known(asked, settings) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    by_address = asked(image_url="https://shop.example/a.jpg")
    fetched = asked(TAKES_ADDRESSES)
    for call in (by_address, fetched):
        assert boxes_of([Region(0, 0, 9, 9)], call, MARKETPLACES[call.marketplace]) == []


def test_the_first_page_keeps_the_marketplaces_boxes_cached_or_not(start, sandbox) -> None:
    CredentialFactory(marketplace=TAKES_REGIONS, base_url=sandbox.url)
    first, cached = (work(start(marketplaces=[TAKES_REGIONS], wanted=100), turns=2) for _ in range(2))
    page, following = first.calls.order_by("page")
    assert page.regions
    assert all(Box(*box) for box in page.regions)
    assert following.regions == []
    again = cached.calls.get(page=1)
    assert again.from_cache
    assert again.regions == page.regions


# The step


def test_without_the_photo_the_offers_come_without_boxes(start, sandbox, media_folder, monkeypatch) -> None:
    """They are paid for, and the boxes are suggestions."""
    CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url)
    keep = results.keep

    def kept_as_the_storage_goes(*answer: object) -> None:
        keep(*answer)
        shutil.rmtree(media_folder)

    monkeypatch.setattr(results, "keep", kept_as_the_storage_goes)
    call = only_call(work(start(marketplaces=["alibaba_open"])))
    assert (call.status, call.regions) == (SearchCall.Status.DONE, [])
    assert call.offers_found


def test_a_part_is_searched_as_the_same_question(start, alice, sandbox) -> None:
    job = work(start(price_from=5, keywords="盘", order="price", preparation="enhanced"))
    part = actions.search_part(user=alice, job=job, image=job.photos[0], box=Box(*CROP))
    assert part.pk != job.pk
    assert (part.crops, part.fresh, part.owner) == ({str(job.photos[0].pk): CROP}, False, alice)
    asked = ("price_from", "keywords", "order", "preparation", "title", "wanted", "team")
    assert [getattr(part, name) for name in asked] == [getattr(job, name) for name in asked]
    assert part.images.get() == job.images.get()
    assert [call.marketplace for call in part.calls.all()] == [TAKES_PICTURES]
    assert work(part).status == Job.DONE
    assert len(sandbox.calls()) == 2


def test_a_part_that_is_searched_again_stays_one(start, alice) -> None:
    job = start()
    part = actions.search_part(user=alice, job=job, image=job.photos[0], box=Box(*CROP))
    assert actions.search_again(user=alice, job=part).crops == part.crops == {str(job.photos[0].pk): CROP}


def test_of_a_part_another_part_is_one_of_the_whole_photo(start, alice) -> None:
    job = start()
    part = actions.search_part(user=alice, job=job, image=job.photos[0], box=Box(*CROP))
    other = actions.search_part(user=alice, job=part, image=part.photos[0], box=Box(0, 0, 0.5, 0.5))
    assert other.crops == {str(job.photos[0].pk): [0, 0, 0.5, 0.5]}
