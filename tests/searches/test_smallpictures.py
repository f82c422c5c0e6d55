"""Pictures for the cells of workbooks: from hosts that are allowed alone, and within a bounded time."""

import pytest

from searches import smallpictures
from searches.offerpictures import may_fetch
from searches.smallpictures import SmallPictures
from tests.factories import MARKETPLACE
from tests.searches.picturehost import host

__all__ = ["host"]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://cbu01.alicdn.com/a.jpg", True),
        ("https://CBU01.ALICDN.COM/a.jpg", True),
        ("http://cbu01.alicdn.com/a.jpg", False),
        ("https://alicdn.com.evil.example/a.jpg", False),
        ("https://evilalicdn.com/a.jpg", False),
        ("https://cbu01.alicdn.com:8080/a.jpg", False),
        ("https://user@evil.example/.alicdn.com", False),
        ("https://evil.example/?.alicdn.com", False),
        ("https://[", False),
        ("", False),
        ("http://127.0.0.1:8100/a.jpg", True),
        ("http://127.0.0.1:8101/a.jpg", False),
    ],
)
def test_hosts_of_pictures(url, allowed, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:8100"]
    assert may_fetch(MARKETPLACE, url) == allowed
    assert may_fetch("unknown", url) == (url == "http://127.0.0.1:8100/a.jpg")


def test_pictures_take_no_longer_than_their_time(host, tmp_path) -> None:
    with SmallPictures(tmp_path, beat=lambda: None, seconds=0) as small:
        small.fetch([(MARKETPLACE, f"{host.url}/{number}.jpg") for number in range(3)])
    assert [small.of_offer(f"{host.url}/{number}.jpg") for number in range(3)] == [None] * 3


def test_a_host_that_does_not_answer_is_given_up(settings, tmp_path, monkeypatch) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:9"]
    monkeypatch.setattr(smallpictures, "AT_ONCE", 1)
    asked = []
    fetch = smallpictures.fetch_picture
    monkeypatch.setattr(smallpictures, "fetch_picture", lambda url: asked.append(url) or fetch(url))
    with SmallPictures(tmp_path, beat=lambda: None) as small:
        small.fetch([(MARKETPLACE, f"http://127.0.0.1:9/{number}.jpg") for number in range(20)])
    assert len(asked) == smallpictures.MOST_FAILURES_OF_A_HOST


def test_what_was_fetched_is_not_fetched_again_for_the_next_file(host, tmp_path) -> None:
    for _turn in range(2):
        with SmallPictures(tmp_path, beat=lambda: None) as small:
            small.fetch([(MARKETPLACE, f"{host.url}/one.jpg")])
            assert small.of_offer(f"{host.url}/one.jpg") is not None
    assert host.hits == ["/one.jpg"]


def test_what_could_not_be_had_is_asked_for_again(host, tmp_path) -> None:
    for _turn in range(2):
        with SmallPictures(tmp_path, beat=lambda: None) as small:
            small.fetch([(MARKETPLACE, f"{host.url}/missing.jpg")])
            assert small.of_offer(f"{host.url}/missing.jpg") is None
    assert host.hits == ["/missing.jpg"] * 2


def test_a_kept_picture_of_a_host_that_is_not_allowed_any_more_is_not_shown(host, tmp_path, settings) -> None:
    with SmallPictures(tmp_path, beat=lambda: None) as small:
        small.fetch([(MARKETPLACE, f"{host.url}/one.jpg")])
    settings.FETCH_ALLOWED_HOSTS = []
    with SmallPictures(tmp_path, beat=lambda: None) as small:
        small.fetch([(MARKETPLACE, f"{host.url}/one.jpg")])
        assert small.of_offer(f"{host.url}/one.jpg") is None
