"""Exchange rates, for administrators: by hand, or by a CSV file that is shown before it is taken."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.scope import signed_in
from reckoning.currencies import code_in
from reckoning.fields import NumberField
from reckoning.models import ExchangeRate
from reckoning.ratefile import RateFile, RateFileRejected, read_rates, text_of
from reckoning.upload import Planned, Step, plan, take
from reckoning.words import plain

_SALT = "reckoning.rates"
# The preview shows so many of each kind; all are taken.
MOST_SHOWN = 200
_HOURS_TO_CONFIRM = 12


class RateForm(forms.ModelForm[ExchangeRate]):
    rate = NumberField(label=gettext_lazy("rate"), max_digits=18, decimal_places=8)

    class Meta:
        model = ExchangeRate
        fields = ("source", "target", "rate", "valid_on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            # In any width and case: the codes come out of `clean`.
            self.fields[name] = CodeField(label=self.fields[name].label)


class CodeField(forms.CharField):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return code_in(text) or text[:20]


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("CSV file"), allow_empty_file=True)

    def clean_file(self) -> tuple[str, str]:
        """The file's name and text."""
        given = self.cleaned_data["file"]
        try:
            return given.name, text_of(given.read())
        except RateFileRejected as rejected:
            raise ValidationError(str(rejected), code="rejected") from rejected


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin[ExchangeRate]):
    form = RateForm
    list_display = ("pair", "figure", "valid_on", "note", "added_by", "added_at")
    list_filter = ("source", "target", "valid_on")
    list_select_related = ("added_by",)
    list_per_page = 100
    search_fields = ("source", "target", "note")
    date_hierarchy = "valid_on"
    change_list_template = "admin/reckoning/rates/change_list.html"

    class Media:
        css: ClassVar = {"all": ("css/reckoning-admin.css",)}

    def has_module_permission(self, request: HttpRequest, obj: ExchangeRate | None = None) -> bool:
        """Superusers only, as for credentials: Django's staff is no role of this portal."""
        return request.user.is_active and request.user.is_superuser

    has_view_permission = has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_module_permission

    def get_urls(self) -> list[URLPattern]:
        upload = self.admin_site.admin_view(self.upload)
        return [path("upload/", upload, name="reckoning_exchangerate_upload"), *super().get_urls()]

    @admin.display(description=gettext_lazy("currencies"), ordering="source")
    def pair(self, rate: ExchangeRate) -> str:
        return f"{rate.source} → {rate.target}"

    @admin.display(description=gettext_lazy("rate"), ordering="rate")
    def figure(self, rate: ExchangeRate) -> str:
        return plain(rate.rate)

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:
        obj.added_by = signed_in(request)
        super().save_model(request, obj, form, change)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """With the old and the new values: the history is what disputes about a rate are settled by."""
        if add:
            return _("Added: %(rate)s.") % {"rate": form.instance}
        changes = "; ".join(
            f"{form.fields[name].label}: {_shown(form.initial.get(name))} → {_shown(form.cleaned_data.get(name))}"
            for name in form.changed_data
        )
        return _("Changed %(changes)s.") % {"changes": changes} if changes else _("Saved without a change.")

    # A file of rates: chosen, shown, taken

    def upload(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "confirmed" in request.POST:
            return self._take(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            name, text = form.cleaned_data["file"]
            try:
                context |= _preview(name, text, read_rates(text))
            except RateFileRejected as rejected:
                form.add_error("file", str(rejected))
        return self._page(request, context)

    def _take(self, request: HttpRequest) -> HttpResponse:
        """What was shown, compared anew with the rates that are there: others may have changed them meanwhile."""
        try:
            name, text = signing.loads(request.POST["confirmed"], salt=_SALT, max_age=_HOURS_TO_CONFIRM * 3600)
        except signing.BadSignature:
            messages.error(request, _("The preview is too old, or did not come back whole. Choose the file again."))
            return redirect("admin:reckoning_exchangerate_upload")
        new, changed = take(rows=read_rates(text).rows, user=signed_in(request), file_name=name)
        added = ngettext("%(number)s rate added", "%(number)s rates added", new) % {"number": f"{new:,}"}
        replaced = ngettext("%(number)s changed", "%(number)s changed", changed) % {"number": f"{changed:,}"}
        messages.success(request, f"{added}, {replaced}.")
        return redirect("admin:reckoning_exchangerate_changelist")

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("Upload exchange rates"),
        }
        return TemplateResponse(request, "admin/reckoning/rates/upload.html", {**shared, **context})


def _preview(name: str, text: str, file: RateFile) -> dict[str, Any]:
    planned = plan(file.rows)
    steps = {step.value: sum(one.step is step for one in planned) for step in Step}
    # Leaps first, since they are what is to be looked at.
    shown = sorted((one for one in planned if one.step is not Step.SAME), key=lambda one: one.leap is None)
    return {
        "file_name": name,
        "rows": [_row(one) for one in shown[:MOST_SHOWN]],
        "more": max(0, len(shown) - MOST_SHOWN),
        "leaps": sum(one.leap is not None for one in shown),
        "steps": steps,
        "wrong": file.errors[:MOST_SHOWN],
        "wrong_count": len(file.errors),
        "confirmed": signing.dumps([name[:200], text], salt=_SALT, compress=True) if shown else "",
    }


def _row(one: Planned) -> dict[str, Any]:
    return {
        "line": one.row.line,
        "pair": f"{one.row.source} → {one.row.target}",
        "rate": plain(one.row.rate),
        "before": plain(one.before) if one.before else "–",
        "is_changed": one.step is Step.CHANGED,
        "leap": f"{one.leap:+.0%}" if one.leap is not None else "",
        "day": f"{one.row.valid_on:%Y-%m-%d}",
        "note": one.row.note,
    }


def _shown(value: Any) -> str:
    return plain(value) if hasattr(value, "normalize") else str(value or "–")
