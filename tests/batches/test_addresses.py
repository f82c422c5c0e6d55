"""Pictures that rows have only an address of."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from batches import actions, feeding, intake, jobs
from batches.entries import LEASE
from batches.models import Batch, BatchRow
from tests.batches.bells import rung
from tests.batches.making import picture, put_in, send

pytestmark = pytest.mark.django_db
State = BatchRow.State


class Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        self.send_response(200 if self.path.endswith(".jpg") else 404)
        self.end_headers()
        self.wfile.write(picture(7) if self.path == "/7.jpg" else b"no picture")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def host(settings) -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    made.hits = []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{made.server_port}"]
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def row_at(batch: Batch, url: str, number: int = 1) -> BatchRow:
    return batch.rows.create(number=number, source_url=url, state=State.FETCHING)


def test_a_picture_is_fetched_from_its_address_once(batch, host) -> None:
    row = row_at(batch, f"http://127.0.0.1:{host.server_port}/7.jpg")
    jobs.fetch_row(row.pk)
    jobs.fetch_row(row.pk)
    row.refresh_from_db()
    assert (row.state, row.source_name, row.lease_until) == (State.READY, "7.jpg", None)
    assert host.hits == ["/7.jpg"]


@pytest.mark.parametrize(("path", "code"), [("/missing", "refused"), ("/8.jpg", "unsupported")])
def test_an_address_without_a_picture_is_refused(path, code, batch, host) -> None:
    row = row_at(batch, f"http://127.0.0.1:{host.server_port}{path}")
    jobs.fetch_row(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error_code) == (State.REFUSED, code)


def test_an_address_inside_the_network_is_refused(batch, host, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = []
    row = row_at(batch, f"http://127.0.0.1:{host.server_port}/7.jpg")
    jobs.fetch_row(row.pk)
    row.refresh_from_db()
    assert (row.error_code, host.hits) == ("not-public", [])


def test_pictures_fetched_at_once_are_searched_for_once_in_whatever_order_they_come(batch, host) -> None:
    first, second = (row_at(batch, f"http://127.0.0.1:{host.server_port}/7.jpg", number) for number in (1, 2))
    jobs.fetch_row(second.pk)
    jobs.fetch_row(first.pk)
    assert list(batch.rows.values_list("state", flat=True)) == [State.DUPLICATE, State.READY]


def test_nobody_fetches_what_somebody_is_fetching(batch, host) -> None:
    row = row_at(batch, f"http://127.0.0.1:{host.server_port}/7.jpg")
    BatchRow.objects.update(lease_until=timezone.now() + LEASE)
    jobs.fetch_row(row.pk)
    assert host.hits == []


def test_a_worker_that_comes_back_late_changes_nothing(batch) -> None:
    put_in(batch, "a.jpg", picture())
    actions.start_batch(batch=batch)
    feeding.feed()
    row = batch.rows.get()
    intake.give_picture(row, intake.Refusal("too-slow", "The picture took too long to load."))
    after = batch.rows.get()
    assert (after.state, after.job) == (State.READY, row.job)


def test_the_bell_is_rung_for_what_nobody_is_at(batch) -> None:
    file = send(batch, "a.jpg", picture())
    row = row_at(batch, "http://example.com/a.jpg")
    busy = row_at(batch, "http://example.com/b.jpg", 2)
    BatchRow.objects.filter(pk=busy.pk).update(lease_until=timezone.now() + LEASE)
    assert jobs.ring_due()
    assert rung() == {("batches.jobs.read_file", file.pk), ("batches.jobs.fetch_row", row.pk)}
