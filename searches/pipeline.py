"""One call, from its row to the marketplace's answer: result cache, slot, client, of one credential or another."""

import time
from contextlib import closing
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches import own, question, results, slots, turns
from searches.hosting import CredentialHost
from searches.imaging import ImageRejected
from searches.marketplaces import (
    CATALOG,
    DEFAULT_TIMEOUTS,
    MARKETPLACES,
    ErrorKind,
    InvalidRequest,
    Marketplace,
    MarketplaceError,
    SearchPage,
    SearchRequest,
    Timeouts,
    client_for,
)
from searches.models import Credential, SearchCall
from searches.models.credential import ACCOUNT_KINDS, SecretUnreadable
from searches.models.usage import CACHED, count
from searches.waiting import MustWait

Reason = SearchCall.Reason
# After these the same call may succeed with another credential.
ANOTHER_MAY_HELP = ACCOUNT_KINDS | {ErrorKind.THROTTLED}
# Until it is seen whether the one call that tries a credential anew was answered.
SECONDS_ON_TRIAL = 2.0
# The rest is for preparing the picture and for writing what came.
SHARE_OF_LEASE = 0.75


@dataclass(frozen=True)
class Answer:
    """What a call brought: a page, by which credential (None: of our own), and whether somebody had asked the same.

    `regions`: the parts of the photo that the marketplace took for its subject, as `SearchJob.crops` writes them.
    """

    page: SearchPage
    credential: Credential | None
    from_cache: bool
    regions: list[list[float]] = field(default_factory=list)


def answer(call: SearchCall) -> Answer:
    """Answer `call`, at most once paid. `call.credential` is then whose turn it was.

    Raises `MarketplaceError`, `ImageRejected`, `MustWait`, or `redis.RedisError` when Valkey is away (then nothing
    was paid).
    """
    if call.marketplace == CATALOG:
        return Answer(own.page_for(call), None, from_cache=False)
    credentials = turns.credentials_for(call)
    if not credentials:
        raise _no_credential()
    protocol = MARKETPLACES[call.marketplace]
    asked = results.question_of(call, protocol)
    kept = _kept(call, asked, credentials)
    if kept:
        return kept
    # One that has waited comes because it is its turn.
    if not call.waits_for and turns.line_before(call):
        raise MustWait(turns.estimate(call, credentials, 0), Reason.SLOT)
    with results.asking(call, asked):
        # Whoever asked before may have been answered a moment ago.
        return _kept(call, asked, credentials) or _ask(call, asked, credentials, protocol)


def _kept(call: SearchCall, asked: str, credentials: list[Credential]) -> Answer | None:
    found = results.find(call, asked, credentials)
    if found is None:
        return None
    page, credential = found
    call.credential = credential
    count(credential, CACHED)
    return Answer(page, credential, from_cache=True, regions=_regions(call, page))


def _ask(call: SearchCall, asked: str, credentials: list[Credential], protocol: Marketplace) -> Answer:
    """Ask by the first credential that has a slot; what fails by an account's fault is asked by the next one."""
    try:
        request = question.request_of(call, protocol)
        page = _first_answer(call, request, credentials)
    except InvalidRequest as error:
        raise MarketplaceError(
            _("The search holds a value that the marketplace does not take."),
            kind=ErrorKind.PROTOCOL,
            code=f"invalid-{error.field}",
            remedy=_("Start a new search without it."),
        ) from error
    credential = call.credential or credentials[0]
    results.keep(asked, credential, page)
    return Answer(page, credential, from_cache=False, regions=_regions(call, page))


def _first_answer(call: SearchCall, request: SearchRequest, credentials: list[Credential]) -> SearchPage:
    waits: list[MustWait] = []
    failure: MarketplaceError | None = None
    for credential in credentials:
        try:
            page = _ask_by(credential, call, request)
        except MustWait as wait:
            waits.append(wait)
        except MarketplaceError as error:
            call.credential = credential
            if error.kind not in ANOTHER_MAY_HELP:
                raise
            failure = error
        else:
            call.credential = credential
            return page
    # A pause may be long: what failed just now is said at once.
    if failure and all(wait.reason == Reason.PAUSED for wait in waits):
        raise failure
    soonest = min(waits, key=lambda wait: wait.seconds)
    soonest.seconds = turns.estimate(call, credentials, soonest.seconds)
    raise soonest


def _ask_by(credential: Credential, call: SearchCall, request: SearchRequest) -> SearchPage:
    if credential.is_paused:
        raise _paused(credential)
    if not credential.is_on_trial:
        return _outcome(credential, call, request)
    with slots.trial(credential, str(call.run_token)) as ours:
        if not ours:
            raise _paused(credential, least=SECONDS_ON_TRIAL)
        return _outcome(credential, call, request)


def _outcome(credential: Credential, call: SearchCall, request: SearchRequest) -> SearchPage:
    """What came of asking, recorded with the credential."""
    try:
        page = _search(credential, call, request)
    except MarketplaceError as error:
        count(credential, error.kind.value)
        if error.kind is not ErrorKind.NO_RESULT:
            credential.record_failure(error)
            if error.kind is ErrorKind.THROTTLED:
                slots.slow_down(credential, error.retry_after)
            raise
        page = _nothing_found(request)
    credential.record_success()
    return page


def _search(credential: Credential, call: SearchCall, request: SearchRequest) -> SearchPage:
    host = CredentialHost(credential)
    try:
        with closing(client_for(credential.marketplace, credential.account(), _timeouts(call), host)) as client:
            return client.search(request)
    except Credential.DoesNotExist:
        # Deleted while it was its turn.
        raise _no_credential() from None
    except SecretUnreadable as error:
        raise MarketplaceError(
            _("The credential's secret cannot be read with the server's keys."),
            kind=ErrorKind.CONFIGURATION,
            code="secret-unreadable",
            remedy=_("An administrator enters the secret again, or restores the old key in CREDENTIAL_KEYS."),
        ) from error


def _timeouts(call: SearchCall) -> Timeouts:
    """The client's own, within three quarters of what is left of the call's lease.

    The second credential that is asked has less time than the first: a call that outlived its lease would be made,
    and paid, by another worker again.
    """
    if call.ours_until is None:
        return DEFAULT_TIMEOUTS
    left = max((call.ours_until - time.monotonic()) * SHARE_OF_LEASE, 0.0)
    return replace(DEFAULT_TIMEOUTS, total=min(DEFAULT_TIMEOUTS.total, left))


def _no_credential() -> MarketplaceError:
    return MarketplaceError(
        _("No credential of this marketplace is switched on for the search's team."),
        kind=ErrorKind.CONFIGURATION,
        code="credential-off",
        remedy=_("Choose another marketplace, or ask an administrator to switch one on, or to allow it to the team."),
    )


def _paused(credential: Credential, *, least: float = 0.0) -> MustWait:
    """The circuit breaker is open: why, and until when, but for so many seconds at least."""
    until = credential.paused_until or timezone.now()
    return MustWait(max((until - timezone.now()).total_seconds(), least), Reason.PAUSED, credential.why_paused)


def _nothing_found(request: SearchRequest) -> SearchPage:
    """An empty page: to find nothing is an answer, which some marketplaces word as an error."""
    return SearchPage((), 0, request.page, request.page, request.page_size, timezone.now())


def _regions(call: SearchCall, page: SearchPage) -> list[list[float]]:
    if call.page > 1:
        return []
    try:
        return question.boxes_of(page.regions, call, MARKETPLACES[call.marketplace])
    except (MarketplaceError, ImageRejected, OSError):
        # They are suggestions: for want of the picture, offers that were paid for are not given up.
        return []
