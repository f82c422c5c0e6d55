"""Authorizing at 1688, from the administrator's button to tokens in the store, with the sandbox's OAuth over HTTP."""

import html
import logging
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
import requests
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from searches import slots
from searches.admin import authorizing
from searches.models import Credential
from searches.models.credential import decrypt
from searches.models.usage import calls_today
from tests.factories import CredentialFactory, UserFactory
from tests.searches.credential_admin import HISTORY, LIST, of, page_of, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]

CALLBACK = "http://testserver/admin/searches/credential/authorized/"


@pytest.fixture
def official(sandbox) -> Credential:
    return CredentialFactory(
        name="Official", marketplace="alibaba_open", base_url=sandbox.url, auth_url=sandbox.url, token=""
    )


def begin(admin: Client, credential: Credential) -> str:
    """Where the browser is sent when the button is pressed."""
    response = admin.post(of(credential, "authorize"))
    assert response.status_code == 302
    return response.url


def decide(asked: str, decision: str = "allow") -> str:
    """What a person does at the marketplace; answers where the browser is sent back to."""
    page = requests.get(asked, timeout=10)
    assert page.status_code == 200
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    sent = {name: html.unescape(value) for name, value in hidden.items()} | {"decision": decision}
    target = asked.partition("?")[0]
    answer = requests.post(target, data=sent, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    return answer.headers["Location"]


def code_in(back: str) -> str:
    return parse_qs(urlsplit(back).query)["code"][0]


def test_from_the_button_to_the_tokens(admin, sandbox, official) -> None:
    asked = begin(admin, official)
    assert asked.startswith(f"{sandbox.url}/oauth/authorize?")
    assert parse_qs(urlsplit(asked).query)["redirect_uri"] == [CALLBACK]
    back = decide(asked)
    assert back.startswith(CALLBACK)
    response = admin.get(back)
    assert response.url == page_of(official)
    assert texts(response) == ["Official is authorized: its tokens are stored."]
    official.refresh_from_db()
    assert official.account().token
    assert official.refresh_token_encrypted
    assert official.token_expires_at > timezone.now() + timedelta(hours=1)
    assert official.refresh_expires_at > timezone.now() + timedelta(days=100)
    assert LogEntry.objects.filter(change_message="Authorized: new tokens.").count() == 1
    assert calls_today(official) == 1
    page = admin.get(page_of(official)).content.decode()
    assert "is renewed by itself" in page
    assert "The authorization is good for" in page


def test_browsers_may_follow_the_button_to_the_marketplace_and_nowhere_else(admin, sandbox, official) -> None:
    policy = admin.get(page_of(official))["Content-Security-Policy"]
    assert f"form-action 'self' {sandbox.url};" in f"{policy};"
    other = CredentialFactory()
    assert "form-action 'self';" in admin.get(page_of(other))["Content-Security-Policy"] + ";"


def test_what_the_former_authorization_gave_goes(admin, official) -> None:
    official.keep_token("pasted")
    official.failures_in_a_row, official.paused_until = 3, timezone.now() + timedelta(hours=1)
    official.save()
    admin.get(decide(begin(admin, official)))
    official.refresh_from_db()
    assert official.account().token != "pasted"
    assert not official.is_paused
    assert official.failures_in_a_row == 0


def test_an_answer_is_good_once(admin, sandbox, official) -> None:
    back = decide(begin(admin, official))
    admin.get(back)
    official.refresh_from_db()
    token = official.token_encrypted
    response = admin.get(back)
    assert response.url == LIST
    assert texts(response)[-1].startswith("This answer belongs to no question of this session")
    official.refresh_from_db()
    assert official.token_encrypted == token
    assert calls_today(official) == 1


def test_a_state_that_is_spent_is_spent_even_if_the_code_was_bad(admin, official) -> None:
    asked = begin(admin, official)
    state = parse_qs(urlsplit(asked).query)["state"][0]
    assert "not authorized" in texts(admin.get(CALLBACK, {"state": state, "code": "wrong"}))[0]
    good = code_in(decide(asked))
    response = admin.get(CALLBACK, {"state": state, "code": good})
    assert texts(response)[-1].startswith("This answer belongs to no question")
    official.refresh_from_db()
    assert official.token_encrypted == ""


def refused(client: Client, back: str, credential: Credential) -> None:
    response = client.get(back)
    assert response.url == LIST
    assert texts(response)[-1].startswith("This answer belongs to no question")
    credential.refresh_from_db()
    assert credential.token_encrypted == ""
    assert calls_today(credential) == 0


def test_an_answer_in_a_foreign_session_is_refused(admin, official) -> None:
    back = decide(begin(admin, official))
    colleague, same_person = Client(), Client()
    colleague.force_login(UserFactory(username="wang", is_staff=True, is_superuser=True))
    same_person.force_login(admin.get(LIST).wsgi_request.user)
    refused(colleague, back, official)
    refused(same_person, back, official)


def test_another_sessions_state_is_refused_even_if_one_is_expected(admin, official) -> None:
    """Somebody makes an administrator's browser bring their own code, while the administrator is being asked."""
    attacker = Client()
    attacker.force_login(UserFactory(username="wang", is_staff=True, is_superuser=True))
    back = decide(begin(attacker, official))
    begin(admin, official)
    refused(admin, back, official)


def test_the_last_question_counts(admin, official) -> None:
    first = decide(begin(admin, official))
    begin(admin, official)
    refused(admin, first, official)


@pytest.mark.parametrize("state", [None, "", "x", "WzEsMSwieCJd:1abc:forged"])
def test_a_forged_state_is_refused(admin, official, state) -> None:
    begin(admin, official)
    query = {"code": "anything"} | ({} if state is None else {"state": state})
    response = admin.get(CALLBACK, query)
    assert response.url == LIST
    assert texts(response)[-1].startswith("This answer belongs to no question")
    assert calls_today(official) == 0


def test_a_state_is_good_for_ten_minutes(admin, official, monkeypatch) -> None:
    assert authorizing.SECONDS_GOOD == 600
    back = decide(begin(admin, official))
    monkeypatch.setattr(authorizing, "SECONDS_GOOD", -1)
    refused(admin, back, official)


def test_a_refusal_at_the_marketplace_is_said_and_changes_nothing(admin, official) -> None:
    official.keep_token("pasted")
    official.save()
    response = admin.get(decide(begin(admin, official), "deny"))
    assert response.url == page_of(official)
    (text,) = texts(response)
    assert "not authorized, nothing was changed" in text
    assert "[access_denied]" in text
    official.refresh_from_db()
    assert official.account().token == "pasted"
    assert LogEntry.objects.filter(change_message="Authorization failed: access_denied.").exists()


def test_what_a_marketplace_says_of_a_refusal_is_text(admin, official) -> None:
    state = parse_qs(urlsplit(begin(admin, official)).query)["state"][0]
    answer = {"state": state, "error": "<script>alert(1)</script>", "error_description": "<b>" + "x" * 1000}
    page = admin.get(CALLBACK, answer, follow=True).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "x" * 201 not in page


def test_a_code_that_is_refused_changes_nothing_and_is_not_held_against_the_credential(admin, official) -> None:
    official.keep_token("pasted")
    official.save()
    back = decide(begin(admin, official))
    response = admin.get(back.replace(code_in(back), "wrong"))
    (text,) = texts(response)
    assert "not authorized, nothing was changed" in text
    assert "[invalid_grant]" in text
    official.refresh_from_db()
    assert official.account().token == "pasted"
    assert (official.failures_in_a_row, official.last_error_at) == (0, None)


def test_a_wrong_secret_is_named(admin, official) -> None:
    official.keep_secret("wrong")
    official.save()
    (text,) = texts(admin.get(decide(begin(admin, official))))
    assert "[invalid_client]" in text
    official.refresh_from_db()
    assert official.token_encrypted == official.refresh_token_encrypted == ""


def test_without_a_slot_or_valkey_it_is_said(admin, official, monkeypatch) -> None:
    Credential.objects.update(calls_per_minute=1)
    admin.get(decide(begin(admin, official)))
    (_, text) = texts(admin.get(decide(begin(admin, official))))
    assert "All calls that the limit allows at present are taken" in text
    nobody = redis.Redis.from_url("unix:///nonexistent/valkey.sock")
    monkeypatch.setattr(slots, "connection", lambda: nobody)
    assert "Valkey does not answer" in texts(admin.get(decide(begin(admin, official))))[-1]


def test_a_credential_that_is_deleted_meanwhile(admin, official) -> None:
    back = decide(begin(admin, official))
    official.delete()
    response = admin.get(back)
    assert response.url == LIST
    assert texts(response) == ["The credential was deleted meanwhile."]


def test_an_authorization_address_that_is_none_is_said(admin, official) -> None:
    Credential.objects.update(auth_url="nonsense")
    response = admin.post(of(official, "authorize"))
    assert response.url == page_of(official)
    assert texts(response)[0].startswith("Official: ")


def test_protocols_without_oauth_have_no_such_button(admin) -> None:
    credential = CredentialFactory()
    assert of(credential, "authorize") not in admin.get(page_of(credential)).content.decode()
    assert admin.post(of(credential, "authorize")).status_code == 404
    assert admin.get(of(credential, "authorize")).status_code == 405


def test_signed_out_meanwhile_the_code_goes_no_further(admin, official) -> None:
    back = decide(begin(admin, official))
    admin.logout()
    response = admin.get(back)
    assert response.status_code == 302
    assert code_in(back) not in response.url
    assert "Sign in and authorize again" in texts(response)[0]
    official.refresh_from_db()
    assert official.token_encrypted == ""


def test_superusers_only(admin, official, signed_in, alice) -> None:
    back = decide(begin(admin, official))
    staff = signed_in(UserFactory(username="staff", is_staff=True))
    for client in (staff, signed_in(alice)):
        assert client.post(of(official, "authorize")).status_code in (302, 403)
        assert client.get(back).status_code == 403
    assert staff.post(of(official, "authorize")).status_code == 403
    assert "oauth" not in signed_in(alice).post(of(official, "authorize")).url
    official.refresh_from_db()
    assert official.token_encrypted == ""


def test_no_page_no_message_no_history_and_no_log_holds_codes_or_tokens(admin, sandbox, official, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    spent, pages = [], []
    for _ in range(2):
        back = decide(begin(admin, official))
        spent.append(code_in(back))
        pages.append(admin.get(back, follow=True))
    pages.append(admin.get(decide(begin(admin, official)).replace("code=", "code=marked"), follow=True))
    official.refresh_from_db()
    tokens = [official.account().token, decrypt(official.refresh_token_encrypted), official.account().secret]
    assert all(tokens)
    pages += [admin.get(url) for url in (LIST, HISTORY, page_of(official), of(official, "history"))]
    everything = [page.content.decode() for page in pages]
    everything += [str(page.redirect_chain) for page in pages[:3]]
    everything += [entry.change_message for entry in LogEntry.objects.all()]
    everything += [str(dict(admin.session)), caplog.text, repr(official)]
    for text in everything:
        for marked in (*spent, *tokens, "marked"):
            assert marked not in text
