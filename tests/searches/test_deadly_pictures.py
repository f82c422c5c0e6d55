"""A picture that kills whatever reads it is marked, and the worker goes on with the next."""

import shutil

import pytest

from searches import actions
from searches.imaging import ImageRejected, bounded
from searches.imaging.nursery import Nursery
from searches.models import QueryImage, SearchCall, SearchJob
from tests.searches.conftest import work
from tests.searches.imaging import hostile
from tests.searches.imaging.pictures import encoded, flat

pytestmark = pytest.mark.django_db

# Nothing is wrong with it, until the hostile decoder reads it.
DEADLY = encoded(flat(size=(hostile.WIDTHS["abort"], 40)), "PNG")


@pytest.fixture
def nursery():
    nursery = Nursery("tests.searches.imaging.hostile")
    yield nursery
    nursery.close()


def test_a_worker_marks_the_picture_at_once_and_goes_on(start, nursery, monkeypatch, media_folder, caplog):
    jobs = [start(), start(data=DEADLY), start(product="box-01")]
    shutil.rmtree(media_folder / "derived")  # so that the worker has to prepare them anew
    monkeypatch.setattr(bounded, "nursery", nursery)
    statuses = [work(job).status for job in jobs]
    assert statuses == [SearchJob.Status.DONE, SearchJob.Status.FAILED, SearchJob.Status.DONE]
    call = jobs[1].calls.get()
    assert (call.status, call.attempts) == (SearchCall.Status.FAILED, 1)
    assert call.error_code == "too-costly"
    assert call.error_message.startswith("Reading the picture takes more time or memory")
    assert "killed or broke down over a picture" in caplog.text


def test_it_is_refused_when_it_is_uploaded_and_nothing_is_kept(alice, team, nursery, monkeypatch, media_folder):
    monkeypatch.setattr(bounded, "nursery", nursery)
    with pytest.raises(ImageRejected) as refusal:
        actions.keep_query_image(team=team, user=alice, data=DEADLY, name="deadly.png")
    assert refusal.value.code == "too-costly"
    assert not QueryImage.objects.exists()
    assert [path for path in media_folder.rglob("*") if path.is_file()] == []
    kept = actions.keep_query_image(team=team, user=alice, data=encoded(flat(size=(90, 60))), name="good.png")
    assert kept.width == 90
