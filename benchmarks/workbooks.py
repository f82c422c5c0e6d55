"""A search's view of 1,000 offers as a workbook with pictures, as a worker writes it: seconds, and the most memory.

The pictures come over HTTP from a host on loopback, each from an address of its own; a second file finds them kept.
"""

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import islice
from pathlib import Path

import django
from cryptography.fernet import Fernet

from benchmarks import batch_photos
from benchmarks.figures import Figure, at_most, of_interest

ROWS, PICTURES = 1000, 100
SECONDS_AIM, MEGABYTES_AIM = 15, 300


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, _host() as port:
        environment = os.environ | _environment(Path(folder), port)

        def run(step: str) -> str:
            command = [sys.executable, "-m", "benchmarks.workbooks", step]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
            return done.stdout.decode()

        run("prepare")
        found, again = json.loads(run("write")), json.loads(run("write"))
    method = (
        f"a view of {ROWS} offers at a quantity, landed and scored, SQLite; {ROWS} pictures, "
        f"{batch_photos.what_they_are()}, from a host on loopback; from the worker's claim until the file is in place"
    )
    yield at_most("workbooks.seconds", found["seconds"], "s", SECONDS_AIM, method)
    told = f"the most memory of the worker's process, Django and all; {method}"
    yield at_most("workbooks.memory", found["megabytes"], "MB", MEGABYTES_AIM, told)
    yield of_interest("workbooks.seconds-again", again["seconds"], "s", f"its pictures kept from the first; {method}")
    yield of_interest("workbooks.size", found["size"] / 1e6, "MB", f"of the file; {method}")


def prepare() -> None:
    """The search, and a person's wish for its file."""
    _set_up()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    factories, models = import_module("tests.factories"), import_module("searches.models")
    making, comparison = import_module("tests.reckoning.making"), import_module("benchmarks.comparison")
    membership = factories.MembershipFactory()
    making.ExchangeRateFactory()
    costs = making.CostProfileFactory(team=membership.team).pk
    weights = making.ScoreWeightsFactory(team=membership.team).pk
    photo = factories.QueryImageFactory(team=membership.team, data=next(batch_photos.photos()))
    job = factories.SearchJobFactory(team=membership.team, owner=membership.user, image=photo)
    factories.SearchCallFactory(job=job, offers_found=ROWS)
    matches = list(comparison._matches(models.SupplierMatch, job, ROWS))
    for number, match in enumerate(matches):
        match.price = match.price or Decimal(1)
        match.image_url = f"http://127.0.0.1:{os.environ['PICTURES_PORT']}/{number}.jpg"
    models.SupplierMatch.objects.bulk_create(matches, batch_size=500)
    query = f"quantity=500&costs={costs}&weights={weights}&sort=landed"
    exporting, selection = import_module("searches.exporting"), import_module("searches.selection")
    for language in ("en", "zh-hans"):
        exporting.ask_for(job=job, user=membership.user, query=query, choice=selection.Choice(), language=language)


def write() -> dict[str, float]:
    """What a worker does for the next one that waits."""
    _set_up()
    jobs, models = import_module("exports.jobs"), import_module("exports.models")
    export = models.Export.objects.filter(state="queued").earliest("pk")
    started = time.perf_counter()
    jobs.write_export(export.pk)
    seconds = time.perf_counter() - started
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("done", ROWS), export.error_message  # noqa: S101  else nothing is measured
    # Linux counts in KiB.
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {"seconds": seconds, "megabytes": megabytes, "size": export.size}


def _set_up() -> None:
    django.setup()
    # Valkey is away: nobody need be rung.
    logging.disable(logging.WARNING)


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "only-for-benches-" + "k" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "HTTPS": "false",
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
        "FETCH_ALLOWED_HOSTS": f"127.0.0.1:{port}",
        "PICTURES_PORT": str(port),
    }


@contextmanager
def _host() -> Iterator[int]:
    """Pictures at any address; its port."""
    pictures = list(islice(batch_photos.photos(), PICTURES))

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = pictures[int(self.path.strip("/").partition(".")[0]) % len(pictures)]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        print(json.dumps(write()))
