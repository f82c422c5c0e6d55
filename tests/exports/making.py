"""Asking for exports, and looking at what was stored."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Team, User
from exports import writing
from exports.models import Export
from searches.storages import walk


def ask(user: User, team: Team, **changed: object) -> Export:
    asked = {"writer": "notes", "kind": "csv", "subject": 7, "label": "Spring", "language": "en"}
    return writing.ask_for(user=user, team=team, **(asked | {"params": {"greeting": "hello"}} | changed))


def stored() -> list[str]:
    return [file.name for file in walk(writing.FOLDER)]


def content(export: Export) -> bytes:
    with default_storage.open(export.file_name) as file:
        return bytes(file.read())


def pass_lease(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
