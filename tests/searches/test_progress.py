"""How far a search is: what its page says of each call."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from searches.models import SearchCall, SearchJob
from tests.factories import CredentialFactory, SearchCallFactory, SearchJobFactory
from tests.searches.pages import text_of

Call, Reason = SearchCall.Status, SearchCall.Reason
IP_REFUSED = {
    "status": Call.FAILED,
    "error_code": "110",
    "error_message": "This server's IP address is not on the marketplace's allow-list.",
    "error_remedy": "Ask an administrator to add this server's IP address to the allow-list.",
    "request_id": "0a12-77f3",
}


@pytest.fixture
def credential(db):
    return CredentialFactory(name="1688 Outdoor")


@pytest.fixture
def job(team, alice) -> SearchJob:
    return SearchJobFactory(team=team, owner=alice, status=SearchJob.Status.RUNNING)


@pytest.fixture
def words(alice, job, credential, signed_in):
    """`words(*calls)`: the page's words about calls like these, pages 1, 2, … of one credential."""

    def read(*calls) -> str:
        for page, call in enumerate(calls, 1):
            SearchCallFactory(**{"job": job, "credential": credential, "page": page} | call)
        return text_of(signed_in(alice).get(f"/searches/{job.pk}/"))

    return read


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        ([{"status": Call.QUEUED, "not_before": timezone.now() + timedelta(hours=1)}], "1688 Outdoor · queued"),
        ([{"status": Call.QUEUED}], "1688 Outdoor · queued until a worker is free"),
        ([{"status": Call.RUNNING}], "1688 Outdoor · is being fetched"),
        ([{"offers_found": 1}], "1688 Outdoor · 1 offer"),
        ([{"offers_found": 50}, {"offers_found": 36}], "1688 Outdoor · 2 of 2 pages · 86 offers"),
        ([{"offers_found": 50}, {"status": Call.RUNNING}], "1688 Outdoor · 1 of 2 pages · 50 offers"),
        ([{"status": Call.FAILED}], "1688 Outdoor · failed"),
        ([{"status": Call.CANCELLED}], "1688 Outdoor · cancelled"),
        ([{"offers_found": 50}, IP_REFUSED], "1688 Outdoor · 1 of 2 pages · failed: 110"),
    ],
)
def test_a_credential_is_one_pill(calls, says, words):
    assert says in words(*calls)


def test_waiting_says_until_when_and_for_what(words):
    until = timezone.now() + timedelta(minutes=5)
    clock = f"{timezone.localtime(until):%H:%M:%S}"
    said = words({"status": Call.WAITING, "not_before": until, "waits_for": Reason.SLOT})
    assert f"{clock} for a free slot within the call limit" in said


def test_the_next_attempt_is_announced_with_the_reason_of_the_last(words):
    until = timezone.now() + timedelta(minutes=5)
    said = words(
        {
            "status": Call.WAITING,
            "not_before": until,
            "waits_for": Reason.RETRY,
            "attempts": 2,
            "error_code": "502",
            "error_message": "The marketplace's service failed.",
            "error_remedy": "Nothing: it is tried again with growing pauses.",
        }
    )
    assert "The marketplace's service failed. 502" in said
    assert "Nothing: it is tried again with growing pauses. Attempt 3 of 4 follows at" in said


def test_what_came_from_the_cache_says_its_age(words):
    said = words({"offers_found": 5, "from_cache": True, "fetched_at": timezone.now() - timedelta(minutes=12)})
    assert "5 offers · cached, 12 min old" in said


def test_a_failure_is_spelled_out_with_what_to_do(words):
    said = words(IP_REFUSED)
    assert "1688 Outdoor: This server's IP address is not on the marketplace's allow-list. 110" in said
    assert "Ask an administrator to add this server's IP address" in said
    assert "Request id 0a12-77f3" in said


def test_the_same_failure_of_many_pages_is_told_once(words):
    said = words({"offers_found": 50}, IP_REFUSED, IP_REFUSED, {**IP_REFUSED, "error_message": "Another one."})
    assert said.count("is not on the marketplace's allow-list") == 1
    assert "1688 Outdoor, page 2, 3:" in said
    assert "1688 Outdoor, page 4: Another one." in said


def test_a_failure_that_was_mended_is_forgotten(words):
    assert "allow-list" not in words({**IP_REFUSED, "status": Call.DONE})


def test_two_credentials_are_two_pills(words):
    said = words(
        {"offers_found": 2},
        {"credential": CredentialFactory(name="Gateway"), "page": 1, "status": Call.RUNNING},
    )
    assert "1688 Outdoor · 2 offers" in said
    assert "Gateway · is being fetched" in said


def test_a_deleted_credential_is_still_named(words, credential, job, alice, signed_in):
    words({"offers_found": 2})
    credential.delete()
    assert "1688 Outdoor · 2 offers" in text_of(signed_in(alice).get(f"/searches/{job.pk}/"))


def test_vendor_words_stay_text(words, job, alice, signed_in):
    words({**IP_REFUSED, "error_message": "<img src=x>"})
    assert "<img src=x>" not in signed_in(alice).get(f"/searches/{job.pk}/").content.decode()


def test_an_empty_error_in_another_language_is_empty(words):
    """gettext("") answers the catalogue's own header."""
    with translation.override("zh-hans"):
        said = words({"status": Call.FAILED, "error_code": "x", "error_message": "m", "error_remedy": ""})
    assert "Project-Id-Version" not in said
