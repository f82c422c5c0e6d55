"""From an address to the catalogue, the item or the picture that its reader may see or change."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Membership, Team, User
from accounts.scope import id_of, row_to_change, signed_in, viewers_only_read
from catalog.models import Item, ItemPicture


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One team's items as one of its members sees them. `others`: the member's further teams."""

    team: Team
    may_edit: bool
    others: list[Team]


def catalogue_of(user: User, team: str = "") -> Catalogue | None:
    """The catalogue of the team with this id, else of the user's first team; None for who is in none.

    One team at a time: an item's code is its team's, and a table of one team is read off an index.
    """
    memberships = list(Membership.objects.filter(user=user).select_related("team").order_by("team__name", "team_id"))
    if not memberships:
        return None
    wanted = id_of(team)
    chosen = next((one for one in memberships if one.team_id == wanted), memberships[0])
    others = [one.team for one in memberships if one is not chosen]
    return Catalogue(chosen.team, chosen.role in Membership.EDITORS, others)


def catalogue_to_change(request: HttpRequest) -> Catalogue:
    """The one that the form's `team` names. Raises PermissionDenied for viewers and for who is in no team."""
    user = signed_in(request)
    found = catalogue_of(user, request.POST.get("team", "") or request.GET.get("team", ""))
    if found is None or not found.may_edit:
        raise PermissionDenied(viewers_only_read())
    return found


def seen_item(request: HttpRequest, pk: int) -> Item:
    """Raises Http404."""
    return get_object_or_404(Item.objects.for_user(request.user).select_related("team", "created_by"), pk=pk)


def item_to_change(request: HttpRequest, pk: int) -> Item:
    """Raises Http404, and PermissionDenied for viewers."""
    items = Item.objects.select_related("team", "created_by")
    return row_to_change(items, user=signed_in(request), pk=pk)


def picture_to_change(request: HttpRequest, pk: int) -> ItemPicture:
    """Raises Http404, and PermissionDenied for viewers."""
    return row_to_change(ItemPicture.objects.select_related("item__team"), user=signed_in(request), pk=pk)


def may_edit(user: User, item: Item) -> bool:
    return Item.objects.editable_by(user).filter(pk=item.pk).exists()
