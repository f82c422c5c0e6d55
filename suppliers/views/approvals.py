"""Proposing a choice, and what a lead answers."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import signed_in
from suppliers.actions import decide, propose, withdraw
from suppliers.conflicts import with_current_version
from suppliers.entryforms import RemarkForm
from suppliers.models import ListEntry
from suppliers.trouble import ChangedMeanwhile, Held
from suppliers.views.entry import changed_meanwhile, held_text, show
from suppliers.views.scope import entry_to_change, refuse_unless_lead, seen_entry, tells_what_is_gone


@require_POST
@tells_what_is_gone
def propose_choice(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    entry = entry_to_change(request, pk, entry_pk)

    def act(version: int, text: str) -> str:
        propose(user=signed_in(request), entry=entry, version=version, proposal=text)
        return _("Proposed: a lead of the team approves it or sends it back.")

    return _answer(request, entry, act)


@require_POST
@tells_what_is_gone
def answer(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """`approve` or `send_back`: the button that was pressed."""
    entry = seen_entry(request, pk, entry_pk)
    refuse_unless_lead(request, entry.supplier_list)
    approve = "approve" in request.POST

    def act(version: int, text: str) -> str:
        decide(user=signed_in(request), entry=entry, version=version, approve=approve, answer=text)
        return _("The choice is approved.") if approve else _("The choice is sent back.")

    return _answer(request, entry, act)


@require_POST
@tells_what_is_gone
def withdraw_choice(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    entry = entry_to_change(request, pk, entry_pk)

    def act(version: int, text: str) -> str:
        withdraw(user=signed_in(request), entry=entry, version=version)
        return _("Withdrawn: the entry can be changed again.")

    return _answer(request, entry, act)


def _answer(request: HttpRequest, entry: ListEntry, act: Callable[[int, str], str]) -> HttpResponse:
    """Do it, and go back to the entry; or show it as it is, with what was typed."""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return show(request, entry, answer_form=form, status=422)
    try:
        said = act(form.cleaned_data["version"], form.cleaned_data["text"])
    except ChangedMeanwhile as trouble:
        messages.error(request, changed_meanwhile())
        current = seen_entry(request, entry.supplier_list_id, entry.pk)
        again = RemarkForm(with_current_version(request.POST, trouble.entry))
        return show(request, current, answer_form=again, status=409)
    except Held:
        messages.error(request, held_text(entry))
    except ValidationError as error:
        form.add_error("text", error.messages)
        return show(request, entry, answer_form=form, status=422)
    else:
        messages.success(request, said)
    return redirect(entry)
