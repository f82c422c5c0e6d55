"""Who gets an answer that somebody has paid for: everybody whose team may use the marketplace, and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from searches.models import CallCount, SearchCall, SearchJob, SupplierMatch
from searches.valkey import connection
from tests.factories import CredentialFactory
from tests.sandbox.running import running_sandbox
from tests.searches.conftest import only_call, work
from tests.searches.line import take_slots
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


@pytest.fixture
def only_alices(credential, team):
    """The credential, taken from everybody but alice's team."""
    credential.for_all_teams = False
    credential.save()
    credential.teams.set([team])
    return credential


def test_users_and_teams_share_it(start, sandbox, bob, charlie, charlies_team) -> None:
    work(start())
    for asker in ({"user": bob}, {"user": charlie, "team": charlies_team}):
        call = only_call(work(start(**asker)))
        assert (call.status, call.from_cache, call.offers_found) == (Call.DONE, True, 50)
    assert len(sandbox.calls()) == 1


def test_it_is_shown_as_such_with_its_age(start, charlie, charlies_team, signed_in) -> None:
    work(start())
    job = work(start(user=charlie, team=charlies_team))
    SearchCall.objects.filter(job=job).update(fetched_at=timezone.now() - timedelta(minutes=5))
    assert "cached, 5 min old" in text_of(signed_in(charlie).get(job.get_absolute_url()))


def test_it_needs_no_slot(start, credential) -> None:
    work(start())
    take_slots(credential, 99)
    assert only_call(work(start())).from_cache


def test_a_team_that_may_not_use_the_marketplace_gets_nothing(start, only_alices, charlie, charlies_team) -> None:
    work(start())
    job = work(start(user=charlie, team=charlies_team))
    call = only_call(job)
    assert (job.status, call.status, call.error_code) == (Job.FAILED, Call.FAILED, "credential-off")
    assert call.error_remedy
    assert not SupplierMatch.objects.filter(job=job).exists()
    assert not CallCount.objects.filter(outcome="cached").exists()


def test_a_team_with_an_account_of_its_own_at_the_same_gateway_shares_it(
    start, sandbox, only_alices, charlie, charlies_team
) -> None:
    theirs = CredentialFactory(base_url=sandbox.url, app_key="1000001", secret="test124", for_all_teams=False)
    theirs.teams.set([charlies_team])
    work(start())
    call = only_call(work(start(user=charlie, team=charlies_team)))
    assert (call.from_cache, call.credential) == (True, theirs)
    assert len(sandbox.calls()) == 1


def test_another_gateways_answer_is_another(start, sandbox, only_alices, charlie, charlies_team) -> None:
    work(start())
    with running_sandbox(views=20, floor=0.0) as elsewhere:
        theirs = CredentialFactory(base_url=elsewhere.url, for_all_teams=False)
        theirs.teams.set([charlies_team])
        job = work(start(user=charlie, team=charlies_team))
        assert not only_call(job).from_cache
        assert job.matches.first().url.startswith(elsewhere.url)
        assert len(elsewhere.calls()) == 1
    assert len(sandbox.calls()) == 1


def test_what_one_gateway_answered_is_found_by_a_team_that_may_use_two(start, sandbox, credential) -> None:
    work(start())
    with running_sandbox(views=20, floor=0.0) as elsewhere:
        CredentialFactory(base_url=elsewhere.url)
        calls = [only_call(work(start())) for _ in range(2)]
        assert [(call.from_cache, call.credential) for call in calls] == [(True, credential)] * 2
        assert elsewhere.calls() == []


def test_after_its_time_it_is_asked_anew(start, sandbox, credential) -> None:
    work(start())
    (entry,) = connection().keys("*{results}:entry:*")
    assert 0 < connection().ttl(entry) <= credential.protocol.cache_seconds
    connection().delete(entry)
    assert not only_call(work(start())).from_cache
    assert len(sandbox.calls()) == 2


def test_a_team_whose_credential_was_switched_off_gets_no_old_answers(start, credential) -> None:
    work(start())
    credential.enabled = False
    credential.save()
    assert only_call(work(start())).error_code == "credential-off"
