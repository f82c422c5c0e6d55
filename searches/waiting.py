"""A call that cannot be made now, and why."""

from searches.marketplaces import MarketplaceError
from searches.models import SearchCall


class MustWait(Exception):
    """Nothing was paid, and nothing failed: look at the call again in `seconds`.

    `error` is what stands behind it, for those who wait: why a credential is paused.
    """

    def __init__(self, seconds: float, reason: SearchCall.Reason, error: MarketplaceError | None = None) -> None:
        super().__init__(f"waits {seconds:.1f} s for {reason.value}")
        self.seconds = seconds
        self.reason = reason
        self.error = error
