"""Pages of results on Valkey, bounded in size, and the lock that lets equal calls run once.

Entries are keys of their own, with a time to live, so that the server drops what is too old. Beside them stand three
collections: when each entry was last used, when it expires, and how large it is. Every script changes all of them or
none; should the server lose some, they start afresh, and entries that are asked for come back into them.
"""

import hashlib
import json
import zlib
from typing import Any

import redis

from searches.marketplaces import JSON

# What an entry needs in Valkey beside its value: its name four times, and its places in the collections (measured: 390
# bytes among thousands, 490 among hundreds).
OVERHEAD = 450
# An entry larger than this share of the store is not kept: it would push out too many others.
LARGEST_SHARE = 8
# Of the usual levels the fastest: a page of 50 offers is packed in a third of the time of zlib's default (measured).
LEVEL = 1

# What the scripts share. KEYS: used, expires, sizes. ARGV: the prefix of entries, an entry's id.
# used     sorted set: when an entry was last asked for or kept, in microseconds.
# expires  sorted set: until when it is kept, in milliseconds.
# sizes    hash: its size in bytes; "total" is the sum.
SHARED = """
local used, expires, sizes = KEYS[1], KEYS[2], KEYS[3]
local prefix, id = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local microseconds = time[1] * 1000000 + time[2]
local now = math.floor(microseconds / 1000)

local function total() return tonumber(redis.call('HGET', sizes, 'total') or 0) end

local function forget(one)
  redis.call('UNLINK', prefix .. one)
  redis.call('ZREM', used, one)
  redis.call('ZREM', expires, one)
  local size = redis.call('HGET', sizes, one)
  if size then
    redis.call('HDEL', sizes, one)
    redis.call('HINCRBY', sizes, 'total', -size)
  end
end

-- Also for an entry that the collections have lost.
local function remember(size, milliseconds)
  redis.call('ZADD', used, microseconds, id)
  redis.call('ZADD', expires, 'NX', now + milliseconds, id)
  if redis.call('HSETNX', sizes, id, size) == 1 then redis.call('HINCRBY', sizes, 'total', size) end
end

-- Bounded: each entry adds one to be dropped, so that a hundred at a time are always enough in the end.
local function tidy()
  local entries = redis.call('ZCARD', used)
  local sized = redis.call('HLEN', sizes) - redis.call('HEXISTS', sizes, 'total')
  if entries ~= redis.call('ZCARD', expires) or entries ~= sized then redis.call('UNLINK', used, expires, sizes) end
  for _, one in ipairs(redis.call('ZRANGE', expires, '-inf', now, 'BYSCORE', 'LIMIT', 0, 100)) do forget(one) end
end
"""

# Takes the overhead. Answers the value or nil.
GET = """
local value = redis.call('GET', prefix .. id)
if value then
  remember(#value + ARGV[3], redis.call('PTTL', prefix .. id))
else
  forget(id)
end
return value
"""

# Takes a value, its size, milliseconds to keep it, and the most bytes of all. After a thousand evictions it gives up:
# then the setting was lowered by much, and the server has others to serve.
PUT = """
local value, size, milliseconds, most = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
tidy()
forget(id)
for _ = 1, 1000 do
  if total() + size <= most then break end
  forget(redis.call('ZRANGE', used, 0, 0)[1])
end
if total() + size > most then return end
redis.call('SET', prefix .. id, value, 'PX', milliseconds)
remember(size, milliseconds)
"""

FORGET = "forget(id)"

SIZE = """
tidy()
return {redis.call('ZCARD', used), total()}
"""


class ResultStore:
    """JSON values by key, at most `max_bytes` of them as Valkey holds them: the least recently used ones go first.

    All stores of a server are one. Every method raises `redis.RedisError` when the server is away.
    """

    def __init__(self, connection: redis.Redis, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._get, self._put, self._forget, self._size = (
            connection.register_script(SHARED + script) for script in (GET, PUT, FORGET, SIZE)
        )

    def get(self, key: str) -> JSON:
        """The value kept under `key`; None when there is none, or it cannot be read any more: then it is removed."""
        packed = self._run(self._get, key, OVERHEAD)
        if packed is None:
            return None
        try:
            return _unpacked(packed)
        except (zlib.error, ValueError, RecursionError):
            self._run(self._forget, key)
            return None

    def put(self, key: str, value: JSON, *, seconds: int) -> None:
        """Keep `value` for so long instead of what was kept under `key`, unless it takes more than an eighth of all.

        Raises ValueError or TypeError for what JSON cannot hold.
        """
        packed = _packed(value)
        size = len(packed) + OVERHEAD
        if seconds <= 0 or size * LARGEST_SHARE > self.max_bytes:
            self._run(self._forget, key)
        else:
            self._run(self._put, key, packed, size, seconds * 1000, self.max_bytes)

    def size(self) -> tuple[int, int]:
        """Entries, and the bytes that they take in Valkey."""
        entries, total = self._run(self._size, "")
        return entries, total

    def _run(self, script: Any, key: str, *arguments: bytes | int) -> Any:
        # Braces: the same slot of a cluster.
        collections = [f"tongkuan:{{results}}:{name}" for name in ("used", "expires", "sizes")]
        return script(keys=collections, args=["tongkuan:{results}:entry:", _digest(key), *arguments])


# KEYS: the lock. ARGV: holder, lease ms.
TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# KEYS: the lock. ARGV: holder.
LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end"


class SingleFlight:
    """Who of several that want the same answer fetches it, while the others wait for it.

    Every method raises `redis.RedisError` when the server is away.
    """

    def __init__(self, connection: redis.Redis, *, lease_seconds: float) -> None:
        """`lease_seconds`: how long one who was lost keeps the others waiting. It must cover a whole call."""
        self._lease = max(round(lease_seconds * 1000), 1)
        self._connection = connection
        self._take, self._leave = connection.register_script(TAKE), connection.register_script(LEAVE)

    def take(self, key: str, holder: str) -> bool:
        """Whether `holder` has it now, for a new lease: nobody else does."""
        return bool(self._take(keys=[_flight(key)], args=[holder, self._lease]))

    def is_taken(self, key: str) -> bool:
        """Whether anybody has it now."""
        return bool(self._connection.exists(_flight(key)))

    def leave(self, key: str, holder: str) -> None:
        """The answer is kept, or will not come: somebody else may take it. Does nothing to what another holds."""
        self._leave(keys=[_flight(key)], args=[holder])


def _flight(key: str) -> str:
    return f"tongkuan:flight:{_digest(key)}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _packed(value: JSON) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), LEVEL)


def _unpacked(packed: bytes) -> JSON:
    value: JSON = json.loads(zlib.decompress(packed))
    return value
