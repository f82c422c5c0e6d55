"""One list as a board, and moving a card to another column."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.interrupted import is_ours
from accounts.scope import signed_in
from suppliers.actions import change_entry
from suppliers.board import columns_of
from suppliers.conflicts import meanwhile, with_current_version
from suppliers.entryforms import MoveForm
from suppliers.models import ListEntry, Status
from suppliers.narrowing import narrowing_of
from suppliers.rows import title_of
from suppliers.trouble import ChangedMeanwhile, Held
from suppliers.views.entry import held_text
from suppliers.views.scope import entry_to_change, seen_entry, tells_what_is_gone
from suppliers.views.table import counts_of, head_of, list_with_rights


@require_safe
@tells_what_is_gone
def board(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    shown = list_with_rights(user, pk)
    narrowing = narrowing_of(request.GET)
    counts = counts_of(shown, narrowing, user)
    columns = columns_of(shown, narrowing, narrowing.condition(user), counts.by_status)
    context = head_of(shown, narrowing, counts) | {"columns": columns, "moves": Status.choices, "is_board": True}
    return render(request, "suppliers/board.html", context)


@require_POST
@tells_what_is_gone
def move(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """To another status; whoever rejects is asked why, if they have not said it."""
    entry = entry_to_change(request, pk, entry_pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is no status: nothing was moved."))
        return redirect(_back(request, entry))
    values = form.cleaned_data
    if values["status"] == Status.REJECTED and not values["reason"].strip():
        return _ask(request, entry, MoveForm(request.POST))
    try:
        change_entry(
            user=signed_in(request),
            entry=entry,
            version=values["version"],
            status=values["status"],
            reason=values["reason"],
        )
    except ChangedMeanwhile as trouble:
        current = seen_entry(request, pk, entry_pk)
        again = MoveForm(with_current_version(request.POST, trouble.entry))
        return _ask(request, current, again, conflict=meanwhile(current, {"status": values["status"]}), status=409)
    except Held:
        messages.error(request, f"{title_of(entry)}: {held_text(entry)}")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        parts = {"title": title_of(entry), "status": Status(values["status"]).label}
        messages.success(request, _("“%(title)s” is now: %(status)s.") % parts)
    return redirect(_back(request, entry))


def _ask(request: HttpRequest, entry: ListEntry, form: MoveForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"entry": entry, "list": entry.supplier_list, "form": form, "back": _back(request, entry)}
    return render(request, "suppliers/move.html", context | more, status=status)


def _back(request: HttpRequest, entry: ListEntry) -> str:
    back = request.POST.get("next", "")
    return back if is_ours(request, back) else reverse("suppliers:board", args=[entry.supplier_list_id])
