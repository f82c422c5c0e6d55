"""Offers of the team's own catalogue where other offers are: at a shell, in files, on lists."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from searches import actions
from searches.exports import OFFER_COLUMNS, offer_cells
from searches.marketplaces import CATALOG
from searches.models import SearchJob
from searches.smallpictures import SmallPictures
from suppliers import actions as lists
from suppliers import pictures
from suppliers.models import KeptPicture
from tests.catalog.stocked import MUG, query, stocked
from tests.factories import CredentialFactory, SupplierMatchFactory
from tests.searches.commandline import Ended
from tests.searches.conftest import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(alice, team):
    """What a search of alice's found in her team's catalogue: MUG-7."""
    stocked(team, code="MUG-7", name="马克杯")
    photo = actions.keep_query_image(team=team, user=alice, data=query(MUG), name="mug.jpg")
    asked = {"marketplaces": [CATALOG], "title": "Mug", "wanted": 50}
    return work(actions.start_search(user=alice, team=team, images=[photo], **asked)).matches.get()


@pytest.fixture
def run(alice, tmp_path):
    """`run("imagesearch", …)`: alice at a shell, with a photo of a mug."""
    photo = tmp_path / "mug.jpg"
    photo.write_bytes(query(MUG))

    def call(command: str, *args: str) -> Ended:
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, str(photo), *args, stdout=out, stderr=err)
        except CommandError as error:
            status = error.returncode
            err.write(str(error))
        return Ended(status, out.getvalue(), err.getvalue())

    return call


def test_a_shell_searches_it_without_any_credential(run, team) -> None:
    stocked(team, code="MUG-7", name="马克杯")

    ended = run("imagesearch", "--json")

    assert ended.status == 0, ended.err
    (found,) = ended.result["matches"]
    assert (found["marketplace"], found["title"]) == (CATALOG, "MUG-7 · 马克杯")


def test_a_shell_may_search_it_alone_beside_others(run, team) -> None:
    CredentialFactory()
    stocked(team, code="MUG-7", name="马克杯")

    ended = run("imagesearch", "--json", "--marketplace", CATALOG)

    assert ended.status == 0, ended.err
    assert SearchJob.objects.get().calls.get().marketplace == CATALOG


def test_an_empty_one_is_refused_at_a_shell(run, team) -> None:
    CredentialFactory()

    ended = run("imagesearch", "--marketplace", CATALOG)

    assert ended.status == 2
    assert f"The team may not search at {CATALOG}" in ended.err


def test_a_batch_at_a_shell_searches_it_for_every_photo(run, team) -> None:
    stocked(team, code="MUG-7", name="马克杯")

    ended = run("imagebatch", "--marketplace", CATALOG)

    assert ended.status == 0, ended.err
    assert SearchJob.objects.get().matches.get().title == "MUG-7 · 马克杯"


@pytest.mark.parametrize(
    ("public", "before"), [("https://tongkuan.example.com", "https://tongkuan.example.com"), ("", "")]
)
def test_files_say_addresses_by_the_portal_s_name(match, settings, public, before) -> None:
    settings.PUBLIC_URL = public

    cells = dict(zip(OFFER_COLUMNS, offer_cells(match), strict=True))

    assert cells["url"] == f"{before}/catalog/{match.offer_id}/"
    assert cells["image_url"].startswith(f"{before}/catalog/pictures/")
    assert cells["source"] == "own catalogue"


def test_workbooks_have_its_pictures(match, tmp_path) -> None:
    with SmallPictures(tmp_path, beat=lambda: None) as small:
        small.fetch([(CATALOG, match.image_url)])

        assert small.of_offer(match.image_url).path.read_bytes().startswith(b"\xff\xd8")


def test_a_list_keeps_the_item_as_it_was_with_its_picture(match, alice, team) -> None:
    spring = lists.create_list(user=alice, team=team, name="Spring")
    lists.save_matches(user=alice, supplier_list=spring, matches=[match])

    for picture in KeptPicture.objects.all():
        pictures.keep(picture.pk)

    entry = spring.entries.get()
    assert (entry.marketplace, entry.title) == (CATALOG, "MUG-7 · 马克杯")
    assert entry.picture.state == KeptPicture.State.KEPT
    assert default_storage.exists(entry.picture.file_name)


def test_only_what_is_of_the_catalogue_is_read_from_here(match, alice, team, tmp_path) -> None:
    """A marketplace that says that a picture of its offer lies here gets none."""
    other = SupplierMatchFactory(job=match.job, image_url=match.image_url)
    spring = lists.create_list(user=alice, team=team, name="Spring")
    lists.save_matches(user=alice, supplier_list=spring, matches=[other])

    with SmallPictures(tmp_path, beat=lambda: None) as small:
        small.fetch([(other.marketplace, other.image_url)])
        assert small.of_offer(other.image_url) is None
    assert spring.entries.get().picture.state == KeptPicture.State.FAILED
