"""Two people at one entry on PostgreSQL: the first has not committed when the second begins."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from suppliers.actions import MOST_FILES, attach, change_entry, delete_list, propose, remove_entry
from suppliers.models import Approval, Attachment, DeletedList, ListEntry
from suppliers.trouble import ChangedMeanwhile
from tests.searches.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write after the other"),
]


def outcome(action) -> object:
    try:
        return action()
    except (ChangedMeanwhile, ValidationError, ListEntry.DoesNotExist) as trouble:
        return type(trouble)


def change(user, entry, note):
    return lambda: outcome(lambda: change_entry(user=user, entry=entry, version=1, note=note))


def test_the_second_change_is_told_and_overwrites_nothing(alice, bob, entry):
    _, second = at_once(change(alice, entry, "first"), change(bob, entry, "second"))
    assert second is ChangedMeanwhile
    entry.refresh_from_db()
    assert (entry.note, entry.version, entry.events.count()) == ("first", 2, 1)


def test_a_change_of_what_is_being_taken_off_is_told(alice, bob, entry):
    _, second = at_once(lambda: remove_entry(entry=entry), change(bob, entry, "second"))
    assert second is ListEntry.DoesNotExist


def test_one_of_two_proposals_stands(alice, bob, entry):
    propositions = [
        lambda user=user: outcome(lambda: propose(user=user, entry=entry, version=1)) for user in (alice, bob)
    ]
    _, second = at_once(*propositions)
    assert second is ChangedMeanwhile
    assert Approval.objects.get().proposed_by == alice


def test_the_last_place_for_a_file_is_taken_once(alice, bob, entry, media_folder):
    def one_more(user):
        return lambda: outcome(lambda: attach(user=user, entry=entry, upload=SimpleUploadedFile("a.txt", b"quotation")))

    for _ in range(MOST_FILES - 1):
        one_more(alice)()
    _, second = at_once(one_more(alice), one_more(bob))
    assert second is ValidationError
    assert Attachment.objects.count() == MOST_FILES


def test_a_list_deleted_twice_is_deleted_once(alice, bob, spring, entry):
    def delete(user):
        def action():
            try:
                delete_list(user=user, supplier_list=spring)
            except type(spring).DoesNotExist:
                return "gone"
            return "deleted"

        return action

    assert at_once(delete(alice), delete(bob)) == ("deleted", "gone")
    assert DeletedList.objects.get().deleted_by == alice
