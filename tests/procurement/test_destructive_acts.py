"""Whatever removes something asks first and names what is lost, or can be taken back."""

import re

import pytest
from django.test import Client

from tests.browser.addresses import PAGES, POSTED
from tests.browser.world import World, make_world
from tests.searches.pages import text_of

# By URL name: what its page says before anything is lost.
ASKS = {
    "batches:cancel": "Cancel “Spring”? A cancelled batch cannot be taken up again: 1 product is not searched for",
    "catalog:delete": "The item goes for good, with its pictures, price and notes",
    "dossiers:delete-note": "They answer within the hour. It is lost for the whole team",
    "dossiers:merge-with": "Nothing is lost: either can be taken apart again",
    "dossiers:remove-file": "Remove “证书.pdf”?",
    "exports:delete": "Delete the file of “Autumn”?",
    "reckoning:profile-delete": "Delete “By air”? This is lost for the whole team",
    "reckoning:weights-delete": "Delete “Cheap and quick”? This is lost for the whole team",
    "saved:delete": "Delete “Bags”? This is lost",
    "saved:view-delete": "Delete “Cheap ones”? This is lost",
    "searches:delete": "Delete “Duffle bag”? This is lost for the whole team, and cannot be brought back",
    "suppliers:delete": "Delete “Spring bags”?",
    "suppliers:remove": "Remove",
    "suppliers:remove-file": "Remove “报价.pdf”?",
}
# What removes or ends something at once, and what takes that back.
TAKEN_BACK_BY = {
    "batches:pause": "batches:resume",
    # The same form takes it back.
    "catalog:archive": "catalog:archive",
    "catalog:bulk": "catalog:bulk",
    "catalog:remove-picture": "catalog:add-pictures",
    # What was written stays; the same files, sent again, go on by their codes.
    "catalog:import-cancel": "catalog:import-upload",
    "dossiers:undo-merge": "dossiers:merge-with",
    "saved:lock": "saved:lock",
    "saved:star": "saved:star",
    "saved:view-lock": "saved:view-lock",
    "saved:view-star": "saved:view-star",
    "saved:view-default": "saved:view-default",
    "reckoning:weights-default": "reckoning:weights-default",
    "searches:cancel": "searches:retry",
    "suppliers:withdraw": "suppliers:propose",
    "accounts:sign-out": "accounts:sign-in",
    # Leaves a form unsent, on a page that shows all of what it holds.
    "accounts:discard": "accounts:resume",
}
# What only adds, or writes over what was seen in the same version and is in the history.
ADDS = {
    "set_language",
    "accounts:resend",
    *(f"batches:{verb}" for verb in ("start", "resume", "retry", "folders", "export", "announce", "part", "confirm")),
    *(f"batches:{verb}" for verb in ("upload", "replace")),
    *(f"catalog:{verb}" for verb in ("export", "add-entry", "add-pictures", "first-picture", "match-item")),
    *(f"catalog:import-{verb}" for verb in ("announce", "part", "upload", "columns", "again", "start", "rejected")),
    "dossiers:keep",
    "reckoning:profile-restore",
    *(f"saved:{verb}" for verb in ("again", "keep", "copy", "view-keep", "view-copy")),
    *(f"searches:{verb}" for verb in ("trial", "hint", "again", "part", "retry", "workbook")),
    *(f"suppliers:{verb}" for verb in ("save", "read-all", "bulk", "change", "move", "refresh", "propose", "answer")),
    *(f"suppliers:{verb}" for verb in ("comment", "attach", "workbook")),
}


@pytest.fixture
def world(transactional_db: None, settings, tmp_path) -> World:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return make_world()


def test_whatever_is_posted_was_thought_of() -> None:
    """A new one has to be told of above."""
    assert set(TAKEN_BACK_BY) | ADDS == POSTED
    assert not set(TAKEN_BACK_BY) & ADDS
    removing = {name for name in PAGES if re.search(r"delete|remove|cancel|merge-", name)}
    assert removing == set(ASKS)


def test_what_removes_asks_first_and_names_it(world: World) -> None:
    client = Client()
    client.force_login(world.buyer)
    for name, words in ASKS.items():
        (address,) = PAGES[name]
        said = text_of(client.get(address(world)))
        assert words in said, f"{name}: {said[said.find('Team: Outdoor') :][:600]}"
