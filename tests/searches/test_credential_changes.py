"""The credentials' history: who changed what, from which value to which; of secrets and tokens the name only."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from searches.models import Credential
from tests.factories import CredentialFactory, TeamFactory
from tests.searches.credential_admin import ADD, HISTORY, LIST, SECRET, TOKEN, fields, of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]


def last_entry() -> str:
    return LogEntry.objects.order_by("-pk")[0].get_change_message()


def test_old_and_new_values_are_kept(admin) -> None:
    credential = CredentialFactory(name="1688 main", base_url="http://127.0.0.1:9")
    changes = {"name": "Yiwu", "base_url": "http://127.0.0.1:8/", "secret": SECRET, "calls_per_minute": "60"}
    admin.post(page_of(credential), fields(**changes))
    assert last_entry() == (
        "Changed Name: 1688 main → Yiwu; Base URL: http://127.0.0.1:9 → http://127.0.0.1:8; Secret; "
        "Calls per minute: 100 → 60."
    )
    entry = LogEntry.objects.get()
    assert entry.user.get_username() == "zhao"


def test_of_secrets_and_tokens_only_the_name_is_kept(admin) -> None:
    credential = CredentialFactory(name="1688 main", marketplace="alibaba_open", auth_url="https://auth.1688.com")
    same = {"marketplace": "alibaba_open", "auth_url": "https://auth.1688.com"}
    admin.post(page_of(credential), fields(**same, secret=SECRET, token=TOKEN))
    assert last_entry() == "Changed Secret; Access token."
    admin.post(page_of(credential), fields(**same, _remove_token="1"))
    assert last_entry() == "Removed the token."


def test_switches_limits_and_teams_in_words(admin) -> None:
    credential = CredentialFactory(name="1688 main")
    team = TeamFactory(name="Outdoor")
    changes = fields(calls_per_day="500", teams=[team.pk])
    del changes["enabled"], changes["for_all_teams"]
    admin.post(page_of(credential), changes)
    assert last_entry() == (
        "Changed Enabled: yes → no; Calls per day: – → 500; For every team: yes → no; Teams: – → Outdoor."
    )


def test_what_only_looks_changed_is_no_change(admin) -> None:
    credential = CredentialFactory(name="1688 main", base_url="http://127.0.0.1:9")
    admin.post(page_of(credential), fields(base_url="http://127.0.0.1:9/"))
    assert last_entry() == "Saved without a change."


def test_adding_is_kept_with_the_first_values(admin) -> None:
    admin.post(ADD, fields(secret=SECRET))
    text = last_entry()
    assert text.startswith(
        "Added. Name: 1688 main; Enabled: yes; Base URL: http://127.0.0.1:9; App key: 1000000; Secret;"
    )
    assert SECRET not in text


def test_deleting_is_kept_and_can_be_read_afterwards(admin) -> None:
    first, second = CredentialFactory(name="Yiwu"), CredentialFactory(name="Baigou")
    admin.post(of(first, "delete"), {"post": "yes"})
    admin.post(LIST, {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"})
    assert not Credential.objects.exists()
    page = admin.get(HISTORY).content.decode()
    assert page.count("Deleted. image_search_md5; http://127.0.0.1:9; 1000000.") == 2
    assert "Yiwu" in page
    assert "Baigou" in page
    assert page_of(first) not in page


def test_the_history_of_all_is_reached_from_the_list_and_leads_to_each(admin) -> None:
    assert f'href="{HISTORY}"' in admin.get(LIST).content.decode()
    assert "Nothing was done yet." in admin.get(HISTORY).content.decode()
    credential = CredentialFactory(name="1688 main")
    admin.post(page_of(credential), fields(calls_per_minute="60"))
    page = admin.get(HISTORY).content.decode()
    assert f'<a href="{page_of(credential)}">1688 main</a>' in page
    assert "Calls per minute: 100 → 60" in page
    assert "zhao" in page
    assert "Calls per minute: 100 → 60" in admin.get(of(credential, "history")).content.decode()


def test_a_long_history_has_pages(admin) -> None:
    credential = CredentialFactory()
    for enabled in (False, True) * 51:
        action = "switch_on" if enabled else "switch_off"
        admin.post(LIST, {"action": action, "_selected_action": [credential.pk]})
    first, second = admin.get(HISTORY).content.decode(), admin.get(HISTORY, {"p": "2"}).content.decode()
    assert "102 entries" in first
    assert first.count("Switched o") == 100
    assert second.count("Switched o") == 2
    assert 'href="?p=2"' in first


def test_other_histories_are_not_shown(admin) -> None:
    team = TeamFactory(name="Outdoor")
    admin.post(reverse("admin:accounts_team_delete", args=[team.pk]), {"post": "yes"})
    admin.get(LIST)  # shows the message of it
    assert LogEntry.objects.get().object_repr == "Outdoor"
    assert "Outdoor" not in admin.get(HISTORY).content.decode()
