"""The call limiter at work: real workers, scheduler and Valkey against a sandbox that counts and refuses.

More calls are asked for than a window allows, so that work waits all the time. What counts is what the sandbox saw:
whether it ever had to refuse, how full its fullest window was, and how much of the limit was used.
"""

import json
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.jitter import jittery
from tests.processes.stack import Stack
from tests.sandbox.running import Sandbox, running_sandbox

CALLS, LIMIT, WINDOW_SECONDS = 250, 100, 6
# A slot is held for the call's own time, too: longer delays would cost a short window's share by themselves.
JITTER_SECONDS = (0.0, 0.05)
PATIENCE_SECONDS = 120
WORKERS = (1, 2, 4)


def figures() -> Iterator[Figure]:
    for workers in WORKERS:
        yield from _figures(f"{workers}-workers", _run(workers), f"{workers} worker processes")
    jitter = f"{max(WORKERS)} worker processes, each way delayed by up to {JITTER_SECONDS[1] * 1000:.0f} ms"
    yield from _figures("jitter", _run(max(WORKERS), jitter=True), jitter)
    killed = f"{max(WORKERS)} worker processes, one of them killed with -9 in the middle and not replaced"
    yield from _figures("killed", _run(max(WORKERS), kill=True), killed)


def _figures(case: str, calls: list[dict[str, Any]], how: str) -> Iterator[Figure]:
    arrivals = sorted(call["arrived"] for call in calls)
    method = (
        f"{CALLS} searches of one call each, asked for at once; the sandbox admits {LIMIT} calls in any "
        f"{WINDOW_SECONDS} s; {how}"
    )
    refused = sum(call["outcome"] == "429" for call in calls)
    yield at_most(f"limiter.{case}.refused", refused, "calls", 0, f"429s given out: {method}")
    worst = max(bisect_right(arrivals, arrival + WINDOW_SECONDS) - i for i, arrival in enumerate(arrivals))
    yield at_most(f"limiter.{case}.worst-window", worst, "calls", LIMIT, f"most calls in any window: {method}")
    # While work waits, the best that can be done is to call one window after the call so many places before.
    waits = [later - earlier for earlier, later in zip(arrivals, arrivals[LIMIT:], strict=False)]
    used = 100 * WINDOW_SECONDS * len(waits) / sum(waits)
    share = f"window / mean time between a call and the {LIMIT}th after it: {method}"
    yield at_least(f"limiter.{case}.used", used, "%", 98, share)


def _run(workers: int, *, jitter: bool = False, kill: bool = False) -> list[dict[str, Any]]:
    """The calls as the sandbox saw them."""
    with ExitStack() as open_until_done:
        enter = open_until_done.enter_context
        sandbox = enter(running_sandbox(limit=LIMIT, window=WINDOW_SECONDS))
        address = sandbox.url
        if jitter:
            parts = urlsplit(sandbox.url)
            port = enter(jittery(parts.hostname or "", parts.port or 80, seconds=JITTER_SECONDS))
            address = f"http://127.0.0.1:{port}"
        stack = enter(Stack(Path(enter(tempfile.TemporaryDirectory()))))
        stack.environment["CALL_WINDOW_SECONDS"] = str(WINDOW_SECONDS)
        stack.start("valkey", "scheduler")
        names = stack.start_workers(workers)
        _ask(stack, sandbox, address)
        if kill:
            stack.wait_for(lambda: len(sandbox.calls()) > CALLS / 3, "the searches to be under way")
            stack.kill(names[0])
        _wait_for_all(stack)
        return sandbox.calls()


def _ask(stack: Stack, sandbox: Sandbox, address: str) -> None:
    photo = stack.folder / "photo.jpg"
    photo.write_bytes(sandbox.query())
    question = {
        "base_url": address,
        "app_key": sandbox.app_key,
        "secret": sandbox.secret,
        "photo": str(photo),
        "limit": LIMIT,
        "searches": CALLS,
    }
    stack.manage("-m", "benchmarks.ask_many", stdin=json.dumps(question).encode())


def _wait_for_all(stack: Stack) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    query = "SELECT count(*) FROM searches_searchjob WHERE status IN ('queued', 'running')"
    while stack.value(query):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the searches did not end:\n{stack.log.read_text()[-3000:]}")
        time.sleep(0.1)
