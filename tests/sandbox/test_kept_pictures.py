"""Pictures kept for a while: by name, for their time, within their room."""

import pytest

from sandbox.kept_pictures import KeptPictures


@pytest.fixture
def kept() -> KeptPictures:
    return KeptPictures(lifetime=100, most_bytes=10)


def test_a_picture_is_kept_for_its_time(kept):
    kept.keep("a", b"1234", now=1000)
    assert kept.find("a", now=1099.9) == b"1234"
    assert kept.find("a", now=1100) is None
    assert kept.find("b", now=1000) is None


def test_the_same_picture_again_begins_its_time_anew_and_takes_no_more_room(kept):
    for now in (1000, 1050, 1090):
        kept.keep("a", b"1234", now)
    kept.keep("b", b"123456", now=1090)
    assert kept.find("a", now=1189) == b"1234"
    assert kept.find("b", now=1189) == b"123456"


def test_the_oldest_make_room(kept):
    for name in ("a", "b", "c"):
        kept.keep(name, b"1234", now=1000)
    assert [kept.find(name, now=1001) for name in ("a", "b", "c")] == [None, b"1234", b"1234"]
    kept.keep("large", b"12345678901", now=1002)
    assert [kept.find(name, now=1003) for name in ("b", "c", "large")] == [None, None, None]
    kept.keep("d", b"1234", now=1004)
    assert kept.find("d", now=1005) == b"1234"
