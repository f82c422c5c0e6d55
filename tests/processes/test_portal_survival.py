"""A whole portal whose processes are killed one after the other: each is back, and the search under way finishes."""

import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest
import requests

from tests.processes.portal import Portal
from tests.processes.stack import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.xdist_group("processes")]

PHOTOS = sorted((ROOT / "sandbox" / "catalogue" / "queries").glob("*.jpg"))


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One worker, and a marketplace that is slow enough to be interrupted."""
    with Portal(tmp_path_factory.mktemp("portal"), workers=1) as made:
        made.launch()
        made.sandbox_control("POST", "settings", {"delay_ms": 700})
        yield made
        family = made.interrupt()
        assert not psutil.wait_procs(family, timeout=10)[1]


@pytest.mark.parametrize(
    ("name", "command", "photo"),
    [
        ("worker.1", "manage.py worker", PHOTOS[1]),
        ("scheduler.1", "manage.py scheduler", PHOTOS[2]),
        ("valkey.1", "manage.py valkey", PHOTOS[3]),
        ("web.1", "procurement.wsgi:application", PHOTOS[4]),
    ],
)
def test_a_killed_process_is_back_and_the_search_finishes(portal: Portal, name, command, photo) -> None:
    session = portal.sign_in()
    job = portal.search(session, photo)
    call = f"SELECT status FROM searches_searchcall WHERE job_id = {job}"
    portal.wait_for(lambda: portal.value(call) == "running", "the call to be under way")
    killed = portal.process(command)
    killed.kill()
    portal.wait_for(lambda: portal.value(call) == "done", "the search to finish")
    line = rf"{name} died \(killed by SIGKILL\) and was started again \(pid (\d+)\)\.$"
    found = portal.wait_for(lambda: re.search(line, portal.log.read_text(), re.MULTILINE), "the line that says so")
    assert psutil.Process(int(found[1])).is_running()
    portal.wait_for(lambda: healthy(portal), "the portal to be whole")
    offers = portal.value(f"SELECT offers_found FROM searches_searchcall WHERE job_id = {job}")
    assert portal.value(f"SELECT count(*) FROM searches_suppliermatch WHERE job_id = {job}") == offers > 0
    assert session.get(f"{portal.address}/searches/{job}/").status_code == 200


def test_a_locked_database_is_waited_for(portal: Portal) -> None:
    """Somebody else is writing for some seconds: a backup, an administrator's query."""
    session = portal.sign_in()
    under_way = portal.search(session, PHOTOS[5])
    status = f"SELECT status FROM searches_searchcall WHERE job_id = {under_way}"
    portal.wait_for(lambda: portal.value(status) == "running", "the call to be under way")
    with ThreadPoolExecutor() as elsewhere, closing(sqlite3.connect(portal.folder / "tongkuan.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        asked = elsewhere.submit(portal.search, session, PHOTOS[6])
        time.sleep(3)
        assert not asked.done()
        assert portal.value(status) == "running"
        other.rollback()
        job = asked.result()
    finished = f"SELECT count(*) FROM searches_searchjob WHERE id IN ({under_way}, {job}) AND status = 'done'"
    portal.wait_for(lambda: portal.value(finished) == 2, "both searches to finish")
    assert "locked" not in portal.log.read_text()


def healthy(portal: Portal) -> bool:
    try:
        return requests.get(f"{portal.address}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
