"""How calls are signed, one function for each dialect."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from searches.marketplaces.content import Content, form_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedForm(Content):
    """Parameters encoded once, for the signature and for the wire. Its repr shows neither."""

    signature: str = field(repr=False)


def md5_signature(params: Mapping[str, object], secret: str) -> str:
    """UPPER(MD5(form-encoded parameters sorted by name + secret)), as the source document signs.

    Every parameter counts but `sign` itself; a space is encoded as `+`.
    """
    return _md5(_form(params), secret)


def signed_form(params: Mapping[str, object], secret: str) -> SignedForm:
    """The parameters as `application/x-www-form-urlencoded` with their MD5 signature at the end."""
    text = _form(params)
    signature = _md5(text, secret)
    return SignedForm(text=f"{text}&sign={signature}", signature=signature)


def aop_signature(secret: str, path: str, params: Mapping[str, object]) -> str:
    """UPPER(HEX(HMAC-SHA1(secret, path + every name and value joined))), as the 1688 open platform signs.

    What is sorted are the joined texts, so `ab` + `c` comes before `a` + `z`. Values are as they are, not encoded;
    empty ones count, `_aop_signature` does not. path: from `param2` on, without a slash before it.
    """
    joined = sorted(f"{name}{value}" for name, value in params.items() if name != "_aop_signature")
    return hmac.digest(secret.encode(), (path + "".join(joined)).encode(), "sha1").hex().upper()


def aop_form(params: Mapping[str, object], secret: str, path: str) -> SignedForm:
    """The parameters as `application/x-www-form-urlencoded`, with that signature among them."""
    signature = aop_signature(secret, path, params)
    return SignedForm(text=form_text({**params, "_aop_signature": signature}), signature=signature)


def _md5(form: str, secret: str) -> str:
    return hashlib.md5((form + secret).encode(), usedforsecurity=False).hexdigest().upper()


def _form(params: Mapping[str, object]) -> str:
    return form_text({name: value for name, value in params.items() if name != "sign"})
