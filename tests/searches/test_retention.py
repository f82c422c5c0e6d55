"""What is removed after its time, what stays, and that it can be interrupted anywhere."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from searches import jobs, prepared, removal, retention
from searches.actions import keep_query_image
from searches.bucket import BucketFailed
from searches.imaging import BASIC
from searches.models import QueryImage, SearchCall, SearchJob, Sighting, SupplierMatch
from suppliers.models import ListEntry
from tests.factories import ListEntryFactory, SearchCallFactory, SupplierListFactory
from tests.searches.kept import age_files, files, keep_house, kept_photo, searched, uploaded
from tests.searches.pages import photo

# Files are removed after their rows are committed.
pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """What ends a process; nothing catches it."""


@pytest.fixture
def image(team, alice) -> QueryImage:
    return kept_photo(team, user=alice)


def test_what_is_young_stays(image) -> None:
    uploaded(image, days_ago=364)
    job = searched(image, days_ago=364)
    before = files()
    assert keep_house() == 1
    assert files() == before
    assert list(job.matches.values_list("sightings__image", flat=True)) == [image.pk] * 2


def test_an_old_search_goes_with_its_offers_its_photo_and_its_files(image) -> None:
    uploaded(image, days_ago=366)
    searched(image, days_ago=366)
    keep_house()
    for model in (SearchJob, SearchCall, SupplierMatch, Sighting, QueryImage):
        assert not model.objects.exists(), model
    assert files() == []


def test_the_last_days_search_keeps_an_older_photo(image) -> None:
    uploaded(image, days_ago=900)
    old, young = searched(image, days_ago=800), searched(image, days_ago=300)
    keep_house()
    assert list(SearchJob.objects.all()) == [young] != [old]
    assert default_storage.exists(image.file.name)


@pytest.mark.parametrize("status", SearchJob.UNFINISHED)
def test_a_search_that_goes_on_stays_whole(status, image) -> None:
    uploaded(image, days_ago=900)
    job = searched(image, days_ago=800, status=status)
    keep_house()
    assert job.matches.count() == 2
    assert default_storage.exists(image.file.name)


def test_what_a_supplier_list_shows_stays_as_it_is(image, team, alice, signed_in) -> None:
    uploaded(image, days_ago=900)
    match = searched(image, days_ago=800).matches.first()
    entry = ListEntryFactory(
        supplier_list=SupplierListFactory(team=team), source_match=match, query_image=image, title=match.title
    )
    keep_house()
    assert not SearchJob.objects.exists()
    entry = ListEntry.objects.get(pk=entry.pk)
    assert (entry.source_match, entry.query_image, entry.title) == (None, image, match.title)
    assert signed_in(alice).get(f"/searches/pictures/{image.pk}/").getvalue() == photo()
    assert signed_in(alice).get(f"/searches/pictures/{image.pk}/thumb/").status_code == 200


def test_photos_may_be_kept_shorter_than_results(image, alice, signed_in, settings) -> None:
    settings.RETENTION_ORIGINALS_DAYS, settings.RETENTION_DERIVED_DAYS = 10, 5
    uploaded(image, days_ago=11)
    job = searched(image, days_ago=11)
    keep_house()
    assert files("queries/") == []
    assert job.matches.count() == 2
    response = signed_in(alice).get(job.get_absolute_url())
    assert response.status_code == 200
    assert "/searches/pictures/" not in response.content.decode()
    assert signed_in(alice).get(f"/searches/pictures/{image.pk}/").status_code == 404
    assert keep_house() == 1


def test_a_photo_that_was_removed_can_be_uploaded_again(image, team, bob, settings) -> None:
    settings.RETENTION_ORIGINALS_DAYS = 10
    uploaded(image, days_ago=11)
    searched(image, days_ago=11)
    keep_house()
    again = keep_query_image(team=team, user=bob, data=photo(), name="again.png")
    assert again == image
    keep_house()
    with prepared.opened(QueryImage.objects.get()) as file:
        assert file.read() == photo()


def test_a_call_whose_photo_is_kept_no_longer_says_so(image, settings, media_folder) -> None:
    settings.RETENTION_ORIGINALS_DAYS = settings.RETENTION_DERIVED_DAYS = 10
    uploaded(image, days_ago=11)
    job = searched(image, days_ago=11)
    age_files(media_folder, days=11)
    keep_house()
    call = SearchCallFactory(job=job, image=image, page=2, status=SearchCall.Status.QUEUED, attempts=0)
    jobs.run_call(call.pk)
    call.refresh_from_db()
    assert (call.status, call.error_code) == (SearchCall.Status.FAILED, "photo-gone")


def test_a_photo_that_is_wanted_again_is_kept_anew(image, team, alice) -> None:
    uploaded(image, days_ago=900)
    assert keep_query_image(team=team, user=alice, data=photo(), name="mug.png") == image
    keep_house()
    assert default_storage.exists(image.file.name)


def test_prepared_pictures_go_after_their_days_and_are_made_again(image, media_folder, monkeypatch) -> None:
    other = kept_photo(image.team, 1)
    first = prepared.jpeg_of(image, BASIC)
    age_files(media_folder, days=31, beginning=f"derived/{image.sha256[:2]}/{image.sha256}")
    keep_house()
    (left,) = files("derived/")
    assert other.sha256 in left
    assert prepared.jpeg_of(image, BASIC) == first


def test_the_look_through_prepared_pictures_goes_on_where_it_stopped(team, media_folder, monkeypatch) -> None:
    for number in range(5):
        kept_photo(team, number)
    age_files(media_folder, days=31, beginning="derived/")
    monkeypatch.setattr(retention, "FILES_A_STEP", 2)
    left = []
    for _ in range(3):
        retention.step()
        left.append(len(files("derived/")))
    assert left == [3, 1, 0]


@pytest.mark.parametrize("days", [0, 100_000])
def test_nothing_is_kept_longer_than_for_ever(days, image, settings, media_folder) -> None:
    for name in ("ORIGINALS", "DERIVED", "RESULTS"):
        setattr(settings, f"RETENTION_{name}_DAYS", days and 36_500)
    uploaded(image, days_ago=9_000)
    job = searched(image, days_ago=9_000)
    age_files(media_folder, days=9_000)
    before = files()
    assert keep_house() == 1
    assert files() == before
    assert job.matches.exists()


def test_each_step_is_bounded(image, monkeypatch) -> None:
    monkeypatch.setattr(retention, "OFFERS_A_STEP", 3)
    job = searched(image, days_ago=366, offers=8)
    left = []
    while retention.step():
        left.append(job.matches.count())
    assert left == [5, 2, 0]
    assert not SearchJob.objects.exists()


def test_killed_between_row_and_file_the_next_step_removes_the_file(image, monkeypatch) -> None:
    uploaded(image, days_ago=366)
    before = files()

    def killed(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(removal, "remove_noted", killed)
        retention.expire_originals(timezone.now())
        with pytest.raises(Killed):
            retention.step()
    assert not QueryImage.objects.exists()
    assert set(before) < set(files())  # and a note of them
    keep_house()
    assert files() == []


def test_killed_among_the_files_the_next_step_removes_the_rest(team, monkeypatch) -> None:
    for number in range(3):
        uploaded(kept_photo(team, number), days_ago=366)
    retention.expire_originals(timezone.now())
    removed = []
    really_delete = default_storage.delete

    def killed_at_the_third(name: str) -> None:
        if len(removed) == 2:
            raise Killed
        removed.append(name)
        really_delete(name)

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", killed_at_the_third)
        with pytest.raises(Killed):
            retention.step()
    assert len(files("queries/") + files("derived/")) == 4
    keep_house()
    assert files() == []


def test_many_files_go_in_several_steps(team, monkeypatch) -> None:
    monkeypatch.setattr(removal, "FILES_A_STEP", 2)
    for number in range(5):
        kept_photo(team, number)
    team.delete()
    left = []
    while retention.step():
        left.append(len(files("queries/")))
    assert left == [3, 1, 0]
    assert files() == []


def test_a_noted_file_that_a_row_names_again_stays(image, team, bob) -> None:
    """The same photo was uploaded between its removal and that of its files."""
    QueryImage.objects.all().delete()
    again = keep_query_image(team=team, user=bob, data=photo(), name="mug.png")
    keep_house()
    with prepared.opened(again) as file:
        assert file.read() == photo()
    assert len(files("queries/")) == 1


def test_another_teams_photo_of_the_same_content_stays(image, charlies_team, charlie) -> None:
    other = kept_photo(charlies_team, user=charlie)
    image.delete()
    keep_house()
    assert files("queries/") == [other.file.name]
    assert len(files("derived/")) == 1


def test_deleting_a_team_removes_its_files_and_no_others(image, team, charlies_team) -> None:
    other = kept_photo(charlies_team, 1)
    searched(image)
    team.delete()
    keep_house()
    assert files("queries/") == [other.file.name]
    assert [other.sha256 in name for name in files("derived/")] == [True]


def test_a_deletion_that_is_undone_removes_nothing(image, monkeypatch) -> None:
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    kept_photo(image.team, 1).delete()  # its note names the first one, too
    keep_house()
    assert files("queries/") == [image.file.name]
    assert len(files("derived/")) == 1


def test_a_damaged_note_is_no_obstacle(image, media_folder, caplog) -> None:
    default_storage.save("removals/0.json", ContentFile(b'[["queries'))
    image.delete()
    keep_house()
    assert files() == ["removals/0.json"]
    age_files(media_folder, days=1)
    keep_house()
    assert files() == []
    assert "removeorphans" in caplog.text


def test_a_storage_that_fails_keeps_nothing_else_waiting(image, monkeypatch, caplog) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    image.delete()

    def fails(name: str) -> None:
        raise BucketFailed("the bucket answered SlowDown")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", fails)
        assert retention.step() is False
    assert "SlowDown" in caplog.text
    assert not Session.objects.exists()
    keep_house()
    assert files() == []


def test_sessions_that_have_ended_are_cleared(db, monkeypatch) -> None:
    monkeypatch.setattr(retention, "SESSIONS_A_STEP", 2)
    now = timezone.now()
    for number in range(5):
        Session.objects.create(session_key=f"old-{number}", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="young", session_data="", expire_date=now + timedelta(days=1))
    assert keep_house() == 3
    assert Session.objects.get().session_key == "young"


def test_a_photo_that_was_never_searched_goes_too(image) -> None:
    uploaded(image, days_ago=366)
    keep_house()
    assert not QueryImage.objects.exists()
    assert files() == []
