"""Twenty people who read pages of a portal at the same time: `python -m benchmarks.visitors`, JSON as its input.

They are threads of a process of their own, so that nothing else that a bench does holds up what they measure. Each has
a session, opens the pages in turn, begins with another one, and reads each for a moment, or for none.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus

import requests

from tests.processes.stack import ROOT

VISITORS = 20
SECONDS_TO_GIVE_UP = 30


@dataclass(frozen=True)
class Visit:
    """What the visitors do.

    pages: addresses by name; `cookies`: a session each. They open pages for so many `seconds`, with pauses between that
    take `pause` seconds on average.
    """

    pages: Mapping[str, str]
    cookies: list[dict[str, str]]
    seconds: float
    pause: float


def visit(pages: Visit) -> dict[str, list[float]]:
    """The milliseconds that each page took each time. Raises subprocess.CalledProcessError when one was not shown."""
    command = [sys.executable, "-m", "benchmarks.visitors"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(asdict(pages)).encode(), capture_output=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def _all_visit(visit: Visit) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in visit.pages}
    until = time.monotonic() + visit.seconds
    places = enumerate(visit.cookies)
    threads = [threading.Thread(target=_one_visits, args=(visit, place, until, found)) for place, _ in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _one_visits(visit: Visit, place: int, until: float, found: dict[str, list[float]]) -> None:
    dice = random.Random(place)  # noqa: S311  the same each time
    names = list(visit.pages)
    with requests.Session() as session:
        session.cookies.update(visit.cookies[place])
        while time.monotonic() < until:
            name = names[place % len(names)]
            place += 1
            time.sleep(dice.uniform(0.5, 1.5) * visit.pause)
            found[name].append(_milliseconds(session, name, visit.pages[name]))


def _milliseconds(session: requests.Session, name: str, address: str) -> float:
    # What a page asks for by itself, as htmx asks.
    headers = {"HX-Request": "true"} if name.endswith("fragment") else {}
    started = time.perf_counter()
    answer = session.get(address, headers=headers, timeout=SECONDS_TO_GIVE_UP, allow_redirects=False)
    took = (time.perf_counter() - started) * 1000
    if answer.status_code != HTTPStatus.OK:
        # The process ends at once: a bench of error pages measures nothing.
        sys.stderr.write(f"{address}: {answer.status_code}\n")
        raise requests.HTTPError(response=answer)
    return took


if __name__ == "__main__":
    json.dump(_all_visit(Visit(**json.load(sys.stdin))), sys.stdout)
