"""One entry: its page, and what is decided there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import signed_in
from searches.models import SupplierMatch
from suppliers.actions import change_entry, mark_read, refresh_entry, remove_entry
from suppliers.conflicts import meanwhile, with_current_version
from suppliers.entryforms import CommentForm, EntryForm, FileForm, NoteForm, RemarkForm
from suppliers.models import KeptPicture, ListEntry, Stage
from suppliers.narrowing import entries_with_tags
from suppliers.rows import row_of
from suppliers.snapshots import picture_told, rate_text, sides_of, snapshots_of
from suppliers.timeline import timeline
from suppliers.today import NOTHING, today_of
from suppliers.trouble import ChangedMeanwhile, Held
from suppliers.views.lists import show_beside_fields
from suppliers.views.scope import entry_to_change, lists_with_rights, seen_entry, tells_what_is_gone


@require_safe
@tells_what_is_gone
def page(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    entry = seen_entry(request, pk, entry_pk)
    if request.method == "GET":
        mark_read(user=signed_in(request), entry=entry)
    return show(request, entry)


@require_POST
@tells_what_is_gone
def change(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """All that is decided about the entry, at once."""
    entry = entry_to_change(request, pk, entry_pk)
    form = EntryForm(request.POST, entry=entry)
    if not form.is_valid():
        return show(request, entry, form=form, status=422)
    user = signed_in(request)
    try:
        change_entry(
            user=user,
            entry=entry,
            version=form.cleaned_data["version"],
            withdraw="withdraw" in request.POST,
            **form.changes(),
        )
    except ChangedMeanwhile as trouble:
        current = seen_entry(request, pk, entry_pk)
        again = EntryForm(with_current_version(request.POST, trouble.entry), entry=current)
        conflict = meanwhile(current, form.changes())
        return show(request, current, form=again, status=409, conflict=conflict)
    except Held:
        return show(request, entry, form=form, status=409, asks_to_withdraw=True)
    except ValidationError as error:
        show_beside_fields(form, error)
        return show(request, entry, form=form, status=422)
    messages.success(request, _("Saved."))
    return redirect(entry)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_what_is_gone
def note(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """A page of its own; in htmx's hands the cell of the table, and only that."""
    entry = entry_to_change(request, pk, entry_pk)
    in_cell = "hx-request" in request.headers
    initial = {"note": entry.note, "version": entry.version}
    form = NoteForm(request.POST if request.method == "POST" else None, initial=initial)
    conflict = None
    if form.is_valid():
        text, version = form.cleaned_data["note"], form.cleaned_data["version"]
        try:
            entry = change_entry(user=signed_in(request), entry=entry, version=version, note=text)
        except ChangedMeanwhile as trouble:
            entry = seen_entry(request, pk, entry_pk)
            form = NoteForm(with_current_version(request.POST, trouble.entry))
            conflict = meanwhile(entry, {"note": text})
        else:
            if in_cell:
                row = row_of(seen_entry(request, pk, entry_pk))
                return render(request, "suppliers/note_cell.html", {"list": entry.supplier_list, "row": row})
            messages.success(request, _("The note is saved."))
            return redirect(entry.supplier_list)
    template = "suppliers/note_form.html" if in_cell else "suppliers/note.html"
    context = {"form": form, "entry": entry, "list": entry.supplier_list, "conflict": conflict}
    # htmx leaves answers of 409 aside: the cell's own conflict comes as its new contents.
    return render(request, template, context, status=409 if conflict and not in_cell else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_what_is_gone
def remove(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Asks first, since the note and the price of that day go with the entry."""
    entry = entry_to_change(request, pk, entry_pk)
    if request.method == "POST":
        try:
            remove_entry(entry=entry)
        except Held:
            messages.error(request, _("It is proposed or approved: withdraw that first, then take it off the list."))
            return redirect(entry)
        messages.success(request, _("“%(title)s” is off the list.") % {"title": entry.title})
        return redirect(entry.supplier_list)
    lost = {"comments": entry.comments.count(), "files": entry.attachments.count(), "events": entry.events.count()}
    context = {"entry": entry, "row": row_of(entry), "list": entry.supplier_list, "lost": lost}
    return render(request, "suppliers/remove.html", context)


@require_POST
@tells_what_is_gone
def refresh(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Take over what the page showed as today's values."""
    entry = entry_to_change(request, pk, entry_pk)
    user = signed_in(request)
    form = RemarkForm(request.POST)
    match = today_of([entry], entry.supplier_list.team_id)[entry.pk].match
    if match is None or not form.is_valid():
        messages.warning(request, _("No search of your team has found this offer since: search again first."))
        return redirect(entry)
    try:
        refresh_entry(
            user=user,
            entry=entry,
            version=form.cleaned_data["version"],
            match=SupplierMatch.objects.select_related("job").get(pk=match.pk),
            withdraw="withdraw" in request.POST,
        )
    except ChangedMeanwhile:
        messages.error(request, changed_meanwhile())
    except Held:
        messages.error(request, held_text(entry))
    else:
        messages.success(request, _("The entry shows today’s values. Those of before are in its history."))
    return redirect(entry)


@require_safe
@cache_control(private=True, max_age=60 * 60 * 24 * 30, immutable=True)
def picture(request: HttpRequest, pk: int, entry_pk: int, picture_pk: int) -> FileResponse:
    """The kept picture of an entry, or of one of its older snapshots, for whoever sees the list."""
    entry = seen_entry(request, pk, entry_pk)
    known = {entry.picture_id, *entry.snapshots.values_list("picture", flat=True)}
    kept = get_object_or_404(KeptPicture, pk=picture_pk, state=KeptPicture.State.KEPT)
    if kept.pk not in known:
        raise Http404
    try:
        file = default_storage.open(kept.file_name)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/jpeg", filename="offer.jpg")


def show(
    request: HttpRequest,
    entry: ListEntry,
    *,
    form: EntryForm | None = None,
    comment_form: CommentForm | None = None,
    file_form: FileForm | None = None,
    answer_form: Form | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The entry's page, with forms as they were sent if something is to be mended in them."""
    shown = lists_with_rights(signed_in(request)).get(pk=entry.supplier_list_id)
    may_edit, may_approve = vars(shown)["may_edit"], vars(shown)["may_approve"]
    today = today_of([entry], entry.supplier_list.team_id).get(entry.pk, NOTHING)
    lines, left_out = timeline(entry)
    context = {
        "list": shown,
        "entry": entry,
        "row": row_of(entry, today),
        "sides": sides_of(entry, today),
        "snapshots": snapshots_of(entry),
        "form": form or EntryForm(entry=entry),
        "comment_form": comment_form or CommentForm(),
        "file_form": file_form or FileForm(),
        "answer_form": answer_form or RemarkForm(initial={"version": entry.version}),
        "approvals": list(entry.approvals.select_related("proposed_by", "decided_by")),
        "comments": list(entry.comments.select_related("author")),
        "attachments": list(entry.attachments.select_related("uploaded_by")),
        "tags": entries_with_tags(entry.supplier_list_id),
        "lines": lines,
        "left_out": left_out,
        "may_edit": may_edit,
        "may_approve": may_approve,
        "may_withdraw": entry.is_held and may_edit and (may_approve or entry.stage == Stage.PROPOSED),
        "picture_told": picture_told(entry),
        "rate_told": rate_text(entry),
    }
    return render(request, "suppliers/entry.html", context | more, status=status)


def changed_meanwhile() -> str:
    return _(
        "Somebody changed this since you opened it. Nothing was overwritten: look at it as it is now, then repeat."
    )


def held_text(entry: ListEntry) -> str:
    if entry.stage == Stage.APPROVED:
        return _("It is approved: only a lead changes it, by withdrawing the approval.")
    return _("It is proposed: withdraw the proposal to change it.")
