"""The store of results against a real server: what comes back, what goes first, and what it does when keys are lost."""

import json
import random
import time
import zlib

import pytest

from searches.resultstore import ResultStore
from searches.valkey import connection

PLENTY = 1_000_000
COLLECTIONS = ("used", "expires", "sizes")


def store(max_bytes: int = PLENTY) -> ResultStore:
    return ResultStore(connection(), max_bytes=max_bytes)


def value(number: int, *, length: int = 4000) -> str:
    """A text that hardly gets smaller, and just as small for every number."""
    return "".join(random.Random(number).choices("0123456789abcdef", k=length))


def store_for(entries: int, *, length: int = 4000) -> ResultStore:
    """A store that holds so many values, and not one more."""
    store().put("one", value(0, length=length), seconds=60)
    _, one = store().size()
    connection().flushall()
    return store(int((entries + 0.5) * one))


def entry_keys() -> list[bytes]:
    return connection().keys("tongkuan:{results}:entry:*")


def kept(results: ResultStore, keys: str) -> str:
    """Which of the keys still have their value. Asking is using: only for the end of a test."""
    return "".join(key for key in keys if results.get(key) is not None)


def fill(results: ResultStore, keys: str, *, seconds: int = 60) -> None:
    for number, key in enumerate(keys):
        results.put(key, value(number), seconds=seconds)


@pytest.mark.parametrize(
    "page", [{"offers": [{"title": "陶瓷马克杯", "price": "23.50", "moq": 2}], "total": None}, [], "", 0, False]
)
def test_what_was_kept_comes_back(page: object) -> None:
    store().put("key", page, seconds=60)
    assert store().get("key") == page


def test_there_is_nothing_under_another_key() -> None:
    store().put("key", 1, seconds=60)
    assert store().get("other") is None


def test_a_newer_value_takes_the_place_of_the_older() -> None:
    results = store()
    results.put("key", value(1), seconds=60)
    results.put("key", "short", seconds=60)
    assert results.get("key") == "short"
    entries, size = results.size()
    assert entries == 1
    assert size < 1000


def test_values_are_small_json_and_keys_are_not_readable() -> None:
    store().put("secret-key", {"titles": ["陶瓷马克杯"] * 1000}, seconds=60)
    (key,) = entry_keys()
    kept_bytes = connection().get(key)
    assert len(kept_bytes) < 1000
    assert json.loads(zlib.decompress(kept_bytes)) == {"titles": ["陶瓷马克杯"] * 1000}
    assert b"secret-key" not in b"".join(connection().keys("*"))


@pytest.mark.parametrize("not_json", [{1, 2}, float("nan"), float("inf")])
def test_only_json_is_kept(not_json: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        store().put("key", not_json, seconds=60)
    assert store().size() == (0, 0)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"not compressed",
        zlib.compress(b'{"offers": []}')[:-3],
        zlib.compress(b"{offers}"),
        zlib.compress(b"\xff\xfe\xff"),
        zlib.compress(b"[" * 100_000),
    ],
    ids=["empty", "plain", "cut", "not JSON", "not text", "too deep"],
)
def test_what_cannot_be_read_is_nothing_and_goes(damaged: bytes) -> None:
    results = store()
    results.put("key", [], seconds=60)
    (key,) = entry_keys()
    connection().set(key, damaged, ex=60)
    assert results.get("key") is None
    assert entry_keys() == []
    assert results.size() == (0, 0)


def test_a_full_store_lets_the_least_recently_used_go() -> None:
    results = store_for(9)
    fill(results, "abcdefghi")
    assert results.size()[0] == 9
    results.get("a")
    fill(results, "j")
    assert results.size()[0] == 9
    assert kept(results, "abcdefghij") == "acdefghij"


def test_what_is_kept_again_is_used_too() -> None:
    results = store_for(9)
    fill(results, "abcdefghi")
    fill(results, "a")
    fill(results, "j")
    assert kept(results, "abcdefghij") == "acdefghij"


def test_a_large_value_takes_the_place_of_several() -> None:
    results = store_for(30)
    fill(results, "abcdefghijklmnopqrstuvwxyzABCD")
    results.put("large", value(9, length=12_000), seconds=60)
    assert results.get("large") == value(9, length=12_000)
    assert kept(results, "abcd") == "d"
    assert results.size()[1] <= results.max_bytes


def test_the_store_never_grows_beyond_its_size() -> None:
    results = store(40_000)
    dice = random.Random(7)
    for number in range(100):
        results.put(f"key-{dice.randrange(40)}", value(number, length=dice.randrange(1, 9000)), seconds=60)
        assert results.size()[1] <= 40_000
    held = sum(connection().strlen(key) for key in entry_keys())
    assert 20_000 < held < 40_000
    assert results.size()[0] == len(entry_keys())


def test_what_is_larger_than_an_eighth_is_not_kept() -> None:
    results = store_for(7)
    fill(results, "a")
    assert results.size() == (0, 0)
    results = store_for(8)
    fill(results, "a")
    assert results.size()[0] == 1


def test_a_value_too_large_removes_the_older_one() -> None:
    results = store_for(9)
    results.put("key", "old", seconds=60)
    results.put("key", value(1, length=8000), seconds=60)
    assert results.get("key") is None


def test_a_store_of_nothing_keeps_nothing() -> None:
    store(0).put("key", 1, seconds=60)
    assert store(0).get("key") is None


def test_nothing_is_kept_for_no_time() -> None:
    results = store()
    results.put("key", 1, seconds=60)
    results.put("key", 2, seconds=0)
    assert results.get("key") is None


def test_entries_go_after_their_time() -> None:
    store().put("key", 1, seconds=60)
    (key,) = entry_keys()
    assert 0 < connection().ttl(key) <= 60


def expire(results: ResultStore, keys: str) -> None:
    """Let the time of the entries be over, as the server does it."""
    before = set(entry_keys())
    fill(results, keys)
    for key in set(entry_keys()) - before:
        connection().delete(key)
        connection().zadd("tongkuan:{results}:expires", {key.rpartition(b":")[2]: 1})


def test_expired_entries_leave_the_accounts_when_something_is_kept() -> None:
    results = store()
    expire(results, "abc")
    fill(results, "d")
    assert connection().zcard("tongkuan:{results}:used") == 1
    assert connection().hlen("tongkuan:{results}:sizes") == 2


def test_expired_entries_leave_the_accounts_when_the_size_is_asked() -> None:
    results = store()
    expire(results, "abc")
    assert results.size() == (0, 0)


def test_an_expired_entry_leaves_the_accounts_when_it_is_asked_for() -> None:
    results = store()
    expire(results, "ab")
    assert results.get("a") is None
    assert connection().zcard("tongkuan:{results}:expires") == 1


def test_a_real_time_to_live_ends() -> None:
    results = store()
    results.put("key", 1, seconds=60)
    (key,) = entry_keys()
    connection().pexpire(key, 1)
    time.sleep(0.02)
    assert results.get("key") is None
    assert results.size() == (0, 0)


def test_what_expired_makes_room_before_what_is_used() -> None:
    results = store_for(9)
    fill(results, "abcdef")
    expire(results, "xyz")
    fill(results, "ghi")
    assert kept(results, "abcdefghi") == "abcdefghi"


def test_entries_that_the_server_evicted_are_forgotten() -> None:
    results = store_for(9)
    fill(results, "abcdefghi")
    connection().delete(*entry_keys())
    assert kept(results, "abcdefghi") == ""
    assert results.size() == (0, 0)


def test_entries_that_the_server_evicted_make_room_in_the_end() -> None:
    results = store_for(9)
    fill(results, "abcdefghi")
    connection().delete(*entry_keys())
    fill(results, "jklmnopqr")
    assert kept(results, "jklmnopqr") == "jklmnopqr"


def test_everything_lost_is_a_store_like_a_new_one() -> None:
    results = store()
    fill(results, "abc")
    connection().flushall()
    assert results.get("a") is None
    fill(results, "a")
    assert results.size()[0] == 1


@pytest.mark.parametrize("lost", [*([name] for name in COLLECTIONS), ["used", "sizes"], list(COLLECTIONS)])
def test_a_lost_collection_loses_no_entry(lost: list[str]) -> None:
    results = store_for(9)
    fill(results, "abcdef")
    connection().delete(*(f"tongkuan:{{results}}:{name}" for name in lost))
    fill(results, "g")
    assert kept(results, "abcdefg") == "abcdefg"
    entries, size = results.size()
    assert entries == 7
    assert size == pytest.approx(results.max_bytes * 7 / 9.5, rel=0.02)


@pytest.mark.parametrize("left", COLLECTIONS)
def test_what_a_loss_left_over_is_not_counted_for_ever(left: str) -> None:
    results = store()
    fill(results, "abc")
    connection().delete(*entry_keys(), *(f"tongkuan:{{results}}:{name}" for name in COLLECTIONS if name != left))
    assert results.size() == (0, 0)


@pytest.mark.parametrize("lost", COLLECTIONS)
def test_after_a_loss_the_size_is_bounded_again(lost: str) -> None:
    results = store_for(9)
    fill(results, "abcdefghi")
    connection().delete(f"tongkuan:{{results}}:{lost}")
    fill(results, "jklm")
    # Those that are asked for are counted again, and the least recently used go with the next one.
    assert kept(results, "abcdefghijklm") == "abcdefghijklm"
    fill(results, "n")
    assert kept(results, "abcdefghijklmn") == "fghijklmn"


def test_a_store_made_smaller_shrinks() -> None:
    fill(store_for(20), "abcdefghijklmnopqrst")
    smaller = store(store_for_size(9))
    fill(smaller, "u")
    assert smaller.size()[0] == 9
    assert smaller.size()[1] <= smaller.max_bytes


def store_for_size(entries: int) -> int:
    _, total = store().size()
    return int(total / store().size()[0] * (entries + 0.5))


def test_a_store_made_much_smaller_shrinks_step_by_step() -> None:
    large = store()
    for number in range(1200):
        large.put(f"key-{number}", 1, seconds=60)
    small = store(8000)
    small.put("new", 1, seconds=60)
    assert small.get("new") is None
    assert small.size()[0] == 200
    small.put("new", 1, seconds=60)
    assert small.get("new") == 1
    assert small.size()[1] <= 8000
