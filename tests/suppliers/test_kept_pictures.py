"""Offers' pictures: fetched once by a worker, kept small, and said when they cannot be had."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import django_rq
import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from searches.storages import walk
from searches.valkey import connection
from suppliers import jobs, pictures
from suppliers.actions import delete_list, save_matches
from suppliers.models import KeptPicture, ListEntry
from tests.factories import SearchJobFactory, SupplierMatchFactory
from tests.searches.kept import age_files
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = photo(size=(1200, 900))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        found = self.path.startswith("/photo")
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(PHOTO if found else b"no")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(settings) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.hits = []
        threading.Thread(target=made.serve_forever, daemon=True).start()
        settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{made.server_port}"]
        yield made
        made.shutdown()


@pytest.fixture
def save(alice, team, spring, server):
    """`save("/photo.png")`: an offer with that picture, on the list."""

    def saved(path: str) -> ListEntry:
        url = f"http://127.0.0.1:{server.server_port}{path}" if path.startswith("/") else path
        match = SupplierMatchFactory(job=SearchJobFactory(team=team), image_url=url)
        save_matches(user=alice, supplier_list=spring, matches=[match])
        return ListEntry.objects.select_related("picture").get(offer_id=match.offer_id)

    return saved


def rung() -> list[int]:
    queue = django_rq.get_queue("batch", connection=connection())
    return [job.args[0] for job in queue.jobs if job.func_name == "suppliers.jobs.keep_picture"]


def address(entry, step="") -> str:
    return f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/{step}"


def test_saving_rings_and_a_worker_keeps_a_small_picture(alice, save, server, signed_in):
    entry = save("/photo.png")
    assert rung() == [entry.picture_id]
    client = signed_in(alice)
    assert "The picture is being kept" in text_of(client.get(address(entry)))
    assert entry.image_url in client.get(address(entry)).content.decode()
    jobs.keep_picture(entry.picture_id)
    entry.picture.refresh_from_db()
    assert entry.picture.state == "kept"
    shown = client.get(address(entry, f"pictures/{entry.picture_id}.jpg"))
    with Image.open(io.BytesIO(b"".join(shown.streaming_content))) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 480)
    page = client.get(address(entry)).content.decode()
    assert f"pictures/{entry.picture_id}.jpg" in page
    assert entry.image_url not in page


def test_one_address_is_fetched_once_for_a_team(save, server):
    first, second = save("/photo.png"), save("/photo.png")
    assert first.picture_id == second.picture_id
    jobs.keep_picture(first.picture_id)
    jobs.keep_picture(first.picture_id)
    assert server.hits == ["/photo.png"]


def test_a_picture_that_cannot_be_had_is_said(alice, save, signed_in):
    entry = save("/missing.png")
    jobs.keep_picture(entry.picture_id)
    said = text_of(signed_in(alice).get(address(entry)))
    assert "The picture could not be kept: The host did not hand out the picture." in said
    again = save("/missing.png")
    assert again.picture.state == "waiting", "whoever keeps the offer anew has it tried anew"


def test_a_host_that_the_marketplace_does_not_name_is_never_asked(alice, save, server, settings, signed_in):
    settings.FETCH_ALLOWED_HOSTS = []
    entry = save("/photo.png")
    assert (entry.picture.state, rung()) == ("failed", [])
    assert "on a host that this marketplace does not name" in text_of(signed_in(alice).get(address(entry)))
    jobs.keep_picture(entry.picture_id)
    assert server.hits == []


def test_trouble_on_the_way_is_tried_again_and_not_for_ever(save, settings):
    entry = save("/photo.png")
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:9"]
    KeptPicture.objects.update(address="http://127.0.0.1:9/photo.png")
    for attempt in range(pictures.MOST_ATTEMPTS):
        assert KeptPicture.objects.get().state == "waiting", attempt
        jobs.keep_picture(entry.picture_id)
        KeptPicture.objects.update(lease_until=None)
    assert KeptPicture.objects.get().state == "failed"


def test_whoever_has_it_is_left_alone_and_a_lost_worker_is_followed(save, server):
    entry = save("/photo.png")
    connection().flushall()
    KeptPicture.objects.update(lease_until=timezone.now() + timedelta(minutes=1), attempts=1)
    assert jobs.ring_due()
    jobs.keep_picture(entry.picture_id)
    assert (rung(), server.hits) == ([], [])
    KeptPicture.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.ring_due()
    assert rung() == [entry.picture_id]
    jobs.keep_picture(entry.picture_id)
    assert KeptPicture.objects.get().state == "kept"


def test_what_no_entry_shows_any_more_is_removed_with_its_file(alice, spring, save, media_folder):
    entry = save("/photo.png")
    jobs.keep_picture(entry.picture_id)
    now = timezone.now() + timedelta(hours=2)
    assert not pictures.expire(now)
    assert KeptPicture.objects.count() == 1
    delete_list(user=alice, supplier_list=spring)
    pictures.expire(timezone.now())
    assert KeptPicture.objects.count() == 1, "somebody may be saving the same offer just now"
    pictures.expire(now)
    assert not KeptPicture.objects.exists()
    assert list(walk(pictures.FOLDER)) == []


def test_files_that_a_crash_left_are_orphans(save, media_folder):
    entry = save("/photo.png")
    jobs.keep_picture(entry.picture_id)
    other = save("/photo-2.png")
    jobs.keep_picture(other.picture_id)
    KeptPicture.objects.filter(pk=other.picture_id).update(file_name="")
    age_files(media_folder, days=2)
    call_command("removeorphans", stdout=io.StringIO())
    assert [file.name for file in walk(pictures.FOLDER)] == [KeptPicture.objects.get(pk=entry.picture_id).file_name]


@pytest.mark.parametrize(("name", "status"), [("vera", 200), ("charlie", 404)])
def test_who_sees_a_kept_picture(name, status, save, request, signed_in):
    entry = save("/photo.png")
    jobs.keep_picture(entry.picture_id)
    client = signed_in(request.getfixturevalue(name))
    answer = client.get(address(entry, f"pictures/{entry.picture_id}.jpg"))
    assert answer.status_code == status
    assert b"".join(answer)


def test_a_picture_of_another_entry_is_not_found_here(alice, save, signed_in):
    first, second = save("/photo.png"), save("/photo-2.png")
    jobs.keep_picture(second.picture_id)
    assert signed_in(alice).get(address(first, f"pictures/{second.picture_id}.jpg")).status_code == 404
