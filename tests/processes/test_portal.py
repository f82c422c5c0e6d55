"""`make run` as a newcomer meets it: one process to start, one signal to end it all."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes.portal import Portal
from tests.processes.stack import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.xdist_group("processes")]


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with Portal(tmp_path) as made:
        yield made
        if "portal" in made.running:
            made.interrupt()


def finished(portal: Portal) -> bool:
    return portal.rows("SELECT status FROM searches_searchjob") == [("done",)]


def test_the_first_page_shows_a_finished_comparison_and_all_of_it_ends(portal: Portal) -> None:
    portal.launch()
    portal.wait_for(lambda: finished(portal), "the demo search to finish")
    page = portal.sign_in().get(f"{portal.address}/")
    assert page.status_code == 200
    title = portal.value("SELECT title FROM searches_suppliermatch WHERE rank = 1")
    assert title in page.text
    secrets_file = portal.folder / "portal.env"
    assert secrets_file.stat().st_mode & 0o077 == 0

    family = portal.interrupt()
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    matches = portal.value("SELECT COUNT(*) FROM searches_suppliermatch")
    users = portal.rows("SELECT username, password FROM accounts_user")
    portal.launch()
    assert title in portal.sign_in().get(f"{portal.address}/").text
    assert portal.value("SELECT COUNT(*) FROM searches_suppliermatch") == matches
    assert portal.rows("SELECT username, password FROM accounts_user") == users


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_taken_port_is_one_line(portal: Portal, name: str) -> None:
    with socket.create_server(("127.0.0.1", int(portal.environment[name]))):
        done = subprocess.run(
            [sys.executable, "-m", "procurement.portal"],
            cwd=ROOT,
            env=portal.environment,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert f"port {portal.environment[name]} is taken" in line


@pytest.mark.parametrize("text", ["http", "0", "70000"])
def test_a_port_that_is_none_is_one_line(portal: Portal, text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "procurement.portal"],
        cwd=ROOT,
        env=portal.environment | {"PORT": text},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "PORT must be a number from 1 to 65535" in line
