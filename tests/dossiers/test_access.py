"""Every address of suppliers, tried by everybody of the cast."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.actions import attach_file, write_note
from dossiers.merging import merge_suppliers
from dossiers.models import Merge, Note, Supplier, SupplierFile
from tests.factories import MARKETPLACE

READ, WRITE, POST = "read", "write", "post"


@pytest.fixture
def addresses(team, hengda, record, alice) -> list[tuple[str, str]]:
    other, third = record("义乌市拓野"), record("晋江")
    merge = merge_suppliers(user=alice, survivor=other, merged=third)
    note = write_note(user=alice, supplier=hengda, text="Good samples")
    file = attach_file(user=alice, supplier=hengda, upload=SimpleUploadedFile("prices.csv", b"a,b"))
    base, key = f"/suppliers/{hengda.pk}/", f"?team={team.pk}&marketplace={MARKETPLACE}&id=b2b-hengda"
    return [
        (READ, base),
        (READ, f"/suppliers/files/{file.pk}/"),
        (WRITE, f"{base}rename/"),
        (WRITE, f"{base}notes/"),
        (WRITE, f"{base}files/"),
        (WRITE, f"{base}merge/{other.pk}/"),
        (WRITE, f"/suppliers/of/rename/{key}"),
        (WRITE, f"/suppliers/of/notes/{key}"),
        (WRITE, f"/suppliers/of/files/{key}"),
        (WRITE, f"/suppliers/notes/{note.pk}/"),
        (WRITE, f"/suppliers/notes/{note.pk}/delete/"),
        (WRITE, f"/suppliers/files/{file.pk}/remove/"),
        (POST, f"/suppliers/of/keep/{key}"),
        (POST, f"/suppliers/merges/{merge.pk}/undo/"),
    ]


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [("alice", 200, 200), ("vera", 200, 403), ("charlie", 404, 404), ("loner", 404, 404)],
)
def test_who_reaches_what(name, reads, writes, addresses, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for kind, address in addresses:
        response = client.get(address)
        if response.streaming:
            b"".join(response)
        assert response.status_code == {READ: reads, WRITE: writes, POST: 405}[kind], address


def test_anonymous_reaches_nothing(addresses, signed_in):
    for kind, address in addresses:
        if kind != POST:
            assert signed_in(None).get(address).url.startswith("/accounts/sign-in/"), address


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_nobody_else_changes_anything(name, status, addresses, hengda, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for kind, address in addresses:
        if kind != READ:
            data = {"name": "Taken", "text": "taken", "file": SimpleUploadedFile("a.txt", b"taken")}
            assert client.post(address, data).status_code == status, address
    hengda.refresh_from_db()
    assert (hengda.display_name, Note.objects.get().text, SupplierFile.objects.count()) == ("", "Good samples", 1)
    assert (Merge.objects.in_force().count(), Supplier.objects.count()) == (1, 3)


def test_a_viewer_is_told_why_and_offered_nothing(vera, addresses, hengda, signed_in):
    client = signed_in(vera)
    assert "You are a viewer in this team" in client.get(f"/suppliers/{hengda.pk}/rename/").content.decode()
    page = client.get(f"/suppliers/{hengda.pk}/").content.decode()
    assert "Good samples" in page
    assert "prices.csv" in page
    for word in ("rename/", "notes/", "remove/", "merge/", 'id="rename-supplier"', 'method="post" enctype'):
        assert word not in page


def test_only_its_author_changes_a_note(bob, addresses, signed_in):
    note = Note.objects.get()
    client = signed_in(bob)
    refused = client.get(f"/suppliers/notes/{note.pk}/")
    assert refused.status_code == 403
    assert "This note is by alice" in refused.content.decode()
    assert client.post(f"/suppliers/notes/{note.pk}/", {"text": "mine now"}).status_code == 403
    assert client.post(f"/suppliers/notes/{note.pk}/delete/").status_code == 403
    note.refresh_from_db()
    assert note.text == "Good samples"


def test_the_index_shows_ones_teams_only(alice, charlie, loner, hengda, signed_in):
    assert [row.name for row in signed_in(alice).get("/suppliers/").context["rows"]] == ["白沟恒达箱包厂"]
    assert signed_in(charlie).get("/suppliers/").context["rows"] == []
    assert "You are in no team yet" in signed_in(loner).get("/suppliers/").content.decode()


@pytest.mark.parametrize("query", ["", "?team=1", "?team=x&marketplace=m&id=1", f"?team={10**30}&marketplace=m&id=1"])
def test_an_address_that_names_nobody_is_not_found(alice, team, query, signed_in):
    assert signed_in(alice).get(f"/suppliers/of/{query}").status_code == 404


def test_another_teams_supplier_is_not_found_by_its_key(charlie, charlies_team, team, bag, signed_in):
    client = signed_in(charlie)
    for asked in (team, charlies_team):
        address = f"/suppliers/of/?team={asked.pk}&marketplace={MARKETPLACE}&id=b2b-hengda"
        assert client.get(address).status_code == 404
        assert client.post(address.replace("of/", "of/notes/"), {"text": "mine"}).status_code == 404
    assert not Supplier.objects.exists()
