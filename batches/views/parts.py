"""What a browser says and hears while it sends a file in parts."""

import json
import logging
from collections.abc import Callable
from typing import NamedTuple

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from batches.parts import PART_BYTES, WrongOffset

logger = logging.getLogger(__name__)


class Announced(NamedTuple):
    """A file that is to come. size: in bytes. fingerprint: what tells it from others, by the browser's word."""

    name: str
    size: int
    fingerprint: str


def announced_in(request: HttpRequest) -> Announced:
    """The JSON {name, size, fingerprint} of the body. Raises Http404 for anything else."""
    try:
        asked = json.loads(request.body)
    except ValueError:
        raise Http404 from None
    if not isinstance(asked, dict):
        raise Http404
    name, size, fingerprint = asked.get("name"), asked.get("size"), asked.get("fingerprint")
    if not (isinstance(name, str) and isinstance(fingerprint, str) and type(size) is int and 0 <= size < 2**50):
        raise Http404
    return Announced(name, size, fingerprint)


def expected(file: int, received: int) -> JsonResponse:
    """To an announcement: the file's id, how much of it is here, and how much to send at a time."""
    return JsonResponse({"file": file, "received": received, "part_bytes": PART_BYTES})


def received(request: HttpRequest, receive: Callable[[int, bytes], int]) -> JsonResponse:
    """To a part, which is the body that follows `?offset=`: {received}, with 409 when it begins elsewhere.

    receive: keeps a part and answers how much is here then. 507 {error} when it raises OSError: what came before is
    kept.
    """
    offset = request.GET.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        raise Http404
    try:
        return JsonResponse({"received": receive(int(offset), request.body)})
    except WrongOffset as problem:
        return JsonResponse({"received": problem.received}, status=409)
    except OSError as error:
        logger.warning("A part of an upload cannot be written: %s", type(error).__name__)
        return JsonResponse({"error": _("The server’s storage failed; choose the file again to go on.")}, status=507)
