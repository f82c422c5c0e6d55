"""What can be made to go wrong, and when: a marketplace's bad days on demand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from sandbox.calls import Call
from sandbox.web import Reply, Unanswered, html_reply

SLOW_SECONDS = 3.0
RETRY_AFTER_SECONDS = 5

# These can hit any call of any dialect. Beside them each dialect has codes of its own, which are answers
# of its protocol (see sandbox.dialects.dialect).
CONNECTION_FAULTS = ("hang", "reset", "slow", "truncated")
BODY_FAULTS = ("empty", "html", "http-413", "http-429", "http-502", "malformed-json")
SHARED_FAULTS = tuple(sorted(CONNECTION_FAULTS + BODY_FAULTS))


class UnknownFaultError(ValueError):
    """Nothing that is asked for has this name; the text lists what there is."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        super().__init__(f"There is no {kind} {name!r}; there are: {', '.join(sorted(known))}.")


@dataclass(frozen=True)
class Fault:
    """``times`` is how many calls it still hits (None: all until cleared).

    ``page``, ``dialect`` and ``api`` limit it to calls for one page, in one dialect, of one API.
    """

    name: str
    times: int | None = None
    page: int | None = None
    dialect: str | None = None
    api: str | None = None

    def fits(self, call: Call) -> bool:
        return self.page in (None, call.page) and self.dialect in (None, call.dialect) and self.api in (None, call.api)

    def as_json(self) -> dict[str, Any]:
        return {
            "fault": self.name,
            "times": self.times,
            "page": self.page,
            "dialect": self.dialect,
            "api": self.api,
        }


class FaultPlan:
    """The faults that are set; the first that fits a call hits it and is used up by one."""

    def __init__(self, standing: str | None = None) -> None:
        self._faults = [Fault(standing)] if standing else []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def planned(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, call: Call, knows: Callable[[str], bool]) -> str | None:
        """The name of the fault that hits the call, if any; ``knows`` says which names its dialect has."""
        with self._lock:
            for position, fault in enumerate(self._faults):
                if not (fault.fits(call) and knows(fault.name)):
                    continue
                if fault.times is not None:
                    left = fault.times - 1
                    self._faults[position : position + 1] = [replace(fault, times=left)] if left else []
                return fault.name
        return None


def spoil(name: str, answer: Callable[[], Reply], wait: Callable[[float], object], slow: float) -> Reply:
    """The reply of a call hit by a fault that is not an error code of the protocol.

    ``answer`` makes the right reply, ``wait`` sleeps for seconds, ``slow`` is how long a slow reply
    takes. Raises Unanswered for the faults that answer nothing.
    """
    if name in ("hang", "reset"):
        raise Unanswered(reset=name == "reset")
    if name == "slow":
        wait(slow)
        return answer()
    if name == "truncated":
        whole = answer()
        return replace(whole, body=whole.body[: len(whole.body) // 2], declared_length=len(whole.body))
    if name == "malformed-json":
        whole = answer()
        return replace(whole, body=whole.body[: len(whole.body) // 2])
    if name == "empty":
        return Reply(b"")
    if name == "html":
        return html_reply(_gateway_page("Sign in to continue"))
    status = int(name.removeprefix("http-"))
    page = html_reply(_gateway_page(GATEWAY_TITLES[status]), status)
    return page.with_header("Retry-After", str(RETRY_AFTER_SECONDS)) if status == 429 else page


GATEWAY_TITLES = {413: "413 Request Entity Too Large", 429: "429 Too Many Requests", 502: "502 Bad Gateway"}


def _gateway_page(title: str) -> str:
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
    )
