"""One item: its page, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import signed_in
from catalog.actions import MOST_PICTURES, ChangedMeanwhile, archive_items, change_item, create_item, delete_item
from catalog.conflicts import meanwhile, with_current_version
from catalog.forms import ItemForm
from catalog.models import Item
from catalog.rows import pictures_of, row_of, shown, tier_lines
from catalog.views.pictures import keep_uploaded
from catalog.views.scope import catalogue_of, catalogue_to_change, item_to_change, may_edit, seen_item
from searches.rows import marketplace_label
from suppliers.views.lists import show_beside_fields


@require_safe
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_item(request, pk)
    pictures = pictures_of([pk])[pk]
    user = signed_in(request)
    context = {
        "item": item,
        "row": row_of(item, pictures),
        "tiers": tier_lines(item),
        "pictures": [shown(picture) for picture in pictures],
        "room": MOST_PICTURES - len(pictures),
        "marketplace": marketplace_label(item.marketplace) if item.marketplace else "",
        "may_edit": may_edit(user, item),
        "several_teams": user.memberships.count() > 1,
    }
    return render(request, "catalog/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """An item with its pictures. Pictures that are refused are said; the item is there, and takes others."""
    catalogue = catalogue_to_change(request)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            item = create_item(user=signed_in(request), team=catalogue.team, values=form.values())
        except ValidationError as error:
            show_beside_fields(form, error)
        else:
            keep_uploaded(request, item)
            messages.success(request, _("“%(code)s” is in your catalogue.") % {"code": item.code})
            return redirect(item)
    context = {"form": form, "catalogue": catalogue, "most_pictures": MOST_PICTURES}
    return render(request, "catalog/create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its facts. Who saves what somebody changed meanwhile sees both, and keeps what they typed."""
    item = item_to_change(request, pk)
    form = ItemForm(request.POST if request.method == "POST" else None, item=item)
    status, more = 200, dict[str, Any]()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = change_item(item=item, version=form.cleaned_data["version"] or 0, values=form.values())
            except ChangedMeanwhile as trouble:
                more["conflict"] = meanwhile(trouble.current, form.values())
                form = ItemForm(with_current_version(request.POST, trouble.current), item=item)
                status = 409
            except ValidationError as error:
                show_beside_fields(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect(changed)
    return render(request, "catalog/edit.html", {"form": form, "item": item} | more, status=status)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of what searches find, or with `restore` back into it."""
    item = item_to_change(request, pk)
    archived = "restore" not in request.POST
    archive_items(Item.objects.filter(pk=pk), archived=archived)
    text = (
        _("“%(code)s” is archived: searches do not find it any more. Restore it whenever you like.")
        if archived
        else _("“%(code)s” is back in your catalogue.")
    )
    messages.success(request, text % {"code": item.code})
    return redirect(item)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and says that archiving keeps it."""
    item = item_to_change(request, pk)
    if request.method == "POST":
        delete_item(item=item)
        messages.success(request, _("“%(code)s” is deleted.") % {"code": item.code})
        found = catalogue_of(signed_in(request), str(item.team_id))
        several = found is not None and found.others
        return redirect(reverse("catalog:index") + (f"?team={item.team_id}" if several else ""))
    return render(request, "catalog/delete.html", {"item": item, "row": row_of(item, pictures_of([pk])[pk])})
