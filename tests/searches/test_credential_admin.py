"""The administration of credentials: what it keeps, what it never shows, and what its buttons do."""

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from searches.models import Credential, SearchCall
from searches.models.credential import decrypt
from tests.factories import CredentialFactory, UserFactory
from tests.searches.conftest import work
from tests.searches.credential_admin import ADD, LIST, SECRET, TOKEN, fields, page_of, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]


def add(admin: Client, **changes: object):
    return admin.post(ADD, fields(**changes))


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def test_secret_and_token_are_kept_encrypted(admin) -> None:
    assert add(admin, marketplace="alibaba_open", secret=SECRET, token=TOKEN).status_code == 302
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
    credential = CredentialFactory(marketplace="alibaba_open", secret="old", token="old")
    admin.post(page_of(credential), fields(secret=f" {SECRET}\n", token=TOKEN))
    credential.refresh_from_db()
    assert (credential.account().secret, credential.account().token) == (SECRET, TOKEN)


def test_the_token_is_removed_by_its_own_button(admin) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", token=TOKEN)
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
    credential = CredentialFactory(name="1688 main", marketplace="alibaba_open", base_url=sandbox.url)
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


def test_it_says_whether_something_is_stored_and_readable(admin, settings) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", token="")
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
