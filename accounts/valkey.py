"""The connection to Valkey for everything that must not hang: ringing the queue and taking call slots."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def connection() -> redis.Redis:
    """One pool a process. A server that is away fails at once: rows keep what was to be done."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )
