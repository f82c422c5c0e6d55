"""The administration of credentials as a test asks it: its addresses, its form, and who is let in."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from searches import outgoing
from searches.models import CallCount, Credential
from searches.models.usage import china_day
from tests.factories import UserFactory

__all__ = (
    "ADD",
    "HISTORY",
    "LIST",
    "SECRET",
    "TOKEN",
    "admin",
    "counted",
    "fields",
    "of",
    "page_of",
    "row_of",
    "static_folder",
    "text_of",
    "texts",
)

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


def counted(credential: Credential, days_ago: int, **outcomes: int) -> None:
    day = china_day() - timedelta(days=days_ago)
    for outcome, number in outcomes.items():
        CallCount.objects.create(credential=credential, day=day, outcome=outcome, number=number)


def text_of(response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def row_of(admin, credential: Credential) -> str:
    rows = re.findall(r"<tr>(.*?)</tr>", admin.get(LIST).content.decode(), re.DOTALL)
    (row,) = [row for row in rows if page_of(credential) in row]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row))


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
