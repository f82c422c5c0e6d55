"""What the buttons and the list's actions do with credentials. Each says what came of it, now and in the history."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.admin.state import in_words
from searches.credentials import check_connection
from searches.marketplaces import PROTOCOLS
from searches.models import Credential
from searches.models.credential import BREAKER_COLUMNS, TOKEN_COLUMNS

# Writes an entry of the history: whose doing, of which credential, in what words.
Log: TypeAlias = Callable[[HttpRequest, Credential, str], object]


def test(request: HttpRequest, credential: Credential, log: Log) -> None:
    trouble = check_connection(credential)
    name = credential.name
    if trouble is None:
        proves = PROTOCOLS[credential.marketplace].check_proves
        messages.success(request, _("%(name)s: the connection works. %(proves)s") % {"name": name, "proves": _(proves)})
        log(request, credential, _("Tested the connection: it works."))
        return
    messages.error(request, format_html("{}: {} [{}]", name, in_words(trouble), trouble.code))
    log(request, credential, _("Tested the connection: %(code)s.") % {"code": trouble.code})


def switch(request: HttpRequest, credentials: Iterable[Credential], log: Log, *, enabled: bool) -> None:
    changed = [credential for credential in credentials if credential.enabled != enabled]
    for credential in changed:
        credential.enabled = enabled
        credential.save(update_fields=["enabled"])
        log(request, credential, _("Switched on.") if enabled else _("Switched off."))
    number = len(changed)
    if enabled:
        text = ngettext("%(number)d credential switched on.", "%(number)d credentials switched on.", number)
    else:
        text = ngettext("%(number)d credential switched off.", "%(number)d credentials switched off.", number)
    messages.success(request, text % {"number": number})


def resume(request: HttpRequest, credentials: Iterable[Credential], log: Log) -> None:
    """End the pauses of those that have one. Calls that wait for them are served within a second."""
    paused = [credential for credential in credentials if credential.is_paused or credential.is_on_trial]
    for credential in paused:
        credential.resume()
        credential.save(update_fields=BREAKER_COLUMNS)
        log(request, credential, _("Resumed by hand."))
    number = len(paused)
    if not number:
        messages.info(request, _("Nothing to resume: no pause was left."))
        return
    text = ngettext("%(number)d credential resumed.", "%(number)d credentials resumed.", number)
    messages.success(request, text % {"number": number})


def remove_token(request: HttpRequest, credential: Credential, log: Log) -> None:
    credential.keep_token("")
    credential.save(update_fields=TOKEN_COLUMNS)
    log(request, credential, _("Removed the token."))
    messages.success(request, _("%(name)s is saved, and its token removed.") % {"name": credential.name})
