"""The form of a credential: the fields of its protocol, secrets to be typed only when they change."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from searches.credentials import is_readable
from searches.marketplaces import KeyField, Marketplace, is_web_url
from searches.models import Credential
from searches.models.credential import BREAKER_COLUMNS, TOKEN_COLUMNS

KEYS = ("app_key", "secret", "token")
# What a call is made of: once one of these changes, old failures say nothing of the next call.
ACCOUNT = frozenset({"base_url", *KEYS})


def _write_only() -> forms.CharField:
    """A field that is never filled in again, neither from the database nor from what was just sent."""
    widget = forms.PasswordInput(attrs={"class": "vTextField", "autocomplete": "new-password"})
    return forms.CharField(required=False, max_length=500, widget=widget)


def _address(label: StrOrPromise) -> forms.CharField:
    widget = forms.URLInput(attrs={"class": "vURLField"})
    return forms.CharField(label=label, required=False, max_length=200, widget=widget)


class CredentialForm(forms.ModelForm[Credential]):
    """One protocol's form: `form_for` makes it."""

    protocol: ClassVar[Marketplace | None] = None
    redirect_uri: ClassVar[str] = ""

    base_url = _address(gettext_lazy("Base URL"))
    auth_url = _address(gettext_lazy("Authorization address"))
    secret = _write_only()
    token = _write_only()

    class Meta:
        model = Credential
        fields = (
            "name",
            "enabled",
            "base_url",
            "app_key",
            "secret",
            "token",
            "auth_url",
            "calls_per_minute",
            "calls_per_day",
            "for_all_teams",
            "teams",
        )

    # Whether the stored token stays behind at the address that is given up.
    leaves_token = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = fields_of(self.protocol)
        for name in set(self.fields) - set(shown):
            del self.fields[name]
        self.order_fields(shown)
        if self.protocol is None:
            return
        if self.instance.pk is None:
            self.instance.marketplace = self.protocol.key
            self.initial.setdefault("calls_per_minute", self.protocol.calls_per_minute)
        self._describe_addresses(self.protocol)
        for key in self.protocol.keys:
            self._describe_key(key)
        self.fields["calls_per_minute"].help_text = _(
            "The marketplace's limit for this key, kept by all workers together. %(number)d unless agreed otherwise."
        ) % {"number": self.protocol.calls_per_minute}

    def _describe_addresses(self, protocol: Marketplace) -> None:
        self.fields["base_url"].help_text = _("The gateway's address. Empty takes the protocol's own: %(own)s") % {
            "own": protocol.default_base_url
        }
        self.fields["base_url"].widget.attrs["placeholder"] = protocol.default_base_url
        if "auth_url" in self.fields:
            self.fields["auth_url"].help_text = format_html(
                "{}<br>{} <code>{}</code>",
                _("Where administrators are asked to allow the app. Empty takes the protocol's own: %(own)s")
                % {"own": protocol.default_auth_url},
                _("Register this redirect address in the vendor's console:"),
                self.redirect_uri,
            )
            self.fields["auth_url"].widget.attrs["placeholder"] = protocol.default_auth_url

    def _describe_key(self, key: KeyField) -> None:
        field, found_at = self.fields[key.name], _(key.help)
        field.label = _(key.label)
        if key.name == "app_key":
            field.required, field.help_text = key.required, found_at
            return
        stored = self._stored(key.name)
        field.required = key.required and not stored
        field.help_text = f"{_in_store(stored)} {found_at}"

    def _stored(self, name: str) -> str:
        return self.instance.secret_encrypted if name == "secret" else self.instance.token_encrypted

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.protocol:
            self._tidy(data, "base_url", self.protocol.default_base_url)
            self._tidy(data, "auth_url", self.protocol.default_auth_url)
            self._ask_for_keys_again(self.protocol, data)
        if "for_all_teams" in data and not data["for_all_teams"] and not data.get("teams"):
            self.add_error(
                "teams",
                ValidationError(_("Choose a team, or let every team use it; to keep it from all, switch it off.")),
            )
        return data

    def _ask_for_keys_again(self, protocol: Marketplace, data: dict[str, Any]) -> None:
        """Stored keys go to no other server: whoever may change the address cannot have them sent there.

        A token that can be done without is left behind, as nobody could type one that OAuth gave.
        """
        if self.instance.pk is None or data.get("base_url") in (None, self.instance.base_url):
            return
        for key in protocol.keys:
            if key.name == "app_key" or data.get(key.name) or not self._stored(key.name):
                continue
            if key.required:
                text = _("The base URL is another: enter this again. What is stored is sent to no other server.")
                self.add_error(key.name, ValidationError(text, code="moved"))
            else:
                self.leaves_token = True

    def _tidy(self, data: dict[str, Any], name: str, default: str) -> None:
        if name not in data:
            return
        try:
            data[name] = _server(data[name] or default)
        except ValidationError as error:
            self.add_error(name, error)

    def save(self, commit: bool = True) -> Credential:
        if self.cleaned_data.get("secret"):
            self.instance.keep_secret(self.cleaned_data["secret"])
        if self.cleaned_data.get("token"):
            self.instance.keep_token(self.cleaned_data["token"])
        elif self.leaves_token:
            self.instance.keep_token("")
        if ACCOUNT.intersection(self.changed_data):
            self.instance.resume()
        return super().save(commit)

    def changed_columns(self) -> list[str]:
        """What to write of a credential that exists: meanwhile a worker may renew its tokens, or record a failure."""
        return list(dict.fromkeys(self._changed_columns()))

    def _changed_columns(self) -> Iterator[str]:
        for name in self.changed_data:
            if name == "secret":
                yield "secret_encrypted"
            elif name == "token":
                yield from TOKEN_COLUMNS
            elif name != "teams":
                yield name
            if name in ACCOUNT:
                yield from BREAKER_COLUMNS
        if self.leaves_token:
            yield from TOKEN_COLUMNS


def fields_of(protocol: Marketplace | None) -> list[str]:
    """The names of its form's fields, in order. Of an unknown protocol only what needs no knowledge of it."""
    if protocol is None:
        return ["name", "enabled", "for_all_teams", "teams"]
    authorizing = ["auth_url"] if protocol.authorizing else []
    limits = ["calls_per_minute", "calls_per_day"]
    return ["name", "enabled", "base_url", *keys_of(protocol), *authorizing, *limits, "for_all_teams", "teams"]


def keys_of(protocol: Marketplace) -> list[str]:
    return [key.name for key in protocol.keys]


def form_for(
    form: type[forms.ModelForm[Credential]], protocol: Marketplace | None, redirect_uri: str
) -> type[forms.ModelForm[Credential]]:
    """The form for one protocol; `redirect_uri` is where OAuth comes back to."""
    return type(form.__name__, (form,), {"protocol": protocol, "redirect_uri": redirect_uri})


def _in_store(encrypted: str) -> str:
    if not encrypted:
        return _("Not stored.")
    if not is_readable(encrypted):
        return _("Stored, but none of the server's keys can read it: enter it again.")
    return _("Stored. Leave it empty to keep it.")


def _server(text: str) -> str:
    """The address without a slash at its end. Raises ValidationError unless it is one of a web server alone."""
    if "?" in text or "#" in text:
        raise ValidationError(_("Leave out everything from the ? or # on: calls add their own."), code="query")
    if "@" in text:
        raise ValidationError(_("Leave user name and password out: the keys are sent by themselves."), code="user-name")
    if not is_web_url(text):
        raise ValidationError(
            _("Give an address that begins with http:// or https:// and names a server."), code="address"
        )
    return text.rstrip("/")
