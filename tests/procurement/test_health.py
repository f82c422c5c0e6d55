"""/healthz through its door, with the database and Valkey there and away."""

import socket
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_healthy_without_a_sign_in():
    response = Client().get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "valkey": "ok", "eye": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_names_valkey_when_nothing_listens(settings, tmp_path: Path):
    settings.REDIS_URL = f"unix://user:hush@{tmp_path / 'nobody.sock'}"
    response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "valkey": "unreachable", "eye": "ok"}
    assert b"hush" not in response.content


@pytest.mark.django_db
def test_names_valkey_when_it_does_not_answer(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json()["valkey"] == "unreachable"


@pytest.mark.django_db
def test_names_the_database_when_it_refuses():
    def refuse(execute, sql, params, many, context):
        raise DatabaseError("password=hush")

    with connection.execute_wrapper(refuse):
        response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable", "valkey": "ok", "eye": "unknown"}
    assert b"hush" not in response.content


@pytest.mark.django_db
def test_takes_no_posts():
    assert Client().post("/healthz").status_code == 405
