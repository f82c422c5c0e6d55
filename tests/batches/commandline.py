"""`manage.py imagebatch` in the test's own process: alice at a shell, with the sandbox as her marketplace."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from batches.models import Batch
from tests.factories import CredentialFactory
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches.commandline import Ended

PRODUCTS = ("plate-01", "box-01", "ring-01")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def run(alice, sandbox):
    """`run("photos", "--csv", …)`: her portal knows one credential, the sandbox's."""
    CredentialFactory(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)

    def call(*args: object) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        status, message = 0, ""
        try:
            call_command("imagebatch", *map(str, args), stdout=out, stderr=err)
        except CommandError as error:
            status, message = error.returncode, str(error)
        return Ended(status, out.getvalue(), err.getvalue() + message)

    return call


@pytest.fixture
def folder(tmp_path, sandbox) -> Path:
    """Three products' photos, one in a folder of its own, beside what is no picture."""
    path = tmp_path / "spring range"
    (path / "cups").mkdir(parents=True)
    (path / "a.jpg").write_bytes(photo(sandbox, 0))
    (path / "b.jpg").write_bytes(photo(sandbox, 1))
    (path / "cups" / "c.jpg").write_bytes(photo(sandbox, 2))
    (path / ".hidden.jpg").write_bytes(b"x")
    (path / "notes.txt").write_text("call them")
    return path


def photo(sandbox: Sandbox, number: int) -> bytes:
    return sandbox.query(PRODUCTS[number])


def states(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("job__status", flat=True))
