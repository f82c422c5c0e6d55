"""How a credential was used: this minute, today, in thirty days; what came from the cache, and what failed how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import redis
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from searches import slots
from searches.limiter import Usage
from searches.marketplaces import ErrorKind
from searches.models import Credential
from searches.models.usage import CACHED, CALLS, CallCount, china_day, counts_since

DAYS = 30
KINDS = {
    ErrorKind.CONFIGURATION: gettext_lazy("wrong configuration"),
    ErrorKind.PERMISSION: gettext_lazy("not permitted"),
    ErrorKind.AUTHENTICATION: gettext_lazy("key or token refused"),
    ErrorKind.QUOTA: gettext_lazy("calls used up"),
    ErrorKind.THROTTLED: gettext_lazy("too fast"),
    ErrorKind.BAD_IMAGE: gettext_lazy("picture refused"),
    ErrorKind.UPSTREAM: gettext_lazy("marketplace or network down"),
    ErrorKind.PROTOCOL: gettext_lazy("answer not understood"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day in China: calls made, answers out of the cache, calls that failed."""

    day: date
    calls: int
    cached: int
    failed: int


@dataclass(frozen=True, slots=True)
class Use:
    """`minute`: the limiter's account, None while Valkey is away. `days`: oldest first, today last, none left out."""

    minute: Usage | None
    days: tuple[Day, ...]
    errors: tuple[tuple[str, int], ...]

    @property
    def today(self) -> Day:
        return self.days[-1]

    @property
    def calls(self) -> int:
        return sum(day.calls for day in self.days)

    @property
    def cached(self) -> int:
        return sum(day.cached for day in self.days)

    @property
    def failed(self) -> int:
        return sum(day.failed for day in self.days)


def use_of(credential: Credential) -> Use:
    first = china_day() - timedelta(days=DAYS - 1)
    counts = counts_since(credential, first)
    days = [_day(first + timedelta(days=number), counts) for number in range(DAYS)]
    totals = {kind: sum(of_day.get(kind.value, 0) for of_day in counts.values()) for kind in KINDS}
    errors = sorted(((str(KINDS[kind]), number) for kind, number in totals.items() if number), key=lambda row: -row[1])
    return Use(_minute(credential), tuple(days), tuple(errors))


def with_calls_today(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """Each with `calls_today`."""
    today = CallCount.objects.filter(credential=OuterRef("pk"), day=china_day(), outcome=CALLS).values("number")
    return credentials.annotate(calls_today=Coalesce(Subquery(today[:1]), 0))


def _day(day: date, counts: Mapping[date, Mapping[str, int]]) -> Day:
    of_day = counts.get(day, {})
    failed = sum(of_day.get(kind.value, 0) for kind in KINDS)
    return Day(day, of_day.get(CALLS, 0), of_day.get(CACHED, 0), failed)


def _minute(credential: Credential) -> Usage | None:
    try:
        return slots.usage_of(credential)
    except redis.RedisError:
        return None
