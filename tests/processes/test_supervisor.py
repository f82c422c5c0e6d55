"""The supervisor over small shell commands: what dies is back, what cannot start is told, and all of it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from procurement.supervisor import commands_of
from tests.processes.stack import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60)]

SLEEP = "exec sleep 1000"
PATIENCE_SECONDS = 20


class Supervised:
    """A supervisor in a process of its own, whose output is read from a file."""

    def __init__(self, folder: Path, commands: dict[str, str], **choices: Any) -> None:
        self.folder = folder
        self.printed = folder / "printed.txt"
        asked = json.dumps({"commands": commands, **choices})
        with self.printed.open("wb") as printed:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.processes.supervised", asked],
                cwd=ROOT,
                env=os.environ | {"FOLDER": str(self.folder)},
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def lines(self, name: str) -> list[str]:
        """What the process of that name printed, or "portal": the supervisor itself."""
        return re.findall(rf"^[\d:]{{8}} {name} +\| (.*)$", self.printed.read_text(), re.MULTILINE)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait_for(self, condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := condition()):
            assert time.monotonic() < deadline, f"waited in vain for {what}:\n{self.printed.read_text()}"
            time.sleep(0.02)
        return found

    def told(self, text: str) -> list[str]:
        """The supervisor's own lines, as soon as one holds the text."""
        self.wait_for(lambda: any(text in line for line in self.lines("portal")), text)
        return self.lines("portal")

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def start(commands: dict[str, str], **choices: Any) -> Supervised:
        started.append(Supervised(tmp_path, commands, **choices))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def all_gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)[1]


def test_the_procfile_names_every_process() -> None:
    commands = commands_of("# what runs\nweb: exec granian --port $PORT\n\nworker-2:exec x: y \nno command:\n")
    assert commands == {"web": "exec granian --port $PORT", "worker-2": "exec x: y"}
    assert list(commands_of((ROOT / "Procfile").read_text())) == ["valkey", "sandbox", "worker", "scheduler", "web"]


def test_a_killed_process_is_started_again_and_one_line_says_so(supervised) -> None:
    running = supervised({"one": f"echo $$; {SLEEP}", "two": f"echo $$; {SLEEP}"})
    running.wait_for(lambda: running.lines("one") and running.lines("two"), "both to run")
    os.kill(int(running.lines("one")[0]), signal.SIGKILL)
    (line,) = running.told("started again")
    running.wait_for(lambda: len(running.lines("one")) == 2, "its second start")
    assert line == f"one died (killed by SIGKILL) and was started again (pid {running.lines('one')[1]})."
    assert len(running.lines("two")) == 1


def test_one_that_ends_by_itself_is_started_again_too(supervised) -> None:
    running = supervised({"one": "test -e $FOLDER/second && exec sleep 1000; touch $FOLDER/second; exit 3"})
    (line,) = running.told("started again")
    assert line.startswith("one died (status 3) and was started again")


def test_one_that_hangs_is_replaced(supervised) -> None:
    """It lives, but does not go on; another one that nobody looks at, and one that has not begun yet, may."""
    works = "echo $$; while true; do touch $ALIVE_FILE; sleep 0.05; done"
    running = supervised({"one": works, "quiet": SLEEP, "starting": SLEEP}, patience={"one": 1.0, "starting": 0.1})
    signs = running.folder / "alive" / "one"
    running.wait_for(lambda: running.lines("one") and signs.exists(), "its first sign")
    psutil.Process(int(running.lines("one")[0])).suspend()
    hung, again = running.told("started again")
    assert hung == "one hangs: it has shown no sign of work for 1 s. It is killed."
    assert again.startswith("one died (killed by SIGKILL) and was started again")
    running.wait_for(lambda: len(running.lines("one")) == 2, "its second start")


def test_what_a_killed_process_leaves_behind_is_killed(supervised) -> None:
    running = supervised({"one": "sleep 1000 & echo $!; exec sleep 1000"})
    running.wait_for(lambda: running.lines("one"), "its child")
    child = psutil.Process(int(running.lines("one")[0]))
    child.parent().kill()
    assert all_gone([child])
    running.told("started again")


def test_one_that_cannot_start_is_told_once_and_the_others_go_on(supervised) -> None:
    running = supervised({"broken": "echo try >> $FOLDER/tries; echo no such thing >&2; exit 4", "other": SLEEP})
    *_, last = running.told("cannot be kept running")
    assert last.startswith("broken cannot be kept running (status 4); its lines above say why. The portal goes on")
    assert running.lines("broken") == ["no such thing"] * 3
    tries = (running.folder / "tries").read_text()
    assert tries == "try\n" * 3
    (child,) = running.children()
    assert child.name() == "sleep"
    assert running.end() == 0
    assert (running.folder / "tries").read_text() == tries


def test_one_that_can_start_after_all_is_back(supervised) -> None:
    command = "test -e $FOLDER/mended && exec sleep 1000; exit 4"
    running = supervised({"broken": command, "other": SLEEP}, later=0.2)
    running.told("cannot be kept running")
    (running.folder / "mended").touch()
    told = running.told("broken is back.")
    assert sum("cannot be kept running" in line for line in told) == 1


def test_without_an_essential_one_everything_ends(supervised) -> None:
    running = supervised({"broken": "exit 4", "other": SLEEP}, essential=["broken"])
    running.wait_for(running.children, "a child")
    family = running.children()
    assert running.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "The portal needs it and ends." in running.lines("portal")[-1]
    assert all_gone(family)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_and_the_last_one_last(supervised, number) -> None:
    trap = "trap 'echo %s >> $FOLDER/ended; exit 0' TERM; echo up; while :; do sleep 0.05; done"
    running = supervised({"last": trap % "last", "slow": trap % "slow", "quick": trap % "quick"})
    running.wait_for(lambda: all(running.lines(name) for name in ("last", "slow", "quick")), "all three")
    family = running.children()
    assert running.end(number) == 0
    assert (running.folder / "ended").read_text().split()[-1] == "last"
    assert sorted((running.folder / "ended").read_text().split()) == ["last", "quick", "slow"]
    assert all_gone(family)
    assert running.lines("portal") == []


def test_one_that_does_not_end_in_time_is_killed(supervised) -> None:
    running = supervised({"deaf": "trap '' TERM; echo up; while :; do sleep 0.05; done"}, to_end=0.3)
    running.wait_for(lambda: running.lines("deaf"), "its start")
    family = running.children()
    assert running.end() == 0
    assert running.lines("portal") == ["deaf did not end in time and is killed."]
    assert all_gone(family)


def test_a_second_signal_ends_the_waiting(supervised) -> None:
    running = supervised({"deaf": "trap '' TERM; echo up; while :; do sleep 0.05; done"}, to_end=1000.0)
    running.wait_for(lambda: running.lines("deaf"), "its start")
    running.process.send_signal(signal.SIGINT)
    assert running.end(signal.SIGTERM) == 0


def test_a_killed_supervisor_takes_everything_along(supervised) -> None:
    running = supervised({"one": f"echo up; {SLEEP}", "two": f"echo up; {SLEEP}"})
    running.wait_for(lambda: running.lines("one") and running.lines("two"), "both to run")
    family = running.children()
    running.process.kill()
    assert len(family) == 2
    assert all_gone(family)


def test_every_line_comes_whole_and_named(supervised) -> None:
    long = "head -c 200000 /dev/zero | tr '\\0' x"
    running = supervised({"one": f"printf 'a\\nb'; sleep 0.1; printf 'c\\n'; {long}; printf '\\nlast words'; {SLEEP}"})
    running.wait_for(lambda: len("".join(running.lines("one"))) >= 200_000, "its lines")
    assert running.lines("one")[:2] == ["a", "bc"]
    assert running.end() == 0
    assert "".join(running.lines("one")) == "abc" + "x" * 200_000 + "last words"
