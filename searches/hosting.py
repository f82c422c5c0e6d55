"""The product around a marketplace's client: slots, a memory shared by all workers, and one token for all."""

import hashlib
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from searches import slots
from searches.marketplaces import Tokens
from searches.marketplaces.errors import TOKEN_REFUSED
from searches.models import Credential, SearchCall
from searches.models.credential import TOKEN_COLUMNS, decrypt
from searches.resultstore import SingleFlight
from searches.valkey import connection
from searches.waiting import MustWait

SECONDS_UNTIL_TOKEN_IS_LOOKED_FOR = 0.5


class CredentialHost:
    """What the client of one credential asks for; see `searches.marketplaces.Host`. Raises `MustWait`, too."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def slot(self) -> AbstractContextManager[None]:
        return slots.call_slot(self._credential)

    def recall(self, key: str) -> str | None:
        kept = cache.get(self._key(key))
        return kept if isinstance(kept, str) else None

    def remember(self, key: str, value: str, *, seconds: float) -> None:
        cache.set(self._key(key), value, seconds)

    def forget(self, key: str) -> None:
        cache.delete(self._key(key))

    def renew_token(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        flight = SingleFlight(connection(), lease_seconds=settings.CALL_LEASE_SECONDS)
        name, holder = f"token:{self._credential.pk}", uuid.uuid4().hex
        if not flight.take(name, holder):
            raise MustWait(SECONDS_UNTIL_TOKEN_IS_LOOKED_FOR, SearchCall.Reason.TOKEN)
        try:
            return self._renewed(stale, renew)
        finally:
            flight.leave(name, holder)

    def _renewed(self, stale: str, renew: Callable[[str], Tokens]) -> str:
        # As it is now: another worker may have renewed it, or an administrator may have pasted another.
        stored = Credential.objects.get(pk=self._credential.pk)
        token = decrypt(stored.token_encrypted)
        if token and token != stale:
            return token
        refresh_token = decrypt(stored.refresh_token_encrypted)
        if not refresh_token:
            raise TOKEN_REFUSED.error("401")
        tokens = renew(refresh_token)
        with transaction.atomic():
            stored = Credential.objects.select_for_update().get(pk=stored.pk)
            # Unless an administrator authorized it anew meanwhile, or took the token away.
            if decrypt(stored.refresh_token_encrypted) == refresh_token:
                stored.keep_tokens(tokens)
                stored.save(update_fields=TOKEN_COLUMNS)
        return tokens.access_token

    def _key(self, key: str) -> str:
        # By account, not by credential alone: an id of the sandbox's means nothing to 1688.
        account = f"{self._credential.pk} {self._credential.base_url} {self._credential.app_key} {key}"
        return f"memo:{hashlib.sha256(account.encode()).hexdigest()}"
