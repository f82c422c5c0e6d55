"""`manage.py imagesearch` in the test's own process: alice at a shell, with the sandbox as her marketplace."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

__all__ = ("Ended", "photo", "run")


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def result(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def photo(tmp_path, sandbox) -> Path:
    path = tmp_path / "blue plate.jpg"
    path.write_bytes(sandbox.query())
    return path


@pytest.fixture
def run(alice, credential):
    """`run(photo, "--json", …)`: alice at a shell; her portal knows one credential, the sandbox's."""

    def call(*args: object) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        status, message = 0, ""
        try:
            call_command("imagesearch", *map(str, args), stdout=out, stderr=err)
        except CommandError as error:
            status, message = error.returncode, str(error)
        return Ended(status, out.getvalue(), err.getvalue() + message)

    return call
