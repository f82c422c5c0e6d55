"""How a credential is, in words: works, fails, is paused and resumed, and when its tokens end."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from searches.admin.state import state_of
from searches.formats import clock
from searches.marketplaces import Tokens
from searches.models import Credential
from tests.factories import CredentialFactory
from tests.searches.conftest import work
from tests.searches.credential_admin import LIST, of, page_of, row_of, text_of, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]

HOUR = timedelta(hours=1)
TROUBLE = {
    "last_error_code": "110",
    "last_error_message": "This address may not call",
    "last_error_remedy": "Ask an administrator.",
}


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
    assert credential.failures_in_a_row == 3
    admin.post(LIST, test)
    credential.refresh_from_db()
    assert not credential.is_paused
    assert credential.failures_in_a_row == 0
