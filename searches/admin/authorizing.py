"""The state that goes to a marketplace's OAuth page and comes back from it.

It is signed, good for ten minutes and once, and bound to the administrator, to their session and to the credential:
nobody can make an administrator's browser keep a code that they did not ask for.
"""

import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

SECONDS_GOOD = 600
SALT = "searches.admin.authorizing"
SESSION_KEY = "authorizing"


class StateRefused(Exception):
    """An answer that belongs to no question of this session: forged, too old, or used already."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: for which credential, and the address that the answer was sent to."""

    credential: int
    redirect_uri: str


def state_for(request: HttpRequest, question: Question) -> str:
    """The state of a new question. The session keeps one for each credential: the last."""
    nonce = secrets.token_urlsafe(24)
    asked = request.session.get(SESSION_KEY, {})
    request.session[SESSION_KEY] = {**asked, str(question.credential): [nonce, question.redirect_uri]}
    return signing.dumps([request.user.pk, question.credential, nonce], salt=SALT)


def question_of(request: HttpRequest) -> Question:
    """The question that a returning browser answers; there is none for a second time. Raises `StateRefused`."""
    try:
        user, credential, nonce = signing.loads(request.GET.get("state", ""), salt=SALT, max_age=SECONDS_GOOD)
    except (signing.BadSignature, ValueError):
        raise StateRefused from None
    asked = request.session.get(SESSION_KEY, {})
    kept, redirect_uri = asked.get(str(credential), ("", ""))
    if user != request.user.pk or not kept or not constant_time_compare(nonce, kept):
        raise StateRefused
    request.session[SESSION_KEY] = {name: value for name, value in asked.items() if name != str(credential)}
    # Now, not with the response: trading the code takes a while, in which the same answer may come again.
    request.session.save()
    return Question(credential, redirect_uri)
