"""The administration of credentials: what it keeps, what it never shows, and what its buttons do."""

import logging
import re

import pytest
import redis
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from searches import slots
from searches.models import Credential, SearchCall
from searches.models.credential import decrypt
from searches.valkey import connection
from tests.factories import CredentialFactory, UserFactory
from tests.searches.conftest import work

pytestmark = pytest.mark.django_db

SECRET, TOKEN = "s3cret-marked-7f1c", "t0ken-marked-9a2e"
LIST = reverse("admin:searches_credential_changelist")
ADD = reverse("admin:searches_credential_add")


def page_of(credential: Credential) -> str:
    return reverse("admin:searches_credential_change", args=[credential.pk])


def fields(**changes: object) -> dict[str, object]:
    return {
        "name": "1688 main",
        "marketplace": "image_search_md5",
        "base_url": "http://127.0.0.1:9",
        "app_key": "1000000",
        "secret": "",
        "token": "",
        "calls_per_minute": "100",
        "enabled": "on",
    } | changes


def texts(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture(autouse=True)
def static_folder(settings) -> None:
    """WhiteNoise warns of a missing one."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def admin(db) -> Client:
    client = Client()
    client.force_login(UserFactory(username="zhao", is_staff=True, is_superuser=True))
    return client


def add(admin: Client, **changes: object):
    return admin.post(ADD, fields(**changes))


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def test_secret_and_token_are_kept_encrypted(admin) -> None:
    assert add(admin, secret=SECRET, token=TOKEN).status_code == 302
    credential = Credential.objects.get()
    assert SECRET not in credential.secret_encrypted
    assert TOKEN not in credential.token_encrypted
    assert (credential.account().secret, credential.account().token) == (SECRET, TOKEN)


def test_empty_fields_keep_what_is_stored(admin) -> None:
    credential = CredentialFactory(secret=SECRET, token=TOKEN)
    admin.post(page_of(credential), fields(name="renamed"))
    credential.refresh_from_db()
    assert credential.name == "renamed"
    assert (credential.account().secret, credential.account().token) == (SECRET, TOKEN)


def test_what_is_typed_replaces_what_is_stored(admin) -> None:
    credential = CredentialFactory(secret="old", token="old")
    admin.post(page_of(credential), fields(secret=f" {SECRET}\n", token=TOKEN))
    credential.refresh_from_db()
    assert (credential.account().secret, credential.account().token) == (SECRET, TOKEN)


def test_the_token_is_removed_by_its_own_button(admin) -> None:
    credential = CredentialFactory(token=TOKEN)
    assert "_remove_token" in admin.get(page_of(credential)).content.decode()
    response = admin.post(page_of(credential), fields(_remove_token="1"))
    assert response.url == page_of(credential)
    credential.refresh_from_db()
    assert credential.token_encrypted == ""
    assert credential.secret_encrypted
    assert "_remove_token" not in admin.get(page_of(credential)).content.decode()


def test_a_new_credential_needs_its_secret(admin) -> None:
    assert "secret" in errors(add(admin))
    assert not Credential.objects.exists()


def test_no_page_no_message_no_history_and_no_log_holds_a_secret(admin, sandbox, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    CredentialFactory(name="1688 main", base_url=sandbox.url)
    credential = Credential.objects.get()
    refused = admin.post(page_of(credential), fields(secret=SECRET, token=TOKEN, app_key=""))
    tested = admin.post(
        page_of(credential), fields(secret=SECRET, token=TOKEN, base_url=sandbox.url, _test="1"), follow=True
    )
    history = reverse("admin:searches_credential_history", args=[credential.pk])
    pages = [refused, tested, *(admin.get(url) for url in (LIST, page_of(credential), history, reverse("admin:index")))]
    credential.refresh_from_db()
    everything = [page.content.decode() for page in pages]
    everything += [entry.change_message + str(entry) for entry in LogEntry.objects.all()]
    everything += [caplog.text, repr(credential), str(vars(credential)), repr(credential.account())]
    assert credential.account().secret == SECRET
    for text in everything:
        assert SECRET not in text
        assert TOKEN not in text
    assert credential.secret_encrypted not in "".join(page.content.decode() for page in pages)


def test_the_history_names_what_changed(admin) -> None:
    credential = CredentialFactory(name="1688 main", base_url="http://127.0.0.1:9", secret="old", token="old")
    admin.post(page_of(credential), fields(secret=SECRET))
    assert LogEntry.objects.get().get_change_message() == "Changed Secret."


def test_it_says_whether_something_is_stored_and_readable(admin, settings) -> None:
    credential = CredentialFactory(token="")
    form = admin.get(page_of(credential)).context["adminform"].form
    assert form.fields["secret"].help_text.startswith("Stored.")
    assert form.fields["token"].help_text.startswith("Not stored.")
    settings.CREDENTIAL_KEYS = ["A" * 43 + "="]
    form = admin.get(page_of(credential)).context["adminform"].form
    assert "none of the server's keys" in form.fields["secret"].help_text


@pytest.mark.parametrize(
    "base_url",
    [
        "ftp://gateway.example",
        "gateway.example",
        "https://",
        "https://user:password@gateway.example",
        "https://gateway.example/?key=1",
        "https://gateway.example?",
        "https://gateway.example/#top",
        "https://gateway.example:port",
        "javascript:alert(1)",
        "https://gate way.example",
    ],
)
def test_an_address_that_is_more_or_less_than_a_server_is_refused(admin, base_url) -> None:
    assert "base_url" in errors(add(admin, base_url=base_url, secret=SECRET))
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("base_url", "kept"),
    [
        ("https://gateway.example/api/", "https://gateway.example/api"),
        (" http://127.0.0.1:8100 ", "http://127.0.0.1:8100"),
        ("", "https://gw.open.1688.com"),
    ],
)
def test_an_address_is_tidied_and_none_is_the_protocols_own(admin, base_url, kept) -> None:
    add(admin, base_url=base_url, secret=SECRET)
    assert Credential.objects.get().base_url == kept


@pytest.mark.parametrize("limit", ["0", "-1", "100001", "many"])
def test_a_limit_that_no_marketplace_has_is_refused(admin, limit) -> None:
    assert "calls_per_minute" in errors(add(admin, calls_per_minute=limit, secret=SECRET))


def test_saving_and_testing_a_credential_that_works(admin, sandbox) -> None:
    changes = {"base_url": sandbox.url, "secret": sandbox.secret, "_test": "1"}
    response = admin.post(ADD, fields(**changes))
    credential = Credential.objects.get()
    assert response.url == page_of(credential)
    assert texts(response) == ["1688 main is saved.", "1688 main: the connection works."]
    assert credential.last_success_at is not None
    assert credential.last_error_at is None
    assert len(sandbox.calls()) == 1
    assert LogEntry.objects.filter(change_message__contains="it works").exists()


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
    assert f"<b>{credential.last_error_code}</b>" in listed
    assert "check the app key and the secret" in listed


def test_testing_from_the_list(admin, sandbox) -> None:
    works = CredentialFactory(name="a", base_url=sandbox.url)
    down = CredentialFactory(name="b", base_url="http://127.0.0.1:9")
    response = admin.post(LIST, {"action": "test_connection", "_selected_action": [works.pk, down.pk]})
    first, second = texts(response)
    assert first == "a: the connection works."
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
    assert "Test again in" in text
    assert len(sandbox.calls()) == 1
    credential.refresh_from_db()
    assert credential.last_error_at is None


@pytest.mark.parametrize(("fault", "state"), [("110", "done"), ("reset", "in flight")])
def test_an_answered_test_frees_its_slot_and_an_unanswered_one_keeps_its_lease(admin, sandbox, fault, state) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    sandbox.fault(fault)
    admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    (slot,) = connection().zrange(f"tongkuan:slots:credential-{credential.pk}", 0, -1)
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
    listed = admin.get(LIST).content.decode()
    assert "<b>110</b>" in listed
    assert "allow-list in the open platform" in listed
    assert "worked since" not in listed
    work(start(fresh=True))
    assert "worked since" in admin.get(LIST).content.decode()


def test_switching_off_and_on(admin) -> None:
    first, second = CredentialFactory(enabled=True), CredentialFactory(enabled=False)
    post = {"_selected_action": [first.pk, second.pk]}
    assert texts(admin.post(LIST, post | {"action": "switch_off"})) == ["1 credential switched off."]
    assert not Credential.objects.usable().exists()
    admin.post(LIST, post | {"action": "switch_on"})
    assert Credential.objects.usable().count() == 2
    assert LogEntry.objects.filter(change_message="Switched on.").count() == 2


def test_a_credential_with_calls_can_be_deleted_and_the_history_keeps_its_name(admin, start, credential) -> None:
    work(start())
    response = admin.post(reverse("admin:searches_credential_delete", args=[credential.pk]), {"post": "yes"})
    assert response.status_code == 302
    assert not Credential.objects.exists()
    call = SearchCall.objects.get()
    assert (call.credential, call.credential_name) == (None, credential.name)


def test_only_superusers_reach_credentials() -> None:
    credential = CredentialFactory()
    staff = UserFactory(username="staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(staff)
    for url in (LIST, ADD, page_of(credential), reverse("admin:searches_credential_delete", args=[credential.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url, fields(secret=SECRET)).status_code == 403
    assert credential.name not in client.get(reverse("admin:index")).content.decode()
    assert Credential.objects.count() == 1
    assert decrypt(Credential.objects.get().secret_encrypted) == "test123"


def test_a_buyer_and_a_stranger_are_not_let_in(alice, signed_in) -> None:
    assert signed_in(None).get(LIST).status_code == 302
    response = signed_in(alice).get(LIST, follow=True)
    assert response.status_code == 403


def test_enter_saves_and_does_no_more(admin) -> None:
    """Browsers take a form's first button for the Enter key."""
    page = admin.get(page_of(CredentialFactory())).content.decode()
    form = page[page.index('id="credential_form"') :]
    buttons = re.findall(r'<(?:input type="submit"|button)[^>]*name="([^"]*)"', form)
    assert buttons == ["_save", "_test", "_remove_token"]


def test_the_pages_need_nothing_inline(admin) -> None:
    credential = CredentialFactory(last_error_code="110", last_error_message="refused", last_error_at=None)
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    delete = reverse("admin:searches_credential_delete", args=[credential.pk])
    for url in (LIST, ADD, page_of(credential), delete, reverse("admin:index")):
        response = admin.get(url)
        assert "style-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert not inline.search(response.content.decode()), url
