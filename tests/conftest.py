"""What every test has: a Valkey server of its own process, no network but loopback, an empty media folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import translation
from pytest_socket import socket_allow_hosts

from procurement.valkey import running_server
from searches.tables import TABLES
from searches.valkey import connection
from tests.cast import alice, bob, charlie, charlies_team, loner, signed_in, team, vera
from tests.settings import TEST_DIR

__all__ = ("alice", "bob", "charlie", "charlies_team", "loner", "signed_in", "team", "vera")


@pytest.fixture(scope="session", autouse=True)
def valkey_server() -> Iterator[None]:
    """A real server on a Unix socket in the tests' own folder, which goes with the last test."""
    with running_server(TEST_DIR):
        yield
        connection().close()
        cache.close()


@pytest.fixture(autouse=True)
def empty_valkey(valkey_server: None) -> None:
    connection().flushall()


@pytest.fixture(autouse=True)
def loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def media_folder(settings: object, tmp_path: Path) -> Path:
    """Uploaded and derived pictures of one test."""
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(autouse=True)
def tables_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write offers without a call that would tell of them, and the next test's search has the same id."""
    monkeypatch.setattr(TABLES, "most_bytes", 0)
    TABLES.forget()


@pytest.fixture(autouse=True)
def english_at_first() -> Iterator[None]:
    """A page that a test reads in Chinese leaves Chinese behind for whatever runs next in the same thread."""
    with translation.override("en"):
        yield
