"""Inquiries to a list's suppliers: who can be asked, the sheet to print, the same as a workbook, and its questions."""

from itertools import zip_longest

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import id_of, signed_in
from searches.addresses import changed
from suppliers import inquiries
from suppliers.actions import set_questions
from suppliers.inquiries import inquiry_to, offers_of_supplier, questions_of, suppliers_of
from suppliers.inquirysheet import workbook_of
from suppliers.models import ListEntry, SupplierList
from suppliers.views.lists import show_beside_fields
from suppliers.views.scope import list_to_change, lists_with_rights, seen_entry, seen_list, tells_what_is_gone

SUPPLIERS_PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuestionsForm(forms.Form):
    """A question a line; the same line in both languages belongs together."""

    chinese = forms.CharField(
        label=gettext_lazy("In Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 10, "lang": "zh-Hans"})
    )
    english = forms.CharField(
        label=gettext_lazy("In English"), required=False, widget=forms.Textarea(attrs={"rows": 10, "lang": "en"})
    )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Of a valid form."""
        chinese, english = (self.cleaned_data[name].splitlines() for name in ("chinese", "english"))
        return list(zip_longest(chinese, english, fillvalue=""))


@require_safe
@tells_what_is_gone
def index(request: HttpRequest, pk: int) -> HttpResponse:
    shown = seen_list(request, pk)
    page = Paginator(suppliers_of(shown), SUPPLIERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "suppliers/inquiries.html", {"list": shown, "page": page, "questions": questions_of(shown)})


@require_safe
@tells_what_is_gone
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """`of`: an entry of the supplier's; `item` (repeated): the entries to ask for, all of them without any."""
    entry = _entry_of(request, pk)
    inquiry = inquiry_to(entry, signed_in(request), _chosen(request))
    included = {item.entry for item in inquiry.items}
    context = {
        "list": entry.supplier_list,
        "entry": entry,
        "inquiry": inquiry,
        # The sheet's own, whatever language its reader has.
        "words": inquiries,
        "head": inquiries.PRINTED,
        "offers": [(offer, offer.pk in included) for offer in offers_of_supplier(entry)],
        "query": changed(request.GET),
        "may_edit": vars(lists_with_rights(signed_in(request)).get(pk=pk))["may_edit"],
    }
    return render(request, "suppliers/inquiry.html", context)


@require_safe
@tells_what_is_gone
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry_of(request, pk)
    inquiry = inquiry_to(entry, signed_in(request), _chosen(request))
    name = f"{inquiries.TITLE.chinese} {inquiry.supplier[:60]} {inquiry.day.isoformat()}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name.replace("/", "-"))
    return HttpResponse(
        workbook_of(inquiry), content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@tells_what_is_gone
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """What this list's inquiries ask. Emptied, they ask the usual questions again."""
    supplier_list = list_to_change(request, pk)
    form = QuestionsForm(request.POST if request.method == "POST" else None, initial=_initial(supplier_list))
    if form.is_valid():
        try:
            set_questions(supplier_list=supplier_list, questions=form.pairs)
        except ValidationError as error:
            show_beside_fields(form, error)
        else:
            messages.success(request, _("The questions are saved."))
            return redirect("suppliers:inquiries", pk=pk)
    return render(request, "suppliers/questions.html", {"form": form, "list": supplier_list})


def _initial(supplier_list: SupplierList) -> dict[str, str]:
    kept = questions_of(supplier_list)
    return {
        "chinese": "\n".join(words.chinese for words in kept),
        "english": "\n".join(words.english for words in kept),
    }


def _entry_of(request: HttpRequest, pk: int) -> ListEntry:
    entry_id = id_of(request.GET.get("of", ""))
    if not entry_id:
        raise Http404
    return seen_entry(request, pk, entry_id)


def _chosen(request: HttpRequest) -> list[int]:
    return [item for text in request.GET.getlist("item") if (item := id_of(text))]
