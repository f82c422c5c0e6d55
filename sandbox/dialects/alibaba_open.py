"""The server half of the official 1688 open platform: requests signed with HMAC-SHA1, and OAuth's tokens.

Written from the protocol's document. The gateway's errors come with HTTP 400 in one envelope. Beside
the codes of the document's table it knows 400 for an argument that cannot be read and
gw.TimestampInvalid for a time stamp more than ten minutes off.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from sandbox.calls import Call
from sandbox.dialects.alibaba_api import BAD_ARGUMENT, Api, ResultError, missing
from sandbox.dialects.alibaba_crossborder import ImageQuery, ImageUpload
from sandbox.dialects.alibaba_linkplus import SimilarOfferSearch, picture_failed
from sandbox.dialects.alibaba_oauth import GRANT_CODES, TOKEN_PATH, TokenDesk
from sandbox.dialects.dialect import ApiError, Dialect, request_id
from sandbox.marketplace import Account, Marketplace
from sandbox.web import BadRequest, Reply, Request, json_reply

ROOT = "/openapi/"
PATH = f"{ROOT}param2/1/"
CHINA = timezone(timedelta(hours=8))
CLOCK_TOLERANCE_MS = 600_000

GATEWAY_CODES = {
    "gw.SignatureInvalid": "Invalid signature",
    "gw.SignatureMissing": "Required argument _aop_signature",
    "gw.AppKeyMissing": "The app key is missing",
    "gw.AppKeyNotFound": "The app key is not found",
    "gw.APIUnsupported": "Unsupported API",
    "gw.QosAppFrequencyLimit": "AppKey call frequency limit",
    # Not in the table: stands for all the codes that a client has never heard of.
    "gw.NoUsageLeftError": "SLA bill has no usage left",
}
PERMISSION_CODES = {
    "gw.APIACLDecline": "AppKey is not allowed(acl)",
    "gw.ParamMissing": "Required argument",
    "401": "Request need user authorized",
}
NO_IMAGE_ID = "image-id-zero"
BAD_PICTURE = "handle-image-error"


def aop_signature(path: str, parameters: Mapping[str, str], secret: str) -> str:
    """UPPER(HEX(HMAC-SHA1(secret, path + all "name" + "value" joined, sorted as joined strings))).

    ``path`` begins with ``param2``; ``_aop_signature`` is left out of the parameters, empty values are not.
    """
    pairs = sorted(name + value for name, value in parameters.items() if name != "_aop_signature")
    return hmac.new(secret.encode(), (path + "".join(pairs)).encode(), hashlib.sha1).hexdigest().upper()


class CurrentTime(Api):
    """What the time is: it proves key, secret, clock and network, and needs no permission."""

    path = "system/currentTime"
    name = "current_time"
    needs_token = False

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def note(self, call: Call, arguments: Mapping[str, str]) -> None:
        """There is nothing to note."""

    def act(self, request: Request, arguments: Mapping[str, str]) -> Reply:
        now = datetime.fromtimestamp(self._marketplace.clock(), CHINA)
        return json_reply(f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}{now:%z}")


class AlibabaOpen(Dialect):
    """Answers calls of this dialect; one object serves all threads."""

    key = "alibaba_open"
    title = "1688 open platform (HMAC-SHA1 signature, OAuth)"
    endpoints = (f"{PATH}{{namespace}}/{{api}}/{{appKey}}", f"{TOKEN_PATH}{{appKey}}", "/oauth/authorize")
    apis = ("current_time", "upload", "search", "similar", "token")
    codes = (
        GATEWAY_CODES
        | PERMISSION_CODES
        | GRANT_CODES
        | {
            NO_IMAGE_ID: "an upload succeeds with the imageId 0",
            BAD_PICTURE: "handle image error",
        }
    )
    parameter_code = BAD_ARGUMENT

    def __init__(self, marketplace: Marketplace) -> None:
        super().__init__(marketplace)
        apis = (
            CurrentTime(marketplace),
            ImageUpload(marketplace),
            ImageQuery(marketplace, self.picture_at),
            SimilarOfferSearch(marketplace, self.picture_at),
        )
        self._apis: Mapping[str, Api] = {api.path: api for api in apis}
        self._tokens = TokenDesk(marketplace)

    def handles(self, path: str) -> bool:
        return path.startswith((PATH, TOKEN_PATH))

    def respond(self, request: Request, call: Call) -> Reply:
        if request.path.startswith(TOKEN_PATH):
            call.api = "token"
            grant = self._tokens.identify(request, call)
            return self.perform(request, call, lambda: self._tokens.answer(grant))
        return self._gateway(request, call)

    def refuse(self, request: Request, error: ApiError) -> Reply:
        if isinstance(error, ResultError):
            return error.reply
        content = {
            "error_code": error.code,
            "error_message": error.message,
            "exception": error.message,
            "request_id": request_id(request),
        }
        return json_reply(content, 400)

    def can_fail(self, code: str, api: str | None) -> bool:
        if api == "token":
            return code in GRANT_CODES
        return (
            code in GATEWAY_CODES
            or (code in PERMISSION_CODES and api != "current_time")
            or (code == NO_IMAGE_ID and api == "upload")
            or (code == BAD_PICTURE and api == "similar")
        )

    def fail(self, code: str, request: Request, call: Call) -> Reply:
        if code == NO_IMAGE_ID:
            return json_reply({"result": {"success": "true", "result": "0"}})
        if code == BAD_PICTURE:
            raise picture_failed(call.image_url or "")
        raise ApiError(code, self.codes[code])

    def _gateway(self, request: Request, call: Call) -> Reply:
        if request.method not in ("GET", "POST"):
            raise ApiError(BAD_ARGUMENT, "Invalid HTTP method: use GET or POST")
        try:
            arguments = request.parameters()
        except BadRequest as error:
            raise ApiError(BAD_ARGUMENT, f"Invalid request: {error}") from error
        *names, app_key = _segments(request.path)
        call.app_key = app_key or None
        api = self._apis.get("/".join(names))
        if api is not None:
            call.api = api.name
            api.note(call, arguments)
        account = self._account(app_key)
        self._check_signature(request, arguments, account)
        if api is None:
            raise ApiError("gw.APIUnsupported", f"{GATEWAY_CODES['gw.APIUnsupported']}: {'/'.join(names)}")
        self._check_permission(api, arguments, account)
        if not self.admits(app_key, request):
            raise _gateway_error("gw.QosAppFrequencyLimit")
        return self.perform(request, call, lambda: api.act(request, arguments))

    def _account(self, app_key: str) -> Account:
        if not app_key:
            raise _gateway_error("gw.AppKeyMissing")
        account = self.marketplace.accounts.get(app_key)
        if account is None:
            raise _gateway_error("gw.AppKeyNotFound")
        return account

    def _check_signature(self, request: Request, arguments: Mapping[str, str], account: Account) -> None:
        given = arguments.get("_aop_signature")
        if not given:
            raise _gateway_error("gw.SignatureMissing")
        right = aop_signature(request.path.removeprefix(ROOT), arguments, account.secret)
        if not hmac.compare_digest(given.encode(), right.encode()):
            raise _gateway_error("gw.SignatureInvalid")
        sent = arguments.get("_aop_timestamp")
        if sent is not None:
            moment = int(sent) if re.fullmatch(r"\d{1,15}", sent, re.ASCII) else 0
            if abs(moment - self.marketplace.clock() * 1000) > CLOCK_TOLERANCE_MS:
                raise ApiError("gw.TimestampInvalid", "_aop_timestamp is more than 10 minutes off, or no milliseconds")

    def _check_permission(self, api: Api, arguments: Mapping[str, str], account: Account) -> None:
        """What the app may do, what it forgot to say, and whom it speaks for; in this order."""
        market = self.marketplace
        ordered = market.conduct.ordered_apis.get(account.app_key)
        if api.needs_token and ordered is not None and api.name not in ordered:
            raise ApiError("gw.APIACLDecline", PERMISSION_CODES["gw.APIACLDecline"])
        for name in api.required:
            if not arguments.get(name):
                raise missing(name)
        token = arguments.get("access_token", "")
        if api.needs_token and not self._admits_token(token, account):
            raise ApiError("401", PERMISSION_CODES["401"])

    def _admits_token(self, token: str, account: Account) -> bool:
        is_fixed = hmac.compare_digest(token.encode(), account.token.encode())
        return is_fixed or self.marketplace.tokens.admits(token, account.app_key)


def _gateway_error(code: str) -> ApiError:
    return ApiError(code, GATEWAY_CODES[code])


def _segments(path: str) -> list[str]:
    """Namespace, API and app key; the last is empty where the path is too short to have one."""
    parts = path.removeprefix(PATH).split("/")
    return parts if len(parts) > 2 else [*parts, ""]
