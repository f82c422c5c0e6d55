"""One vocabulary of failures for every marketplace: what went wrong, what to do about it, whether to try again.

A client maps what its vendor says onto a `Rule`; only the caller (jobs.py) acts on it. The reasons are in
docs/decisions/0002-one-error-vocabulary.md.
"""

from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(text: str) -> str:
    """Mark a sentence for `makemessages`. It is translated where it is shown; this package knows no Django."""
    return text


class ErrorKind(StrEnum):
    """What failed, in the terms of whoever has to act."""

    CONFIGURATION = "configuration"  # an administrator's setting: base URL, certificate, clock
    PERMISSION = "permission"  # the account is fine but may not do this: allow-list, missing contract
    AUTHENTICATION = "authentication"  # app key, secret or token
    QUOTA = "quota"  # paid calls or the day's calls are used up
    THROTTLED = "throttled"  # too fast; the same call succeeds later
    BAD_IMAGE = "bad_image"  # this picture, not the account
    NO_RESULT = "no_result"  # a vendor that reports "nothing found" as an error
    UPSTREAM = "upstream"  # the marketplace or the way to it is down
    PROTOCOL = "protocol"  # an answer that the dialect does not know


class RetryWith(StrEnum):
    """What to change before the one repeat that is worth its call."""

    REENCODED = "reencoded"  # the same picture, encoded anew
    SMALLER = "smaller"  # less quality, then fewer pixels


class Remedy(StrEnum):
    """What the user is told to do: the complete table, so that each sentence has its translation."""

    GIVE_JPG_OR_PNG = gettext_noop("Give a JPG or PNG photo. It is re-encoded once and tried again.")
    MADE_SMALLER = gettext_noop("Nothing: the picture is made smaller and tried again.")
    RETRIED = gettext_noop("Nothing: it is tried again with growing pauses.")
    WAITS_FOR_SLOT = gettext_noop("Nothing: the search waits for a free slot.")
    ALLOW_ADDRESS = gettext_noop(
        "Ask an administrator to add this server's IP address to the allow-list in the open platform's console."
    )
    ORDER_INTERFACE = gettext_noop(
        "Ask an administrator to check in the open platform's console that the app may use this interface."
    )
    CHECK_KEY_AND_SECRET = gettext_noop("Ask an administrator to check the app key and the secret.")
    SET_CLOCK = gettext_noop("Ask an administrator to set this server's clock: the call's time was refused.")
    CHECK_BASE_URL = gettext_noop(
        "Ask an administrator to check the credential's base URL and that it belongs to this marketplace."
    )
    CHECK_CERTIFICATE = gettext_noop(
        "Ask an administrator to check the certificate of the base URL, or to install the company's own CA."
    )
    CHECK_PROXY = gettext_noop(
        "It is tried again with growing pauses. If it goes on, ask an administrator to check the proxy."
    )
    CHECK_NETWORK = gettext_noop(
        "It is tried again with growing pauses. If it goes on, ask an administrator to check the base URL "
        "and the network."
    )
    AUTHORIZE_AGAIN = gettext_noop(
        "Ask an administrator to authorize the credential again at the marketplace, or to paste a new token."
    )
    BUY_CALLS = gettext_noop("Ask an administrator to buy further calls, or to wait until the vendor grants new ones.")
    GIVE_REACHABLE_ADDRESS = gettext_noop(
        "Give an address of the picture that is reachable from the internet. For uploaded photos an administrator "
        "sets PUBLIC_URL to this portal's own public address."
    )
    GIVE_ANOTHER_PICTURE = gettext_noop("Start a new search with another picture, or crop this one to its subject.")
    REPORT_TO_US = gettext_noop(
        "The search holds a value that the marketplace refuses. Start it without filters; if that helps, tell an "
        "administrator the code."
    )
    ASK_VENDOR = gettext_noop(
        "Look the code up in the marketplace's documentation, or ask its support with the code and the request id."
    )


class MarketplaceError(Exception):
    """A call that brought no offers, and what follows from it.

    message: what happened; the vendor's own words where it gave some, else one sentence of ours (translatable).
    kind, code: ours and the vendor's (or ours, such as "timeout", when the vendor said nothing).
    remedy: a sentence of `Remedy`.
    retryable: the call may be repeated. With `retry_with` at most once, and changed as it says.
    retry_after: seconds to wait at least; None leaves the pause to the caller, who lets it grow.
    request_id: the vendor's, "" when it gave none.

    Neither the text nor a chained cause holds a secret, a signature or a signed URL.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ErrorKind,
        code: str = "",
        remedy: str,
        retryable: bool = False,
        retry_after: float | None = None,
        retry_with: RetryWith | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.code = code
        self.remedy = remedy
        self.retryable = retryable
        self.retry_after = retry_after
        self.retry_with = retry_with
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.message} [{self.kind} {self.code}]" if self.code else f"{self.message} [{self.kind}]"

    def __repr__(self) -> str:
        return f"MarketplaceError({self.message!r}, kind={self.kind.value!r}, code={self.code!r})"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of failure means; a dialect's table maps its codes to these."""

    kind: ErrorKind
    message: str  # said when the vendor gives no words of its own
    remedy: Remedy
    retryable: bool = False
    retry_after: float | None = None
    retry_with: RetryWith | None = None

    def error(
        self, code: str, *, message: str = "", retry_after: float | None = None, request_id: str = ""
    ) -> MarketplaceError:
        """The error for one occurrence; `message` and `retry_after` are the vendor's, when it gave them."""
        return MarketplaceError(
            message or self.message,
            kind=self.kind,
            code=code,
            remedy=self.remedy,
            retryable=self.retryable,
            retry_after=self.retry_after if retry_after is None or not self.retryable else retry_after,
            retry_with=self.retry_with,
            request_id=request_id,
        )


IMAGE_FORMAT = Rule(
    ErrorKind.BAD_IMAGE,
    gettext_noop("The marketplace refused the picture's format."),
    Remedy.GIVE_JPG_OR_PNG,
    retryable=True,
    retry_with=RetryWith.REENCODED,
)
IMAGE_TOO_LARGE = Rule(
    ErrorKind.BAD_IMAGE,
    gettext_noop("The picture is too large for the marketplace."),
    Remedy.MADE_SMALLER,
    retryable=True,
    retry_with=RetryWith.SMALLER,
)
SERVICE_FAILED = Rule(
    ErrorKind.UPSTREAM, gettext_noop("The marketplace's service failed."), Remedy.RETRIED, retryable=True
)
THROTTLED = Rule(
    ErrorKind.THROTTLED,
    gettext_noop("The marketplace's call rate is exceeded."),
    Remedy.WAITS_FOR_SLOT,
    retryable=True,
    retry_after=60.0,  # the document's window: 100 calls a minute
)
NOT_ON_ALLOW_LIST = Rule(
    ErrorKind.PERMISSION,
    gettext_noop("This server's IP address is not on the marketplace's allow-list."),
    Remedy.ALLOW_ADDRESS,
)
FORBIDDEN = Rule(
    ErrorKind.PERMISSION, gettext_noop("The marketplace does not allow this call."), Remedy.ORDER_INTERFACE
)
BAD_KEY = Rule(
    ErrorKind.AUTHENTICATION,
    gettext_noop("The marketplace does not accept the app key or the signature."),
    Remedy.CHECK_KEY_AND_SECRET,
)
BAD_CLOCK = Rule(ErrorKind.CONFIGURATION, gettext_noop("The marketplace refused the call's time."), Remedy.SET_CLOCK)
WRONG_ADDRESS = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The marketplace was not found at the credential's base URL."),
    Remedy.CHECK_BASE_URL,
)
BAD_ADDRESS = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The credential's base URL is not a web address."),
    Remedy.CHECK_BASE_URL,
)
WRONG_MARKETPLACE = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The credential names a marketplace that this installation does not know."),
    Remedy.CHECK_BASE_URL,
)
UNKNOWN_CODE = Rule(
    ErrorKind.PROTOCOL,
    gettext_noop("The marketplace answered with an error that its documentation does not name."),
    Remedy.ASK_VENDOR,
)
UNEXPECTED_REPLY = Rule(
    ErrorKind.PROTOCOL,
    gettext_noop("The marketplace's answer could not be understood."),
    Remedy.CHECK_BASE_URL,
)
EMPTY_REPLY = Rule(
    ErrorKind.PROTOCOL, gettext_noop("The marketplace's answer was empty."), Remedy.RETRIED, retryable=True
)
REPLY_TOO_LARGE = Rule(
    ErrorKind.PROTOCOL, gettext_noop("The marketplace's answer is too large to be read."), Remedy.CHECK_BASE_URL
)
REDIRECTED = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The marketplace sent the call on to another address; it was not followed."),
    Remedy.CHECK_BASE_URL,
)
TIMED_OUT = Rule(
    ErrorKind.UPSTREAM,
    gettext_noop("The marketplace did not answer in time."),
    Remedy.CHECK_NETWORK,
    retryable=True,
)
CONNECTION_FAILED = Rule(
    ErrorKind.UPSTREAM,
    gettext_noop("The connection to the marketplace failed."),
    Remedy.CHECK_NETWORK,
    retryable=True,
)
PROXY_FAILED = Rule(
    ErrorKind.UPSTREAM, gettext_noop("The proxy did not pass the call on."), Remedy.CHECK_PROXY, retryable=True
)
BAD_CERTIFICATE = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The marketplace's certificate could not be verified."),
    Remedy.CHECK_CERTIFICATE,
)
TOKEN_REFUSED = Rule(
    ErrorKind.AUTHENTICATION,
    gettext_noop("The marketplace does not accept the access token, or it has expired."),
    Remedy.AUTHORIZE_AGAIN,
)
API_NOT_ORDERED = Rule(
    ErrorKind.PERMISSION,
    gettext_noop("The app has not ordered this interface."),
    Remedy.ORDER_INTERFACE,
)
API_UNKNOWN = Rule(
    ErrorKind.CONFIGURATION,
    gettext_noop("The gateway does not know the interface that was called."),
    Remedy.CHECK_BASE_URL,
)
BAD_PARAMETER = Rule(
    ErrorKind.PROTOCOL,
    gettext_noop("The marketplace refused one of the search's parameters."),
    Remedy.REPORT_TO_US,
)
CALLS_USED_UP = Rule(
    ErrorKind.QUOTA,
    gettext_noop("The account's calls or its balance are used up."),
    Remedy.BUY_CALLS,
)
ACCOUNT_REFUSED = Rule(
    ErrorKind.AUTHENTICATION,
    gettext_noop("The marketplace refused the account: the key is unknown, expired or switched off."),
    Remedy.CHECK_KEY_AND_SECRET,
)
PICTURE_NOT_FETCHED = Rule(
    ErrorKind.BAD_IMAGE,
    gettext_noop("The marketplace could not fetch the picture from its address."),
    Remedy.GIVE_REACHABLE_ADDRESS,
)
PICTURE_NOT_TAKEN = Rule(
    ErrorKind.BAD_IMAGE,
    gettext_noop("The marketplace could not use the picture."),
    Remedy.GIVE_ANOTHER_PICTURE,
    retryable=True,
    retry_with=RetryWith.REENCODED,
)
NOTHING_FOUND = Rule(
    ErrorKind.NO_RESULT,
    gettext_noop("The marketplace found nothing like this picture."),
    Remedy.GIVE_ANOTHER_PICTURE,
)
OVERLOADED = Rule(
    ErrorKind.THROTTLED,
    gettext_noop("The marketplace takes no further calls at the moment."),
    Remedy.RETRIED,
    retryable=True,
)
