"""The marketplace behind every dialect: its accounts, its limits, its faults and what it has seen."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event

from sandbox.calls import CallLog
from sandbox.faults import SLOW_SECONDS, FaultPlan
from sandbox.kept_pictures import KeptPictures
from sandbox.limiter import SlidingWindow
from sandbox.search import Catalogue
from sandbox.tokens import TokenBook


@dataclass(frozen=True)
class Account:
    """A customer. The defaults are public test data, not secrets of anything.

    A dialect with one key for all (TMAPI) takes ``token`` for it; one with a key and a secret has
    ``app_key`` and ``secret``.
    """

    app_key: str = "1000000"
    secret: str = field(default="test123", repr=False)
    token: str = field(default="token-123", repr=False)


UPLOADS_KEPT_SECONDS = 24 * 3600.0
# Further customers, so that several credentials can share a load.
FURTHER_ACCOUNTS = (Account("1000001", "test124", "token-124"), Account("1000002", "test125", "token-125"))


@dataclass
class Conduct:
    """How it behaves; may be changed while it runs.

    ``limit`` calls in any ``window`` seconds an app key and dialect; ``delay_ms`` is added to every API
    call; with ``allowed_ips`` empty, every address may call. Access tokens of OAuth are good for
    ``token_seconds``; a refresh gives a new refresh token only with ``rotate_refresh_tokens``.
    ``ordered_apis`` has the APIs that an app key has ordered, by the names in calls' records; an app
    key that is not in it has ordered all.
    """

    limit: int = 100
    window: float = 60.0
    delay_ms: int = 0
    allowed_ips: tuple[str, ...] = ()
    slow_seconds: float = SLOW_SECONDS
    token_seconds: int = 36_000
    rotate_refresh_tokens: bool = False
    ordered_apis: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
        # The account given replaces the first; the further ones are there beside any.
        first = account or Account()
        self.accounts = {each.app_key: each for each in (*FURTHER_ACCOUNTS, first)}
        self.conduct = conduct or Conduct()
        self.faults = FaultPlan(fault)
        self.calls = CallLog()
        self.tokens = TokenBook(clock)
        self.uploads = KeptPictures(UPLOADS_KEPT_SECONDS)
        self.stopping = Event()
        self.limiter = SlidingWindow(self.conduct.limit, self.conduct.window)

    def set_limit(self, limit: int, window: float) -> None:
        """Starts counting anew under another limit."""
        self.conduct.limit, self.conduct.window = limit, window
        self.limiter = SlidingWindow(limit, window)

    def forget_uploads(self) -> None:
        """As if the day that the official platform keeps uploads were over."""
        self.uploads = KeptPictures(UPLOADS_KEPT_SECONDS)

    def account_of_token(self, token: str) -> Account | None:
        """Whose fixed token this is."""
        given = token.encode()
        owners = [each for each in self.accounts.values() if hmac.compare_digest(each.token.encode(), given)]
        return owners[0] if owners else None

    def wait(self, seconds: float) -> None:
        """Sleeps, but not through the end of the server."""
        self.stopping.wait(seconds)
