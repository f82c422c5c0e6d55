"""What a client asks of the program around it: permission for each call, a memory, and a fresh token."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from searches.marketplaces.account import Tokens
from searches.marketplaces.errors import TOKEN_REFUSED


class Host(Protocol):
    """The program around a client. Whatever its methods raise passes through the client unchanged."""

    def slot(self) -> AbstractContextManager[None]:
        """Permission for one HTTP call that the marketplace counts: the call is made within the block."""

    def recall(self, key: str) -> str | None:
        """What `remember` kept under this key for this account, if it is still good."""

    def remember(self, key: str, value: str, *, seconds: float) -> None:
        """Keep a text for this account, such as the id of an uploaded picture."""

    def forget(self, key: str) -> None:
        """Keep it no longer."""

    def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        """An access token other than `stale`, which the marketplace refused or which is about to expire.

        `renew` trades a refresh token for tokens by one call; of all processes one makes it, the others get its
        token. Raises MarketplaceError (authentication) when there is no refresh token.
        """


class Alone:
    """A host for one client by itself: no limits, a memory of its own, tokens that cannot be renewed."""

    def __init__(self) -> None:
        self._memory: dict[str, str] = {}

    def slot(self) -> AbstractContextManager[None]:
        return nullcontext()

    def recall(self, key: str) -> str | None:
        return self._memory.get(key)

    def remember(self, key: str, value: str, *, seconds: float) -> None:
        self._memory[key] = value

    def forget(self, key: str) -> None:
        self._memory.pop(key, None)

    def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        raise TOKEN_REFUSED.error("401")
