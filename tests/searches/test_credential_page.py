"""A credential's page and the list: state in words, use against the limits, the circuit breaker, shared load."""

import re
from datetime import timedelta

import pytest
import redis
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from searches import slots
from searches.admin.state import state_of
from searches.admin.usage import use_of
from searches.admin.usage_chart import draw
from searches.formats import clock
from searches.marketplaces import Tokens
from searches.models import CallCount, Credential
from searches.models.credential import encrypt
from searches.models.usage import china_day
from tests.factories import CredentialFactory, TeamFactory, UserFactory
from tests.searches.conftest import work
from tests.searches.credential_admin import ADD, HISTORY, LIST, fields, of, page_of, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]

HOUR = timedelta(hours=1)
TROUBLE = {
    "last_error_code": "110",
    "last_error_message": "This address may not call",
    "last_error_remedy": "Ask an administrator.",
}


def counted(credential: Credential, days_ago: int, **outcomes: int) -> None:
    day = china_day() - timedelta(days=days_ago)
    for outcome, number in outcomes.items():
        CallCount.objects.create(credential=credential, day=day, outcome=outcome, number=number)


def text_of(response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def row_of(admin, credential: Credential) -> str:
    rows = re.findall(r"<tr>(.*?)</tr>", admin.get(LIST).content.decode(), re.DOTALL)
    (row,) = [row for row in rows if page_of(credential) in row]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row))


# State


def test_the_state_is_what_matters_most() -> None:
    now = timezone.now()
    states = [
        ({}, "never used"),
        ({"last_success_at": now}, "works"),
        ({"last_success_at": now - HOUR, "last_error_at": now, **TROUBLE}, "failing"),
        ({"last_success_at": now, "last_error_at": now - HOUR, **TROUBLE}, "works"),
        ({"failures_in_a_row": 3, "last_error_at": now, **TROUBLE}, "on trial"),
        ({"failures_in_a_row": 3, "paused_until": now + HOUR}, f"paused until {clock(now + HOUR)}"),
        ({"failures_in_a_row": 3, "paused_until": now + HOUR, "enabled": False}, "switched off"),
        ({"secret_encrypted": "kept under a lost key", "last_success_at": now}, "unreadable"),
        ({"marketplace": "alibaba_open", "token_encrypted": "", "last_success_at": now}, "not authorized"),
        ({"marketplace": "gone"}, "unknown protocol"),
    ]
    for changes, expected in states:
        credential = CredentialFactory()
        for name, value in changes.items():
            setattr(credential, name, value)
        assert state_of(credential).text == expected, changes


@pytest.mark.parametrize(
    ("refresh_token", "expires_in", "refresh_expires_in", "state", "note"),
    [
        ("", None, None, "works", "The token has no known end."),
        ("", 3600, None, "token expires soon", "The token is good for"),
        ("", 86_400, None, "works", "Nothing renews it"),
        ("", -60, None, "token expired", "The token expired at"),
        ("r", 3600, 180 * 86_400, "works", "is renewed by itself"),
        ("r", -60, 180 * 86_400, "works", "the next search renews it"),
        ("r", 3600, 5 * 86_400, "authorization ends soon", "The authorization ends in"),
        ("r", 3600, -60, "authorization ended", "The authorization ended at"),
        ("r", 3600, None, "works", "The authorization has no known end."),
    ],
)
def test_the_end_of_tokens_is_said_and_warned_of_in_time(
    admin, refresh_token, expires_in, refresh_expires_in, state, note
) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", last_success_at=timezone.now())
    credential.keep_token("")
    credential.keep_tokens(Tokens("a", refresh_token, expires_in, refresh_expires_in))
    credential.save()
    assert state in row_of(admin, credential)
    page = text_of(admin.get(page_of(credential)))
    assert state in page
    assert page.count(note) == 1


def test_other_protocols_say_nothing_of_tokens(admin) -> None:
    page = text_of(admin.get(page_of(CredentialFactory(last_success_at=timezone.now()))))
    assert "authoriz" not in page
    assert "The token" not in page


# The circuit breaker


def test_a_pause_is_said_with_its_reason_and_ends_by_the_button(admin, start, credential, sandbox) -> None:
    sandbox.fault("110")
    for _ in range(3):
        work(start(fresh=True))
        Credential.objects.update(paused_until=None)
    work(start(fresh=True))
    credential.refresh_from_db()
    assert credential.is_paused
    page = text_of(admin.get(page_of(credential)))
    assert f"paused until {clock(credential.paused_until)} After 4 failures in a row" in page
    assert "allow-list in the open platform" in page
    assert "[110] It resumes by itself then." in page
    assert f"paused until {clock(credential.paused_until)}" in row_of(admin, credential)
    response = admin.post(of(credential, "resume"))
    assert response.url == page_of(credential)
    assert texts(response) == ["1 credential resumed."]
    credential.refresh_from_db()
    assert (credential.failures_in_a_row, credential.paused_until) == (0, None)
    assert LogEntry.objects.get().get_change_message() == "Resumed by hand."
    assert of(credential, "resume") not in admin.get(page_of(credential)).content.decode()
    sandbox.clear_faults()
    assert work(start(fresh=True)).status == "done"


def test_resuming_from_the_list_leaves_others_alone(admin) -> None:
    paused = CredentialFactory(failures_in_a_row=3, paused_until=timezone.now() + HOUR)
    trial = CredentialFactory(failures_in_a_row=3)
    fine = CredentialFactory(failures_in_a_row=1)
    chosen = [paused.pk, trial.pk, fine.pk]
    response = admin.post(LIST, {"action": "resume", "_selected_action": chosen})
    assert texts(response) == ["2 credentials resumed."]
    assert sorted(Credential.objects.values_list("failures_in_a_row", flat=True)) == [0, 0, 1]
    assert LogEntry.objects.count() == 2
    response = admin.post(LIST, {"action": "resume", "_selected_action": chosen})
    assert texts(response)[-1] == "Nothing to resume: no pause was left."


def test_a_passed_test_ends_a_pause_and_a_failed_one_does_not(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url, failures_in_a_row=3, paused_until=timezone.now() + HOUR)
    test = {"action": "test_connection", "_selected_action": [credential.pk]}
    sandbox.fault("110", times=1)
    admin.post(LIST, test)
    credential.refresh_from_db()
    assert credential.is_paused
    assert credential.failures_in_a_row == 4
    admin.post(LIST, test)
    credential.refresh_from_db()
    assert not credential.is_paused
    assert credential.failures_in_a_row == 0


# Use


def test_use_is_counted_against_the_limits(admin, start, credential, sandbox) -> None:
    Credential.objects.update(calls_per_minute=60, calls_per_day=5000)
    work(start())
    work(start())
    page = text_of(admin.get(page_of(credential)))
    assert "This minute 1 of 60" in page
    assert "Today, in China 1 of 5,000" in page
    assert "In 30 days 1 " in page
    assert "From the cache 1 50 % of all answers" in page
    assert "Failed 0 " in page
    assert "1 of 5,000" in row_of(admin, credential)
    assert "at most 60 a minute" in row_of(admin, credential)


def test_thirty_days_are_summed_and_errors_named_by_their_kind(admin) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=1200, cached=300, throttled=7)
    counted(credential, 29, calls=34, upstream=2, throttled=1, no_result=5)
    counted(credential, 30, calls=9999, quota=9)
    counted(CredentialFactory(), 0, calls=777)
    page = text_of(admin.get(page_of(credential)))
    assert "Today, in China 1,200 " in page
    assert "In 30 days 1,234 From the cache 300 20 % of all answers" in page
    assert "Failed 10 too fast 8 marketplace or network down 2 " in page
    assert "calls used up" not in page


def test_a_failed_test_is_counted_by_its_kind(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    sandbox.fault("110")
    admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    assert use_of(credential).errors == (("not permitted", 1),)


def test_without_valkey_the_pages_open_and_say_so(admin, monkeypatch) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=5)
    nobody = redis.Redis.from_url("unix:///nonexistent/valkey.sock")
    monkeypatch.setattr(slots, "connection", lambda: nobody)
    page = text_of(admin.get(page_of(credential)))
    assert "Valkey does not answer: no call is made" in page
    assert "In 30 days 5" in page
    assert admin.get(LIST).status_code == 200


# The chart


def test_a_bar_for_each_day_sets_failures_off_and_a_table_says_the_same(admin) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=40, throttled=10, cached=3)
    counted(credential, 7, calls=80)
    chart = draw(use_of(credential).days)
    assert len(chart.bars) == 30
    assert chart.most == "80"
    week_ago, today = chart.bars[22], chart.bars[29]
    assert (week_ago.answered_height, week_ago.failed_height) == (chart.plot, 0)
    assert week_ago.answered_y == chart.top
    assert today.answered_height == round(chart.plot * 30 / 80)
    assert today.failed_height == round(chart.plot * 10 / 80)
    assert today.failed_y + today.failed_height == today.answered_y
    assert today.label == f"{china_day()}: 40 calls, 10 failed, 3 from the cache"
    page = admin.get(page_of(credential)).content.decode()
    assert 'aria-label="Calls of the last 30 days: 120, of which 10 failed; at most 80 on one day."' in page
    assert page.count('<rect class="answered"') == 2
    assert page.count('<rect class="failed"') == 1
    assert f'<th scope="row">{china_day()}</th><td>40</td><td>10</td><td>3</td>' in page
    assert len(re.findall(r'<th scope="row">\d{4}-\d\d-\d\d</th>', page)) == 30


def test_more_failures_than_calls_stay_within_the_drawing() -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=1, bad_image=1000)
    counted(credential, 1, calls=1000)
    chart = draw(use_of(credential).days)
    for bar in chart.bars:
        assert bar.failed_y >= chart.top
        assert bar.answered_y + bar.answered_height == chart.base


def test_nothing_is_drawn_of_nothing(admin) -> None:
    credential = CredentialFactory()
    assert draw(use_of(credential).days) is None
    page = admin.get(page_of(credential)).content.decode()
    assert '<svg class="use-chart"' not in page
    assert "None yet." in page


# The list


def test_the_list_says_who_may_use_which_and_what_came_of_it(admin) -> None:
    for_all = CredentialFactory(last_success_at=timezone.now())
    for_some = CredentialFactory(for_all_teams=False)
    for_some.teams.set([TeamFactory(name="Outdoor"), TeamFactory(name="Garden")])
    for_none = CredentialFactory(for_all_teams=False)
    assert "every team" in row_of(admin, for_all)
    assert "Garden, Outdoor" in row_of(admin, for_some)
    assert "none" in row_of(admin, for_none)
    assert f"{timezone.localtime():%Y-%m-%d}" in row_of(admin, for_all)


def test_the_list_costs_the_same_for_many(admin, django_assert_max_num_queries) -> None:
    def make() -> None:
        credential = CredentialFactory(for_all_teams=False)
        credential.teams.set([TeamFactory()])
        counted(credential, 0, calls=3)

    make()
    with django_assert_max_num_queries(12):
        admin.get(LIST)
    for _ in range(5):
        make()
    with django_assert_max_num_queries(12):
        admin.get(LIST)


def test_the_list_and_the_page_say_that_credentials_of_one_protocol_share_its_load(admin) -> None:
    first = CredentialFactory(name="Yiwu", calls_per_minute=100)
    CredentialFactory(name="Idle", enabled=False)
    assert "share its searches" not in text_of(admin.get(LIST))
    CredentialFactory(name="Baigou", calls_per_minute=60)
    CredentialFactory(name="Reseller", marketplace="tmapi")
    said = text_of(admin.get(LIST))
    assert "1688 (MD5 gateway) : Baigou, Yiwu share its searches, each within its own limits" in said
    assert "together at most 160 calls a minute" in said
    assert "Baigou, Yiwu: together at most 160 calls a minute" in text_of(admin.get(page_of(first)))


# Who may


def test_superusers_only(signed_in, alice) -> None:
    credential = CredentialFactory(failures_in_a_row=3, paused_until=timezone.now() + HOUR)
    staff = signed_in(UserFactory(username="staff", is_staff=True))
    for client in (staff, signed_in(alice), signed_in(None)):
        client.post(of(credential, "resume"))
        assert client.get(HISTORY).status_code in (302, 403)
        credential.refresh_from_db()
        assert credential.is_paused
    assert staff.post(of(credential, "resume")).status_code == 403
    assert staff.get(HISTORY).status_code == 403


def test_the_pages_need_nothing_inline(admin) -> None:
    credential = CredentialFactory(
        failures_in_a_row=3, paused_until=timezone.now() + HOUR, last_error_at=timezone.now()
    )
    counted(credential, 0, calls=3, throttled=1)
    admin.post(page_of(credential), fields())
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    for url in (page_of(credential), HISTORY, ADD, f"{ADD}?marketplace=alibaba_open"):
        response = admin.get(url)
        assert response.status_code == 200
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert not inline.search(response.content.decode()), url


def test_what_others_wrote_is_text(admin) -> None:
    credential = CredentialFactory(
        name="<b>name</b>", last_error_at=timezone.now(), last_error_code="<i>", last_error_message="<u>said</u>"
    )
    CredentialFactory(name="other")
    for url in (LIST, page_of(credential), HISTORY):
        page = admin.get(url).content.decode()
        for tag in ("<b>name", "<i>", "<u>said"):
            assert tag not in page


def test_a_token_is_unreadable_too(admin, settings) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", last_success_at=timezone.now())
    assert "works" in row_of(admin, credential)
    Credential.objects.update(refresh_token_encrypted="x" + encrypt("refresh"))
    assert "unreadable" in row_of(admin, credential)
