"""The administration's pages, read by axe as every other page: an administrator works with keys there."""

from collections.abc import Iterable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from searches import outgoing
from searches.models import Credential
from tests.browser.test_access import look_at, told, window, world

__all__ = ("window", "world")

LISTS = ("searches_credential", "reckoning_exchangerate", "accounts_user", "accounts_team")
# Django's own table of inline rows heads a column of hidden fields with nothing.
OF_DJANGO = "empty-table-header: ['thead > tr > .original']"


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch) -> None:
    monkeypatch.setattr(outgoing, "SOMEWHERE", ("127.0.0.1", 9))


def found(page: Page, addresses: Iterable[str]) -> str:
    wrong = {what: where for address in addresses for what, where in look_at(page, address).items()}
    return told({what: where for what, where in wrong.items() if not what.startswith(OF_DJANGO)})


@pytest.mark.parametrize("rows", LISTS)
def test_axe_finds_nothing_where_rows_are_listed_and_added(rows, world, window, admin_user) -> None:
    assert found(window(admin_user), [reverse(f"admin:{rows}_{page}") for page in ("changelist", "add")]) == ""


def test_axe_finds_nothing_where_keys_are_managed(world, window, admin_user) -> None:
    credential = Credential.objects.first()
    assert credential
    pages = [
        reverse("admin:index"),
        reverse("admin:searches_credential_change", args=[credential.pk]),
        reverse("admin:searches_credential_history", args=[credential.pk]),
        reverse("admin:searches_credential_history_of_all"),
        reverse("admin:reckoning_exchangerate_upload"),
        reverse("admin:accounts_user_change", args=[world.buyer.pk]),
        reverse("admin:accounts_user_delete", args=[world.buyer.pk]),
        reverse("admin:accounts_team_change", args=[world.buyer.teams.get().pk]),
    ]
    assert found(window(admin_user), pages) == ""
