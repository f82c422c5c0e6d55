"""The official 1688 open platform: one signed call, the tokens it needs, and what both interfaces' accounts consist of.

Calls go as POST forms to {base}/openapi/param2/1/{namespace}/{api}/{appKey}. Whatever a traceback could show of a
frame, its variables hold neither tokens nor pictures: those stay inside objects that do not show them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import quote

from searches.marketplaces import errors
from searches.marketplaces.account import Account, Tokens
from searches.marketplaces.alibaba_errors import failure_in
from searches.marketplaces.alibaba_oauth import (
    Grant,
    as_moment,
    authorize_url,
    grant_for_code,
    grant_for_refresh,
    tokens_in,
)
from searches.marketplaces.base_urls import base_of
from searches.marketplaces.content import Content
from searches.marketplaces.errors import MarketplaceError, Rule, gettext_noop
from searches.marketplaces.host import Alone, Host
from searches.marketplaces.marketplace import KeyField
from searches.marketplaces.offers import JSON
from searches.marketplaces.replies import Reply, read_json, retry_after, status_error
from searches.marketplaces.signing import aop_form
from searches.marketplaces.transport import DEFAULT_TIMEOUTS, Timeouts, Transport

DEFAULT_BASE_URL = "https://gw.open.1688.com"
KEYS = (
    KeyField(
        "app_key",
        gettext_noop("App key"),
        gettext_noop(
            "The AppKey in the console of open.1688.com, under App management (应用管理), beside the app's name."
        ),
    ),
    KeyField(
        "secret",
        gettext_noop("Secret"),
        gettext_noop("The AppSecret on the app's page there: every call is signed with it."),
    ),
    KeyField(
        "token",
        gettext_noop("Access token"),
        gettext_noop(
            "The fixed token of a self-use app, from the app's page under authorization (授权). For any other app "
            "leave it empty, save, and authorize at 1688."
        ),
        required=False,
    ),
)
CHECK_PROVES = gettext_noop(
    "Address, app key, secret and clock are right: the platform accepted a signed call. Whether the token holds and "
    "the app has ordered the interface shows with the first search."
)
Answer: TypeAlias = "JSON | MarketplaceError"
_CLOCKS_DIFFER = gettext_noop("This server's clock and the marketplace's differ by more than ten minutes.")
_CLOCK_TOLERANCE = timedelta(minutes=10)
_RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of an interface.

    api: namespace and name, as in the address. otherwise: see `failure_in`. hidden: what no message may quote of the
    parameters.
    """

    api: str
    params: Mapping[str, str] = field(repr=False)
    otherwise: Rule = errors.UNKNOWN_CODE
    hidden: tuple[str, ...] = field(default=(), repr=False)


class AlibabaClient:
    """What every interface of the platform shares; a context manager. For one thread at a time.

    clock: the time now, aware; it stamps calls and pages.
    """

    def __init__(
        self,
        account: Account,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        host: Host | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises MarketplaceError (configuration) when the account's base URL is none."""
        self._root = f"{base_of(base_of(account.base_url, 'param2/1'), 'openapi')}/openapi"
        self._account = account
        self._token = account.token
        self._token_expires_at = account.token_expires_at
        self._host = host or Alone()
        self._clock = clock
        self._transport = Transport(timeouts)

    def check(self) -> None:
        """Ask the platform for its time: proves address, key, secret and clock. Raises MarketplaceError."""
        stamp = str(int(self._clock().timestamp() * 1000))
        answer = self._answer(ApiCall("system/currentTime", {"_aop_timestamp": stamp}), {})
        if isinstance(answer, MarketplaceError):
            raise answer
        moment = as_moment(answer)
        if moment is None:
            raise errors.UNEXPECTED_REPLY.error("unexpected-reply")
        if abs(moment - self._clock()) > _CLOCK_TOLERANCE:
            raise errors.BAD_CLOCK.error("clock", message=_CLOCKS_DIFFER)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where the administrator's browser goes to allow it. Raises MarketplaceError for an auth URL that is none."""
        return authorize_url(self._account, redirect_uri, state)

    def exchange_code(self, code: str, redirect_uri: str) -> Tokens:
        """The tokens for the code that came back. Raises MarketplaceError."""
        grant = grant_for_code(self._account, code, redirect_uri)
        del code  # a traceback may show this frame
        return self._granted(grant)

    def close(self) -> None:
        """Close the connections. The client is of no use afterwards."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, call: ApiCall) -> JSON:
        """The reply's JSON, once it reports no failure. Raises MarketplaceError.

        A token that is missing or about to expire is renewed first, if it can be; one that is refused is renewed
        once, and the call made once more.
        """
        is_new = self._renewed_before()
        answer = self._answer_with_token(call)
        if not is_new and isinstance(answer, MarketplaceError) and answer.remedy == errors.TOKEN_REFUSED.remedy:
            self._renew_token(answer)
            answer = self._answer_with_token(call)
        if isinstance(answer, MarketplaceError):
            raise answer
        return answer

    def _answer_with_token(self, call: ApiCall) -> Answer:
        return self._answer(call, {"access_token": self._token})

    def _answer(self, call: ApiCall, system: Mapping[str, str]) -> Answer:
        path = f"param2/1/{call.api}/{self._account.app_key}"
        form = aop_form({**call.params, **system}, self._account.secret, path)
        del system  # a traceback may show this frame
        reply = self._post(path, form)
        return _read(reply, (self._account.secret, self._token, form.signature, *call.hidden), call.otherwise)

    def _post(self, path: str, content: Content) -> Reply:
        with self._host.slot():
            return self._transport.post(f"{self._root}/{quote(path)}", content)

    def _renewed_before(self) -> bool:
        """Whether the call has a new token: for none, or for one that ends soon and can be renewed."""
        if self._token and not self._expires_within(_RENEW_BEFORE):
            return False
        try:
            self._renew_token()
        except MarketplaceError:
            if not self._token or self._expires_within(timedelta(0)):
                raise
            return False
        return True

    def _expires_within(self, span: timedelta) -> bool:
        return self._token_expires_at is not None and self._token_expires_at - self._clock() <= span

    def _renew_token(self, refusal: MarketplaceError | None = None) -> None:
        failure = None
        try:
            self._token = self._host.renew_token(self._token, self._refresh)
        except MarketplaceError as error:
            failure = error.with_traceback(None)  # the frames that it went through hold tokens
        if failure is not None:
            # A host with nothing to renew by says so in the refusal's own code, which the platform has words for.
            raise refusal if refusal is not None and refusal.code == failure.code else failure
        # When the new one expires only the host knows; should it be during this client's life, a 401 tells.
        self._token_expires_at = None

    def _refresh(self, refresh_token: str) -> Tokens:
        grant = grant_for_refresh(self._account, refresh_token)
        del refresh_token
        return self._granted(grant)

    def _granted(self, grant: Grant) -> Tokens:
        answer = self._answer_to(grant)
        if isinstance(answer, MarketplaceError):
            raise answer
        return answer

    def _answer_to(self, grant: Grant) -> Tokens | MarketplaceError:
        reply = self._post(f"http/1/system.oauth2/getToken/{self._account.app_key}", grant)
        answer = _read(reply, (self._account.secret, self._token, grant.traded), errors.TOKEN_REFUSED)
        if isinstance(answer, MarketplaceError):
            return answer
        return tokens_in(answer, now=self._clock()) or errors.UNEXPECTED_REPLY.error("unexpected-reply")


def _read(reply: Reply, hidden: Iterable[str], otherwise: Rule) -> Answer:
    """What a reply holds or means. An error is not raised here: this frame holds secrets."""
    try:
        payload = read_json(reply)
    except MarketplaceError as error:
        return _by_status(reply, error.with_traceback(None))
    pause = retry_after(reply)
    failure = failure_in(payload, status=reply.status, pause=pause, hidden=hidden, otherwise=otherwise)
    if failure is not None:
        return failure
    return payload if reply.ok else _by_status(reply, status_error(reply))


def _by_status(reply: Reply, failure: MarketplaceError) -> MarketplaceError:
    # Wrong keys have codes of their own here, so a 401 that says nothing more is about the token.
    return errors.TOKEN_REFUSED.error("401") if reply.status == 401 else failure
