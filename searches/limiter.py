"""The call limiter: at most N calls to a marketplace in any window, as the marketplace counts them.

A slot is held from before the call is sent until one window after its response arrived. So whenever the marketplace
counts the call between those two moments, no window holds more than N of them; a token bucket or a sliding log of
start times does not give this, since the network bunches calls up (measured: FINDINGS, "Call limiter").

All times are Valkey's own, so that the clocks of worker machines do not matter.
"""

import uuid
from dataclasses import dataclass

import redis

# KEYS: slots, marker. ARGV: limit, window ms, lease ms, token, position in the line of waiters.
# A slot is a member of a sorted set whose score is when it is free again: "f:token" while the call is in flight
# (assuming the worst: lease, then window), "d:token" once it is done. Answers {1, 0} or {0, ms to wait} or {-1, 0}
# when the set's data may have been lost.
ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, window, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local closed_until = redis.call('GET', KEYS[2])
if not closed_until then return {-1, 0} end
if tonumber(closed_until) > now then return {0, tonumber(closed_until) - now} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local held = redis.call('ZCARD', KEYS[1])
if held < limit then
  redis.call('ZADD', KEYS[1], now + lease + window, 'f:' .. ARGV[4])
  redis.call('PEXPIRE', KEYS[1], lease + window)
  return {1, 0}
end
-- When will the slot for this place in the line be free? A call in flight may be answered at any moment,
-- so it is taken to end now: coming early costs one more look, coming late leaves a slot idle.
local free = {}
local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #entries, 2 do
  local at = tonumber(entries[i + 1])
  if string.sub(entries[i], 1, 2) == 'f:' then at = math.max(at - lease, now) end
  free[#free + 1] = at
end
table.sort(free)
local place = tonumber(ARGV[5]) + held - limit
local at = free[place % held + 1] + math.floor(place / held) * window
return {0, math.max(at - now, 1)}
"""

# KEYS: slots. ARGV: token, window ms.
RELEASE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZREM', KEYS[1], 'f:' .. ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), 'd:' .. ARGV[1])
end
"""

# KEYS: marker. ARGV: ms for which calls may still be counted by the marketplace.
OPEN = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], now + tonumber(ARGV[1]), 'NX')
"""


@dataclass(frozen=True)
class Slot:
    """The right to make one call now."""

    name: str
    token: str


class NoFreeSlot(Exception):
    """All slots are taken; `seconds` says when to ask again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no free slot for {seconds:.1f} s")
        self.seconds = seconds


class SlotsForgotten(Exception):
    """The server does not know this limiter: it is new, or its data was lost. `open_after` must be called first."""


class CallLimiter:
    """Slots for one credential, shared by every process that uses the same Valkey server."""

    def __init__(
        self, connection: redis.Redis, name: str, *, limit: int, window_seconds: float, lease_seconds: float
    ) -> None:
        """`lease_seconds` must cover the whole deadline of a call: it is how long a killed worker's slot is held."""
        self.name = name
        self.limit = limit
        self.window = int(window_seconds * 1000)
        self.lease = int(lease_seconds * 1000)
        self.slots, self.marker = f"tongkuan:slots:{name}", f"tongkuan:slots-open:{name}"
        self._acquire = connection.register_script(ACQUIRE)
        self._release = connection.register_script(RELEASE)
        self._open = connection.register_script(OPEN)

    def acquire(self, *, waiting_before: int = 0) -> Slot:
        """Take a slot, or raise `NoFreeSlot` with the wait for somebody who has `waiting_before` others in front.

        Raises `SlotsForgotten`, and `redis.RedisError` when the server is away: then no call may be made.
        """
        token = uuid.uuid4().hex
        state, wait = self._acquire(
            keys=[self.slots, self.marker], args=[self.limit, self.window, self.lease, token, waiting_before]
        )
        if state == -1:
            raise SlotsForgotten(self.name)
        if state == 0:
            raise NoFreeSlot(int(wait) / 1000)
        return Slot(self.name, token)

    def release(self, slot: Slot) -> None:
        """The response has arrived: the slot is free one window from now. A call without one keeps its lease."""
        self._release(keys=[self.slots], args=[slot.token, self.window])

    def open_after(self, seconds: float) -> None:
        """Begin, or begin again, once calls made before the data was lost have left the marketplace's window."""
        self._open(keys=[self.marker], args=[max(int(seconds * 1000), 0)])
