"""Notes and files in a supplier's record."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers import actions
from dossiers.models import LONGEST_NOTE, Note, SupplierFile
from searches.orphans import orphans


def names(shown) -> list[str]:
    return [shown_note.note.text for shown_note in shown.context["dossier"].notes]


def test_notes_are_written_changed_and_deleted_by_their_author(alice, bob, hengda, signed_in):
    client = signed_in(alice)
    client.post(f"/suppliers/{hengda.pk}/notes/", {"text": " Zips are good. 😀\n第二行 "})
    signed_in(bob).post(f"/suppliers/{hengda.pk}/notes/", {"text": "Late"})
    page = client.get(f"/suppliers/{hengda.pk}/")
    assert names(page) == ["Late", "Zips are good. 😀\n第二行"]
    assert [shown.mine for shown in page.context["dossier"].notes] == [False, True]
    note = Note.objects.get(author=alice)
    written = note.written_at
    client.post(f"/suppliers/notes/{note.pk}/", {"text": "Zips are bad."})
    note.refresh_from_db()
    assert (note.text, note.written_at) == ("Zips are bad.", written)
    assert note.changed_at - written < timedelta(minutes=5)
    assert "Zips are bad." in client.get(f"/suppliers/notes/{note.pk}/delete/").content.decode()
    client.post(f"/suppliers/notes/{note.pk}/delete/")
    assert names(client.get(f"/suppliers/{hengda.pk}/")) == ["Late"]
    assert client.post(f"/suppliers/notes/{note.pk}/", {"text": "again"}).status_code == 404


def test_a_note_is_text_and_has_an_end(alice, hengda, signed_in):
    client = signed_in(alice)
    client.post(f"/suppliers/{hengda.pk}/notes/", {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in client.get(f"/suppliers/{hengda.pk}/").content.decode()
    answer = client.post(f"/suppliers/{hengda.pk}/notes/", {"text": "x" * (LONGEST_NOTE + 1)})
    assert f"at most {LONGEST_NOTE} characters" in answer.content.decode()
    assert Note.objects.count() == 1


def test_a_file_comes_back_as_it_was_for_saving_only(alice, vera, hengda, signed_in):
    data = "品名,价格\n旅行包,23.50".encode()
    client = signed_in(alice)
    answer = client.post(f"/suppliers/{hengda.pk}/files/", {"file": SimpleUploadedFile("报价 2026.csv", data)})
    file = SupplierFile.objects.get()
    assert answer.url == f"/suppliers/{hengda.pk}/#files"
    assert (file.name, file.mime, file.size, file.uploaded_by) == ("报价 2026.csv", "text/plain", len(data), alice)
    assert "报价" not in file.file.name
    assert "报价 2026.csv" in signed_in(vera).get(f"/suppliers/{hengda.pk}/").content.decode()
    response = signed_in(vera).get(f"/suppliers/files/{file.pk}/")
    assert b"".join(response) == data
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (SimpleUploadedFile("page.html", b"<script>"), "Files that end in .html are not taken"),
        (SimpleUploadedFile("prices.pdf", b"MZ\x90\0"), "its contents are something else"),
        (SimpleUploadedFile("empty.txt", b""), "This file is empty."),
        (None, "Choose a file first."),
    ],
)
def test_what_is_not_taken_says_why(alice, hengda, upload, told, signed_in):
    data = {"file": upload} if upload else {}
    assert told in signed_in(alice).post(f"/suppliers/{hengda.pk}/files/", data).content.decode()
    assert not SupplierFile.objects.exists()


def test_a_record_takes_only_so_many_files(alice, hengda, monkeypatch, signed_in):
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    for number in range(2):
        upload = SimpleUploadedFile(f"{number}.txt", b"words")
        answer = signed_in(alice).post(f"/suppliers/{hengda.pk}/files/", {"file": upload})
    assert "takes at most 1 files" in answer.content.decode()
    assert SupplierFile.objects.get().name == "0.txt"


def test_a_file_goes_with_its_row_and_after_it(alice, bob, team, hengda, signed_in, django_capture_on_commit_callbacks):
    client = signed_in(alice)
    for name in ("a.txt", "b.txt"):
        client.post(f"/suppliers/{hengda.pk}/files/", {"file": SimpleUploadedFile(name, b"words")})
    first, second = SupplierFile.objects.order_by("name")
    assert "a.txt" in signed_in(bob).get(f"/suppliers/files/{first.pk}/remove/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(bob).post(f"/suppliers/files/{first.pk}/remove/")
    assert not default_storage.exists(first.file.name)
    assert default_storage.exists(second.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        team.delete()
    assert not default_storage.exists(second.file.name)


def test_only_files_without_a_row_are_taken_for_left_behind(alice, hengda, signed_in):
    """Whoever looks for what crashes leave behind knows of the files here."""
    signed_in(alice).post(f"/suppliers/{hengda.pk}/files/", {"file": SimpleUploadedFile("a.txt", b"words")})
    kept = SupplierFile.objects.get().file.name
    left = default_storage.save("attachments/00/left-behind.txt", ContentFile(b"words"))
    for name in (kept, left):
        os.utime(default_storage.path(name), (0, 0))
    assert list(orphans()) == [left]


def test_a_file_that_the_storage_lost_is_not_found(alice, hengda, signed_in):
    client = signed_in(alice)
    client.post(f"/suppliers/{hengda.pk}/files/", {"file": SimpleUploadedFile("a.txt", b"words")})
    file = SupplierFile.objects.get()
    default_storage.delete(file.file.name)
    assert client.get(f"/suppliers/files/{file.pk}/").status_code == 404
