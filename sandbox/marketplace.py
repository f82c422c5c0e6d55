"""The marketplace behind every dialect: its account, its limits, its faults and what it has seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from sandbox.calls import CallLog
from sandbox.faults import SLOW_SECONDS, FaultPlan
from sandbox.limiter import SlidingWindow
from sandbox.search import Catalogue


@dataclass(frozen=True)
class Account:
    """The one customer it knows. The defaults are public test data, not secrets of anything."""

    app_key: str = "1000000"
    secret: str = field(default="test123", repr=False)
    token: str = field(default="token-123", repr=False)


@dataclass
class Conduct:
    """How it behaves; may be changed while it runs.

    ``limit`` calls in any ``window`` seconds an app key; ``delay_ms`` is added to every API call; with
    ``allowed_ips`` empty, every address may call.
    """

    limit: int = 100
    window: float = 60.0
    delay_ms: int = 0
    allowed_ips: tuple[str, ...] = ()
    slow_seconds: float = SLOW_SECONDS


class Marketplace:
    """What all connections share. ``clock`` gives epoch seconds."""

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Callable[[], float],
        account: Account | None = None,
        conduct: Conduct | None = None,
        fault: str | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.clock = clock
        self.account = account or Account()
        self.conduct = conduct or Conduct()
        self.faults = FaultPlan(fault)
        self.calls = CallLog()
        self.stopping = Event()
        self.limiter = SlidingWindow(self.conduct.limit, self.conduct.window)

    def set_limit(self, limit: int, window: float) -> None:
        """Starts counting anew under another limit."""
        self.conduct.limit, self.conduct.window = limit, window
        self.limiter = SlidingWindow(limit, window)

    def wait(self, seconds: float) -> None:
        """Sleeps, but not through the end of the server."""
        self.stopping.wait(seconds)
