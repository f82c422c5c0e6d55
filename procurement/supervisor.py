"""Keeps the processes of one machine running: relays what they print, replaces what dies or hangs, ends all in order.

One thread, no locks: everything is looked at ten times a second. See docs/decisions/0008-our-own-supervisor.md.
"""

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from procurement import alive
from procurement.processes import die_with_parent

# What ends sooner than this did not start; after as many tries as there are pauses it counts as unable to.
SECONDS_AT_ONCE = 5.0
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before the next tries, in turn
# A disk that was full may have been emptied.
SECONDS_BETWEEN_LATER_TRIES = 60.0
# A work horse looks for more work for five seconds. A call that it is in the middle of has its lease.
SECONDS_TO_END = 10.0
SECONDS_BETWEEN_LOOKS = 0.1
CHUNK = 65_536  # bytes; a longer line is cut
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OWN_NAME = "portal"


def commands_of(procfile: str) -> dict[str, str]:
    """A Procfile's lines, `name: shell command`."""
    return dict(re.findall(r"^([\w-]+):\s*(\S.*?)\s*$", procfile, re.MULTILINE))


@dataclass(eq=False)
class Process:
    """A command that is to be running. `essential`: the others are of no use without it.

    `patience`: it touches a file of its own (`alive.py`), or somebody does for it, and has hung when it did not for so
    many seconds; 0 where nobody looks. One that has not begun to is still starting.
    """

    name: str
    command: str
    essential: bool = False
    patience: float = 0.0
    shown: object = None
    shown_at: float = 0.0
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    ended: str = ""  # how, when it last did
    deaths_at_once: int = 0  # in a row
    printed: bytes = field(default=b"", repr=False)  # since its last whole line

    def cannot_start(self) -> bool:
        return self.deaths_at_once > len(PAUSES)

    def has_hung(self, shown: object, now: float) -> bool:
        if shown != self.shown:
            self.shown, self.shown_at = shown, now
        return shown is not None and now - self.shown_at > self.patience


class Supervisor:
    """Runs processes until a signal, or until an essential one cannot be kept running.

    `last`: the name of the one that ends after all others. `say` gets whole lines: the processes' and its own.
    `alive_files`: the folder of the files that processes with patience touch, each called like its process.
    """

    def __init__(
        self,
        processes: Iterable[Process],
        *,
        folder: Path,
        environment: Mapping[str, str],
        last: str,
        say: Callable[[str], None],
        alive_files: Path | None = None,
    ) -> None:
        self._processes = list(processes)
        self._folder = folder
        self._environment = dict(environment)
        self._last = last
        self._say_line = say
        self._alive_files = alive_files
        self._width = max(len(name) for name in (OWN_NAME, *(process.name for process in self._processes)))
        self._outputs = selectors.DefaultSelector()
        self._signals = 0
        self._status: int | None = None

    def start(self) -> None:
        """Start everything; from here on the ending signals are the supervisor's."""
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        for process in self._processes:
            self._start(process)

    def run(self) -> int:
        """Keep all of them running until the end; 0 when a signal asked for it, else 1."""
        try:
            while self._status is None:
                self._relay(SECONDS_BETWEEN_LOOKS)
                for process in self._processes:
                    self._look_after(process)
        finally:
            self._end([process for process in self._processes if process.name != self._last])
            self._end(self._processes)
        return self._status

    def _on_signal(self, *_: object) -> None:
        self._signals += 1
        self._status = 0

    def _look_after(self, process: Process) -> None:
        now = time.monotonic()
        if process.running is None:
            if self._status is None and now >= process.start_again_at:
                self._start(process)
        elif process.running.poll() is not None:
            self._on_death(process, now)
        elif process.cannot_start() and now - process.started_at > SECONDS_AT_ONCE:
            process.deaths_at_once = 0
            self._say(f"{process.name} is back.")
        elif self._hangs(process, now):
            silent = f"{process.patience:.0f} s"
            self._say(f"{process.name} hangs: it has shown no sign of work for {silent}. It is killed.")
            process.running.kill()

    def _hangs(self, process: Process, now: float) -> bool:
        if self._alive_files is None or not process.patience:
            return False
        return process.has_hung(alive.shown(self._alive_files / process.name), now)

    def _on_death(self, process: Process, now: float) -> None:
        at_once = now - process.started_at < SECONDS_AT_ONCE
        process.ended = self._bury(process)
        process.deaths_at_once = process.deaths_at_once + 1 if at_once else 1
        if not process.cannot_start():
            process.start_again_at = now + PAUSES[process.deaths_at_once - 1]
            return
        process.start_again_at = now + SECONDS_BETWEEN_LATER_TRIES
        verdict = f"{process.name} cannot be kept running ({process.ended}); its lines above say why."
        if process.essential:
            self._say(f"{verdict} The portal needs it and ends.")
            self._status = 1
        elif process.deaths_at_once == len(PAUSES) + 1:
            pause = f"{SECONDS_BETWEEN_LATER_TRIES:.0f} s"
            self._say(f"{verdict} The portal goes on without it and tries again every {pause}.")

    def _start(self, process: Process) -> None:
        environment = self._environment
        if self._alive_files and process.patience:
            self._alive_files.mkdir(parents=True, exist_ok=True)
            file = self._alive_files / process.name
            file.unlink(missing_ok=True)
            process.shown = None
            environment = environment | {alive.VARIABLE: str(file)}
        process.running = subprocess.Popen(  # noqa: S602  our own Procfile, whose commands name variables
            process.command,
            shell=True,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C is for the supervisor, and what a killed process leaves can be found.
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGTERM),
        )
        process.started_at = time.monotonic()
        if process.running.stdout:
            os.set_blocking(process.running.stdout.fileno(), False)
            self._outputs.register(process.running.stdout, selectors.EVENT_READ, process)
        if process.ended and not process.cannot_start():
            self._say(f"{process.name} died ({process.ended}) and was started again (pid {process.running.pid}).")

    def _bury(self, process: Process) -> str:
        """Print the last words of one that has ended, kill what is left of its group, and say how it ended."""
        running, process.running = process.running, None
        if running is None or running.stdout is None:
            return process.ended
        # A web server has processes of its own, which would keep the port.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)
        status = running.wait()
        while chunk := _read_now(running.stdout.fileno()):
            self._print_lines(process, chunk)
        self._print_lines(process, b"\n" if process.printed else b"")
        self._outputs.unregister(running.stdout)
        running.stdout.close()
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"

    def _end(self, processes: Iterable[Process]) -> None:
        """End them together. Those that take too long are killed, and all of them at a second signal."""
        left = {process: process.running for process in processes if process.running}
        for running in left.values():
            running.terminate()
        deadline = time.monotonic() + SECONDS_TO_END
        while left and time.monotonic() < deadline and self._signals < 2:
            self._relay(SECONDS_BETWEEN_LOOKS)
            for process in [process for process, running in left.items() if running.poll() is not None]:
                self._bury(process)
                del left[process]
        for process, running in left.items():
            self._say(f"{process.name} did not end in time and is killed.")
            running.kill()
            self._bury(process)

    def _relay(self, seconds: float) -> None:
        """Print what comes within so many seconds; return as soon as something did."""
        ready = self._outputs.select(seconds)
        for key, _ in ready:
            self._print_lines(key.data, _read_now(key.fd) or b"")
        if ready:
            # One that closed its output is always ready.
            time.sleep(0.01)

    def _print_lines(self, process: Process, chunk: bytes) -> None:
        *lines, process.printed = (process.printed + chunk).split(b"\n")
        if len(process.printed) > CHUNK:
            lines, process.printed = [*lines, process.printed], b""
        for line in lines:
            self._print(process.name, line.decode(errors="replace").rstrip("\r"))

    def _say(self, text: str) -> None:
        self._print(OWN_NAME, text)

    def _print(self, name: str, text: str) -> None:
        self._say_line(f"{time.strftime('%H:%M:%S')} {name:{self._width}} | {text}\n")


def _read_now(output: int) -> bytes | None:
    """What there is; None when there is nothing yet, b"" at the end."""
    try:
        return os.read(output, CHUNK)
    except BlockingIOError:
        return None
