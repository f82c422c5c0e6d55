"""What all dialects share: a call is recorded, delayed, counted against its limit, and hit by faults.

A dialect is a subclass with a table of its error codes; ``sandbox.application.DIALECTS`` lists them.
"""

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from sandbox.calls import Call
from sandbox.faults import SHARED_FAULTS, Fault, UnknownFaultError, spoil
from sandbox.fetching import fetch_picture
from sandbox.images import ImageRefusedError, decode_base64
from sandbox.marketplace import Marketplace
from sandbox.web import Reply, Request, Unanswered


class ApiError(Exception):
    """An answer in the dialect's error envelope."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Dialect(ABC):
    """One protocol over one marketplace; one object serves all threads.

    ``key`` is what calls and faults name it by, ``title`` what people read; ``endpoints`` are the
    paths it answers, as its document writes them; ``apis`` are the names for what can be asked of it;
    ``codes`` has the documented error codes that a fault can make it answer with, and their messages;
    ``parameter_code`` is its code for a parameter that makes no sense.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    endpoints: ClassVar[tuple[str, ...]]
    apis: ClassVar[tuple[str, ...]]
    codes: ClassVar[Mapping[str, str]]
    parameter_code: ClassVar[str]

    def __init__(self, marketplace: Marketplace) -> None:
        self.marketplace = marketplace

    @abstractmethod
    def handles(self, path: str) -> bool:
        """Whether a request for this path is for this dialect."""

    @abstractmethod
    def respond(self, request: Request, call: Call) -> Reply:
        """The reply to one request, by ``perform`` once it is clear who calls. Raises ApiError.

        Fills in ``call`` as it learns about the call: ``api``, ``app_key``, ``page`` and the picture.
        """

    @abstractmethod
    def refuse(self, request: Request, error: ApiError) -> Reply:
        """An error in the dialect's own envelope."""

    def answer(self, request: Request) -> Reply:
        """Answers one call and records it. Raises Unanswered where a fault says so."""
        started = time.perf_counter()
        call = self.marketplace.calls.begin(request.arrived, self.key)
        try:
            self.marketplace.wait(self.marketplace.conduct.delay_ms / 1000)
            reply, outcome = self.respond(request, call), "ok"
        except ApiError as error:
            reply, outcome = self.refuse(request, error), error.code
        except Unanswered as fault:
            call.outcome = str(fault)
            raise
        finally:
            call.milliseconds = round((time.perf_counter() - started) * 1000, 3)
        call.outcome = call.fault or outcome
        return reply.with_header("Server-Timing", f"sandbox;dur={call.milliseconds}")

    def perform(self, request: Request, call: Call, act: Callable[[], Reply]) -> Reply:
        """``act()``, unless a fault hits the call: then that. Raises ApiError."""
        name = request.headers.get("x-sandbox-fault")
        if name is None:
            name = self.marketplace.faults.take(call, lambda planned: self.knows(planned, call.api))
        elif not self.knows(name, call.api):
            known = ", ".join(fault_names([self]))
            raise ApiError(self.parameter_code, f"Invalid X-Sandbox-Fault: there are {known}")
        if name is None:
            return act()
        call.fault = name
        if name in self.codes:
            return self.fail(name, request, call)
        return spoil(name, act, self.marketplace.wait, self.marketplace.conduct.slow_seconds)

    def can_fail(self, code: str, api: str | None) -> bool:
        """Whether this API of the dialect has this one of its codes. A dialect may say it more narrowly."""
        return code in self.codes

    def fail(self, code: str, request: Request, call: Call) -> Reply:
        """The answer to a call hit by one of the dialect's own codes. Raises ApiError, unless overridden."""
        raise ApiError(code, self.codes[code])

    def admits(self, key: str, request: Request) -> bool:
        """Counts a call against the limit that the caller's key has in this dialect; False: refuse it."""
        return self.marketplace.limiter.admit(f"{self.key} {key}", request.arrived)

    def picture_at(self, url: str, request: Request) -> bytes:
        """The picture that a caller names by its address. Raises ImageRefusedError."""
        return fetch_picture(url, request.host, self.marketplace.catalogue.files)

    def knows(self, fault: str, api: str | None) -> bool:
        """Whether a fault can hit calls of this API."""
        return fault in SHARED_FAULTS or self.can_fail(fault, api)


def base64_sha256(text: str) -> str | None:
    """What a call's record keeps of a picture sent as Base64; None where it is none."""
    try:
        return hashlib.sha256(decode_base64(text)).hexdigest()
    except ImageRefusedError:
        return None


def request_id(request: Request) -> str:
    """Twelve characters that name a request to the marketplace's support."""
    return hashlib.sha256(f"{request.arrived}{request.client}{id(request)}".encode()).hexdigest()[:12]


def fault_names(dialects: Iterable[Dialect | type[Dialect]]) -> tuple[str, ...]:
    """Every fault that can hit a call of one of these dialects."""
    return tuple(sorted({*SHARED_FAULTS, *(code for dialect in dialects for code in dialect.codes)}))


def check_fault(fault: Fault, dialects: Iterable[Dialect]) -> None:
    """Raises UnknownFaultError where a fault could never hit anything."""
    meant = [dialect for dialect in dialects if fault.dialect in (None, dialect.key)]
    if not meant:
        raise UnknownFaultError("dialect", fault.dialect, (dialect.key for dialect in dialects))
    apis = {api for dialect in meant for api in dialect.apis}
    if fault.api is not None and fault.api not in apis:
        raise UnknownFaultError("API", fault.api, apis)
    if not any(dialect.knows(fault.name, api) for dialect in meant for api in dialect.apis if fault.api in (None, api)):
        raise UnknownFaultError("fault", fault.name, fault_names(meant))
