"""A process that serves pages has what reads pictures beside it before the first upload, and takes it along."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.procurement.commands import ROOT, production

SECONDS_OF_PATIENCE = 30
SERVES = "import procurement.wsgi; print('ready', flush=True); input()"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pictures are read in place")
def test_what_reads_pictures_is_there_before_the_first_and_ends_with_its_server(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVES],
        cwd=ROOT,
        env=production(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with server:
        assert server.stdout.readline() == b"ready\n"
        (reader,) = psutil.Process(server.pid).children()
        assert any("imaging" in word for word in reader.cmdline())
        server.kill()
    deadline = time.monotonic() + SECONDS_OF_PATIENCE
    while is_there(reader) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_there(reader)


def is_there(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
