"""`manage.py removeuser`: an account, and on demand what it searched for."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from searches.models import QueryImage, SearchJob
from suppliers.models import ListEntry
from tests.factories import ListEntryFactory, SupplierListFactory
from tests.searches.kept import files, keep_house, kept_photo, searched

# Files are removed after their rows are committed.
pytestmark = pytest.mark.django_db(transaction=True)


def removeuser(*arguments: str) -> str:
    said = io.StringIO()
    call_command("removeuser", *arguments, stdout=said)
    keep_house()
    return said.getvalue()


@pytest.fixture
def photos(team, alice, bob) -> list[QueryImage]:
    """Alice's: searched by her, searched by Bob too, on a list, and never searched; and Bob's own."""
    mine, ours, listed, unused = (kept_photo(team, number, alice) for number in range(4))
    searched(mine, owner=alice)
    searched(ours, owner=alice)
    searched(ours, owner=bob)
    match = searched(listed, owner=alice).matches.first()
    ListEntryFactory(supplier_list=SupplierListFactory(team=team, owner=alice), source_match=match, query_image=listed)
    his = kept_photo(team, 4, bob)
    searched(his, owner=bob)
    return [mine, ours, listed, unused, his]


def test_a_users_searches_and_files_go_and_those_of_others_stay(photos, bob) -> None:
    _mine, ours, listed, _unused, his = photos
    assert "alice is removed, and 3 searches." in removeuser("alice", "--with-searches")
    assert not User.objects.filter(username="alice").exists()
    assert set(SearchJob.objects.values_list("owner", flat=True)) == {bob.pk}
    assert set(QueryImage.objects.all()) == {ours, listed, his}
    assert sorted(files("queries/")) == sorted(image.file.name for image in (ours, listed, his))
    assert len(files("derived/")) == 3
    assert ListEntry.objects.get().query_image == listed


def test_the_teams_searches_stay_unless_it_is_said(photos) -> None:
    unused = photos[3]
    assert "alice is removed, and 0 searches." in removeuser("alice")
    assert SearchJob.objects.count() == 5
    assert unused.file.name not in files("queries/")
    assert len(files("queries/")) == 4


def test_nobody_of_that_name(db) -> None:
    with pytest.raises(CommandError, match="no user nobody"):
        removeuser("nobody")
