"""Every address of the lists, tried by everybody of the cast."""

import pytest

from suppliers.models import ListEntry, SupplierList
from tests.factories import ListEntryFactory, SearchJobFactory, SupplierListFactory, SupplierMatchFactory

READ, WRITE = "read", "write"


@pytest.fixture
def spring(team, alice) -> SupplierList:
    return SupplierListFactory(team=team, owner=alice, name="Spring bags")


@pytest.fixture
def entry(spring) -> ListEntry:
    return ListEntryFactory(supplier_list=spring)


@pytest.fixture
def addresses(spring, entry) -> list[tuple[str, str]]:
    base = f"/lists/{spring.pk}/"
    return [
        (READ, base),
        (READ, f"{base}export.csv"),
        (READ, f"{base}board/"),
        (READ, f"{base}inquiries/"),
        (READ, f"{base}inquiries/sheet/?of={entry.pk}"),
        (READ, f"{base}inquiries/sheet.xlsx?of={entry.pk}"),
        (READ, f"{base}entries/{entry.pk}/"),
        (WRITE, f"{base}rename/"),
        (WRITE, f"{base}share/"),
        (WRITE, f"{base}delete/"),
        (WRITE, f"{base}inquiries/questions/"),
        (WRITE, f"{base}entries/{entry.pk}/note/"),
        (WRITE, f"{base}entries/{entry.pk}/remove/"),
    ]


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [("alice", 200, 200), ("bob", 200, 200), ("vera", 200, 403), ("charlie", 404, 404), ("loner", 404, 404)],
)
def test_who_reaches_what(name, reads, writes, addresses, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for kind, address in addresses:
        assert client.get(address).status_code == (reads if kind == READ else writes), address


def test_anonymous_reaches_nothing(addresses, signed_in):
    for _, address in addresses:
        assert signed_in(None).get(address).url.startswith("/accounts/sign-in/"), address


POSTED = ("change/", "move/", "refresh/", "propose/", "answer/", "withdraw/", "comments/", "files/")


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_what_is_only_posted_is_refused_alike(name, status, spring, entry, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    data = {"status": "chosen", "version": 1, "text": "mine", "note": "mine"}
    for step in (*(f"entries/{entry.pk}/{step}" for step in POSTED), "change/"):
        address = f"/lists/{spring.pk}/{step}"
        assert client.get(address).status_code == 405, address
        assert client.post(address, data).status_code == status, address
    entry.refresh_from_db()
    assert (entry.version, entry.events.count(), entry.comments.count()) == (1, 0, 0)


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_nobody_else_changes_anything(name, status, addresses, spring, entry, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for kind, address in addresses:
        if kind == WRITE:
            assert client.post(address, {"name": "Taken", "note": "taken"}).status_code == status, address
    spring.refresh_from_db()
    entry.refresh_from_db()
    assert (spring.name, entry.note) == ("Spring bags", "")


def test_a_viewer_is_told_why(vera, spring, signed_in):
    page = signed_in(vera).get(f"/lists/{spring.pk}/rename/").content.decode()
    assert "You are a viewer in this team" in page


def test_a_viewer_is_offered_nothing_to_change(vera, spring, entry, signed_in):
    page = signed_in(vera).get(f"/lists/{spring.pk}/").content.decode()
    assert entry.title in page
    for word in ("rename/", "delete/", "note/", "remove/", 'id="rename-list"', "share/"):
        assert word not in page
    assert "/lists/new/" not in signed_in(vera).get("/lists/").content.decode()


@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("vera", 403), ("loner", 403)])
def test_who_may_start_a_list(name, status, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    assert client.get("/lists/new/").status_code == status
    assert client.post("/lists/new/", {"name": ""}).status_code == status


def test_the_index_shows_ones_teams_only(alice, charlie, loner, spring, charlies_team, signed_in):
    SupplierListFactory(team=charlies_team, name="Pans")
    assert [row.name for row in signed_in(alice).get("/lists/").context["page"]] == ["Spring bags"]
    assert [row.name for row in signed_in(charlie).get("/lists/").context["page"]] == ["Pans"]
    page = signed_in(loner).get("/lists/").content.decode()
    assert "You are in no team yet" in page


def test_an_entry_is_reached_through_its_own_list_only(alice, team, entry, signed_in):
    other = SupplierListFactory(team=team)
    assert signed_in(alice).get(f"/lists/{other.pk}/entries/{entry.pk}/note/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("bob", 302), ("vera", 403), ("charlie", 404), ("loner", 404)]
)
def test_who_may_save_offers(name, status, team, spring, request, signed_in):
    match = SupplierMatchFactory(job=SearchJobFactory(team=team))
    data = {"job": match.job.pk, "match": match.pk, "supplier_list": spring.pk}
    assert signed_in(request.getfixturevalue(name)).post("/lists/save/", data).status_code == status
    assert spring.entries.count() == (1 if status == 302 else 0)


def test_a_number_too_large_for_a_database_is_not_found(alice, signed_in):
    client = signed_in(alice)
    assert client.get(f"/lists/{10**30}/").status_code == 404
    assert client.post("/lists/save/", {"job": str(10**30), "match": "1"}).status_code == 404
