"""Where readers come from: a process that has everything loaded and forks."""

import atexit
import os
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from searches.imaging.limits import MAX_SECONDS
from searches.imaging.reader import Answer, Reader, ReaderDied, ReaderLost

_SECONDS_TO_SEND = 30.0
_SECONDS_UNTIL_TRIED_AGAIN = 30.0
_SECONDS_TO_END = 5.0

_ROOT = Path(__file__).parents[2]
_RUN = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
# All that readers get to see of the environment: there are secrets in the rest.
_ENVIRONMENT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH")


class NoReader(Exception):
    """No process could be had, through no fault of the picture."""


class Nursery:
    """Asks readers about pictures. They come from one process (`zygote.py`), which is started when it is needed.

    Threads share it, and so do processes forked later: a new reader is called for by one message, which brings it a
    connection of its own, and is asked by nobody else. All of these processes end by themselves when those who could
    ask are gone, however they went; those that were killed are replaced.
    """

    def __init__(self, module: str = "searches.imaging.zygote") -> None:
        self._module = module
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._failed_at = float("-inf")
        self._resting: list[Reader] = []
        self._renew_locks()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.close)

    def ask(self, question: dict[str, Any], data: bytes) -> Answer:
        """What a reader answers about a file. Raises ReaderDied, or NoReader."""
        with self._places:
            begun = time.monotonic()
            try:
                return self._ask_any(question, data)
            except ReaderDied:
                # It may have been killed by somebody, or by what another picture left in it. So a new one has a try,
                # while both together take no longer than one may.
                if time.monotonic() - begun > MAX_SECONDS / 2:
                    raise
            try:
                return self._ask_new(question, data)
            except NoReader as reason:  # and nobody shall read in place what has just killed a reader
                raise ReaderDied from reason

    def start(self) -> None:
        """Start the process, unless it runs, so that the next picture need not wait for it. Raises NoReader."""
        with self._lock:
            if self._control is not None and _is_deserted(self._control):
                self._end()
            self._started()

    def close(self) -> None:
        """End all the processes. Others are started should there be another question."""
        while (resting := self._rested()) is not None:
            resting.close()
        with self._lock:
            self._end()

    def _renew_locks(self) -> None:
        self._lock = threading.Lock()
        # More at once would only wait for the processors, and each may take 300 MB.
        self._places = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))

    def _after_fork(self) -> None:
        """The connection to the zygote is shared, but neither the readers nor the duty to wait for a process; and of
        the locks, threads may hold some that were not inherited."""
        self._renew_locks()
        self._process = None
        while self._resting:
            self._resting.pop().close()

    def _rested(self) -> Reader | None:
        with suppress(IndexError):
            return self._resting.pop()
        return None

    def _ask_any(self, question: dict[str, Any], data: bytes) -> Answer:
        while (resting := self._rested()) is not None:
            with suppress(ReaderLost):
                return self._ask(resting, question, data)
        return self._ask_new(question, data)

    def _ask_new(self, question: dict[str, Any], data: bytes) -> Answer:
        for _ in range(2):
            with suppress(ReaderLost):
                return self._ask(self._new_reader(), question, data)
        self._failed_at = time.monotonic()
        raise NoReader("the process that forks readers does not start, or does not stay")

    def _ask(self, reader: Reader, question: dict[str, Any], data: bytes) -> Answer:
        goes_on = False
        try:
            answer = reader.ask(question, data)
            goes_on = answer.fields.get("goes_on") is True
        finally:
            if goes_on:
                reader.rest()
                self._resting.append(reader)
            else:
                reader.close()
        return answer

    def _new_reader(self) -> Reader:
        reader = Reader()
        try:
            self._call_for(reader)
            reader.handed_over()
        except BaseException:
            reader.close()
            raise
        return reader

    def _call_for(self, reader: Reader) -> None:
        """Have it forked; when nobody hears, by another process."""
        with self._lock:
            with suppress(OSError):
                socket.send_fds(self._started(), [b"."], reader.ends)
                return
            self._end()
            try:
                socket.send_fds(self._started(), [b"."], reader.ends)
            except OSError as error:
                self._end()
                raise ReaderLost from error

    def _started(self) -> socket.socket:
        if self._control is None:
            if sys.platform != "linux":
                raise NoReader("only Linux limits processes as is needed here")
            if time.monotonic() < self._failed_at + _SECONDS_UNTIL_TRIED_AGAIN:
                raise NoReader("it failed a moment ago")
            try:
                self._control, self._process = _spawned(self._module)
            except OSError as error:
                raise NoReader(str(error)) from error
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _spawned(module: str) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control.settimeout(_SECONDS_TO_SEND)
    with theirs:
        process = subprocess.Popen(  # noqa: S603  our own command line
            [sys.executable, "-I", "-c", _RUN, str(_ROOT), module, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,  # Ctrl-C at the portal is not meant for the picture that is being read
        )
    return control, process


def _is_deserted(control: socket.socket) -> bool:
    poll = select.poll()
    poll.register(control, 0)  # which leaves what is always told: that the other end is closed
    return bool(poll.poll(0))
