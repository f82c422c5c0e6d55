"""The credentials' pages. A secret goes in here and never comes out again."""

from typing import Any, ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from searches.admin import authorization, changes, credential_actions, history
from searches.admin.credential_form import CredentialForm, fields_of, form_for, keys_of
from searches.admin.credential_page import about, allow_list, calls_today, origins, shared_load
from searches.admin.protocols import PARAMETER, choices, label_of, protocol_of
from searches.admin.state import state_of
from searches.admin.usage import with_calls_today
from searches.formats import day_and_clock
from searches.marketplaces import PROTOCOLS, Marketplace
from searches.models import Credential

# The buttons beside "Save": what happens once the form is saved.
TEST, REMOVE_TOKEN = "_test", "_remove_token"


class SavedToBeTested(HttpResponseRedirect):
    """The way back to a credential's page, by way of a test of its connection."""

    def __init__(self, credential: Credential) -> None:
        super().__init__(reverse("admin:searches_credential_change", args=[credential.pk]))
        self.credential = credential


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin[Credential]):
    form = CredentialForm
    list_display = ("name", "protocol", "teams_in_words", "state", "today", "last_success")
    list_per_page = 50
    actions = ("test_connection", "switch_on", "switch_off", "resume")
    ordering = ("marketplace", "name")
    change_form_template = "admin/searches/credential/change_form.html"
    change_list_template = "admin/searches/credential/change_list.html"

    class Media:
        css: ClassVar = {"all": ("css/admin-credentials.css",)}

    # Who may, and where

    def has_module_permission(self, request: HttpRequest, obj: Credential | None = None) -> bool:
        """Superusers only, for everything: Django's staff and its permissions are no roles of this portal."""
        return request.user.is_active and request.user.is_superuser

    has_view_permission = has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_module_permission

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("history/", view(self.history_of_all), name="searches_credential_history_of_all"),
            path("authorized/", login_not_required(never_cache(self.authorized)), name=authorization.CALLBACK),
            path("<int:pk>/authorize/", view(require_POST(self.authorize)), name="searches_credential_authorize"),
            path("<int:pk>/resume/", view(require_POST(self.resume_one)), name="searches_credential_resume"),
            *super().get_urls(),
        ]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        return with_calls_today(super().get_queryset(request)).prefetch_related("teams")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shared = {"shared_load": shared_load(), "title": _("Credentials")}
        return super().changelist_view(request, {**shared, **(extra_context or {})})

    @admin.display(description=gettext_lazy("protocol"), ordering="marketplace")
    def protocol(self, credential: Credential) -> str:
        return label_of(credential)

    @admin.display(description=gettext_lazy("teams"))
    def teams_in_words(self, credential: Credential) -> str:
        if credential.for_all_teams:
            return _("every team")
        return ", ".join(sorted(team.name for team in credential.teams.all())) or _("none")

    @admin.display(description=gettext_lazy("state"))
    def state(self, credential: Credential) -> str:
        state = state_of(credential)
        return format_html(
            '<span class="state {}">{}</span> <span class="state-detail">{}</span>',
            state.tone,
            state.text,
            state.detail,
        )

    @admin.display(description=gettext_lazy("calls today"), ordering="calls_today")
    def today(self, credential: Credential) -> str:
        calls = calls_today(getattr(credential, "calls_today", 0), credential.calls_per_day)
        per_minute = _("at most %(number)s a minute") % {"number": f"{credential.calls_per_minute:,}"}
        return format_html('{}<br><span class="quiet">{}</span>', calls, per_minute)

    @admin.display(description=gettext_lazy("last success"), ordering="last_success_at")
    def last_success(self, credential: Credential) -> str:
        return day_and_clock(credential.last_success_at) if credential.last_success_at else "–"

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Credential | None = None) -> Any:
        protocol = _protocol(request, obj)
        shown = fields_of(protocol)
        teams = (_("Teams"), {"fields": [name for name in ("for_all_teams", "teams") if name in shown]})
        if protocol is None:
            return [(None, {"fields": ["name", "enabled"]}), teams]
        keys = [*keys_of(protocol), *(name for name in ("auth_url",) if name in shown)]
        return [
            (None, {"fields": ["name", "enabled", "base_url"]}),
            (_("Keys"), {"fields": keys}),
            (_("Limits"), {"fields": ["calls_per_minute", "calls_per_day"]}),
            teams,
        ]

    def get_form(self, request: HttpRequest, obj: Credential | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return form_for(form, _protocol(request, obj), authorization.redirect_uri(request))

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "teams":
            # Without the admin's links beside it, that make and change teams.
            return db_field.formfield(widget=forms.CheckboxSelectMultiple)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # Error reports hold what was sent, except what is named here.
    @method_decorator(sensitive_post_parameters("secret", "token"))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changeform_view(request, *args, **kwargs)
        if isinstance(response, SavedToBeTested):
            # Here the form's transaction is over: none waits for a marketplace while workers wait for it.
            credential_actions.test(request, response.credential, self.log_change)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._refuse_others(request)
        protocol = _chosen(request)
        if protocol is None:
            return self._choose(request)
        title = _("Add a credential: %(protocol)s") % {"protocol": _(protocol.label)}
        page = {"title": title, "protocol": protocol, "parameter": PARAMETER, **allow_list(protocol)}
        return super().add_view(request, form_url, {**page, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        credential = self.get_object(request, object_id)
        if credential is None or not self.has_change_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        protocol = protocol_of(credential)
        page = {"title": credential.name, "subtitle": None, **allow_list(protocol), **about(credential, protocol)}
        response = super().change_view(request, object_id, form_url, {**page, **(extra_context or {})})
        # Browsers hold a form to this policy wherever its answer sends them on to: "authorize" goes to the vendor's.
        csp_update({"form-action": origins(credential)})(lambda asked: response)(request)
        return response

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        if not change:
            obj.save()
        elif columns := form.changed_columns():
            obj.save(update_fields=columns)

    def response_add(self, request: HttpRequest, obj: Credential, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, _("%(name)s is saved.") % {"name": obj.name})
        return SavedToBeTested(obj) if TEST in request.POST else _to_page_of(obj)

    def response_change(self, request: HttpRequest, obj: Credential) -> HttpResponse:
        if TEST in request.POST:
            return self.response_add(request, obj)
        if REMOVE_TOKEN in request.POST:
            credential_actions.remove_token(request, obj, self.log_change)
            return _to_page_of(obj)
        return super().response_change(request, obj)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("Add a credential: which protocol?"),
            "choices": choices(),
        }
        return TemplateResponse(request, "admin/searches/credential/choose.html", context)

    # What was done, and by whom

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return changes.added(form) if add else changes.changed(form)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Credential]) -> Any:
        user = request.user.pk
        if user is None:
            raise PermissionDenied
        for credential in queryset:
            text = changes.deleted(credential)
            LogEntry.objects.log_actions(user, [credential], DELETION, text, single_object=True)

    def history_of_all(self, request: HttpRequest) -> HttpResponse:
        self._refuse_others(request)
        return history.of_all(
            request, {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        )

    # Buttons and actions

    def authorize(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_others(request)
        return authorization.begin(request, pk)

    def authorized(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return authorization.signed_out(request)
        self._refuse_others(request)
        return authorization.end(request, self.log_change)

    def resume_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_others(request)
        credential_actions.resume(request, Credential.objects.filter(pk=pk), self.log_change)
        return redirect("admin:searches_credential_change", pk)

    @admin.action(description=gettext_lazy("Test the connection (a call or two each)"))
    def test_connection(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        for credential in credentials:
            credential_actions.test(request, credential, self.log_change)

    @admin.action(description=gettext_lazy("Switch on"))
    def switch_on(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        credential_actions.switch(request, credentials, self.log_change, enabled=True)

    @admin.action(description=gettext_lazy("Switch off"))
    def switch_off(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        credential_actions.switch(request, credentials, self.log_change, enabled=False)

    @admin.action(description=gettext_lazy("Resume: end the pause"))
    def resume(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        credential_actions.resume(request, credentials, self.log_change)

    def _refuse_others(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied


def _protocol(request: HttpRequest, credential: Credential | None) -> Marketplace | None:
    """That of the credential, which stays what it is; of a new one, what was chosen."""
    return protocol_of(credential) if credential else _chosen(request)


def _chosen(request: HttpRequest) -> Marketplace | None:
    return PROTOCOLS.get(request.POST.get(PARAMETER) or request.GET.get(PARAMETER, ""))


def _to_page_of(credential: Credential) -> HttpResponse:
    return redirect("admin:searches_credential_change", credential.pk)
