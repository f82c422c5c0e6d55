"""Whose turn it is: the order in which waiting calls get the free slots."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches import jobs, turns
from searches.models import Credential, SearchCall, SearchJob
from searches.models.credential import FAILURES_UNTIL_PAUSE
from tests.factories import OTHER_MARKETPLACE, SearchCallFactory, SearchJobFactory, TeamFactory
from tests.searches.line import credential_with, handed_out, in_line, rung, take_slots

pytestmark = pytest.mark.django_db
Call, Reason, Urgency = SearchCall.Status, SearchCall.Reason, SearchJob.Urgency


def pks(*calls: SearchCall) -> list[int]:
    return sorted(call.pk for call in calls)


def recently(team, number: int, **columns) -> None:
    """Calls that a team had within the last window."""
    now = {"finished_at": timezone.now(), "fetched_at": timezone.now()}
    job = SearchJobFactory(team=team)
    for page in range(number):
        SearchCallFactory(job=job, page=page + 1, credential=None, **(now | columns))


def test_as_many_as_there_are_free_slots_the_oldest_first(team) -> None:
    credential_with(3)
    calls = [in_line(team) for _ in range(5)]
    assert turns.hand_out()
    assert handed_out() == pks(*calls[:3])
    assert sorted(rung()) == pks(*calls[:3])


def test_slots_of_calls_in_flight_are_not_handed_out(team) -> None:
    take_slots(credential_with(3), 2)
    calls = [in_line(team) for _ in range(3)]
    turns.hand_out()
    assert handed_out() == pks(calls[0])


def test_those_that_are_on_their_way_have_a_slot_each(team) -> None:
    credential_with(3)
    calls = [in_line(team) for _ in range(5)]
    for _ in range(3):
        turns.hand_out()
    assert handed_out() == pks(*calls[:3])
    assert len(rung()) == 3


def test_without_a_free_slot_nobody_is_rung_for(team) -> None:
    take_slots(credential_with(1), 1)
    in_line(team)
    assert turns.hand_out()
    assert rung() == []


def test_without_a_line_there_is_nothing_to_do(team) -> None:
    credential_with(3)
    SearchCallFactory(job=SearchJobFactory(team=team), status=Call.QUEUED, claims=0)
    in_line(team, status=Call.CANCELLED)
    assert not turns.hand_out()
    assert rung() == []


def test_calls_that_wait_for_something_else_are_not_in_line(team) -> None:
    credential_with(9)
    for reason in set(Reason) - set(SearchCall.IN_LINE):
        in_line(team, reason=reason)
    assert not turns.hand_out()
    assert rung() == []


def test_searches_that_somebody_waits_for_go_before_batches(team, charlies_team) -> None:
    credential_with(2)
    recently(charlies_team, 5)
    in_line(team, urgency=Urgency.BATCH)
    in_line(charlies_team, urgency=Urgency.BATCH)
    urgent = [in_line(charlies_team), in_line(charlies_team)]
    turns.hand_out()
    assert handed_out() == pks(*urgent)


def test_the_bells_of_the_urgent_are_in_a_queue_of_their_own(team) -> None:
    credential_with(2)
    batch, urgent = in_line(team, urgency=Urgency.BATCH), in_line(team)
    turns.hand_out()
    assert rung() == [urgent.pk, batch.pk]


def test_the_team_that_had_less_goes_first(team, charlies_team) -> None:
    credential_with(3)
    recently(team, 2)
    greedy = [in_line(team) for _ in range(3)]
    modest = [in_line(charlies_team) for _ in range(3)]
    turns.hand_out()
    # Two calls make up for the two that the other team had; then the oldest of all.
    assert handed_out() == pks(*modest[:2], greedy[0])


def test_teams_take_turns_however_many_calls_one_of_them_has(team, charlies_team) -> None:
    credential_with(4)
    third = TeamFactory()
    many = [in_line(team) for _ in range(10)]
    few = [in_line(charlies_team) for _ in range(2)]
    one = in_line(third)
    turns.hand_out()
    assert handed_out() == pks(many[0], few[0], one, many[1])


@pytest.mark.parametrize(
    "calls_for_nothing",
    [
        {"from_cache": True},
        {"finished_at": timezone.now() - timedelta(minutes=2)},
        {"marketplace": OTHER_MARKETPLACE},
        {"status": Call.CANCELLED, "claims": 1, "attempts": 0},
    ],
    ids=["cached", "long ago", "elsewhere", "cancelled in line"],
)
def test_what_costs_the_others_nothing_is_not_held_against_a_team(team, charlies_team, calls_for_nothing) -> None:
    credential_with(1)
    recently(team, 3, **calls_for_nothing)
    first = in_line(team)
    in_line(charlies_team)
    turns.hand_out()
    assert handed_out() == pks(first)


@pytest.mark.parametrize("columns", [{"status": Call.RUNNING}, {"status": Call.QUEUED, "claims": 1}])
def test_calls_that_are_being_made_count_as_had(team, charlies_team, columns) -> None:
    credential_with(3)
    recently(team, 1, finished_at=None, **columns)
    in_line(team)
    second = in_line(charlies_team)
    take_slots(Credential.objects.get(), 1)
    if columns["status"] == Call.RUNNING:
        take_slots(Credential.objects.get(), 1)
    before = handed_out()
    turns.hand_out()
    assert handed_out() == sorted([*before, second.pk])


def test_urgent_calls_count_when_the_same_teams_batches_have_their_turn(team, charlies_team) -> None:
    credential_with(3)
    urgent = [in_line(team), in_line(team)]
    in_line(team, urgency=Urgency.BATCH)
    theirs = in_line(charlies_team, urgency=Urgency.BATCH)
    turns.hand_out()
    assert handed_out() == pks(*urgent, theirs)


def test_a_credential_of_one_team_serves_no_other(team, charlies_team) -> None:
    take_slots(credential_with(1), 1)
    credential_with(5, teams=(charlies_team,))
    mine = in_line(team)
    theirs = in_line(charlies_team)
    turns.hand_out()
    assert handed_out() == pks(theirs)
    mine.refresh_from_db()
    assert mine.status == Call.WAITING


def test_several_credentials_are_one_line(team) -> None:
    credential_with(1)
    credential_with(2)
    calls = [in_line(team) for _ in range(4)]
    turns.hand_out()
    assert handed_out() == pks(*calls[:3])


def test_each_marketplace_has_a_line_of_its_own(team) -> None:
    take_slots(credential_with(1), 1)
    credential_with(1, marketplace=OTHER_MARKETPLACE)
    in_line(team)
    elsewhere = in_line(team, marketplace=OTHER_MARKETPLACE)
    turns.hand_out()
    assert handed_out() == pks(elsewhere)


def test_a_paused_credential_has_no_slots(team) -> None:
    credential_with(5, paused_until=timezone.now() + timedelta(minutes=1), failures_in_a_row=FAILURES_UNTIL_PAUSE)
    in_line(team, reason=Reason.PAUSED)
    assert turns.hand_out()
    assert rung() == []


def test_after_a_pause_one_call_tries(team) -> None:
    credential_with(5, paused_until=timezone.now() - timedelta(seconds=1), failures_in_a_row=FAILURES_UNTIL_PAUSE)
    calls = [in_line(team, reason=Reason.PAUSED) for _ in range(3)]
    for _ in range(2):
        turns.hand_out()
        assert handed_out() == pks(calls[0])


@pytest.mark.parametrize("fate", ["switched off", "given to another team", "deleted"])
def test_those_that_no_credential_is_left_for_come_at_once_to_hear_it(team, charlies_team, fate) -> None:
    credential = credential_with(1)
    take_slots(credential, 1)
    waiting = in_line(team)
    if fate == "deleted":
        credential.delete()
    else:
        credential.enabled, credential.for_all_teams = fate != "switched off", False
        credential.save()
        credential.teams.add(charlies_team)
    turns.hand_out()
    assert rung() == [waiting.pk]
    jobs.run_call(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.error_code) == (Call.FAILED, "credential-off")


def test_two_schedulers_hand_a_call_out_once(team, monkeypatch) -> None:
    credential_with(2)
    calls = [in_line(team) for _ in range(3)]
    alone = turns._next_in_line

    def with_another_at_the_same_time(*args):
        chosen = list(alone(*args))
        monkeypatch.setattr(turns, "_next_in_line", alone)
        turns.hand_out()
        return chosen

    monkeypatch.setattr(turns, "_next_in_line", with_another_at_the_same_time)
    turns.hand_out()
    assert handed_out() == pks(*calls[:2])
    assert sorted(rung()) == pks(*calls[:2])


def test_a_slow_scheduler_does_not_ring_for_what_a_worker_did_meanwhile(team, monkeypatch) -> None:
    credential_with(1)
    call = in_line(team)
    alone = turns._next_in_line

    def until_it_is_done(*args):
        chosen = list(alone(*args))
        SearchCall.objects.filter(pk=call.pk).update(status=Call.DONE, claims=2, finished_at=timezone.now())
        return chosen

    monkeypatch.setattr(turns, "_next_in_line", until_it_is_done)
    turns.hand_out()
    call.refresh_from_db()
    assert (call.status, rung()) == (Call.DONE, [])
