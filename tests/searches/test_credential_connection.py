"""Testing a credential's connection from the administration, and what its last error says there."""

import pytest
import redis
from django.contrib.admin.models import LogEntry
from django.db import transaction

from searches import slots
from searches.admin import credential_actions
from searches.models import Credential
from searches.valkey import connection
from tests.factories import CredentialFactory
from tests.searches.conftest import work
from tests.searches.credential_admin import ADD, LIST, fields, page_of, texts

WORKS = "the connection works. Key, signature, clock, address and allow-list are right: the gateway searched."

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]


def test_saving_and_testing_a_credential_that_works(admin, sandbox) -> None:
    changes = {"base_url": sandbox.url, "secret": sandbox.secret, "_test": "1"}
    response = admin.post(ADD, fields(**changes))
    credential = Credential.objects.get()
    assert response.url == page_of(credential)
    assert texts(response) == ["1688 main is saved.", f"1688 main: {WORKS}"]
    assert credential.last_success_at is not None
    assert credential.last_error_at is None
    assert len(sandbox.calls()) == 1
    assert LogEntry.objects.filter(change_message__contains="it works").exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_the_marketplace(admin, monkeypatch) -> None:
    """Its locks would keep all workers waiting, too: on SQLite there is one for everybody who writes."""
    within: list[bool] = []
    monkeypatch.setattr(
        credential_actions,
        "check_connection",
        lambda credential: within.append(transaction.get_connection().in_atomic_block),
    )
    admin.post(ADD, fields(secret="s", _test="1"))
    credential = Credential.objects.get()
    admin.post(page_of(credential), fields(_test="1"))
    assert within == [False, False]


def test_testing_a_credential_with_a_wrong_secret(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url, secret="wrong")
    response = admin.post(page_of(credential), fields(base_url=sandbox.url, name=credential.name, _test="1"))
    credential.refresh_from_db()
    text = texts(response)[-1]
    assert f"[{credential.last_error_code}]" in text
    assert "Invalid signature. Ask" in text
    assert "check the app key and the secret" in text
    assert credential.last_success_at is None
    listed = admin.get(LIST).content.decode()
    assert f"[{credential.last_error_code}]" in listed
    assert ">failing<" in listed
    assert "check the app key and the secret" in listed


def test_testing_from_the_list(admin, sandbox) -> None:
    works = CredentialFactory(name="a", base_url=sandbox.url)
    down = CredentialFactory(name="b", base_url="http://127.0.0.1:9")
    response = admin.post(LIST, {"action": "test_connection", "_selected_action": [works.pk, down.pk]})
    first, second = texts(response)
    assert first == f"a: {WORKS}"
    assert second.startswith("b: The connection to the marketplace failed.")
    assert "[connection]" in second


def test_a_fault_of_the_gateway_is_named_with_its_remedy(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    sandbox.fault("110")
    response = admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    (text,) = texts(response)
    assert "allow-list" in text
    assert "[110]" in text


def test_a_test_takes_a_slot_and_waits_for_none(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url, calls_per_minute=1)
    post = {"action": "test_connection", "_selected_action": [credential.pk]}
    admin.post(LIST, post)
    response = admin.post(LIST, post)
    (text,) = [text for text in texts(response) if "works" not in text]
    assert "limit" in text
    assert "Try again in" in text
    assert len(sandbox.calls()) == 1
    credential.refresh_from_db()
    assert credential.last_error_at is None


@pytest.mark.parametrize(("fault", "state"), [("110", "done"), ("reset", "in flight")])
def test_an_answered_test_frees_its_slot_and_an_unanswered_one_keeps_its_lease(admin, sandbox, fault, state) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    sandbox.fault(fault)
    admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    (slot,) = connection().zrange(f"tongkuan:calls:{{credential-{credential.pk}}}:slots", 0, -1)
    assert slot.startswith(b"d:" if state == "done" else b"f:")


def test_without_valkey_no_call_is_made(admin, sandbox, monkeypatch) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    nobody = redis.Redis.from_url("unix:///nonexistent/valkey.sock")
    monkeypatch.setattr(slots, "connection", lambda: nobody)
    response = admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    (text,) = texts(response)
    assert "Valkey does not answer" in text
    assert sandbox.calls() == []


def test_a_secret_under_a_lost_key_is_named(admin, sandbox, settings) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    settings.CREDENTIAL_KEYS = ["A" * 43 + "="]
    response = admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    (text,) = texts(response)
    assert "CREDENTIAL_KEYS" in text
    assert sandbox.calls() == []


def test_an_error_of_a_search_shows_its_remedy_and_whether_it_has_passed(admin, start, credential, sandbox) -> None:
    sandbox.fault("110", times=1)
    work(start())
    page = admin.get(page_of(credential)).content.decode()
    assert "[110]" in page
    assert "allow-list in the open platform" in page
    assert "worked since" not in page
    work(start(fresh=True))
    assert "worked since" in admin.get(page_of(credential)).content.decode()
