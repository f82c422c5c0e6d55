"""The credentials' pages as such: the list, who may see them, and what they are made of."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from searches.models import Credential
from searches.models.credential import encrypt
from tests.factories import CredentialFactory, TeamFactory, UserFactory
from tests.searches.credential_admin import ADD, HISTORY, LIST, counted, fields, of, page_of, row_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]

HOUR = timedelta(hours=1)


# The list


def test_the_list_says_who_may_use_which_and_what_came_of_it(admin) -> None:
    for_all = CredentialFactory(last_success_at=timezone.now())
    for_some = CredentialFactory(for_all_teams=False)
    for_some.teams.set([TeamFactory(name="Outdoor"), TeamFactory(name="Garden")])
    for_none = CredentialFactory(for_all_teams=False)
    assert "every team" in row_of(admin, for_all)
    assert "Garden, Outdoor" in row_of(admin, for_some)
    assert "none" in row_of(admin, for_none)
    assert f"{timezone.localtime():%Y-%m-%d}" in row_of(admin, for_all)


def test_the_list_costs_the_same_for_many(admin, django_assert_max_num_queries) -> None:
    def make() -> None:
        credential = CredentialFactory(for_all_teams=False)
        credential.teams.set([TeamFactory()])
        counted(credential, 0, calls=3)

    make()
    with django_assert_max_num_queries(12):
        admin.get(LIST)
    for _ in range(5):
        make()
    with django_assert_max_num_queries(12):
        admin.get(LIST)


def test_the_list_and_the_page_say_that_credentials_of_one_protocol_share_its_load(admin) -> None:
    first = CredentialFactory(name="Yiwu", calls_per_minute=100)
    CredentialFactory(name="Idle", enabled=False)
    assert "share its searches" not in text_of(admin.get(LIST))
    CredentialFactory(name="Baigou", calls_per_minute=60)
    CredentialFactory(name="Reseller", marketplace="tmapi")
    said = text_of(admin.get(LIST))
    assert "1688 (MD5 gateway) : Baigou, Yiwu share its searches, each within its own limits" in said
    assert "together at most 160 calls a minute" in said
    assert "Baigou, Yiwu: together at most 160 calls a minute" in text_of(admin.get(page_of(first)))


# Who may


def test_superusers_only(signed_in, alice) -> None:
    credential = CredentialFactory(failures_in_a_row=3, paused_until=timezone.now() + HOUR)
    staff = signed_in(UserFactory(username="staff", is_staff=True))
    for client in (staff, signed_in(alice), signed_in(None)):
        client.post(of(credential, "resume"))
        assert client.get(HISTORY).status_code in (302, 403)
        credential.refresh_from_db()
        assert credential.is_paused
    assert staff.post(of(credential, "resume")).status_code == 403
    assert staff.get(HISTORY).status_code == 403


def test_the_pages_need_nothing_inline(admin) -> None:
    credential = CredentialFactory(
        failures_in_a_row=3, paused_until=timezone.now() + HOUR, last_error_at=timezone.now()
    )
    counted(credential, 0, calls=3, throttled=1)
    admin.post(page_of(credential), fields())
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    for url in (page_of(credential), HISTORY, ADD, f"{ADD}?marketplace=alibaba_open"):
        response = admin.get(url)
        assert response.status_code == 200
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert not inline.search(response.content.decode()), url


def test_what_others_wrote_is_text(admin) -> None:
    credential = CredentialFactory(
        name="<b>name</b>", last_error_at=timezone.now(), last_error_code="<i>", last_error_message="<u>said</u>"
    )
    CredentialFactory(name="other")
    for url in (LIST, page_of(credential), HISTORY):
        page = admin.get(url).content.decode()
        for tag in ("<b>name", "<i>", "<u>said"):
            assert tag not in page


def test_a_token_is_unreadable_too(admin, settings) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", last_success_at=timezone.now())
    assert "works" in row_of(admin, credential)
    Credential.objects.update(refresh_token_encrypted="x" + encrypt("refresh"))
    assert "unreadable" in row_of(admin, credential)
