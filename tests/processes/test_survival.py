"""What survives `kill -9`, with real processes: nothing is lost, nothing is there twice, nothing is paid twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes.stack import Stack
from tests.sandbox.running import Sandbox, running_sandbox

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.xdist_group("processes")]

STATUS = "SELECT status FROM searches_searchjob"
PAGES = 3


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Slow enough to be interrupted, with more than two pages of offers for every photo."""
    with running_sandbox(views=20, floor=0.0, delay_ms=700) as running:
        yield running


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path) as made:
        yield made


def wait_until_in_the_middle(stack: Stack) -> int:
    """Until one page is answered and another is on its way; answers the latter's number."""
    query = "SELECT page FROM searches_searchcall WHERE status = 'running' AND page > 1"
    stack.wait_for(lambda: stack.rows(query), "a second page on its way")
    return stack.value(query)


def check_the_search_is_whole(stack: Stack, sandbox: Sandbox, *, in_flight: set[int]) -> None:
    stack.wait_for(lambda: stack.value(STATUS) == "done", "the search to finish")
    paid = Counter(call["page"] for call in sandbox.calls() if call["outcome"] == "ok")
    assert set(paid) == set(range(1, PAGES + 1))
    assert all(times == 1 or (page in in_flight and times == 2) for page, times in paid.items()), paid
    total = stack.value("SELECT offers_total FROM searches_searchcall WHERE page = 1")
    assert stack.value("SELECT COUNT(*) FROM searches_suppliermatch") == total
    assert stack.value("SELECT COUNT(DISTINCT offer_id) FROM searches_suppliermatch") == total
    assert stack.value("SELECT COUNT(*) FROM searches_sighting") == total


def test_a_search_runs_through_the_queue(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("valkey", "worker", "scheduler")
    stack.ask(sandbox, wanted=200)
    check_the_search_is_whole(stack, sandbox, in_flight=set())


def test_a_killed_worker_loses_nothing(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("valkey", "worker", "scheduler")
    stack.ask(sandbox, wanted=200)
    in_flight = wait_until_in_the_middle(stack)
    children = psutil.Process(stack.running["worker"].pid).children(recursive=True)
    stack.kill("worker")
    psutil.wait_procs(children, timeout=5)
    assert not any(child.is_running() for child in children)
    stack.start("worker")
    check_the_search_is_whole(stack, sandbox, in_flight={in_flight})


def test_a_killed_valkey_loses_nothing(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("valkey", "worker", "scheduler")
    stack.ask(sandbox, wanted=200)
    wait_until_in_the_middle(stack)
    stack.kill("valkey")
    stack.start("valkey")
    check_the_search_is_whole(stack, sandbox, in_flight=set())


def test_a_search_asked_for_without_valkey_is_answered_once_it_is_back(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("scheduler")
    stack.ask(sandbox, wanted=50)
    assert stack.value(STATUS) == "queued"
    stack.start("valkey", "worker")
    stack.wait_for(lambda: stack.value(STATUS) == "done", "the search to finish")
    assert len(sandbox.calls()) == 1


def test_workers_that_are_there_before_valkey_wait_for_it(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("worker", "scheduler")
    stack.ask(sandbox, wanted=50)
    assert (stack.value(STATUS), sandbox.calls()) == ("queued", [])
    stack.start("valkey")
    stack.wait_for(lambda: stack.value(STATUS) == "done", "the search to finish")
    assert len(sandbox.calls()) == 1
    assert all(process.poll() is None for process in stack.running.values())


def test_everything_killed_at_once_loses_nothing(stack: Stack, sandbox: Sandbox) -> None:
    stack.start("valkey", "worker", "scheduler")
    stack.ask(sandbox, wanted=200)
    in_flight = wait_until_in_the_middle(stack)
    for name in ("worker", "valkey", "scheduler"):
        stack.kill(name)
    stack.start("valkey", "worker", "scheduler")
    check_the_search_is_whole(stack, sandbox, in_flight={in_flight})


def test_calls_in_line_are_served_as_slots_become_free(stack: Stack) -> None:
    with running_sandbox(views=20, floor=0.0, limit=1, window=2) as sandbox:
        stack.environment["CALL_WINDOW_SECONDS"] = "2"
        stack.ask(sandbox, wanted=200)
        stack.manage("shell", "-c", "from searches.models import Credential as C; C.objects.update(calls_per_minute=1)")
        stack.start("valkey", "scheduler")
        stack.start_workers(2)
        check_the_search_is_whole(stack, sandbox, in_flight=set())
        assert {call["outcome"] for call in sandbox.calls()} == {"ok"}
