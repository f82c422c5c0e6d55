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

logger = logging.getLogger(__name__)

SECONDS = 1
OK = "ok"
UNREACHABLE = "unreachable"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when both answer, else 503. It names the part and never says why: the log does."""
    parts = {"database": _database(), "valkey": _valkey()}
    healthy = all(state == OK for state in parts.values())
    return JsonResponse(parts, status=200 if healthy else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error as error:
        logger.warning("the database does not answer (%s)", type(error).__name__)
        return UNREACHABLE
    return OK


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
