"""Vectors of items' pictures: made by workers in the background, whatever happens to them."""

from datetime import timedelta

import django_rq
import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from catalog import embedding, jobs
from catalog.pictures import keep_picture
from catalog.vectors import nearest
from searches.valkey import connection
from searches.visual import DIMENSIONS, VERSION, ModelUnavailable
from tests.factories import ItemFactory, ItemPictureFactory
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def bells() -> int:
    queue = django_rq.get_queue("looks", connection=connection())
    return sum(job.func_name == "catalog.jobs.embed_pictures" for job in queue.jobs)


@pytest.fixture
def blind(monkeypatch) -> None:
    """The model's file is missing."""

    def unavailable(_pictures) -> None:
        raise ModelUnavailable("the model's file is missing")

    monkeypatch.setattr(embedding, "embed", unavailable)


def test_a_kept_picture_rings_and_a_worker_makes_its_vector(alice, team, bag, signed_in):
    picture = keep_picture(item=bag, data=photo("red", size=(300, 300)))
    assert bells() == 1
    assert "0 of 1 pictures are ready to be found" in text_of(signed_in(alice).get("/catalog/"))
    jobs.embed_pictures()
    picture.refresh_from_db()
    vector = np.frombuffer(bytes(picture.vector), "<f4")
    assert vector.shape == (DIMENSIONS,) and picture.vector_version == VERSION
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)
    assert nearest([team.pk], vector)[0].item == bag.pk
    assert "1 picture is ready to be found." in text_of(signed_in(alice).get("/catalog/"))
    assert "searches find it" in text_of(signed_in(alice).get(f"/catalog/{bag.pk}/"))


def test_more_than_one_chunk_and_a_search_that_waits(bag, monkeypatch):
    monkeypatch.setattr(embedding, "CHUNK", 2)
    for colour in ("red", "teal", "navy", "gold", "pink"):
        keep_picture(item=bag, data=photo(colour))
    monkeypatch.setattr(embedding, "searches_wait", lambda: True)
    connection().flushall()
    jobs.embed_pictures()
    assert bag.pictures.exclude(vector=None).count() == 2 and bells()
    monkeypatch.setattr(embedding, "searches_wait", lambda: False)
    jobs.embed_pictures()
    assert embedding.progress_of(bag.team_id) == embedding.Progress(all=5, ready=5, troubled=0)


def test_one_that_cannot_be_read_does_not_hold_up_the_others(alice, bag, signed_in):
    good = keep_picture(item=bag, data=photo())
    damaged = ItemPictureFactory(item=bag, data=b"no picture")
    lost = ItemPictureFactory(item=bag)
    default_storage.delete(lost.file.name)
    jobs.embed_pictures()
    for picture, trouble in ((good, ""), (damaged, "unreadable"), (lost, "missing")):
        picture.refresh_from_db()
        assert (picture.trouble, picture.vector is None) == (trouble, bool(trouble))
    text = text_of(signed_in(alice).get("/catalog/"))
    assert "1 picture is ready" in text and "2 cannot be read" in text
    assert "cannot be read" in text_of(signed_in(alice).get(f"/catalog/{bag.pk}/"))
    connection().flushall()
    assert jobs.ring_due() and not bells()


def test_vectors_of_an_older_eye_are_made_anew(bag):
    picture = keep_picture(item=bag, data=photo())
    for version in ("0", "zzz"):
        bag.pictures.update(vector=b"old", vector_version=version)
        connection().flushall()
        assert jobs.ring_due() and bells() == 1
        jobs.embed_pictures()
        picture.refresh_from_db()
        assert picture.vector_version == VERSION and len(picture.vector) == 4 * DIMENSIONS


def test_what_a_lost_worker_held_is_done_by_the_next(bag):
    keep_picture(item=bag, data=photo())
    now = timezone.now()
    bag.pictures.update(lease_until=now + timedelta(minutes=1))
    connection().flushall()
    jobs.embed_pictures()
    assert jobs.ring_due() and not bells()
    assert bag.pictures.get().vector is None
    bag.pictures.update(lease_until=now - timedelta(seconds=1))
    assert jobs.ring_due() and bells()
    jobs.embed_pictures()
    assert bag.pictures.get().vector is not None and bag.pictures.get().lease_until is None


def test_without_the_eye_pictures_wait_and_the_page_says_so(alice, bag, blind, signed_in, monkeypatch):
    picture = keep_picture(item=bag, data=photo())
    jobs.embed_pictures()
    picture.refresh_from_db()
    assert (picture.trouble, picture.lease_until, picture.vector) == ("", None, None)
    assert "this server cannot compare pictures just now" in text_of(signed_in(alice).get("/catalog/"))
    # For a while nobody is rung for nothing.
    before = bells()
    assert jobs.ring_due() and bells() == before
    monkeypatch.undo()
    jobs.embed_pictures()
    assert "1 picture is ready" in text_of(signed_in(alice).get("/catalog/"))


def test_each_teams_progress_is_its_own(bag, charlies_team):
    ItemPictureFactory(item=ItemFactory(team=charlies_team))
    assert embedding.progress_of(bag.team_id).all == 0
    assert embedding.progress_of(charlies_team.pk).waiting == 1
