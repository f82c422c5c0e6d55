"""Comments and files of an entry. Whoever sees the list reads them; whoever may change it writes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.attachments import download
from accounts.scope import signed_in
from suppliers.actions import attach, comment, remove_attachment
from suppliers.entryforms import CommentForm, FileForm
from suppliers.mentions import Mentioned
from suppliers.models import Attachment, ListEntry
from suppliers.views.entry import show
from suppliers.views.lists import show_beside_fields
from suppliers.views.scope import entry_to_change, seen_entry, tells_what_is_gone


@require_POST
@tells_what_is_gone
def write(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    entry = entry_to_change(request, pk, entry_pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, entry, comment_form=form, status=422)
    mentioned = comment(user=signed_in(request), entry=entry, text=form.cleaned_data["text"])
    _tell(request, mentioned)
    return redirect(f"{entry.get_absolute_url()}#comments")


@require_POST
@tells_what_is_gone
def add_file(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    entry = entry_to_change(request, pk, entry_pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            added = attach(user=signed_in(request), entry=entry, upload=form.cleaned_data["file"])
        except ValidationError as error:
            show_beside_fields(form, error)
        except OSError:
            form.add_error(
                "file", _("The server’s storage could not keep the file. Try again, or tell an administrator.")
            )
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": added.name})
            return redirect(f"{entry.get_absolute_url()}#files")
    return show(request, entry, file_form=form, status=422)


@require_safe
@tells_what_is_gone
def file(request: HttpRequest, pk: int, entry_pk: int, file_pk: int) -> HttpResponseBase:
    """For saving, to whoever sees the list."""
    return download(_file_of(seen_entry(request, pk, entry_pk), file_pk))


@require_http_methods(["GET", "HEAD", "POST"])
@tells_what_is_gone
def remove_file(request: HttpRequest, pk: int, entry_pk: int, file_pk: int) -> HttpResponse:
    """Asks first: the file cannot be brought back."""
    entry = entry_to_change(request, pk, entry_pk)
    attachment = _file_of(entry, file_pk)
    if request.method == "POST":
        remove_attachment(user=signed_in(request), attachment=attachment)
        messages.success(request, _("“%(name)s” is removed.") % {"name": attachment.name})
        return redirect(f"{entry.get_absolute_url()}#files")
    context = {"entry": entry, "list": entry.supplier_list, "attachment": attachment}
    return render(request, "suppliers/remove_file.html", context)


def _file_of(entry: ListEntry, file_pk: int) -> Attachment:
    return get_object_or_404(Attachment.objects.select_related("entry"), entry=entry, pk=file_pk)


def _tell(request: HttpRequest, mentioned: Mentioned) -> None:
    """Who was told, and whom the writer meant in vain."""
    if mentioned.told:
        names = ", ".join(str(user) for user in mentioned.told)
        messages.success(request, _("Told: %(names)s.") % {"names": names})
    if mentioned.blind:
        names = ", ".join(str(user) for user in mentioned.blind)
        text = _("%(names)s cannot see this list, and was not told: share the list first.")
        messages.warning(request, text % {"names": names})
    if mentioned.strangers:
        names = ", ".join(f"@{name}" for name in mentioned.strangers)
        text = _("Nobody in the team is called %(names)s: the name stays as text, and nobody was told.")
        messages.warning(request, text % {"names": names})
