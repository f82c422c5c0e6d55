"""`/healthz`: whether this process reaches what it cannot work without. For load balancers and containers."""

import logging

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from searches.looks.model import is_intact
from searches.models import Look

logger = logging.getLogger(__name__)

SECONDS = 1
OK = "ok"
UNREACHABLE, UNAVAILABLE, UNKNOWN = "unreachable", "unavailable", "unknown"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and Valkey answer, else 503. It names the part and never says why: the log does.

    `eye` is told beside them: without our own comparison of pictures everything else goes on.
    """
    parts = {"database": _database(), "valkey": _valkey()}
    healthy = all(state == OK for state in parts.values())
    eye = _eye() if parts["database"] == OK else UNKNOWN
    return JsonResponse(parts | {"eye": eye}, status=200 if healthy else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error as error:
        logger.warning("the database does not answer (%s)", type(error).__name__)
        return UNREACHABLE
    return OK


def _eye() -> str:
    """Whether pictures are compared: the model's file is whole, and the last worker that needed it could load it.

    A worker may have another file, or another processor, than the web's machine. Once it is put right, the next search
    shows it.
    """
    try:
        last = Look.objects.exclude(finished_at=None).order_by("-finished_at").values_list("reason", flat=True).first()
    except Error:
        return UNKNOWN
    return OK if is_intact() and last != Look.Reason.MODEL else UNAVAILABLE


def _valkey() -> str:
    """Over a connection of its own: the shared ones wait longer than a health check may."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=SECONDS,
            socket_timeout=SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as server:
            server.ping()
    except redis.RedisError as error:
        logger.warning("Valkey does not answer (%s)", type(error).__name__)
        return UNREACHABLE
    return OK
