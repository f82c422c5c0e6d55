"""How a credential is, in words: whether it works, what it waits for, when its authorization ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from searches.admin.protocols import protocol_of
from searches.credentials import Trouble, is_readable, last_trouble
from searches.formats import clock, day_and_clock
from searches.models import Credential
from searches.models.credential import ENCRYPTED

# A token that nothing renews, and an authorization that a person has to give again, are announced so long before.
TOKEN_ENDS_SOON, AUTHORIZATION_ENDS_SOON = timedelta(hours=2), timedelta(days=14)
# A marketplace's own words may lack one.
ENDS_OF_SENTENCES = tuple(".!?。！？")

Tone = Literal["good", "warn", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class State:
    """`text`: a word or two; `detail`: why, and what to do, "" when there is nothing to say."""

    tone: Tone
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a token. `warning`: the same in a word or two, when somebody should do something."""

    text: str
    warning: str = ""


def state_of(credential: Credential) -> State:
    """The most important thing to know of the credential."""
    return next(_states(credential))


def _states(credential: Credential) -> Iterator[State]:
    trouble = last_trouble(credential)
    why = of_trouble(trouble) if trouble else ""
    # In lines of their own: xgettext does not look into f-strings.
    resumes, next_call = _("It resumes by itself then."), _("The next call tells if it works.")
    if protocol_of(credential) is None:
        yield State("bad", _("unknown protocol"), _("This version does not know it: no search uses the credential."))
    if not credential.enabled:
        yield State("quiet", _("switched off"), _("No search uses it."))
    if credential.paused_until and credential.is_paused:
        until = _("paused until %(time)s") % {"time": clock(credential.paused_until)}
        yield State("bad", until, f"{_failures(credential)} {why} {resumes}")
    if not all(is_readable(getattr(credential, column)) for column in ENCRYPTED):
        yield State("bad", _("unreadable"), _("None of the server's keys reads what is stored: enter the keys again."))
    if credential.is_on_trial:
        yield State("warn", _("on trial"), f"{_failures(credential)} {why} {next_call}")
    if _has_failed_since(credential):
        yield State("bad", _("failing"), why)
    if _lacks_token(credential):
        yield State("warn", _("not authorized"), _("Authorize it, or enter a token."))
    for note in token_notes(credential):
        if note.warning:
            yield State("warn", note.warning, note.text)
    if credential.last_success_at is None:
        yield State("quiet", pgettext("of a credential", "never used"), _("Test the connection to see if it works."))
    yield State("good", pgettext("of a credential", "works"))


def token_notes(credential: Credential) -> list[Note]:
    """Until when the token and the authorization are good; nothing for protocols without OAuth."""
    protocol = protocol_of(credential)
    if protocol is None or protocol.authorizing is None:
        return []
    if not credential.token_encrypted:
        return [Note(_("No token is stored."), _("not authorized"))]
    notes = [_token_note(credential)]
    if credential.refresh_token_encrypted:
        notes.append(_authorization_note(credential))
    return notes


def of_trouble(trouble: Trouble) -> str:
    """What was wrong, what to do, and the code to look up."""
    return f"{in_words(trouble)} [{trouble.code}]"


def in_words(trouble: Trouble) -> str:
    message = trouble.message
    stop = "" if not message or message.endswith(ENDS_OF_SENTENCES) else "."
    return f"{message}{stop} {trouble.remedy}".strip()


def worked_since(credential: Credential) -> bool:
    """Whether a call was answered after the last error."""
    success, failure = credential.last_success_at, credential.last_error_at
    return success is not None and failure is not None and success > failure


def _has_failed_since(credential: Credential) -> bool:
    return credential.last_error_at is not None and not worked_since(credential)


def _lacks_token(credential: Credential) -> bool:
    protocol = protocol_of(credential)
    return bool(protocol and protocol.authorizing) and not credential.token_encrypted


def _failures(credential: Credential) -> str:
    number = credential.failures_in_a_row
    text = ngettext("After %(number)d failure in a row:", "After %(number)d failures in a row:", number)
    return text % {"number": number}


def _token_note(credential: Credential) -> Note:
    ends = credential.token_expires_at
    if ends is None:
        return Note(_("The token has no known end."))
    renewed = bool(credential.refresh_token_encrypted)
    if ends <= timezone.now():
        if renewed:
            return Note(_("The token has expired; the next search renews it."))
        text = _("The token expired at %(time)s: authorize again, or enter another.")
        return Note(text % _when(ends), _("token expired"))
    if renewed:
        return Note(_("The token is good for %(left)s, until %(time)s, and is renewed by itself.") % _when(ends))
    text = _("The token is good for %(left)s, until %(time)s. Nothing renews it: authorize again before.")
    return Note(text % _when(ends), _("token expires soon") if _is_near(ends, TOKEN_ENDS_SOON) else "")


def _authorization_note(credential: Credential) -> Note:
    ends = credential.refresh_expires_at
    if ends is None:
        return Note(_("The authorization has no known end."))
    if ends <= timezone.now():
        text = _("The authorization ended at %(time)s: authorize again.")
        return Note(text % _when(ends), _("authorization ended"))
    if _is_near(ends, AUTHORIZATION_ENDS_SOON):
        text = _("The authorization ends in %(left)s, at %(time)s: authorize again before.")
        return Note(text % _when(ends), _("authorization ends soon"))
    return Note(_("The authorization is good for %(left)s, until %(time)s.") % _when(ends))


def _is_near(moment: datetime, span: timedelta) -> bool:
    return moment - timezone.now() <= span


def _when(moment: datetime) -> dict[str, str]:
    return {"left": timeuntil(moment, timezone.now(), depth=1), "time": day_and_clock(moment)}
