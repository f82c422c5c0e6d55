"""The call limiter: at most N calls to a marketplace in any window and on any day, as the marketplace counts them.

A slot is held from before the call is sent until one window after its response arrived. So whenever the marketplace
counts the call between those two moments, no window holds more than N of them; a token bucket or a sliding log of
start times does not give this, since the network bunches calls up (measured: FINDINGS, "Call limiter").

Who is served first is not decided here: the scheduler hands free slots to waiting calls in fair order.

All times are Valkey's own, so that the clocks of worker machines do not matter. Its server must not evict keys, and
should keep an append-only file: slots that it drops are calls that the marketplace counts and this module does not.
"""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

import redis

# What the scripts share. KEYS: slots, opened, days, pace. ARGV: calls a window, window ms, lease ms, calls a day (0 for
# no such limit), ms from UTC to the marketplace's time of day; then what the script itself takes.
# slots   sorted set: a call and when its slot is free again. "f:token" while the call is in flight (assuming the worst:
#         lease, then window), "d:token" once it is done.
# opened  since when slots are given; without it the server's data was lost.
# days    hash: calls charged to a day (numbered since 1970, by the marketplace's time); expires two days after a call.
# pace    hash: after a 429 the lowered limit, until when it holds, and until when nothing is granted at all.
SHARED = """
local slots, opened, days, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local limit, window, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local per_day, offset = tonumber(ARGV[4]), tonumber(ARGV[5])
local DAY = 86400000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local opened_at = tonumber(redis.call('GET', opened))
local kept = redis.call('HMGET', pace, 'limit', 'until', 'closed_until')
local lowered, lowered_until = limit, tonumber(kept[2] or 0)
if lowered_until > now then lowered = math.min(limit, tonumber(kept[1])) end
local closed_until = tonumber(kept[3] or 0)

local function held_at(ms) return redis.call('ZCOUNT', slots, '(' .. ms, '+inf') end
local function day_of(ms) return math.floor((ms + offset) / DAY) end
local function charged(day) return tonumber(redis.call('HGET', days, day) or 0) end

-- How many calls begun at `ms` the day allows: the marketplace may count them until their lease is over.
local function room_of_day(ms)
  local room = math.huge
  if per_day > 0 then
    for day = day_of(ms), day_of(ms + lease) do room = math.min(room, per_day - charged(day)) end
  end
  return room
end

-- When fewer than `most` slots are held. A call in flight may be answered at any moment, so it is taken to end now:
-- coming early costs one more look, coming late leaves a slot idle. No slot of an answered call is held for longer.
local function time_below(most)
  local last = redis.call('ZRANGE', slots, -most, -most, 'WITHSCORES')
  if #last == 0 then return now end
  return math.max(now, math.min(tonumber(last[2]), now + window + 1))
end

-- When the next slot is free (now at the earliest), and what it waits for.
local function next_slot()
  local at, waits_for = math.max(time_below(limit), opened_at), 'window'
  local paced = math.min(time_below(lowered), math.max(time_below(limit), lowered_until))
  paced = math.max(paced, closed_until)
  if paced > at then at, waits_for = paced, 'pace' end
  if room_of_day(now) < 1 then
    local day = day_of(now) + 1
    while charged(day) >= per_day do day = day + 1 end
    if day * DAY - offset > at then at, waits_for = day * DAY - offset, 'day' end
  end
  return at, waits_for
end

-- Raises what is charged to a day to `calls`, if it is less.
local function charge_at_least(day, calls)
  if charged(day) < calls then redis.call('HSET', days, day, calls) end
  redis.call('PEXPIRE', days, 2 * DAY)
end

local function keep_slots_for(ms)
  if redis.call('PTTL', slots) < ms then redis.call('PEXPIRE', slots, ms) end
end
"""

# Takes a token. Answers {"granted", 0} or {what is used up, ms to wait} or {"forgotten", 0}.
ACQUIRE = """
if not opened_at then return {'forgotten', 0} end
redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
local at, waits_for = next_slot()
if at > now then return {waits_for, at - now} end
redis.call('ZADD', slots, now + lease + window + 1, 'f:' .. ARGV[6])
keep_slots_for(lease + window + 1)
local today = day_of(now)
-- Yesterday's stays: a clock that is put right may go back over midnight.
redis.call('HDEL', days, today - 2, today - 3)
for day = today, day_of(now + lease) do charge_at_least(day, charged(day) + 1) end
return {'granted', 0}
"""

# Takes a token. The millisecond more is what rounding down to whole ones may have lost.
RELEASE = """
if redis.call('ZREM', slots, 'f:' .. ARGV[6]) == 1 then
  redis.call('ZADD', slots, now + window + 1, 'd:' .. ARGV[6])
  keep_slots_for(window + 1)
end
"""

# Takes the ms in which nothing is to be granted.
SLOW_DOWN = """
local calls = math.min(held_at(now), lowered)
local ends, closed = now + window, math.max(closed_until, now + ARGV[6])
redis.call('HSET', pace, 'limit', math.max(1, math.floor(calls * 4 / 5)), 'until', ends, 'closed_until', closed)
redis.call('PEXPIREAT', pace, math.max(ends, closed) + 1)
"""

# Takes the ms for which calls may still be counted by the marketplace, and the calls known of today. If midnight comes
# before that, those now in flight, and no more than a window's, may be counted tomorrow.
OPEN = """
redis.call('SET', opened, now + ARGV[6], 'NX')
local used, today, last = tonumber(ARGV[7]), day_of(now), day_of(now + ARGV[6])
charge_at_least(today, used)
if last > today then charge_at_least(today + 1, math.min(used, limit)) end
"""

# Takes the ms to look ahead. Answers {calls in the window, today, free slots, ms until one is} or {}.
USAGE = """
if not opened_at then return {} end
local function free_at(ms)
  if math.max(opened_at, closed_until) > ms then return 0 end
  local most = ms < lowered_until and lowered or limit
  return math.max(0, math.min(most - held_at(ms), room_of_day(ms)))
end
-- Ahead there are fewer only when midnight comes near, or a new day is charged already.
local free, wait = math.max(free_at(now), free_at(now + ARGV[6])), 0
if free == 0 then wait = next_slot() - now end
return {held_at(now), charged(day_of(now)), free, wait}
"""

Limit = Literal["window", "day", "pace"]


@dataclass(frozen=True)
class Slot:
    """The right to make one call now."""

    name: str
    token: str


@dataclass(frozen=True)
class Usage:
    """What a limiter has given and has left."""

    in_window: int  # calls in flight, or answered within the last window
    today: int
    free: int  # slots to be had, all limits considered
    seconds_until_free: float  # 0 when there are any


class NoFreeSlot(Exception):
    """No call may be made now.

    `seconds` until the earliest moment at which asking again can succeed; `limit` is what was used up: the calls of a
    window, those of the day, or the pace that the marketplace asked for with a 429.
    """

    def __init__(self, seconds: float, limit: Limit = "window") -> None:
        super().__init__(f"no free slot for {seconds:.1f} s ({limit})")
        self.seconds = seconds
        self.limit = limit


class SlotsForgotten(Exception):
    """The server does not know this limiter: it is new, or its data was lost. `open_after` must be called first."""


class CallLimiter:
    """Slots for one credential, shared by every process that uses the same Valkey server.

    Every method raises `redis.RedisError` when the server is away: then no call may be made.
    """

    def __init__(
        self,
        connection: redis.Redis,
        name: str,
        *,
        per_window: int,
        window_seconds: float,
        lease_seconds: float,
        per_day: int | None = None,
        utc_offset_hours: float = 8,
    ) -> None:
        """`lease_seconds` must cover the whole deadline of a call: it is how long a killed worker's slot is held.

        `per_day` is for the calendar day of `utc_offset_hours`: the platforms' own, China's. A call whose lease goes
        over midnight is charged to both days, since the marketplace may count it in either.
        Raises ValueError for limits below 1.
        """
        if per_window < 1 or (per_day is not None and per_day < 1):
            raise ValueError("a limiter grants at least one call")
        self.name = name
        self._window = _milliseconds(window_seconds)
        self._lease = _milliseconds(lease_seconds)
        # Braces: the same slot of a cluster.
        self._keys = [f"tongkuan:calls:{{{name}}}:{part}" for part in ("slots", "opened", "days", "pace")]
        self._arguments = [per_window, self._window, self._lease, per_day or 0, round(utc_offset_hours * 3_600_000)]
        self._acquire, self._release, self._slow_down, self._open, self._usage = (
            connection.register_script(SHARED + script) for script in (ACQUIRE, RELEASE, SLOW_DOWN, OPEN, USAGE)
        )

    def acquire(self) -> Slot:
        """Take a slot of every limit, or none. Raises `NoFreeSlot`, and `SlotsForgotten`."""
        token = uuid.uuid4().hex
        state, wait = self._run(self._acquire, token)
        if state == b"forgotten":
            raise SlotsForgotten(self.name)
        if state != b"granted":
            raise NoFreeSlot(wait / 1000, state.decode())
        return Slot(self.name, token)

    def release(self, slot: Slot) -> None:
        """The response has arrived: the slot is free one window from now. A call without one keeps its lease."""
        self._run(self._release, slot.token)

    def slow_down(self, *, retry_after: float | None = None) -> None:
        """The marketplace refused a call for being one too many: for one window, give fewer than it counts now.

        The limit becomes four fifths of the calls in flight or in the window, or of the already lowered limit if that
        is less, and at least 1. With `retry_after` nothing is granted for so many seconds.
        """
        self._run(self._slow_down, _milliseconds(retry_after or 0))

    def open_after(self, seconds: float, *, used_today: int = 0) -> None:
        """Begin, or begin again, once calls made before the data was lost have left the marketplace's window.

        `used_today`: how many calls are known that the marketplace may have counted today. What is charged to the day
        already is only ever raised to it. Who comes second changes nothing about when slots are given.
        """
        self._run(self._open, _milliseconds(seconds), used_today)

    def usage(self, *, within_seconds: float = 0.0) -> Usage:
        """What is used, and the slots that are free, or surely become free within so many seconds.

        Changes nothing. Raises `SlotsForgotten`.
        """
        answer = self._run(self._usage, _milliseconds(within_seconds))
        if not answer:
            raise SlotsForgotten(self.name)
        in_window, today, free, wait = answer
        return Usage(in_window, today, free, wait / 1000)

    def _run(self, script: Any, *arguments: str | int) -> Any:
        return script(keys=self._keys, args=[*self._arguments, *arguments])


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 0)
