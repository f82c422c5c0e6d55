"""The ways of searching, each of which has to find the same."""

import pytest
from django.db import connection

from catalog.vectors import exact, hnsw


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Where the files of one test are."""
    settings.VAR_DIR = tmp_path
    exact.SNAPSHOTS.forget()
    hnsw._large.clear()
    yield tmp_path / "vectors"
    exact.SNAPSHOTS.forget()


@pytest.fixture
def always_files(monkeypatch):
    """A file is made of every vector, however few are new."""
    monkeypatch.setattr(exact, "LONGEST_TAIL", 0)
    monkeypatch.setattr(exact, "TAIL_SHARE", 0.0)


@pytest.fixture
def by_index(db, monkeypatch):
    """Every team is a large one."""
    if connection.vendor != "postgresql":
        pytest.skip("pgvector is PostgreSQL's")
    assert hnsw.is_ready()
    monkeypatch.setattr(hnsw, "EXACT_UP_TO", -1)


@pytest.fixture(params=["rows", "files", "index"])
def each_way(request):
    if request.param != "rows":
        request.getfixturevalue("always_files" if request.param == "files" else "by_index")
