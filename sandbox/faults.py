"""What can be made to go wrong, and when: a marketplace's bad days on demand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from sandbox.web import Reply, Unanswered, html_reply

SLOW_SECONDS = 3.0
RETRY_AFTER_SECONDS = 5

# Faults that are answers of the protocol: each dialect words them in its own envelope.
ERROR_CODES = ("400", "110", "413", "429", "502")
CONNECTION_FAULTS = ("hang", "reset", "slow", "truncated")
BODY_FAULTS = ("empty", "html", "http-413", "http-429", "http-502", "malformed-json")
NAMES = tuple(sorted(ERROR_CODES + CONNECTION_FAULTS + BODY_FAULTS))


class UnknownFaultError(ValueError):
    """No fault has this name."""

    def __init__(self, name: object) -> None:
        super().__init__(f"There is no fault {name!r}; there are: {', '.join(NAMES)}.")


@dataclass(frozen=True)
class Fault:
    """``times`` is how many calls it still hits (None: all until cleared); ``page`` limits it to one page."""

    name: str
    times: int | None = None
    page: int | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise UnknownFaultError(self.name)

    def as_json(self) -> dict[str, Any]:
        return {"fault": self.name, "times": self.times, "page": self.page}


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

    def take(self, page: int | None) -> str | None:
        """The name of the fault that hits a call for this page, if any."""
        with self._lock:
            for position, fault in enumerate(self._faults):
                if fault.page not in (None, page):
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
