"""Files on their way into a batch: in parts, repeated, broken off, too large, and nobody else's."""

import errno
import json
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from batches import actions, parts, uploads
from batches.models import Batch, BatchFile, BatchRow
from searches.imaging import MAX_BYTES
from tests.batches.making import picture, put_in, send
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
State = BatchFile.State
PHOTO = picture()


@pytest.fixture
def browser(alice, batch, signed_in) -> Client:
    return signed_in(alice)


def announce(client: Client, batch: Batch, size: object = len(PHOTO), name: object = "a.jpg", **changes: object):
    asked = {"name": name, "size": size, "fingerprint": f"{name} {size}"} | changes
    return client.post(f"/batches/{batch.pk}/files/", json.dumps(asked), content_type="application/json")


def part(client: Client, batch: Batch, file: int, offset: object, data: bytes):
    address = f"/batches/{batch.pk}/files/{file}/part/?offset={offset}"
    return client.post(address, data, content_type="application/octet-stream")


def bytes_of(file: BatchFile) -> bytes:
    return uploads.path_of(file).read_bytes()


def test_a_file_comes_in_parts_and_is_whole(browser, batch) -> None:
    answer = announce(browser, batch).json()
    assert answer["received"] == 0
    for offset in range(0, len(PHOTO), 1000):
        answer |= part(browser, batch, answer["file"], offset, PHOTO[offset : offset + 1000]).json()
    file = BatchFile.objects.get()
    assert (answer["received"], file.state, file.name) == (len(PHOTO), State.RECEIVED, "a.jpg")
    assert bytes_of(file) == PHOTO


def test_a_part_is_smaller_than_what_a_request_may_hold(settings) -> None:
    assert parts.PART_BYTES < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("offset", [0, 500, 1500, 10**12])
def test_a_part_that_begins_elsewhere_is_not_written_and_told_where_to_go_on(offset, browser, batch) -> None:
    number = announce(browser, batch).json()["file"]
    part(browser, batch, number, 0, PHOTO[:1000])
    refused = part(browser, batch, number, offset, b"x" * 400)
    assert (refused.status_code, refused.json()) == (409, {"received": 1000})
    assert bytes_of(BatchFile.objects.get()) == PHOTO[:1000]


@pytest.mark.parametrize("data", [b"", PHOTO + b"x"])
def test_no_part_is_empty_or_longer_than_the_file(data, browser, batch) -> None:
    number = announce(browser, batch).json()["file"]
    assert part(browser, batch, number, 0, data).status_code == 409
    assert BatchFile.objects.get().received == 0


def test_an_upload_that_broke_off_is_taken_up_where_it_stopped(browser, batch) -> None:
    first = announce(browser, batch).json()
    part(browser, batch, first["file"], 0, PHOTO[:700])
    again = announce(browser, batch).json()
    assert again == first | {"received": 700}
    part(browser, batch, again["file"], 700, PHOTO[700:])
    assert bytes_of(BatchFile.objects.get()) == PHOTO


def test_a_part_that_was_cut_off_by_a_kill_is_overwritten(browser, batch) -> None:
    number = announce(browser, batch).json()["file"]
    part(browser, batch, number, 0, PHOTO[:700])
    with uploads.path_of(BatchFile.objects.get()).open("ab") as file:
        file.write(b"half of a part that nobody counted")
    part(browser, batch, number, 700, PHOTO[700:])
    assert bytes_of(BatchFile.objects.get()) == PHOTO


def test_a_file_whose_beginning_is_lost_begins_anew(browser, batch) -> None:
    number = announce(browser, batch).json()["file"]
    part(browser, batch, number, 0, PHOTO[:700])
    uploads.path_of(BatchFile.objects.get()).unlink()
    refused = part(browser, batch, number, 700, PHOTO[700:])
    assert (refused.status_code, refused.json()) == (409, {"received": 0})
    assert part(browser, batch, number, 0, PHOTO).json() == {"received": len(PHOTO)}
    assert bytes_of(BatchFile.objects.get()) == PHOTO


def test_a_file_that_was_read_is_not_read_again(browser, batch) -> None:
    put_in(batch, "a.jpg", PHOTO)
    answer = announce(browser, batch, fingerprint="a.jpg").json()
    assert answer["received"] == len(PHOTO)
    assert part(browser, batch, answer["file"], len(PHOTO), b"x").status_code == 409
    assert batch.rows.count() == 1


@pytest.mark.parametrize(("size", "word"), [(0, "empty"), (2_000_000_001, "2 GB")])
def test_what_a_batch_does_not_take_is_refused_before_it_is_sent(size, word, browser, batch) -> None:
    refused = announce(browser, batch, size=size)
    assert refused.status_code == 400
    assert word in refused.json()["error"]
    assert not BatchFile.objects.exists()


def test_two_gigabytes_are_those_of_all_files(browser, batch) -> None:
    assert announce(browser, batch, size=1_500_000_000, name="a.zip").status_code == 200
    assert "2 GB" in announce(browser, batch, size=500_000_001, name="b.zip").json()["error"]
    assert announce(browser, batch, size=500_000_000, name="c.zip").status_code == 200


def test_a_batch_takes_so_many_files(browser, batch, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    answers = [announce(browser, batch, name=f"{number}.jpg") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert "at most 2 files" in answers[-1].json()["error"]


def test_a_batch_that_was_started_takes_nothing_more(browser, batch) -> None:
    put_in(batch, "a.jpg", PHOTO)
    actions.start_batch(batch=batch)
    assert "started already" in announce(browser, batch, name="b.jpg").json()["error"]


def test_what_had_not_arrived_at_the_start_is_refused_and_does_not_hold_the_batch_up(browser, batch) -> None:
    put_in(batch, "a.jpg", PHOTO)
    number = announce(browser, batch, name="b.jpg").json()["file"]
    part(browser, batch, number, 0, PHOTO[:700])
    actions.start_batch(batch=batch)
    assert "started already" in announce(browser, batch, name="b.jpg").json()["error"]
    assert part(browser, batch, number, 700, PHOTO[700:]).status_code == 409
    assert BatchFile.objects.get(pk=number).state == State.REFUSED
    assert "had not arrived completely" in text_of(browser.get(f"/batches/{batch.pk}/"))


@pytest.mark.parametrize(
    "changes",
    [{"name": None}, {"size": "12"}, {"size": True}, {"size": -1}, {"size": 2**60}, {"fingerprint": 7}],
)
def test_what_no_page_of_ours_sends_is_not_found(changes, browser, batch) -> None:
    assert announce(browser, batch, **changes).status_code == 404


@pytest.mark.parametrize("body", ["", "[]", "{", '"a"'])
def test_what_is_no_announcement_is_not_found(body, browser, batch) -> None:
    assert browser.post(f"/batches/{batch.pk}/files/", body, content_type="application/json").status_code == 404


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "x", "9" * 20])
def test_an_offset_is_a_number(offset, browser, batch) -> None:
    number = announce(browser, batch).json()["file"]
    assert part(browser, batch, number, offset, PHOTO).status_code == 404


def test_names_are_kept_as_far_as_pages_can_show_them(browser, batch) -> None:
    announce(browser, batch, name="red/杯\u0000\u202e子.jpg", fingerprint="\u0000\ud800")
    assert BatchFile.objects.get().name == "red/杯子.jpg"


def test_another_teams_batch_is_not_there(charlie, batch, signed_in) -> None:
    file = send(batch, "a.jpg", PHOTO)
    stranger = signed_in(charlie)
    assert announce(stranger, batch).status_code == 404
    assert part(stranger, batch, file.pk, 0, PHOTO).status_code == 404


def test_a_file_is_only_reached_through_its_own_batch(browser, batch, alice, team) -> None:
    other = Batch.objects.create(team=team, owner=alice, title="Other")
    file = uploads.announce(batch=batch, name="a.jpg", size=len(PHOTO), fingerprint="a")
    assert part(browser, other, file.pk, 0, PHOTO).status_code == 404
    assert BatchFile.objects.get().received == 0


def test_a_viewer_sends_nothing(vera, batch, signed_in) -> None:
    file = uploads.announce(batch=batch, name="a.jpg", size=len(PHOTO), fingerprint="a")
    reader = signed_in(vera)
    assert announce(reader, batch).status_code == 403
    assert part(reader, batch, file.pk, 0, PHOTO).status_code == 403
    assert BatchFile.objects.get().received == 0


def test_without_scripts_a_file_comes_whole(browser, batch) -> None:
    sent = SimpleUploadedFile("a.jpg", PHOTO)
    assert browser.post(f"/batches/{batch.pk}/upload/", {"files": sent}).status_code == 302
    file = BatchFile.objects.get()
    assert (file.state, bytes_of(file)) == (State.RECEIVED, PHOTO)


def test_without_scripts_a_file_that_is_kept_in_part_only_is_refused(browser, batch) -> None:
    sent = SimpleUploadedFile("a.zip", b"x" * (MAX_BYTES + 5000))
    answer = browser.post(f"/batches/{batch.pk}/upload/", {"files": sent}, follow=True)
    assert "a.zip is too large for this form." in text_of(answer)
    assert not BatchFile.objects.exists()
    assert not any(path.is_file() for path in Path(uploads.settings.UPLOAD_ROOT).rglob("*"))
    assert not BatchRow.objects.exists()


def test_a_part_that_finds_no_room_is_said_and_sent_again(browser, batch, monkeypatch) -> None:
    file = announce(browser, batch).json()["file"]
    part(browser, batch, file, 0, PHOTO[:500])

    def refuse(_file: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        answer = part(browser, batch, file, 500, PHOTO[500:])
    assert (answer.status_code, BatchFile.objects.get().received) == (507, 500)
    assert "storage failed" in answer.json()["error"]
    assert part(browser, batch, file, 500, PHOTO[500:]).json()["received"] == len(PHOTO)
    assert bytes_of(BatchFile.objects.get()) == PHOTO
