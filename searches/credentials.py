"""What an administrator does with a credential beside filling in its form: test it, and read what was wrong with it."""

from contextlib import closing
from dataclasses import dataclass

import redis
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches import slots
from searches.limiter import NoFreeSlot
from searches.marketplaces import ErrorKind, MarketplaceError, Timeouts, client_for
from searches.models import Credential
from searches.models.credential import SecretUnreadable, decrypt

# Somebody waits in front of a page: a marketplace that is up answers well within these.
CHECK_TIMEOUTS = Timeouts(connect=3, read=8, total=10)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong, in words. `remedy` is "" when it is not known."""

    code: str
    message: str
    remedy: str


def check_connection(credential: Credential) -> Trouble | None:
    """Spend one call on the cheapest question that proves the credential. None when everything is right.

    The call takes a slot as any other does. The outcome becomes the credential's last success or last error, unless
    the marketplace was not asked at all.
    """
    try:
        account = credential.account()
        with (
            slots.call_slot(credential),
            closing(client_for(credential.marketplace, account, CHECK_TIMEOUTS)) as client,
        ):
            client.check()
    except NoFreeSlot as wait:
        return _no_slot(wait.seconds)
    except redis.RedisError:
        return Trouble(
            "valkey",
            _("Valkey does not answer. Without it nobody knows how many calls were made, so none was."),
            _("Start it, or check REDIS_URL; then test again."),
        )
    except SecretUnreadable:
        return Trouble(
            "secret-unreadable",
            _("The stored secret or token cannot be read with the server's keys."),
            _("Enter both again, or restore the old key in CREDENTIAL_KEYS."),
        )
    except MarketplaceError as error:
        credential.record_failure(error)
        return Trouble(error.code or error.kind.value, _(error.message), _(error.remedy))
    Credential.objects.filter(pk=credential.pk).update(last_success_at=timezone.now())
    return None


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


def _no_slot(seconds: float) -> Trouble:
    wait = max(1, round(seconds))
    return Trouble(
        ErrorKind.THROTTLED.value,
        _("All calls that the limit allows at present are taken, so the connection was not tested."),
        ngettext("Test again in %(wait)d second.", "Test again in %(wait)d seconds.", wait) % {"wait": wait},
    )
