"""Whose rows somebody sees, and which they may change: the querysets that every view starts from."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Membership, teams_to_search_for
from accounts.scope import id_of, row_to_change
from suppliers.models import ListEntry, SupplierList
from tests.factories import ListEntryFactory, MembershipFactory, SupplierListFactory


def test_rows_of_ones_teams(alice, bob, vera, charlie, loner, team, charlies_team):
    ours, theirs = SupplierListFactory(team=team), SupplierListFactory(team=charlies_team)
    for user, seen, editable in (
        (alice, {ours}, {ours}),
        (bob, {ours}, {ours}),
        (vera, {ours}, set()),
        (charlie, {theirs}, {theirs}),
        (loner, set(), set()),
        (AnonymousUser(), set(), set()),
    ):
        assert set(SupplierList.objects.for_user(user)) == seen
        assert set(SupplierList.objects.editable_by(user)) == editable


def test_a_superuser_sees_no_more_than_their_teams(loner, team):
    loner.is_superuser = True
    loner.save()
    SupplierListFactory(team=team)
    assert not SupplierList.objects.for_user(loner).exists()


def test_rows_below_a_row(alice, vera, charlie, team):
    entry = ListEntryFactory(supplier_list=SupplierListFactory(team=team))
    assert ListEntry.objects.for_user(alice).get() == entry
    assert not ListEntry.objects.editable_by(vera).exists()
    assert not ListEntry.objects.for_user(charlie).exists()


def test_a_role_counts_in_its_own_team_only(alice, charlies_team):
    theirs = SupplierListFactory(team=charlies_team)
    MembershipFactory(user=alice, team=charlies_team, role=Membership.Role.VIEWER)
    assert theirs in SupplierList.objects.for_user(alice)
    assert theirs not in SupplierList.objects.editable_by(alice)
    assert [team.name for team in teams_to_search_for(alice)] == ["Outdoor"]


def test_the_row_to_change(alice, vera, charlie, team):
    row = SupplierListFactory(team=team)
    assert row_to_change(SupplierList.objects.all(), user=alice, pk=row.pk) == row
    with pytest.raises(PermissionDenied, match="viewer"):
        row_to_change(SupplierList.objects.all(), user=vera, pk=row.pk)
    with pytest.raises(Http404):
        row_to_change(SupplierList.objects.all(), user=charlie, pk=row.pk)


@pytest.mark.parametrize(("text", "pk"), [("1", 1), ("007", 7), ("9223372036854775807", 2**63 - 1)])
def test_an_id_is_read(text, pk):
    assert id_of(text) == pk


@pytest.mark.parametrize("text", ["", "x", "-1", "+1", "1.0", " 1", "1_0", "²", "٣", "9223372036854775808", "1" * 5000])
def test_what_no_row_can_have_is_no_id(text):
    assert id_of(text) is None
