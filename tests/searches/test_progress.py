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
    """`words(*calls)`: the page's words about calls like these, pages 1, 2, … of one marketplace."""

    def read(*calls) -> str:
        for page, call in enumerate(calls, 1):
            SearchCallFactory(**{"job": job, "credential": credential, "page": page} | call)
        return text_of(signed_in(alice).get(f"/searches/{job.pk}/"))

    return read


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        ([{"status": Call.QUEUED, "not_before": timezone.now() + timedelta(hours=1)}], "1688 (MD5 gateway) · queued"),
        ([{"status": Call.QUEUED}], "1688 (MD5 gateway) · queued until a worker is free"),
        ([{"status": Call.RUNNING}], "1688 (MD5 gateway) · is being fetched"),
        ([{"offers_found": 1}], "1688 (MD5 gateway) · 1 offer"),
        ([{"offers_found": 50}, {"offers_found": 36}], "1688 (MD5 gateway) · 2 of 2 pages · 86 offers"),
        ([{"offers_found": 50}, {"status": Call.RUNNING}], "1688 (MD5 gateway) · 1 of 2 pages · 50 offers"),
        ([{"status": Call.FAILED}], "1688 (MD5 gateway) · failed"),
        ([{"status": Call.CANCELLED}], "1688 (MD5 gateway) · cancelled"),
        ([{"offers_found": 50}, IP_REFUSED], "1688 (MD5 gateway) · 1 of 2 pages · failed: 110"),
    ],
)
def test_a_marketplace_is_one_pill(calls, says, words):
    assert says in words(*calls)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ({"waits_for": Reason.SLOT}, "waits for a free slot, until about {time}"),
        ({"waits_for": Reason.DAY}, "today’s calls are used up, goes on at {time}"),
        ({"waits_for": Reason.PAUSED}, "its credential is paused until {time}"),
        ({"waits_for": Reason.SAME}, "waits for another search that has just asked the same"),
        ({"waits_for": Reason.TOKEN}, "waits for a new access token"),
        ({"waits_for": Reason.VALKEY}, "waits for the server’s queue to come back"),
        ({"waits_for": Reason.RETRY}, "tries again at {time}"),
        (
            {"waits_for": Reason.RETRY, "error_kind": "throttled", "error_message": "x"},
            "was too fast for the marketplace, goes on at {time}",
        ),
        ({"waits_for": ""}, "tries again at {time}"),
    ],
)
def test_waiting_says_for_what_and_until_when(call, says, words):
    until = timezone.now() + timedelta(minutes=5)
    clock = f"{timezone.localtime(until):%H:%M:%S}"
    said = words({"status": Call.WAITING, "not_before": until} | call)
    assert "1688 (MD5 gateway) · " + says.format(time=clock) in said


def test_an_estimate_that_has_passed_is_not_told(words):
    said = words({"status": Call.WAITING, "not_before": timezone.now() - timedelta(seconds=9), "waits_for": "slot"})
    assert "waits for a free slot" in said
    assert "until about" not in said


def test_a_paused_credential_is_told_with_its_reason_and_its_end(words):
    until = timezone.now() + timedelta(minutes=5)
    said = words(
        IP_REFUSED | {"status": Call.WAITING, "not_before": until, "waits_for": Reason.PAUSED},
        {"status": Call.WAITING, "not_before": until, "waits_for": Reason.PAUSED},
    )
    assert "1688 (MD5 gateway), page 1: This server's IP address is not on the marketplace's allow-list. 110" in said
    assert "Ask an administrator to add this server's IP address to the allow-list." in said
    assert (
        f"The credential is paused until {timezone.localtime(until):%H:%M:%S}, and is then tried again by itse" in said
    )
    assert "an administrator can end the pause at once" in said
    assert "Attempt" not in said
    assert "page 2: This marketplace’s credential is paused" in said


def test_a_day_that_is_used_up_is_told_with_what_helps(words):
    midnight = timezone.now() + timedelta(days=1)
    said = words({"status": Call.WAITING, "not_before": midnight, "waits_for": Reason.DAY})
    assert "The calls that this marketplace’s credentials may make today are used up." in said
    assert "An administrator can raise the day’s limit" in said
    assert f"The search goes on by itself at {timezone.localtime(midnight):%Y-%m-%d %H:%M:%S}." in said


def test_a_lowered_pace_is_no_numbered_attempt(words):
    said = words(
        {
            "status": Call.WAITING,
            "not_before": timezone.now() + timedelta(minutes=1),
            "waits_for": Reason.RETRY,
            "error_kind": "throttled",
            "error_code": "429",
            "error_message": "The marketplace's call rate is exceeded.",
            "error_remedy": "Nothing: the search waits for a free slot.",
        }
    )
    assert "The marketplace's call rate is exceeded. 429" in said
    assert "The pace is lowered, and the search goes on by itself at" in said
    assert "Attempt" not in said


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
    assert "1688 (MD5 gateway): This server's IP address is not on the marketplace's allow-list. 110" in said
    assert "Ask an administrator to add this server's IP address" in said
    assert "Request id 0a12-77f3" in said


def test_the_same_failure_of_many_pages_is_told_once(words):
    said = words({"offers_found": 50}, IP_REFUSED, IP_REFUSED, {**IP_REFUSED, "error_message": "Another one."})
    assert said.count("is not on the marketplace's allow-list") == 1
    assert "1688 (MD5 gateway), page 2, 3:" in said
    assert "1688 (MD5 gateway), page 4: Another one." in said


def test_a_failure_that_was_mended_is_forgotten(words):
    assert "allow-list" not in words({**IP_REFUSED, "status": Call.DONE})


def test_two_marketplaces_are_two_pills(words):
    said = words(
        {"offers_found": 2},
        {"marketplace": "tmapi", "page": 1, "status": Call.RUNNING},
    )
    assert "1688 (MD5 gateway) · 2 offers" in said
    assert "1688 by TMAPI · is being fetched" in said


def test_a_failed_marketplace_leaves_the_others_offers_standing(words, job):
    SearchJob.objects.update(status=SearchJob.Status.PARTIAL)
    said = words({"offers_found": 2}, {"marketplace": "tmapi", "page": 1, **IP_REFUSED})
    assert "1688 (MD5 gateway) · 2 offers 1688 by TMAPI · failed: 110 partly done" in said
    assert "1688 by TMAPI: This server's IP address" in said
    assert "to the allow-list. What was found besides stands below." in said


def test_when_nothing_was_found_nothing_stands(words):
    assert "stands below" not in words(IP_REFUSED)


def test_the_credential_is_named_where_it_matters(words, credential, job, alice, signed_in):
    """To administrators, who may have several; its name outlives it."""
    words({"offers_found": 2}, {**IP_REFUSED, "credential": CredentialFactory(name="1688 Indoor")})
    credential.delete()
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    said = text_of(response)
    assert "page 1 2 offers 1688 Outdoor page 2 failed: 110 1688 Indoor" in said
    assert "Credential 1688 Indoor Request id 0a12-77f3" in said


def test_vendor_words_stay_text(words, job, alice, signed_in):
    words({**IP_REFUSED, "error_message": "<img src=x>"})
    assert "<img src=x>" not in signed_in(alice).get(f"/searches/{job.pk}/").content.decode()


def test_an_empty_error_in_another_language_is_empty(words):
    """gettext("") answers the catalogue's own header."""
    with translation.override("zh-hans"):
        said = words({"status": Call.FAILED, "error_code": "x", "error_message": "m", "error_remedy": ""})
    assert "Project-Id-Version" not in said
