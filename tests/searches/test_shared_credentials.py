"""Several credentials of one marketplace share its load, and one fails for another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches import pipeline
from searches.marketplaces import DEFAULT_TIMEOUTS
from searches.models import CallCount, Credential, SearchCall, SearchJob
from searches.resultstore import SingleFlight
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.searches.conftest import make_due, only_call, work
from tests.searches.line import take_slots

pytestmark = pytest.mark.django_db
Call, Job, Reason = SearchCall.Status, SearchJob.Status, SearchCall.Reason


@pytest.fixture
def other(sandbox) -> Credential:
    """A second account of the same marketplace."""
    return CredentialFactory(name="second", base_url=sandbox.url, app_key="1000001", secret="test124")


@pytest.fixture
def wrong(sandbox) -> Credential:
    return CredentialFactory(name="wrong", base_url=sandbox.url, app_key="1000002", secret="not it")


def askers(sandbox) -> list[str]:
    return [call["app_key"] for call in sandbox.calls()]


def asks_first(credential: Credential, job: SearchJob) -> SearchJob:
    """As if the credential had served the search before."""
    SearchCall.objects.filter(job=job).update(credential=credential)
    return job


def test_two_credentials_of_one_slot_serve_two_calls(start, sandbox, credential, other) -> None:
    Credential.objects.update(calls_per_minute=1)
    calls = [only_call(work(start(price_from=number))) for number in range(3)]
    assert [call.status for call in calls] == [Call.DONE, Call.DONE, Call.WAITING]
    assert sorted(askers(sandbox)) == [credential.app_key, other.app_key]
    assert {call.credential for call in calls[:2]} == {credential, other}
    assert {call.credential_name for call in calls[:2]} == {credential.name, other.name}
    assert calls[2].waits_for == Reason.SLOT


def test_they_take_turns(start, sandbox, credential, other) -> None:
    for number in range(6):
        work(start(price_from=number))
    assert askers(sandbox).count(credential.app_key) == askers(sandbox).count(other.app_key) == 3


def test_the_following_pages_stay_where_the_first_one_was(start, sandbox, credential, other) -> None:
    work(start(wanted=100), turns=2)
    first, second = askers(sandbox)
    assert first == second


def test_of_several_waits_the_shortest_counts(start, credential, other) -> None:
    take_slots(credential, 100)
    Credential.objects.filter(pk=other.pk).update(
        paused_until=timezone.now() + timedelta(hours=1), failures_in_a_row=3, last_error_message="Wrong."
    )
    call = only_call(work(start()))
    assert (call.status, call.waits_for, call.error_message) == (Call.WAITING, Reason.SLOT, "")
    assert call.not_before < timezone.now() + timedelta(minutes=10)


def test_what_fails_by_an_accounts_fault_is_answered_by_the_next(start, sandbox, credential, wrong) -> None:
    job = work(asks_first(wrong, start()))
    call = only_call(job)
    assert (job.status, call.error_code, call.attempts) == (Job.DONE, "", 1)
    assert (call.credential, call.credential_name) == (credential, credential.name)
    assert askers(sandbox) == [wrong.app_key, credential.app_key]
    wrong.refresh_from_db()
    assert (wrong.last_error_code, wrong.failures_in_a_row) == ("25", 1)
    assert wrong.last_error_message and wrong.last_error_remedy
    credential.refresh_from_db()
    assert (credential.last_error_code, credential.failures_in_a_row) == ("", 0)
    assert credential.last_success_at is not None
    assert outcomes(wrong) == {"calls": 1, "authentication": 1}
    assert outcomes(credential) == {"calls": 1}


def outcomes(credential: Credential) -> dict[str, int]:
    return dict(CallCount.objects.filter(credential=credential).values_list("outcome", "number"))


def test_an_unreadable_secret_is_an_accounts_fault(start, sandbox, credential, wrong) -> None:
    Credential.objects.filter(pk=wrong.pk).update(secret_encrypted="of another installation")
    assert work(asks_first(wrong, start())).status == Job.DONE
    assert askers(sandbox) == [credential.app_key]
    wrong.refresh_from_db()
    assert wrong.last_error_code == "secret-unreadable"


def test_a_gateway_that_is_no_address_is_an_accounts_fault(start, credential, wrong) -> None:
    Credential.objects.filter(pk=wrong.pk).update(base_url="gw.example")
    assert work(asks_first(wrong, start())).status == Job.DONE
    wrong.refresh_from_db()
    assert wrong.last_error_at is not None


def test_when_all_are_wrong_the_last_one_says_why(start, sandbox, credential, wrong) -> None:
    credential.keep_secret("not it either")
    credential.save()
    job = work(start())
    call = only_call(job)
    assert (job.status, call.status, call.error_kind) == (Job.FAILED, Call.FAILED, "authentication")
    assert sorted(askers(sandbox)) == [credential.app_key, wrong.app_key]
    assert list(Credential.objects.values_list("failures_in_a_row", flat=True)) == [1, 1]


def test_one_that_fails_while_the_other_has_no_slot_waits_for_it(start, credential, wrong) -> None:
    take_slots(credential, 100)
    call = only_call(work(asks_first(wrong, start())))
    assert (call.status, call.waits_for) == (Call.WAITING, Reason.SLOT)


def test_all_that_are_asked_end_within_the_calls_lease(start, credential, wrong, settings, monkeypatch) -> None:
    """Else another worker would take the call, and make it once more."""
    settings.CALL_LEASE_SECONDS = 20
    seconds: list[float] = []
    made = pipeline.client_for

    def noted(key, account, timeouts=DEFAULT_TIMEOUTS, host=None):
        seconds.append(timeouts.total)
        return made(key, account, timeouts, host)

    monkeypatch.setattr(pipeline, "client_for", noted)
    assert work(asks_first(wrong, start())).status == Job.DONE
    first, second = seconds
    assert 20 > first >= second > 0


@pytest.mark.parametrize("fault", ["400", "413", "502", "reset", "malformed-json"])
def test_what_lies_with_the_picture_or_the_marketplace_is_asked_once(start, sandbox, credential, other, fault) -> None:
    sandbox.fault(fault)
    work(start())
    assert len(askers(sandbox)) == 1


def test_an_account_that_must_not_call_from_here_is_passed_over(start, sandbox, credential, other) -> None:
    sandbox.fault("110", times=1)
    assert work(start()).status == Job.DONE
    assert len(set(askers(sandbox))) == 2


def test_another_teams_credential_is_not_used(start, sandbox, credential, other, charlies_team) -> None:
    other.for_all_teams = False
    other.save()
    other.teams.add(charlies_team)
    for number in range(3):
        work(start(price_from=number))
    assert set(askers(sandbox)) == {credential.app_key}


def test_a_credential_of_the_own_team_is_used_beside_the_general_one(start, sandbox, credential, other, team) -> None:
    other.for_all_teams = False
    other.save()
    other.teams.add(team)
    for number in range(2):
        work(start(price_from=number))
    assert len(set(askers(sandbox))) == 2


def test_a_credential_of_another_marketplace_is_not_used(start, sandbox, credential) -> None:
    CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url=sandbox.url)
    credential.delete()
    job = start()
    assert work(job).status == Job.FAILED
    assert only_call(job).error_code == "credential-off"
    assert sandbox.calls() == []


def test_two_calls_of_one_page_take_a_slot_each_and_the_first_is_not_repeated(start, sandbox, credential) -> None:
    """Onebound's: the picture goes up by one call and is searched for by the next."""
    CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url=sandbox.url, calls_per_minute=1)
    job = work(start(marketplaces=[OTHER_MARKETPLACE]))
    assert only_call(job).waits_for == Reason.SLOT
    Credential.objects.update(calls_per_minute=2)
    make_due(job)
    assert work(job).calls.get(page=1).status == Call.DONE
    assert [call["api"] for call in sandbox.calls()] == ["upload", "search"]


def test_an_unreadable_refresh_token_is_an_accounts_fault_too(start, sandbox, credential) -> None:
    official = CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url, token="worn out")
    Credential.objects.filter(pk=official.pk).update(refresh_token_encrypted="of another installation")
    call = only_call(work(start(marketplaces=["alibaba_open"])))
    assert (call.status, call.error_code) == (Call.FAILED, "secret-unreadable")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left", [True, False])
def test_one_that_is_deleted_in_its_turn_leaves_the_call_to_the_next(start, sandbox, monkeypatch, left) -> None:
    official = CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url, token="worn out")
    job = start(marketplaces=["alibaba_open"])
    if left:
        CredentialFactory(
            marketplace="alibaba_open", base_url=sandbox.url, token=sandbox.marketplace.accounts[sandbox.app_key].token
        )
        asks_first(official, job)
    take = SingleFlight.take

    def taken_as_it_goes(flight: SingleFlight, key: str, holder: str) -> bool:
        if key == f"token:{official.pk}":
            Credential.objects.filter(pk=official.pk).delete()
        return take(flight, key, holder)

    monkeypatch.setattr(SingleFlight, "take", taken_as_it_goes)
    call = only_call(work(job))
    assert (call.status, call.error_code) == ((Call.DONE, "") if left else (Call.FAILED, "credential-off"))
