"""`manage.py imagesearch` as a shell or cron starts it: on a machine where nothing of the portal runs."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import psutil
import pytest

from tests.processes.portal import Portal
from tests.processes.stack import ROOT
from tests.sandbox.running import running_sandbox

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.xdist_group("processes")]

PHOTO = next((ROOT / "sandbox" / "catalogue" / "queries").glob("*.jpg"))


class Shell(Portal):
    """An installation that nothing runs of, and a shell in it."""

    def prepare(self) -> None:
        """As `make search` does."""
        self.manage("-m", "procurement.portal", "--prepare")

    def open(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, its output in pipes, in a process group of its own as a terminal gives it."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "imagesearch", str(PHOTO), *arguments],
            cwd=ROOT,
            env=self.environment | {"LOG_LEVEL": "DEBUG"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        with self.open(*arguments) as command:
            out, err = command.communicate()
        return command.returncode, out, err

    def left(self) -> list[psutil.Process]:
        """Every process that works for this installation."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("VAR_DIR") == str(self.folder)
        except psutil.Error:
            return False

    def newest_status(self) -> str:
        with closing(sqlite3.connect(self.folder / "tongkuan.sqlite3")) as database:
            return database.execute("SELECT status FROM searches_searchjob ORDER BY id DESC").fetchone()[0]


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("installation"))
    shell.prepare()
    return shell


def test_what_is_needed_is_started_and_ended(shell) -> None:
    status, out, err = shell.run("--json")
    assert status == 0, err
    result = json.loads(out)
    assert result["status"] == "done"
    assert result["total"] == len(result["matches"]) > 0
    assert "starting the sandbox marketplace there" in err
    assert shell.left() == []


def test_two_at_once_share_what_is_started(shell) -> None:
    with shell.open("--json", "--fresh") as first:
        status, out, err = shell.run("--json", "--fresh")
        first_out, first_err = first.communicate()
    assert (first.returncode, status) == (0, 0), (first_err, err)
    assert json.loads(first_out)["status"] == json.loads(out)["status"] == "done"
    assert shell.left() == []


def test_an_interrupted_command_cancels_its_search_and_leaves_nothing(tmp_path) -> None:
    shell = Shell(tmp_path)
    with running_sandbox(fault="502") as sandbox:
        shell.environment["SANDBOX_PORT"] = sandbox.url.rpartition(":")[2]
        shell.prepare()
        for number in (signal.SIGINT, signal.SIGTERM):
            with shell.open("--fresh") as command:
                while "[502]" not in command.stderr.readline():
                    assert command.poll() is None
                os.killpg(command.pid, number)
                out, _err = command.communicate()
            assert (command.returncode, out) == (130, "")
            assert shell.newest_status() == "cancelled"
            assert shell.left() == []


def test_wrong_use_ends_with_two_whoever_notices(tmp_path) -> None:
    shell = Shell(tmp_path)
    shell.environment |= {"SECRET_KEY": "k", "CREDENTIAL_KEYS": "A" * 43 + "="}
    for arguments, reason in ((("--limit", "ten"), "--limit"), ((), "Start the portal once")):
        status, out, err = shell.run(*arguments)
        assert (status, out) == (2, "")
        assert reason in err
