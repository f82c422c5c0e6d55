"""Calls that stand in line are told for what they wait, whenever that changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches.marketplaces.errors import BAD_KEY
from searches.models import Credential, SearchCall
from searches.models.credential import FAILURES_UNTIL_PAUSE
from searches.standing import tell_those_in_line
from tests.searches.line import credential_with, in_line, take_slots
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Reason = SearchCall.Reason
NO_MORE = "The calls that this marketplace’s credentials may make today are used up."


def pause(credential: Credential) -> None:
    for _ in range(FAILURES_UNTIL_PAUSE):
        credential.record_failure(BAD_KEY.error("4004"))
    credential.refresh_from_db()


def told(call: SearchCall) -> str:
    call.refresh_from_db()
    return call.waits_for


def page(client, call: SearchCall) -> str:
    return text_of(client.get(call.job.get_absolute_url()))


def test_a_pause_that_begins_while_they_stand_there(team, alice, signed_in) -> None:
    credential = credential_with(9)
    call = in_line(team)
    pause(credential)
    tell_those_in_line()
    assert told(call) == Reason.PAUSED
    assert call.not_before == credential.paused_until
    shown = page(signed_in(alice), call)
    assert str(BAD_KEY.remedy) in shown
    assert "4004" in shown
    assert f"Credential {credential.name}" in shown


def test_a_pause_that_is_ended_by_hand_is_no_reason_any_more(team) -> None:
    credential = credential_with(1)
    take_slots(credential, 1)
    call = in_line(team)
    pause(credential)
    tell_those_in_line()
    credential.resume()
    credential.save()
    tell_those_in_line()
    assert told(call) == Reason.SLOT
    assert (call.error_code, call.error_message, call.error_remedy) == ("", "", "")


def test_a_pause_that_begins_anew_has_another_end(team) -> None:
    credential = credential_with(9)
    call = in_line(team)
    pause(credential)
    tell_those_in_line()
    again = timezone.now() + timedelta(minutes=7)
    Credential.objects.filter(pk=credential.pk).update(paused_until=again)
    tell_those_in_line()
    call.refresh_from_db()
    assert call.not_before == again


def test_while_a_call_tries_the_credential_anew_nothing_is_said(team) -> None:
    credential = credential_with(9)
    call = in_line(team)
    pause(credential)
    tell_those_in_line()
    Credential.objects.filter(pk=credential.pk).update(paused_until=timezone.now())
    tell_those_in_line()
    assert told(call) == Reason.PAUSED


def test_a_day_that_is_used_up_while_they_stand_there(team, alice, signed_in) -> None:
    credential = credential_with(9, calls_per_day=2)
    call = in_line(team)
    tell_those_in_line()
    assert told(call) == Reason.SLOT
    take_slots(credential, 2)
    tell_those_in_line()
    assert told(call) == Reason.DAY
    assert NO_MORE in page(signed_in(alice), call)


def test_a_raised_limit_is_no_reason_any_more(team) -> None:
    credential = credential_with(9, calls_per_day=2)
    take_slots(credential, 2)
    call = in_line(team, reason=Reason.DAY)
    Credential.objects.filter(pk=credential.pk).update(calls_per_day=9)
    tell_those_in_line()
    assert told(call) == Reason.SLOT


def test_another_credential_that_has_a_slot_is_waited_for_instead(team, charlies_team) -> None:
    paused = credential_with(9)
    ours, theirs = in_line(team), in_line(charlies_team)
    credential_with(9, teams=(charlies_team,))
    pause(paused)
    tell_those_in_line()
    assert (told(ours), told(theirs)) == (Reason.PAUSED, Reason.SLOT)


def test_who_waits_for_something_else_is_left_alone(team) -> None:
    pause(credential_with(9))
    call = in_line(team, reason=Reason.RETRY)
    tell_those_in_line()
    assert told(call) == Reason.RETRY
