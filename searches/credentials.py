"""What an administrator does with a credential beside filling in its form: test it, authorize it, read its trouble."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import redis
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches import slots
from searches.hosting import CredentialHost
from searches.marketplaces import Account, ErrorKind, MarketplaceError, Timeouts, Tokens, client_for
from searches.models import Credential, SearchCall
from searches.models.credential import BREAKER_COLUMNS, TOKEN_COLUMNS, SecretUnreadable, decrypt
from searches.models.usage import count
from searches.waiting import MustWait

# Somebody waits in front of a page: a marketplace that is up answers well within these.
CHECK_TIMEOUTS = Timeouts(connect=3, read=8, total=10)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong, in words. `remedy` is "" when it is not known."""

    code: str
    message: str
    remedy: str


class Unauthorizable(Exception):
    """The credential's protocol knows no OAuth."""


def check_connection(credential: Credential) -> Trouble | None:
    """Spend the calls of the cheapest question that proves the credential. None when everything is right.

    Each call takes a slot as any other does; a paused credential is asked all the same. The outcome is recorded as
    that of a search is, unless the marketplace was not asked at all: a success ends the credential's pause.
    """

    def check() -> None:
        host = CredentialHost(credential)
        with closing(client_for(credential.marketplace, credential.account(), CHECK_TIMEOUTS, host)) as client:
            client.check()
        credential.record_success()

    return _trouble_of(check, lambda error: _record(credential, error))


def authorize_url(credential: Credential, redirect_uri: str, state: str) -> str:
    """Where an administrator's browser goes to allow it. Raises `MarketplaceError`, `Unauthorizable`."""
    authorizing = credential.protocol.authorizing
    if authorizing is None:
        raise Unauthorizable
    # Nothing secret goes there, so none is read.
    account = Account(credential.base_url, credential.app_key, auth_url=credential.auth_url)
    with closing(authorizing(account, CHECK_TIMEOUTS, CredentialHost(credential))) as client:
        return client.authorize_url(redirect_uri, state)


def keep_authorization(credential: Credential, code: str, redirect_uri: str) -> Trouble | None:
    """Trade the code that came back for tokens, by one call, and keep them. None when that is done.

    After a trouble everything is as it was. Raises `Unauthorizable`.
    """
    authorizing = credential.protocol.authorizing
    if authorizing is None:
        raise Unauthorizable

    def trade() -> None:
        with closing(authorizing(credential.account(), CHECK_TIMEOUTS, CredentialHost(credential))) as client:
            _keep(credential, client.exchange_code(code, redirect_uri))

    # A code that is refused says nothing of the credential: searches go on with the tokens that there are.
    return _trouble_of(trade, lambda error: None)


def last_trouble(credential: Credential) -> Trouble | None:
    """The credential's last error in words, however long ago."""
    if credential.last_error_at is None:
        return None
    return Trouble(
        credential.last_error_code,
        _(credential.last_error_message) if credential.last_error_message else "",
        _(credential.last_error_remedy) if credential.last_error_remedy else "",
    )


def is_readable(encrypted: str) -> bool:
    """Whether one of the server's keys opens a stored secret; an empty one is readable."""
    try:
        decrypt(encrypted)
    except SecretUnreadable:
        return False
    return True


def _trouble_of(ask: Callable[[], None], record: Callable[[MarketplaceError], None]) -> Trouble | None:
    try:
        ask()
    except MustWait as wait:
        return _no_slot(wait)
    except redis.RedisError:
        return Trouble(
            "valkey",
            _("Valkey does not answer. Without it nobody knows how many calls were made, so none was."),
            _("Start it, or check REDIS_URL; then try again."),
        )
    except SecretUnreadable:
        return Trouble(
            "secret-unreadable",
            _("The stored secret or token cannot be read with the server's keys."),
            _("Enter both again, or restore the old key in CREDENTIAL_KEYS."),
        )
    except MarketplaceError as error:
        record(error)
        return Trouble(error.code or error.kind.value, _(error.message), _(error.remedy))
    return None


def _record(credential: Credential, error: MarketplaceError) -> None:
    credential.record_failure(error)
    count(credential, error.kind.value)
    if error.kind is ErrorKind.THROTTLED:
        slots.slow_down(credential, error.retry_after)


def _keep(credential: Credential, tokens: Tokens) -> None:
    with transaction.atomic():
        stored = Credential.objects.select_for_update().get(pk=credential.pk)
        # What was there came from another authorization, maybe another person's: no part of it stays.
        stored.keep_token("")
        stored.keep_tokens(tokens)
        stored.resume()
        stored.save(update_fields=[*TOKEN_COLUMNS, *BREAKER_COLUMNS])


def _no_slot(wait: MustWait) -> Trouble:
    if wait.reason is SearchCall.Reason.DAY:
        return Trouble(
            ErrorKind.THROTTLED.value,
            _("The calls that the credential may make today are used up, so none was made."),
            _("Try again after midnight in China, or raise the limit."),
        )
    seconds = max(1, round(wait.seconds))
    return Trouble(
        ErrorKind.THROTTLED.value,
        _("All calls that the limit allows at present are taken, so none was made."),
        ngettext("Try again in %(wait)d second.", "Try again in %(wait)d seconds.", seconds) % {"wait": seconds},
    )
