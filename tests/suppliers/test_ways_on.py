"""Where a list leads: to its files and its decision pack, of the rows that are shown, for whoever reads it."""

import re
from html import unescape

import pytest

from tests.factories import ListEntryFactory, SupplierListFactory

VIEW = "?status=candidate&sort=-price"


@pytest.mark.parametrize("page", ["", "board/"])
@pytest.mark.parametrize("reader", ["alice", "vera"])
def test_a_list_leads_to_its_files_and_its_pack(page, reader, request, team, signed_in) -> None:
    supplier_list = SupplierListFactory(team=team)
    ListEntryFactory(supplier_list=supplier_list)
    address = f"/lists/{supplier_list.pk}/"
    user = request.getfixturevalue(reader)
    content = unescape(signed_in(user).get(f"{address}{page}{VIEW}").content.decode())
    for kind, place in (("action", "workbook/"), ("href", "pack/"), ("href", "export.csv")):
        (query,) = re.findall(rf' {kind}="{re.escape(address + place)}([^"]*)"', content)
        assert sorted(query.lstrip("?").split("&")) == sorted(VIEW.lstrip("?").split("&"))


def test_an_empty_list_leads_to_none(team, alice, signed_in) -> None:
    address = f"/lists/{SupplierListFactory(team=team).pk}/"
    content = signed_in(alice).get(address).content.decode()
    assert f"{address}workbook/" not in content
    assert f"{address}pack/" not in content
