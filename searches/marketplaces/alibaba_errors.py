"""What the errors of the 1688 open platform mean. Pure functions of parsed JSON.

The gateway's own come as {error_code, error_message, exception, request_id}, OAuth's as {error, error_description};
an interface behind it says `success: false`, beside its result or inside it. All of them come with HTTP 200 too.
"""

from collections.abc import Callable, Iterable, Mapping

from searches.marketplaces import errors
from searches.marketplaces.errors import MarketplaceError, Rule
from searches.marketplaces.offers import JSON
from searches.marketplaces.readers import as_flag, as_identifier, as_object, as_words, masked
from searches.marketplaces.replies import status_rule

_CODES: Mapping[str, Rule] = {
    "gw.SignatureInvalid": errors.BAD_KEY,
    "gw.SignatureMissing": errors.BAD_KEY,
    "gw.AppKeyMissing": errors.ACCOUNT_REFUSED,
    "gw.AppKeyNotFound": errors.ACCOUNT_REFUSED,
    "gw.APIUnsupported": errors.API_UNKNOWN,
    "gw.APIACLDecline": errors.API_NOT_ORDERED,
    "gw.ParamMissing": errors.BAD_PARAMETER,
    "400": errors.BAD_PARAMETER,
    "401": errors.TOKEN_REFUSED,
    "gw.QosAppFrequencyLimit": errors.OVERLOADED,
    "invalid_client": errors.BAD_KEY,
    "unauthorized_client": errors.BAD_KEY,
    "invalid_grant": errors.TOKEN_REFUSED,
}
# The platform documents few codes; what it says beside the others is known from the field.
_WORDS: Iterable[tuple[tuple[str, ...], Rule]] = (
    (("frequency", "频率", "限流"), errors.OVERLOADED),
    (("no usage left", "quota", "额度", "余额"), errors.CALLS_USED_UP),
    (("too large", "too_large", "过大"), errors.IMAGE_TOO_LARGE),
    (("handle image error",), errors.PICTURE_NOT_FETCHED),
    (("imageid", "image id", "image_id", "图片"), errors.PICTURE_NOT_TAKEN),
    (("whitelist", "white list", "白名单"), errors.NOT_ON_ALLOW_LIST),
    (("signature", "签名"), errors.BAD_KEY),
    (("timestamp", "时间戳"), errors.BAD_CLOCK),
    (("access token", "access_token", "refresh token", "refresh_token", "授权"), errors.TOKEN_REFUSED),
    (("timeout", "time out", "timed out", "超时"), errors.SERVICE_FAILED),
)
_CODE_NAMES = ("error_code", "errorCode", "error", "code")
_WORD_NAMES = ("error_message", "errorMessage", "error_description", "errorMsg", "message", "msg", "exception")
_ID_NAMES = ("request_id", "requestId")
_ERROR_NAMES = ("error_code", "errorCode", "error", "error_message", "errorMessage", "exception")


def failure_in(
    payload: JSON,
    *,
    status: int = 200,
    pause: float | None = None,
    hidden: Iterable[str] = (),
    otherwise: Rule = errors.UNKNOWN_CODE,
) -> MarketplaceError | None:
    """The error that a reply's JSON reports, None when it reports none.

    status, pause: of the HTTP reply; pause is its Retry-After in seconds.
    hidden: texts that no message may show, should the platform quote them.
    otherwise: what an interface's refusal means whose code and words are unknown.
    """
    report = _report(payload)
    if not report:
        return None
    code = masked(_first(report, _CODE_NAMES, as_identifier), hidden) or (str(status) if status >= 300 else "")
    said = _first(report, _WORD_NAMES, lambda value: as_words(value, hidden=hidden))
    request_id = masked(_first(report, _ID_NAMES, as_identifier), hidden)
    rule = _rule(code, said, status, otherwise)
    return rule.error(code, message=said, retry_after=pause, request_id=request_id)


def _report(payload: JSON) -> list[Mapping[str, object]]:
    """The objects that tell of an error, outermost first; none when there is none."""
    reply = as_object(payload)
    result = as_object(reply.get("result"))
    success = as_flag(reply.get("success"))
    if success is False or as_flag(result.get("success")) is False:
        return [reply, result]
    told = any(reply.get(name) for name in _ERROR_NAMES)
    return [reply] if told and success is not True else []


def _first(report: Iterable[Mapping[str, object]], names: Iterable[str], read: Callable[[object], str]) -> str:
    """The first of these members that can be read."""
    texts = (read(part.get(name)) for part in report for name in names)
    return next((text for text in texts if text), "")


def _rule(code: str, said: str, status: int, otherwise: Rule) -> Rule:
    if code in _CODES:
        return _CODES[code]
    lowered = f"{code} {said}".lower()
    for words, rule in _WORDS:
        if any(word in lowered for word in words):
            return rule
    if len(code) == 3 and code.isascii() and code.isdigit() and code[0] == "5":
        return errors.SERVICE_FAILED
    if status == 401:
        return errors.TOKEN_REFUSED
    return status_rule(status) or (errors.UNKNOWN_CODE if code.startswith("gw.") else otherwise)
