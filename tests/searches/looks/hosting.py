"""A host of offers' pictures that behaves as it is told by their names, and a search whose offers it shows."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from searches.looks import beginning, jobs
from searches.models import Look, SearchCall, SearchJob, Sighting, SupplierMatch
from tests.batches.making import picture
from tests.factories import QueryImageFactory, SearchCallFactory, SearchJobFactory, SupplierMatchFactory

QUERY = 1


@dataclass
class Host:
    """hits: the paths that were asked for. release: lets those go that hang."""

    server: ThreadingHTTPServer
    hits: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def at(self, name: str) -> str:
        """An address: `7.jpg` is the seventh drawing, `missing…`, `text…`, `large…` and `hang…` do what they say."""
        return f"http://{self.netloc}/{name}"


@pytest.fixture
def host(settings) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            made.hits.append(name)
            self.send_response(404 if name.startswith("missing") else 200)
            self.end_headers()
            if name.startswith("hang"):
                made.release.wait(20)
            elif name.startswith("text"):
                self.wfile.write(b"<html>no picture</html>")
            elif name.startswith("large"):
                self.wfile.write(picture(QUERY) + bytes(6_000_000))
            else:
                quality = 70 if "again" in name else 90
                self.wfile.write(picture(int(name.partition(".")[0].partition("-")[0] or 0), quality=quality))

        def log_message(self, *arguments: object) -> None:
            pass

    made = Host(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.FETCH_ALLOWED_HOSTS = [made.netloc]
    yield made
    made.release.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def found(team, alice, host) -> Callable[..., Look]:
    """`found("1.jpg", …)`: the look at the offers of a call that found these pictures, as a worker finds it."""

    def make(*names: str, job: SearchJob | None = None, **offers: object) -> Look:
        if job is None:
            photo = team.query_images.first() or QueryImageFactory(team=team, data=picture(QUERY))
            job = SearchJobFactory(team=team, owner=alice, image=photo)
        call = SearchCallFactory(job=job, offers_found=len(names), page=job.calls.count() + 1)
        for name in names:
            url = name if "://" in name or not name else host.at(name)
            match = SupplierMatchFactory(job=job, image_url=url, **{"similarity": None} | offers)
            Sighting.objects.create(match=match, call=call, image=call.image, rank=match.rank)
        beginning.begin(call, len(names))
        return Look.objects.get(call=call)

    return make


def looked(look: Look) -> Look:
    """As it is after a worker heard its bell."""
    jobs.run_look(look.pk)
    look.refresh_from_db()
    return look


def offers_of(look: Look) -> list[SupplierMatch]:
    return list(SupplierMatch.objects.filter(sightings__call=look.call).order_by("pk"))


def calls_of(job: SearchJob) -> list[SearchCall]:
    return list(job.calls.select_related("image", "look"))
