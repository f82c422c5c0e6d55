"""Files beside an entry: checked, given out for saving only, and gone with it."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from searches.storages import walk
from suppliers.actions import MOST_FILES, delete_list
from suppliers.models import Attachment
from tests.factories import ListEntryFactory
from tests.searches.kept import age_files
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def address(entry, step="files/") -> str:
    return f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/{step}"


def attach(client, entry, name="sample.png", data=None):
    return client.post(address(entry), {"file": SimpleUploadedFile(name, photo() if data is None else data)})


def stored() -> list[str]:
    return [file.name for file in walk("attachments/")]


def test_a_photo_of_the_sample(alice, entry, signed_in):
    client = signed_in(alice)
    assert attach(client, entry, "样品 ../x.png").status_code == 302
    kept = Attachment.objects.get()
    assert (kept.name, kept.mime, kept.uploaded_by) == ("x.png", "image/png", alice)
    given = client.get(address(entry, f"files/{kept.pk}/"))
    assert b"".join(given.streaming_content) == photo()
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Disposition"].startswith("attachment")
    assert "alice attached a file: “x.png”" in text_of(client.get(address(entry, "")))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("run.exe", b"MZ" + b"\0" * 100),
        ("picture.png", b"<html>"),
        ("letter.pdf", b"plain words"),
        ("sheet.xlsx", b"PK\x03\x04 and nothing"),
        ("empty.txt", b""),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_what_is_not_taken_is_told_beside_the_field(alice, entry, name, data, signed_in):
    answer = attach(signed_in(alice), entry, name, data)
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    assert not Attachment.objects.exists()
    assert stored() == []


def test_too_large(alice, entry, signed_in, monkeypatch):
    monkeypatch.setattr("accounts.attachments.MOST_BYTES", 10)
    assert "larger than 20 MB" in text_of(attach(signed_in(alice), entry))


def test_twenty_files_and_no_more(alice, entry, signed_in):
    client = signed_in(alice)
    for number in range(MOST_FILES):
        attach(client, entry, f"{number}.txt", b"quotation")
    answer = attach(client, entry, "21.txt", b"quotation")
    assert "An offer takes up to 20 files: remove one first." in text_of(answer)
    assert Attachment.objects.count() == len(stored()) == MOST_FILES


@pytest.mark.parametrize(("name", "status"), [("vera", 200), ("bob", 200), ("charlie", 404), ("loner", 404)])
def test_whoever_sees_the_list_saves_it(name, status, alice, entry, request, signed_in):
    attach(signed_in(alice), entry)
    file = Attachment.objects.get()
    client = signed_in(request.getfixturevalue(name))
    answer = client.get(address(entry, f"files/{file.pk}/"))
    assert answer.status_code == status
    assert b"".join(answer)


def test_a_file_is_reached_through_its_own_entry_only(alice, spring, entry, signed_in):
    attach(signed_in(alice), entry)
    other = ListEntryFactory(supplier_list=spring)
    assert signed_in(alice).get(address(other, f"files/{Attachment.objects.get().pk}/")).status_code == 404


def test_removing_asks_and_takes_the_file_along(alice, entry, signed_in):
    client = signed_in(alice)
    attach(client, entry)
    step = address(entry, f"files/{Attachment.objects.get().pk}/remove/")
    assert "Remove “sample.png”?" in text_of(client.get(step))
    assert len(stored()) == 1
    client.post(step)
    assert stored() == []
    assert "removed a file: “sample.png”" in text_of(client.get(address(entry, "")))


def test_files_go_with_their_list(alice, spring, entry, signed_in):
    attach(signed_in(alice), entry)
    delete_list(user=alice, supplier_list=spring)
    assert stored() == []


def test_files_without_a_row_are_found_and_those_with_one_stay(alice, entry, media_folder, signed_in):
    attach(signed_in(alice), entry)
    attach(signed_in(alice), entry, "left.txt", b"left behind")
    Attachment.objects.filter(name="left.txt")._raw_delete("default")
    age_files(media_folder, days=2)
    call_command("removeorphans", stdout=io.StringIO())
    assert stored() == [Attachment.objects.get().file.name]


def test_a_file_that_is_gone_from_the_storage_is_not_found(alice, entry, signed_in):
    client = signed_in(alice)
    attach(client, entry)
    file = Attachment.objects.get()
    default_storage.delete(file.file.name)
    assert client.get(address(entry, f"files/{file.pk}/")).status_code == 404
