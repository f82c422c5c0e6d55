"""What the product gives a marketplace's client: a memory shared by all workers, and one fresh token for all."""

import uuid
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils import timezone

from searches.hosting import CredentialHost
from searches.marketplaces import Account, ErrorKind, MarketplaceError, Tokens
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.models import Credential, SearchCall, SearchJob
from searches.models.credential import decrypt
from searches.resultstore import SingleFlight
from searches.valkey import connection
from searches.waiting import MustWait
from tests.factories import CredentialFactory
from tests.searches.conftest import make_due, only_call, work

pytestmark = pytest.mark.django_db
Call, Job, Reason = SearchCall.Status, SearchJob.Status, SearchCall.Reason
BACK = "http://portal.example/back"


# The memory


def test_what_is_remembered_is_known_to_every_worker(credential) -> None:
    CredentialHost(credential).remember("picture", "imageId 7", seconds=60)
    assert CredentialHost(Credential.objects.get()).recall("picture") == "imageId 7"
    assert CredentialHost(credential).recall("another picture") is None


def test_it_is_forgotten_when_told_to(credential) -> None:
    host = CredentialHost(credential)
    host.remember("picture", "imageId 7", seconds=60)
    host.forget("picture")
    host.forget("picture")
    assert host.recall("picture") is None


def test_it_is_forgotten_after_its_time(credential) -> None:
    CredentialHost(credential).remember("picture", "imageId 7", seconds=60)
    (key,) = connection().keys("*memo:*")
    assert 50 < connection().ttl(key) <= 60


def test_another_credential_knows_nothing_of_it(credential) -> None:
    CredentialHost(credential).remember("picture", "imageId 7", seconds=60)
    assert CredentialHost(CredentialFactory(base_url=credential.base_url)).recall("picture") is None


@pytest.mark.parametrize("column", ["base_url", "app_key"])
def test_a_credential_that_became_another_account_knows_nothing_of_it(credential, column) -> None:
    CredentialHost(credential).remember("picture", "imageId 7", seconds=60)
    before = getattr(credential, column)
    setattr(credential, column, "http://127.0.0.1:9")
    assert CredentialHost(credential).recall("picture") is None
    setattr(credential, column, before)
    assert CredentialHost(credential).recall("picture") == "imageId 7"


def test_pages_of_one_photo_cost_one_upload(start, sandbox) -> None:
    CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url)
    work(start(marketplaces=["alibaba_open"], wanted=100), turns=2)
    work(start(marketplaces=["alibaba_open"], price_from=5))
    apis = [call["api"].rpartition("/")[2].rpartition(":")[2] for call in sandbox.calls()]
    assert sum("upload" in api for api in apis) == 1
    assert len(apis) == 4


# The token


@pytest.fixture
def official(credential, sandbox) -> Credential:
    """The platform's credential, authorized by OAuth."""
    account = Account(sandbox.url, sandbox.app_key, sandbox.secret, auth_url=sandbox.url)
    with closing(AlibabaOpen(account)) as client:
        tokens = client.exchange_code(sandbox.marketplace.tokens.issue_code(sandbox.app_key, BACK), BACK)
    made = CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url)
    made.keep_tokens(tokens)
    made.save()
    sandbox.clear_calls()
    return made


NEW = Tokens("new access", "new refresh", expires_in=36_000, refresh_expires_in=180 * 86_400)


def token_of(credential: Credential) -> str:
    return decrypt(Credential.objects.get(pk=credential.pk).token_encrypted)


def test_a_renewed_token_is_kept_encrypted_with_its_time(official) -> None:
    given: list[str] = []

    def renew(refresh_token: str) -> Tokens:
        given.append(refresh_token)
        return NEW

    before = Credential.objects.get(pk=official.pk)
    assert CredentialHost(official).renew_token(token_of(official), renew) == "new access"
    stored = Credential.objects.get(pk=official.pk)
    assert given == [decrypt(before.refresh_token_encrypted)]
    assert (decrypt(stored.token_encrypted), decrypt(stored.refresh_token_encrypted)) == ("new access", "new refresh")
    assert "new" not in stored.token_encrypted + stored.refresh_token_encrypted
    assert abs(stored.token_expires_at - timezone.now() - timedelta(hours=10)) < timedelta(minutes=1)
    assert abs(stored.refresh_expires_at - timezone.now() - timedelta(days=180)) < timedelta(minutes=1)
    assert (stored.secret_encrypted, stored.app_key) == (before.secret_encrypted, before.app_key)


def test_a_refresh_token_that_is_not_replaced_stays(official) -> None:
    before = Credential.objects.get(pk=official.pk)
    CredentialHost(official).renew_token(token_of(official), lambda _old: Tokens("new access", expires_in=60))
    stored = Credential.objects.get(pk=official.pk)
    assert stored.refresh_token_encrypted == before.refresh_token_encrypted
    assert stored.refresh_expires_at == before.refresh_expires_at


@pytest.mark.parametrize("pasted", ["pasted", ""])
def test_what_an_administrator_did_meanwhile_is_not_undone(official, pasted) -> None:
    def renew(refresh_token: str) -> Tokens:
        changed = Credential.objects.get(pk=official.pk)
        changed.keep_token(pasted)
        changed.save()
        return NEW

    assert CredentialHost(official).renew_token(token_of(official), renew) == "new access"
    stored = Credential.objects.get(pk=official.pk)
    assert (decrypt(stored.token_encrypted), stored.refresh_token_encrypted) == (pasted, "")
    assert (stored.token_expires_at, stored.refresh_expires_at) == (None, None)


def never(refresh_token: str) -> Tokens:
    raise AssertionError("the token was renewed already")


def test_who_comes_later_gets_the_token_that_is_there(official) -> None:
    assert CredentialHost(official).renew_token("of yesterday", never) == token_of(official)


def test_of_two_at_once_one_calls_and_the_other_waits_for_its_token(official) -> None:
    stale, waits = token_of(official), []

    def renew(refresh_token: str) -> Tokens:
        with pytest.raises(MustWait) as wait:
            CredentialHost(Credential.objects.get(pk=official.pk)).renew_token(stale, never)
        waits.append(wait.value)
        return NEW

    CredentialHost(official).renew_token(stale, renew)
    assert [(wait.reason, wait.seconds < 5) for wait in waits] == [(Reason.TOKEN, True)]
    assert CredentialHost(official).renew_token(stale, never) == "new access"


def test_another_credentials_renewal_keeps_nobody_waiting(official) -> None:
    other = CredentialFactory(marketplace="alibaba_open")
    other.keep_tokens(Tokens("access", "refresh"))
    other.save()

    def renew(refresh_token: str) -> Tokens:
        assert CredentialHost(other).renew_token("access", lambda _old: NEW) == "new access"
        return NEW

    CredentialHost(official).renew_token(token_of(official), renew)


def test_a_renewal_that_failed_keeps_nobody_waiting(official) -> None:
    def fail(refresh_token: str) -> Tokens:
        raise MarketplaceError("No.", kind=ErrorKind.UPSTREAM, code="502", retryable=True, remedy="")

    stale = token_of(official)
    with pytest.raises(MarketplaceError):
        CredentialHost(official).renew_token(stale, fail)
    assert CredentialHost(official).renew_token(stale, lambda _old: NEW) == "new access"


def test_without_a_refresh_token_somebody_has_to_authorize_again(official) -> None:
    official.keep_token("pasted")
    official.save()
    with pytest.raises(MarketplaceError) as failure:
        CredentialHost(official).renew_token("pasted", never)
    assert failure.value.kind is ErrorKind.AUTHENTICATION
    assert failure.value.remedy


# Both, as searches meet them


def test_a_token_that_ended_is_renewed_once_on_the_way(start, sandbox, official) -> None:
    before = token_of(official)
    sandbox.expire_tokens()
    job = work(start(marketplaces=["alibaba_open"]))
    assert job.status == Job.DONE
    assert token_of(official) != before
    sandbox.clear_calls()
    assert work(start(marketplaces=["alibaba_open"], price_from=5)).status == Job.DONE
    assert len(sandbox.calls()) == 1


def test_a_token_about_to_end_is_renewed_before_it_is_refused(start, sandbox, official) -> None:
    Credential.objects.filter(pk=official.pk).update(token_expires_at=timezone.now() + timedelta(minutes=1))
    before = token_of(official)
    assert work(start(marketplaces=["alibaba_open"])).status == Job.DONE
    assert token_of(official) != before
    assert all(call["outcome"] == "ok" for call in sandbox.calls())


def test_while_another_worker_renews_it_a_call_waits_and_spends_no_attempt(start, sandbox, official) -> None:
    flight, holder = SingleFlight(connection(), lease_seconds=60), uuid.uuid4().hex
    assert flight.take(f"token:{official.pk}", holder)
    sandbox.expire_tokens()
    job = work(start(marketplaces=["alibaba_open"]))
    call = only_call(job)
    assert (call.status, call.waits_for, call.attempts, call.error_code) == (Call.WAITING, Reason.TOKEN, 0, "")
    flight.leave(f"token:{official.pk}", holder)
    make_due(job)
    assert work(job).status == Job.DONE


def test_an_authorization_that_ended_is_named_and_counts_against_the_credential(start, sandbox, official) -> None:
    Credential.objects.filter(pk=official.pk).update(refresh_token_encrypted="", token_expires_at=None)
    sandbox.expire_tokens()
    call = only_call(work(start(marketplaces=["alibaba_open"])))
    assert (call.status, call.error_kind) == (Call.FAILED, "authentication")
    assert "authorize" in call.error_remedy
    official.refresh_from_db()
    assert official.failures_in_a_row == 1
