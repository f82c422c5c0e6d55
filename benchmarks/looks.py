"""Our own similarities of a whole search: from its last matches to the last picture compared, through the real portal.

Two workers, the web server and Valkey are real processes on loopback; the sandbox, which shows every offer to every
search here, hands out its pictures over HTTP, one by one. What was seen before is forgotten before each search, so that
every picture is fetched.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from sqlite3 import connect
from statistics import median

import requests

from benchmarks.figures import Figure, at_most, of_interest
from benchmarks.scales import Scales
from benchmarks.search import PHOTOS, QUESTION
from tests.processes.portal import Portal
from tests.sandbox.running import REAL_CATALOGUE, running_sandbox

SEARCHES, OFFERS = 3, 200
SECONDS, MEGABYTES = 5, 300
LEFT = "SELECT COUNT(*) FROM searches_look WHERE status IN ('queued', 'running')"


def figures() -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_sandbox(catalogue=REAL_CATALOGUE, floor=-1.0, limit=1000) as sandbox,
        Portal(Path(folder)) as portal,
    ):
        hosts = (portal.sandbox_address, sandbox.url)
        portal.environment["FETCH_ALLOWED_HOSTS"] = ",".join(url.removeprefix("http://") for url in hosts)
        portal.launch()
        portal.wait_for(lambda: portal.value("SELECT finished_at FROM searches_searchjob"), "the demo search")
        portal.wait_for(lambda: not portal.value(LEFT), "its pictures")
        _write(portal, f"UPDATE searches_credential SET base_url = '{sandbox.url}'")  # noqa: S608  our own address
        session = portal.sign_in()
        scales = Scales(portal, only="worker")
        anew = [_search(portal, session, photo, scales, forget=True) for photo in PHOTOS[1 : SEARCHES + 1]]
        known = _search(portal, session, PHOTOS[SEARCHES + 1], scales, forget=False)
        portal.interrupt()
    method = (
        f"median of {SEARCHES} searches for {OFFERS} offers of different photos, 2 workers: from the search's end to "
        "that of its last look, by the rows' own times; every picture fetched from the sandbox over loopback"
    )
    seconds, offers = zip(*anew, strict=True)
    yield at_most("looks.matches-to-similarities", median(seconds), "s", SECONDS, method)
    yield of_interest("looks.offers", min(offers), "offers", "the fewest that one of these searches compared")
    yield of_interest("looks.known-pictures", known[0], "s", "the same, most of whose pictures were compared before")
    weight = "largest resident memory of a work horse, searches and looks alike, seen during those searches"
    yield at_most("looks.horse-memory", scales.resident["horse"], "MB", MEGABYTES, weight)


def _search(
    portal: Portal, session: requests.Session, photo: Path, scales: Scales, *, forget: bool
) -> tuple[float, int]:
    """Seconds from its last matches to its last similarity, and how many offers have one."""
    if forget:
        _write(portal, "DELETE FROM searches_offerpicture")
    form = session.get(f"{portal.address}/search/new/")
    answer = session.post(
        form.url,
        data=portal.form_fields(form.text) | QUESTION | {"title": photo.stem, "wanted": str(OFFERS)},
        files={"image": (photo.name, photo.read_bytes(), "image/jpeg")},
        headers={"Referer": form.url},
        allow_redirects=False,
    )
    assert answer.status_code == 302, answer.text  # noqa: S101  a bench of a refused form measures nothing
    job = "(SELECT MAX(id) FROM searches_searchjob)"
    while not portal.value(f"SELECT finished_at FROM searches_searchjob WHERE id = {job}") or portal.value(LEFT):  # noqa: S608  our own words
        scales.look()
        time.sleep(0.2)  # looking is work, too
    calls = f"(SELECT id FROM searches_searchcall WHERE job_id = {job})"  # noqa: S608  our own words
    ended = portal.value(f"SELECT MAX(finished_at) FROM searches_look WHERE call_id IN {calls}")  # noqa: S608
    matched = portal.value(f"SELECT finished_at FROM searches_searchjob WHERE id = {job}")  # noqa: S608
    compared = portal.value(f"SELECT COUNT(visual) FROM searches_suppliermatch WHERE job_id = {job}")  # noqa: S608
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(matched)).total_seconds(), int(compared)


def _write(portal: Portal, statement: str) -> None:
    with closing(connect(portal.folder / "tongkuan.sqlite3", timeout=20)) as database, database:
        database.execute(statement)
