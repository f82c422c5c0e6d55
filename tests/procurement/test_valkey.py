"""The Valkey server that the portal brings along: as long as it is needed, for its own folder alone, no longer."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis

from procurement.valkey import (
    LONGEST_SOCKET_PATH,
    JSONSerializer,
    ValkeyNotStarted,
    answers,
    embedded_socket,
    embedded_url,
    other_clients,
    running_server,
)
from tests.processes.stack import ROOT, Stack


def client(folder: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded_url(folder), decode_responses=True)


def test_a_server_runs_for_the_length_of_a_block(tmp_path: Path) -> None:
    assert not answers(embedded_url(tmp_path))
    with running_server(tmp_path) as server:
        assert answers(embedded_url(tmp_path))
        process = psutil.Process(server.pid)
        assert process.is_running()
    assert server.returncode == 0
    assert not process.is_running()
    assert not answers(embedded_url(tmp_path))


def test_it_ends_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), running_server(tmp_path) as server:
        raise ZeroDivisionError
    assert server.returncode == 0


def test_what_it_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    with running_server(tmp_path), client(tmp_path) as valkey:
        valkey.set("kept", "by the append-only file")
    with running_server(tmp_path), client(tmp_path) as valkey:
        assert valkey.get("kept") == "by the append-only file"


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, client(tmp_path) as valkey:
        valkey.set("kept", "through kill -9")
        server.kill()
        server.wait()
    with running_server(tmp_path), client(tmp_path) as valkey:
        assert valkey.get("kept") == "through kill -9"


def test_nobody_else_reaches_it(tmp_path: Path) -> None:
    """No TCP port, and a socket that only its owner may open."""
    with running_server(tmp_path) as server:
        assert psutil.Process(server.pid).net_connections(kind="inet") == []
        assert embedded_socket(tmp_path).stat().st_mode & 0o077 == 0
        assert (tmp_path / "valkey").stat().st_mode & 0o077 == 0


def test_folders_have_servers_of_their_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    with running_server(one), running_server(other), client(one) as first, client(other) as second:
        first.set("name", "one")
        assert second.get("name") is None


def test_a_folder_whose_path_is_too_long_for_a_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    sibling = tmp_path / ("long" * 31)
    assert len(str(folder / "valkey" / "valkey.sock")) > LONGEST_SOCKET_PATH
    assert len(os.fsencode(embedded_socket(folder))) <= LONGEST_SOCKET_PATH
    assert embedded_socket(folder) != embedded_socket(sibling)
    with running_server(folder), client(folder) as valkey:
        valkey.set("kept", "in the folder all the same")
        assert embedded_socket(folder).parent.stat().st_mode & 0o077 == 0
    assert list((folder / "valkey").glob("appendonlydir/*"))
    embedded_socket(folder).parent.rmdir()


def test_a_path_counts_in_bytes_not_in_letters() -> None:
    folder = Path("/" + "款" * 32)
    assert len(str(folder / "valkey" / "valkey.sock")) < LONGEST_SOCKET_PATH
    assert len(os.fsencode(embedded_socket(folder))) <= LONGEST_SOCKET_PATH


def test_a_server_that_cannot_start_says_so(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "appendonlydir").write_text("not a folder")
    with pytest.raises(ValkeyNotStarted, match="ended with status 1"), running_server(tmp_path):
        pytest.fail("the block ran without a server")


def test_other_clients_are_counted(tmp_path: Path) -> None:
    with running_server(tmp_path), client(tmp_path) as valkey:
        assert other_clients(embedded_url(tmp_path)) == 0
        valkey.ping()
        assert other_clients(embedded_url(tmp_path)) == 1
    assert other_clients(embedded_url(tmp_path)) == 0


@pytest.mark.parametrize("value", [None, 0, 1.5, True, "同款", ["a", {"b": [1]}], {}])
def test_cache_values_come_back_as_they_went(value: object) -> None:
    serializer = JSONSerializer()
    assert serializer.loads(serializer.dumps(value)) == value


def test_a_pickle_in_the_cache_is_not_opened() -> None:
    with pytest.raises(ValueError):
        JSONSerializer().loads(pickle.dumps(print))


# `manage.py valkey`, as the Procfile runs it


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """Not entered: this command needs no tables."""
    made = Stack(tmp_path)
    yield made
    for name in list(made.running):
        made.kill(name)


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_second_server_of_the_same_folder_is_refused(stack: Stack) -> None:
    stack.start("valkey")
    done = subprocess.run(
        [sys.executable, "manage.py", "valkey"],
        cwd=ROOT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line == "CommandError: An embedded Valkey server of this folder is running already."
    assert answers(embedded_url(stack.folder)), "the first one was harmed"


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_command_and_its_server(stack: Stack, number: signal.Signals) -> None:
    stack.start("valkey")
    command = stack.running["valkey"]
    (server,) = psutil.Process(command.pid).children()
    command.send_signal(number)
    assert command.wait(timeout=30) == 0
    assert not server.is_running()
    assert stack.log.read_bytes() == b""


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_killed_command_takes_its_server_along(stack: Stack) -> None:
    stack.start("valkey")
    (server,) = psutil.Process(stack.running["valkey"].pid).children()
    stack.kill("valkey")
    psutil.wait_procs([server], timeout=30)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
