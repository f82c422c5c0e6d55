"""``manage.py sandbox`` as a process."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

from sandbox import matching
from searches.visual import ModelUnavailable
from tests.sandbox.calling import error, search, signed
from tests.sandbox.running import Sandbox, small_catalogue

ROOT = Path(__file__).parents[2]
READY = re.compile(r"sandbox listening on (http://127\.0\.0\.1:\d+)\n")

pytestmark = pytest.mark.processes


def _command(tmp_path, *arguments):
    folder = str(small_catalogue())
    return [
        *(sys.executable, str(ROOT / "manage.py"), "sandbox", "--port", "0"),
        *("--catalogue", folder, "--cache", str(tmp_path / "cache"), *arguments),
    ]


@contextmanager
def _started(tmp_path, *arguments):
    """The process and its address; killed in the end if the test has not ended it."""
    process = subprocess.Popen(
        _command(tmp_path, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": ""},
    )
    try:
        ready = READY.fullmatch(process.stdout.readline())
        assert ready, process.communicate(timeout=30)[1]
        yield process, ready[1]
    finally:
        process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_told_to_stop(tmp_path, number):
    with _started(tmp_path) as (process, url):
        assert requests.get(f"{url}/healthz", timeout=10).json()["status"] == "ok"
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
        assert (process.returncode, rest, errors) == (0, "", "")
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(url, timeout=10)


def test_it_stops_while_calls_hang(tmp_path):
    with _started(tmp_path, "--fault", "hang") as (process, url):
        sandbox = Sandbox(url, "1000000", "test123", None)
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(f"{url}/openapi/param2/2.0/", params=signed(sandbox), timeout=0.3)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_its_options_reach_the_marketplace(tmp_path):
    options = ["--app-key", "2000000", "--secret", "another", "--limit", "1", "--window", "600"]
    with _started(tmp_path, *options, "--allow-ip", "127.0.0.0/8") as (_, url):
        sandbox = Sandbox(url, "2000000", "another", None)
        assert search(sandbox)["total"] >= 5
        assert error(sandbox, signed(sandbox))["code"] == "429"
        assert error(Sandbox(url, "1000000", "test123", None), signed(sandbox, app_key="1000000"))["code"] == "28"


def test_addresses_not_allowed_are_turned_away(tmp_path):
    with _started(tmp_path, "--allow-ip", "192.0.2.1", "--allow-ip", "198.51.100.0/24") as (_, url):
        sandbox = Sandbox(url, "1000000", "test123", None)
        assert error(sandbox, signed(sandbox))["code"] == "110"


def _failed(tmp_path, *arguments):
    done = subprocess.run(_command(tmp_path, *arguments), capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, message = _failed(tmp_path, "--port", str(port))
    assert status == 1
    assert message.count("\n") == 1
    assert f"127.0.0.1:{port}" in message and "in use" in message


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--catalogue", "nowhere"], "nowhere"),
        (["--limit", "-1"], "--limit"),
        (["--window", "0"], "--window"),
        (["--allow-ip", "everybody"], "everybody"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(tmp_path, arguments, word):
    status, message = _failed(tmp_path, *arguments)
    assert status == 1
    assert message.count("\n") == 1
    assert word in message


def test_unknown_faults_are_a_usage_error(tmp_path):
    status, message = _failed(tmp_path, "--fault", "earthquake")
    assert status == 2
    assert "malformed-json" in message


def test_without_the_eyes_model_it_says_so_and_ends(tmp_path, monkeypatch):
    def embed(pictures):
        raise ModelUnavailable("The model's file is damaged: its checksum is another.")

    monkeypatch.setattr(matching, "embed", embed)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(CommandError, match=r"cannot look at its pictures\. The model's file is damaged"):
        call_command("sandbox", port=0, catalogue=small_catalogue(), cache=tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []
