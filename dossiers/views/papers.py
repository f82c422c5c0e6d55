"""Notes and files of a supplier."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.attachments import download
from accounts.scope import row_to_change, signed_in
from dossiers.actions import attach_file, change_note, delete_note, remove_file, write_note
from dossiers.forms import FileForm, NoteForm
from dossiers.models import Note, Supplier, SupplierFile
from dossiers.views.detail import back_to
from dossiers.views.scope import supplier_to_change, with_record


@require_http_methods(["GET", "HEAD", "POST"])
def add_note(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    supplier = supplier_to_change(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        supplier = with_record(supplier)
        write_note(user=signed_in(request), supplier=supplier, text=form.cleaned_data["text"])
        messages.success(request, _("The note is kept."))
        return redirect(f"{supplier.get_absolute_url()}#notes")
    return render(request, "dossiers/note.html", {"form": form, "supplier": supplier, "back": back_to(supplier)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author's."""
    note, supplier = _own_note(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": note.text})
    if form.is_valid():
        try:
            change_note(user=signed_in(request), note=note, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error("text", error.messages)
        else:
            messages.success(request, _("The note is changed."))
            return redirect(f"{supplier.get_absolute_url()}#notes")
    context = {"form": form, "note": note, "supplier": supplier, "back": back_to(supplier)}
    return render(request, "dossiers/note.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and shows what is lost."""
    note, supplier = _own_note(request, pk)
    if request.method == "POST":
        delete_note(user=signed_in(request), note=note)
        messages.success(request, _("The note is deleted."))
        return redirect(f"{supplier.get_absolute_url()}#notes")
    return render(request, "dossiers/note_remove.html", {"note": note, "supplier": supplier})


def _own_note(request: HttpRequest, pk: int) -> tuple[Note, Supplier]:
    notes = Note.objects.select_related("supplier__survivor", "author")
    note = row_to_change(notes, user=signed_in(request), pk=pk)
    if note.author_id != signed_in(request).pk:
        author = note.author or _("somebody who left")
        raise PermissionDenied(
            _("This note is by %(author)s, and only its author changes it. Write one of your own beside it.")
            % {"author": author}
        )
    return note, note.supplier.survivor or note.supplier


@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    supplier = supplier_to_change(request, pk)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        supplier = with_record(supplier)
        try:
            file = attach_file(user=signed_in(request), supplier=supplier, upload=form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": file.name})
            return redirect(f"{supplier.get_absolute_url()}#files")
    return render(request, "dossiers/file.html", {"form": form, "supplier": supplier, "back": back_to(supplier)})


@require_safe
def get_file(request: HttpRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(SupplierFile.objects.for_user(signed_in(request)), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def take_file_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the file is gone then."""
    files = SupplierFile.objects.select_related("supplier__survivor", "uploaded_by")
    file = row_to_change(files, user=signed_in(request), pk=pk)
    supplier = file.supplier.survivor or file.supplier
    if request.method == "POST":
        remove_file(file=file)
        messages.success(request, _("“%(name)s” is removed.") % {"name": file.name})
        return redirect(f"{supplier.get_absolute_url()}#files")
    return render(request, "dossiers/file_remove.html", {"file": file, "supplier": supplier})
