"""An offer of a supplier list becomes an item."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import signed_in, viewers_only_read
from catalog.fromentries import add_entry, is_decided_for, may_add
from suppliers.models import ListEntry


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises Http404 for who does not see the entry's list, PermissionDenied for viewers."""
    entries = ListEntry.objects.for_user(request.user).select_related(
        "supplier_list__team", "picture", "query_image", "source_match"
    )
    entry = get_object_or_404(entries, pk=pk)
    user = signed_in(request)
    if not may_add(user, entry):
        raise PermissionDenied(viewers_only_read())
    if not is_decided_for(entry):
        messages.warning(request, _("Only an offer that is chosen or approved becomes an item: decide first."))
        return redirect(entry)
    added = add_entry(user=user, entry=entry)
    if not added.is_new:
        messages.info(request, _("Your catalogue has this offer already."))
    elif added.pictured:
        text = _(
            "It is in your catalogue as “%(code)s”: searches will say that you have it. "
            "Change the code if yours is another."
        )
        messages.success(request, text % {"code": added.item.code})
    else:
        text = _("It is in your catalogue as “%(code)s”, without a picture: add one, so that searches find it.")
        messages.warning(request, text % {"code": added.item.code})
    return redirect(added.item)
