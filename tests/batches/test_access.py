"""Every address of batches, tried by everybody of the cast."""

import json

import pytest

from batches import exporting
from batches.models import Batch, BatchFile, BatchRow
from exports import jobs as export_jobs
from exports.models import Export
from searches.models import SearchCall, SearchJob
from tests.batches.making import found_row, picture, put_in
from tests.searches.pages import text_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(batch) -> Batch:
    """A running batch with a row of each kind, a sheet to be confirmed, and a file of results."""
    found_row(batch, 1, offers=1, name="Teal mug")
    found_row(batch, 2, status=SearchJob.Status.FAILED)
    SearchCall.objects.filter(job__batch_row__number=2).update(status=SearchCall.Status.FAILED)
    put_in(batch, "bad.jpg", b"no picture")
    put_in(batch, "list.csv", "货号,品名\nA1,cup\n".encode())
    Batch.objects.update(status=Batch.Status.RUNNING)
    export = exporting.ask_for(batch=batch, user=batch.owner, kind=Export.Kind.CSV, language="en")
    export_jobs.write_export(export.pk)
    batch.refresh_from_db()
    return batch


def reading(batch: Batch) -> list[str]:
    base = f"/batches/{batch.pk}/"
    return [base, f"{base}coverage/", f"{base}coverage.csv"]


def changing(batch: Batch) -> dict[str, dict[str, object]]:
    """Each address that changes a batch, with what is sent to it."""
    base = f"/batches/{batch.pk}/"
    sheet, refused = batch.files.get(name="list.csv"), batch.rows.get(state=BatchRow.State.REFUSED)
    announced = {"name": "a.jpg", "size": 3, "fingerprint": "a"}
    return {
        f"{base}start/": {"data": {"rights": "on"}},
        f"{base}pause/": {},
        f"{base}resume/": {},
        f"{base}cancel/": {},
        f"{base}retry/": {},
        f"{base}folders/": {},
        f"{base}files/": {"data": json.dumps(announced), "content_type": "application/json"},
        f"{base}files/{sheet.pk}/part/?offset=0": {"data": b"x", "content_type": "application/octet-stream"},
        f"{base}files/{sheet.pk}/confirm/": {"data": {"code": "0"}},
        f"{base}upload/": {"data": {"files": upload()}},
        f"{base}rows/{refused.pk}/replace/": {"data": {"picture": upload(data=picture())}},
    }


def state(batch: Batch) -> list[object]:
    return [
        list(Batch.objects.values_list()),
        list(BatchFile.objects.values_list()),
        list(BatchRow.objects.values_list()),
        list(SearchJob.objects.values_list("status")),
    ]


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("vera", 200), ("charlie", 404), ("loner", 404)]
)
def test_the_team_reads_and_nobody_else(name, status, full, request, signed_in) -> None:
    client = signed_in(request.getfixturevalue(name))
    for address in reading(full):
        response = client.get(address)
        assert response.status_code == status, address
        assert response.getvalue()


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_only_buyers_and_leads_change_a_batch(name, status, full, request, signed_in) -> None:
    before = state(full)
    client = signed_in(request.getfixturevalue(name))
    for address, sent in changing(full).items():
        assert client.post(address, **sent).status_code == status, address
    assert state(full) == before


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_buyers_and_leads_do(name, full, request, signed_in) -> None:
    client = signed_in(request.getfixturevalue(name))
    for address, sent in changing(full).items():
        # A batch that was started takes no further files, and says so.
        assert client.post(address, **sent).status_code in (302, 400, 409), address


def test_nobody_anonymous_does_anything(full, signed_in) -> None:
    client = signed_in(None)
    before = state(full)
    for address in [*reading(full), "/batches/", "/batches/new/"]:
        assert client.get(address).url.startswith("/accounts/sign-in/"), address
    for address, sent in changing(full).items():
        assert client.post(address, **sent).url.startswith("/accounts/sign-in/"), address
    assert state(full) == before


def test_what_changes_a_batch_is_never_a_link(full, alice, signed_in) -> None:
    before = state(full)
    for address in changing(full):
        # Cancelling asks first.
        assert signed_in(alice).get(address).status_code == (200 if address.endswith("/cancel/") else 405), address
    assert state(full) == before


def test_a_viewer_begins_no_batch(vera, signed_in) -> None:
    assert signed_in(vera).get("/batches/new/").status_code == 403
    assert signed_in(vera).post("/batches/new/", {"title": "x"}).status_code == 403
    assert not Batch.objects.exists()


def test_a_viewer_sees_no_button_that_would_be_refused(vera, alice, full, signed_in) -> None:
    words = ("Pause", "Retry all failed", "Replace", "Read the rows")
    for word in words:
        assert word in text_of(signed_in(alice).get(f"/batches/{full.pk}/"))
        assert word not in text_of(signed_in(vera).get(f"/batches/{full.pk}/"))
    Batch.objects.update(status=Batch.Status.COLLECTING)
    assert "Drop photos" not in text_of(signed_in(vera).get(f"/batches/{full.pk}/"))
    assert "Start the searches" not in text_of(signed_in(vera).get(f"/batches/{full.pk}/"))
    assert "New batch" not in text_of(signed_in(vera).get("/batches/"))


def test_the_list_is_the_teams_own(full, vera, charlie, signed_in) -> None:
    assert "Spring" in text_of(signed_in(vera).get("/batches/"))
    assert "Spring" not in text_of(signed_in(charlie).get("/batches/"))


@pytest.mark.parametrize("number", [10**9, 10**30])
def test_what_is_not_there_is_not_found(number, alice, signed_in) -> None:
    for address in (f"/batches/{number}/", f"/batches/{number}/coverage/"):
        assert signed_in(alice).get(address).status_code == 404


def test_every_address_is_tried_here(full) -> None:
    """Whoever adds one adds it above."""
    from batches.urls import urlpatterns

    elsewhere = {"index", "new", "export"}
    tried = {"detail", "coverage", "coverage-csv", *elsewhere}
    tried |= {"start", "pause", "resume", "cancel", "retry", "announce", "part", "confirm", "upload", "replace"}
    tried |= {"folders"}
    assert {pattern.name for pattern in urlpatterns} == tried
