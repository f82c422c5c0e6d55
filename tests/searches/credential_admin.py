"""The administration of credentials as a test asks it: its addresses, its form, and who is let in."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from searches import outgoing
from searches.models import Credential
from tests.factories import UserFactory

__all__ = ("ADD", "HISTORY", "LIST", "SECRET", "TOKEN", "admin", "fields", "of", "page_of", "static_folder", "texts")

SECRET, TOKEN = "s3cret-marked-7f1c", "t0ken-marked-9a2e"
LIST = reverse("admin:searches_credential_changelist")
ADD = reverse("admin:searches_credential_add")
HISTORY = reverse("admin:searches_credential_history_of_all")


def page_of(credential: Credential) -> str:
    return reverse("admin:searches_credential_change", args=[credential.pk])


def of(credential: Credential, name: str) -> str:
    """The address of one of its buttons or pages: "authorize", "resume", "delete", "history"."""
    return reverse(f"admin:searches_credential_{name}", args=[credential.pk])


def fields(**changes: object) -> dict[str, object]:
    return {
        "name": "1688 main",
        "marketplace": "image_search_md5",
        "base_url": "http://127.0.0.1:9",
        "app_key": "1000000",
        "secret": "",
        "token": "",
        "calls_per_minute": "100",
        "calls_per_day": "",
        "enabled": "on",
        "for_all_teams": "on",
    } | changes


def texts(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def static_folder(settings) -> None:
    """WhiteNoise warns of a missing one."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def admin(db, monkeypatch) -> Client:
    # Tests know no way to the internet.
    monkeypatch.setattr(outgoing, "SOMEWHERE", ("127.0.0.1", 9))
    client = Client()
    client.force_login(UserFactory(username="zhao", is_staff=True, is_superuser=True))
    return client
