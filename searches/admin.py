"""Credentials, for administrators. A secret goes in here and never comes out again."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django_stubs_ext import StrOrPromise

from searches.credentials import Trouble, check_connection, is_readable, last_trouble
from searches.marketplaces import MARKETPLACES, is_web_url
from searches.models import Credential

# The buttons beside "Save": what happens once the form is saved.
TEST, REMOVE_TOKEN = "_test", "_remove_token"
# A marketplace's own words may lack one.
ENDS_OF_SENTENCES = tuple(".!?。！？")


def _write_only(label: StrOrPromise) -> forms.CharField:
    """A field that is never filled in again, neither from the database nor from what was just sent."""
    widget = forms.PasswordInput(attrs={"class": "vTextField", "autocomplete": "new-password"})
    return forms.CharField(label=label, required=False, max_length=500, widget=widget)


class CredentialForm(forms.ModelForm[Credential]):
    """A credential, its secret and token to be typed only when they change."""

    base_url = forms.CharField(
        label=gettext_lazy("Base URL"),
        required=False,
        max_length=200,
        widget=forms.URLInput(attrs={"class": "vURLField", "placeholder": "https://"}),
    )
    secret = _write_only(gettext_lazy("Secret"))
    token = _write_only(gettext_lazy("Token"))

    class Meta:
        model = Credential
        fields = ("name", "marketplace", "base_url", "app_key", "secret", "token", "calls_per_minute", "enabled")
        labels: ClassVar = {"marketplace": gettext_lazy("Protocol")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defaults = [f"{_(row.label)}: {row.default_base_url}" for row in MARKETPLACES.values()]
        self.fields["base_url"].help_text = _("The gateway's address. Empty takes the protocol's own (%(all)s).") % {
            "all": ", ".join(defaults)
        }
        self.fields["secret"].help_text = _stored(self.instance.secret_encrypted)
        # In a line of its own: xgettext does not look into f-strings.
        not_needed = _("Not every account has one; it is not needed to search.")
        self.fields["token"].help_text = f"{_stored(self.instance.token_encrypted)} {not_needed}"

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if not secret and not self.instance.secret_encrypted:
            raise ValidationError(_("Enter the secret: calls are signed with it."), code="required")
        return secret

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        protocol = MARKETPLACES.get(data.get("marketplace", ""))
        if "base_url" in data:
            try:
                data["base_url"] = _base_url(data["base_url"] or (protocol.default_base_url if protocol else ""))
            except ValidationError as error:
                self.add_error("base_url", error)
        return data

    def save(self, commit: bool = True) -> Credential:
        if self.cleaned_data["secret"]:
            self.instance.keep_secret(self.cleaned_data["secret"])
        if self.cleaned_data["token"]:
            self.instance.keep_token(self.cleaned_data["token"])
        return super().save(commit)


def _stored(encrypted: str) -> str:
    if not encrypted:
        return _("Not stored.")
    if not is_readable(encrypted):
        return _("Stored, but none of the server's keys can read it: enter it again.")
    return _("Stored. Leave it empty to keep it.")


def _base_url(text: str) -> str:
    """The address without a slash at its end. Raises ValidationError unless it is one of a web server alone."""
    if "?" in text or "#" in text:
        raise ValidationError(_("Leave out everything from the ? or # on: calls add their own."), code="query")
    if "@" in text:
        raise ValidationError(_("Leave user name and password out: the secret signs the calls."), code="user-name")
    if not is_web_url(text):
        raise ValidationError(
            _("Give an address that begins with http:// or https:// and names a server."), code="address"
        )
    return text.rstrip("/")


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin[Credential]):
    form = CredentialForm
    list_display = (
        "name",
        "marketplace",
        "base_url",
        "app_key",
        "enabled",
        "limit",
        "last_success_at",
        "last_error",
    )
    actions = ("test_connection", "switch_on", "switch_off")
    fieldsets = (
        (None, {"fields": ("name", "marketplace", "base_url", "enabled", "calls_per_minute")}),
        (gettext_lazy("Keys"), {"fields": ("app_key", "secret", "token")}),
        (gettext_lazy("State"), {"fields": ("last_success_at", "last_error")}),
    )
    readonly_fields = ("last_success_at", "last_error")

    def has_module_permission(self, request: HttpRequest, obj: Credential | None = None) -> bool:
        """Superusers only, for everything: Django's staff and its permissions are no roles of this portal."""
        return request.user.is_active and request.user.is_superuser

    has_view_permission = has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_module_permission

    # Error reports hold what was sent, except what is named here.
    @method_decorator(sensitive_post_parameters("secret", "token"))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    @admin.display(description=gettext_lazy("limit"), ordering="calls_per_minute")
    def limit(self, credential: Credential) -> str:
        return _("%(number)d a minute") % {"number": credential.calls_per_minute}

    @admin.display(description=gettext_lazy("last error"), ordering="last_error_at")
    def last_error(self, credential: Credential) -> str:
        trouble = last_trouble(credential)
        if trouble is None or credential.last_error_at is None:
            return "-"
        return format_html(
            "<b>{}</b> {}<br>{}{}",
            trouble.code,
            _in_words(trouble),
            f"{timezone.localtime(credential.last_error_at):%Y-%m-%d %H:%M}",
            _(" (it worked since)") if _worked_since(credential) else "",
        )

    @admin.action(description=gettext_lazy("Test the connection (one call each)"))
    def test_connection(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        for credential in credentials:
            self._test(request, credential)

    @admin.action(description=gettext_lazy("Switch on"))
    def switch_on(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        self._switch(request, credentials, enabled=True)

    @admin.action(description=gettext_lazy("Switch off"))
    def switch_off(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        self._switch(request, credentials, enabled=False)

    def response_add(self, request: HttpRequest, obj: Credential, post_url_continue: str | None = None) -> HttpResponse:
        if TEST in request.POST:
            return self._test_saved(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Credential) -> HttpResponse:
        if TEST in request.POST:
            return self._test_saved(request, obj)
        if REMOVE_TOKEN in request.POST:
            obj.keep_token("")
            obj.save(update_fields=["token_encrypted"])
            self.log_change(request, obj, _("Removed the token."))
            messages.success(request, _("%(name)s is saved, and its token removed.") % {"name": obj.name})
            return _to_page_of(obj)
        return super().response_change(request, obj)

    def _test_saved(self, request: HttpRequest, credential: Credential) -> HttpResponse:
        messages.success(request, _("%(name)s is saved.") % {"name": credential.name})
        self._test(request, credential)
        return _to_page_of(credential)

    def _test(self, request: HttpRequest, credential: Credential) -> None:
        """Say what came of the test, now and in the history."""
        trouble = check_connection(credential)
        name = {"name": credential.name}
        if trouble is None:
            messages.success(request, _("%(name)s: the connection works.") % name)
            self.log_change(request, credential, _("Tested the connection: it works."))
            return
        text = format_html("{}: {} [{}]", credential.name, _in_words(trouble), trouble.code)
        messages.error(request, text)
        self.log_change(request, credential, _("Tested the connection: %(code)s.") % {"code": trouble.code})

    def _switch(self, request: HttpRequest, credentials: Iterable[Credential], *, enabled: bool) -> None:
        changed = [credential for credential in credentials if credential.enabled != enabled]
        for credential in changed:
            credential.enabled = enabled
            credential.save(update_fields=["enabled"])
            self.log_change(request, credential, _("Switched on.") if enabled else _("Switched off."))
        number = len(changed)
        if enabled:
            text = ngettext("%(number)d credential switched on.", "%(number)d credentials switched on.", number)
        else:
            text = ngettext("%(number)d credential switched off.", "%(number)d credentials switched off.", number)
        messages.success(request, text % {"number": number})


def _to_page_of(credential: Credential) -> HttpResponse:
    return redirect("admin:searches_credential_change", credential.pk)


def _in_words(trouble: Trouble) -> str:
    message = trouble.message
    stop = "" if not message or message.endswith(ENDS_OF_SENTENCES) else "."
    return f"{message}{stop} {trouble.remedy}".strip()


def _worked_since(credential: Credential) -> bool:
    success, failure = credential.last_success_at, credential.last_error_at
    return success is not None and failure is not None and success > failure
