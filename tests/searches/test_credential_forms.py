"""A form for each protocol: what it asks for, what it takes for granted, and what it refuses."""

import re

import pytest

from searches import outgoing
from searches.marketplaces import PROTOCOLS
from searches.models import Credential
from tests.factories import CredentialFactory, TeamFactory
from tests.searches.credential_admin import ADD, SECRET, TOKEN, fields, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]

COMMON = {"name", "enabled", "base_url", "calls_per_minute", "calls_per_day", "for_all_teams", "teams"}
KEYS = {
    "image_search_md5": {"app_key", "secret"},
    "alibaba_open": {"app_key", "secret", "token", "auth_url"},
    "alibaba_similar": {"app_key", "secret", "token", "auth_url"},
    "tmapi": {"token"},
    "onebound": {"app_key", "secret"},
}


def form_of(response):
    return response.context["adminform"].form


def add_page(admin, protocol):
    return admin.get(ADD, {"marketplace": protocol})


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return form_of(response).errors


def test_the_protocol_is_chosen_first(admin) -> None:
    CredentialFactory(marketplace="tmapi")
    page = admin.get(ADD).content.decode()
    page = page[page.index('id="content-main"') : page.index('id="footer"')]
    assert "<form" not in page
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    assert len(rows) == len(PROTOCOLS)
    for (key, protocol), row in zip(PROTOCOLS.items(), rows, strict=True):
        assert f'href="?marketplace={key}"' in row
        assert protocol.label in row
        assert ("1 credential" in row) == (key == "tmapi")
    official = rows[list(PROTOCOLS).index("alibaba_open")]
    assert "App key, Secret, authorization at 1688" in official
    assert "allow-list" in official


def test_an_unknown_protocol_is_no_choice(admin) -> None:
    response = admin.get(ADD, {"marketplace": "no-such"})
    assert "which protocol?" in response.content.decode()
    assert "which protocol?" in admin.post(ADD, fields(marketplace="no-such", secret=SECRET)).content.decode()
    assert not Credential.objects.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_form_has_the_fields_of_its_protocol_and_says_where_each_is_found(admin, protocol) -> None:
    form = form_of(add_page(admin, protocol))
    assert set(form.fields) == COMMON | KEYS[protocol]
    for key in PROTOCOLS[protocol].keys:
        field = form.fields[key.name]
        assert field.label == key.label
        assert field.help_text.endswith(key.help)
        assert field.required == key.required
    assert form["calls_per_minute"].value() == PROTOCOLS[protocol].calls_per_minute
    assert PROTOCOLS[protocol].default_base_url in form.fields["base_url"].help_text


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_credential_of_each_protocol_is_made_from_its_keys(admin, protocol) -> None:
    values = fields(marketplace=protocol, base_url="", auth_url="")
    values |= {name: value for name, value in (("secret", SECRET), ("token", TOKEN)) if name in KEYS[protocol]}
    response = admin.post(ADD, values)
    credential = Credential.objects.get()
    assert response.url == page_of(credential)
    assert credential.marketplace == protocol
    assert credential.base_url == PROTOCOLS[protocol].default_base_url
    assert credential.auth_url == PROTOCOLS[protocol].default_auth_url
    account = credential.account()
    assert account.app_key == ("1000000" if "app_key" in KEYS[protocol] else "")
    assert account.secret == (SECRET if "secret" in KEYS[protocol] else "")
    assert account.token == (TOKEN if "token" in KEYS[protocol] else "")
    assert set(form_of(admin.get(page_of(credential))).fields) == COMMON | KEYS[protocol]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_key_that_a_protocol_needs_must_be_given(admin, protocol) -> None:
    missing = errors(admin.post(ADD, fields(marketplace=protocol, app_key="")))
    assert set(missing) == {key.name for key in PROTOCOLS[protocol].keys if key.required}
    assert not Credential.objects.exists()


def test_the_protocol_of_a_saved_credential_stays(admin) -> None:
    credential = CredentialFactory()
    admin.post(page_of(credential), fields(marketplace="tmapi", name="renamed"))
    admin.post(f"{page_of(credential)}?marketplace=tmapi", fields(name="renamed again"))
    credential.refresh_from_db()
    assert (credential.name, credential.marketplace) == ("renamed again", "image_search_md5")


def test_a_credential_of_a_protocol_that_is_gone_can_still_be_seen_and_switched_off(admin) -> None:
    credential = CredentialFactory(marketplace="gone")
    page = admin.get(page_of(credential))
    assert set(form_of(page).fields) == {"name", "enabled", "for_all_teams", "teams"}
    assert "unknown protocol" in page.content.decode()
    admin.post(page_of(credential), {"name": "old", "for_all_teams": "on"})
    credential.refresh_from_db()
    assert (credential.name, credential.enabled) == ("old", False)
    assert (credential.base_url, credential.app_key) == ("http://127.0.0.1:9", "1000000")


def test_an_authorization_address_must_be_one(admin) -> None:
    response = admin.post(ADD, fields(marketplace="alibaba_open", secret=SECRET, auth_url="javascript:alert(1)"))
    assert set(errors(response)) == {"auth_url"}


def test_the_redirect_address_to_register_is_shown_where_oauth_is(admin) -> None:
    address = "http://testserver/admin/searches/credential/authorized/"
    assert address in add_page(admin, "alibaba_open").content.decode()
    assert address not in add_page(admin, "image_search_md5").content.decode()


def test_limits_are_optional_by_day_and_checked(admin) -> None:
    assert set(errors(admin.post(ADD, fields(secret=SECRET, calls_per_day="0")))) == {"calls_per_day"}
    admin.post(ADD, fields(secret=SECRET, calls_per_day="5000"))
    assert Credential.objects.get().calls_per_day == 5000


def test_some_teams_or_every_team_but_not_none(admin) -> None:
    team, other = TeamFactory(), TeamFactory()
    nobody = fields(secret=SECRET)
    del nobody["for_all_teams"]
    assert set(errors(admin.post(ADD, nobody))) == {"teams"}
    admin.post(ADD, nobody | {"teams": [team.pk]})
    credential = Credential.objects.get()
    assert not credential.for_all_teams
    assert Credential.objects.for_teams([team]).get() == credential
    assert not Credential.objects.for_teams([other]).exists()


def test_the_address_for_an_allow_list_is_shown_where_there_may_be_one(admin, monkeypatch) -> None:
    monkeypatch.setattr("searches.admin.credential_page.outgoing_address", lambda: "203.0.113.7")
    hint = add_page(admin, "image_search_md5").content.decode()
    assert "<b>203.0.113.7</b>" in hint
    assert "Behind a NAT" in hint
    assert "203.0.113.7" in admin.get(page_of(CredentialFactory())).content.decode()
    assert "203.0.113.7" not in add_page(admin, "tmapi").content.decode()


def test_an_address_that_cannot_be_known_is_said_to_be_so(admin) -> None:
    assert "cannot be known here" in add_page(admin, "image_search_md5").content.decode()


def test_the_address_is_that_of_the_way_out(monkeypatch) -> None:
    sent_to = []

    class Probe:
        def __init__(self, *args) -> None:
            pass

        def __enter__(self) -> "Probe":
            return self

        def __exit__(self, *args) -> None:
            pass

        def connect(self, address) -> None:
            sent_to.append(address)
            if sent_to[1:]:
                raise OSError("Network is unreachable")

        def getsockname(self):
            return "203.0.113.7", 50000

    monkeypatch.setattr(outgoing.socket, "socket", Probe)
    assert outgoing.outgoing_address() == "203.0.113.7"
    assert outgoing.outgoing_address() is None
    assert sent_to == [outgoing.SOMEWHERE] * 2


def test_only_what_was_changed_is_written(admin, monkeypatch) -> None:
    """Between reading and writing, a worker may renew the token."""
    credential = CredentialFactory(name="1688 main", marketplace="alibaba_open")
    written = []
    save = Credential.save
    monkeypatch.setattr(Credential, "save", lambda self, **options: (written.append(options), save(self, **options))[1])
    same = {"auth_url": "https://auth.1688.com", "base_url": "http://127.0.0.1:9"}
    admin.post(page_of(credential), fields(**same, name="renamed"))
    assert set(written[0]["update_fields"]) == {"name", "auth_url"}


def test_new_keys_end_a_pause(admin) -> None:
    credential = CredentialFactory(name="1688 main", failures_in_a_row=4)
    admin.post(page_of(credential), fields(calls_per_minute="50"))
    credential.refresh_from_db()
    assert credential.failures_in_a_row == 4
    admin.post(page_of(credential), fields(calls_per_minute="50", secret=SECRET))
    credential.refresh_from_db()
    assert (credential.failures_in_a_row, credential.paused_until) == (0, None)
