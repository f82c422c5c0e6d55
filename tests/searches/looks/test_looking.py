"""Offers' pictures beside the photo: what is compared, what is kept, and what becomes of those that cannot be had."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from searches import fetching
from searches.looks import beginning, foreground
from searches.looks import fetching as hosts
from searches.looks.progress import looking_at
from searches.models import Look, OfferPicture, SearchCall, SearchJob, Sighting, SupplierMatch
from searches.models.look import PAUSES
from tests.batches.making import drawing, picture
from tests.factories import CredentialFactory, QueryImageFactory, SearchCallFactory, TeamFactory
from tests.searches.conftest import work
from tests.searches.looks.hosting import QUERY, calls_of, looked, offers_of

pytestmark = pytest.mark.django_db
Status, Reason = Look.Status, Look.Reason


def test_the_same_picture_is_alike_and_another_is_not(found) -> None:
    look = looked(found(f"{QUERY}.jpg", "2.jpg"))
    same, other = offers_of(look)
    assert (look.status, look.compared, look.without) == (Status.DONE, 2, 0)
    assert same.visual > 0.95
    assert other.visual < same.visual
    assert Sighting.objects.get(match=same).visual == same.visual
    assert (same.similarity, same.likeness) == (None, same.visual)


def test_the_marketplaces_number_stays_beside_ours(found) -> None:
    (offer,) = offers_of(looked(found(f"{QUERY}.jpg", similarity=0.31)))
    assert (offer.similarity, offer.likeness) == (0.31, 0.31)
    assert offer.visual > 0.95


def test_of_several_photos_the_best_counts(found, team) -> None:
    first = looked(found("2.jpg"))
    job, (offer,) = first.call.job, offers_of(first)
    photo = QueryImageFactory(team=team, data=picture(2))
    job.images.add(photo)
    call = SearchCallFactory(job=job, image=photo, offers_found=1)
    Sighting.objects.create(match=offer, call=call, image=photo, rank=1)
    beginning.begin(call, 1)
    looked(call.look)
    before, after = offer.visual, SupplierMatch.objects.get(pk=offer.pk).visual
    assert before < 0.9 < after
    assert sorted(offer.sightings.values_list("visual", flat=True)) == [before, after]


def test_the_part_that_was_searched_is_what_is_compared(found) -> None:
    """A photo whose right half is another thing, searched by its left half alone."""
    file = io.BytesIO()
    both = Image.new("RGB", (640, 320))
    both.paste(drawing(2), (0, 0))
    both.paste(drawing(3), (320, 0))
    both.save(file, "JPEG", quality=95)
    whole, part = found("2.jpg"), found("2.jpg")
    for look, crops in ((whole, {}), (part, {"left": [0, 0, 0.5, 1]})):
        image = QueryImageFactory(team=look.call.job.team, data=file.getvalue() + bytes(len(crops)))
        edges = {str(image.pk): box for box in crops.values()}
        SearchJob.objects.filter(pk=look.call.job_id).update(crops=edges)
        SearchCall.objects.filter(pk=look.call_id).update(image=image)
        look.call.refresh_from_db()
    assert offers_of(looked(part))[0].visual > 0.95 > offers_of(looked(whole))[0].visual


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.jpg", "refused"), ("text.jpg", "unsupported"), ("large.jpg", "too-large"), ("", "none")],
)
def test_an_offer_whose_picture_cannot_be_had_stays_and_says_why(found, name, reason) -> None:
    look = looked(found(name, f"{QUERY}.jpg"))
    without, with_one = offers_of(look)
    assert (without.visual, without.unseen) == (None, reason)
    assert with_one.visual > 0.95 and with_one.unseen == ""
    assert (look.status, look.compared, look.without) == (Status.DONE, 1, 1)


def test_a_host_that_is_not_the_marketplaces_is_never_asked(found, host, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = []
    (offer,) = offers_of(looked(found(f"{QUERY}.jpg")))
    assert (offer.visual, offer.unseen) == (None, "host")
    assert host.hits == []
    assert not OfferPicture.objects.exists()


def test_a_host_that_hangs_is_given_up_and_the_others_are_compared(found, host, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    monkeypatch.setattr(hosts, "MOST_FAILURES_OF_A_HOST", 2)
    monkeypatch.setattr(hosts, "AT_ONCE_OF_A_HOST", 1)
    # Asked one after the other, in the order of their addresses: the good one first.
    names = [f"{QUERY}.jpg", *(f"hang{number}.jpg" for number in range(5))]
    look = looked(found(*names))
    offers = offers_of(look)
    assert offers[0].visual > 0.95
    assert {offer.unseen for offer in offers[1:]} == {"too-slow", "unreachable"}
    assert sum(name.startswith("hang") for name in host.hits) == 2
    assert look.status == Status.DONE


def test_a_picture_is_fetched_once_for_all_teams(found, host) -> None:
    looked(found(f"{QUERY}.jpg", "2.jpg", "2.jpg"))
    other = found(f"{QUERY}.jpg", "2.jpg")
    SearchJob.objects.filter(pk=other.call.job_id).update(team=TeamFactory())
    looked(other)
    assert sorted(host.hits) == [f"{QUERY}.jpg", "2.jpg"]
    assert [offer.visual is None for offer in offers_of(other)] == [False, False]


def test_what_could_not_be_had_is_not_asked_for_again_at_once(found, host) -> None:
    for _time in range(2):
        assert offers_of(looked(found("missing.jpg")))[0].unseen == "refused"
    assert host.hits == ["missing.jpg"]
    OfferPicture.objects.update(tried_at=timezone.now() - PAUSES[0] - timedelta(seconds=1))
    looked(found("missing.jpg"))
    assert host.hits == ["missing.jpg"] * 2


def test_vectors_of_an_older_eye_are_made_anew(found, host) -> None:
    look = found(f"{QUERY}.jpg")
    looked(look)
    OfferPicture.objects.update(vector_version="older", vector=b"")
    assert offers_of(looked(found(f"{QUERY}.jpg")))[0].visual > 0.95
    assert len(host.hits) == 2


def test_without_its_photo_a_look_fails_and_says_so(found) -> None:
    look = found(f"{QUERY}.jpg")
    image = look.call.image
    image.file.delete()
    assert (looked(look).status, look.reason) == (Status.FAILED, Reason.PHOTO)
    assert "the photo can no longer be read" in looking_at(calls_of(look.call.job)).failed


def test_a_photo_that_was_compared_with_needs_no_second_reading(found) -> None:
    first = looked(found(f"{QUERY}.jpg"))
    first.call.image.file.delete()
    second = found("2.jpg", job=first.call.job)
    assert looked(second).status == Status.DONE


def test_a_search_through_the_official_protocol_has_similarities(start, sandbox, settings) -> None:
    """Which gives none: the source document's rule for the best suppliers works there all the same."""
    settings.FETCH_ALLOWED_HOSTS = [sandbox.url.removeprefix("http://")]
    CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)
    job = work(start(marketplaces=["alibaba_open", "image_search_md5"]))
    assert job.matches.filter(marketplace="alibaba_open").exists()
    foreground.finish(job)
    official = job.matches.filter(marketplace="alibaba_open")
    assert not official.exclude(similarity=None).exists()
    assert not official.filter(visual=None).exists()
    assert not job.matches.exclude(marketplace="alibaba_open").filter(similarity=None).exists()
    best = official.order_by("-visual").first()
    assert best.visual >= 0.8
    assert not job.matches.filter(unseen__gt="").exists()
