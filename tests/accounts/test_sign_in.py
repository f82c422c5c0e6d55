"""Signing in and out, changing the password, and what a guesser learns: nothing."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.forms import FAILURES_KEPT_SECONDS, MOST_FAILURES
from tests.factories import PASSWORD, UserFactory

PAGE = "/accounts/sign-in/"


def sign_in(client: Client, name: str, password: str = PASSWORD, headers: dict[str, str] | None = None, **extra):
    return client.post(PAGE, {"username": name, "password": password, **extra}, headers=headers)


def test_the_right_password_leads_on(alice):
    client = Client()
    assert sign_in(client, "alice", next="/lists/").url == "/lists/"
    assert client.get("/lists/").status_code == 200


def test_nobody_is_sent_to_another_host(alice):
    assert sign_in(Client(), "alice", next="https://evil.example/").url == "/"


def test_who_is_signed_in_already_goes_home(alice, signed_in):
    assert signed_in(alice).get(PAGE).url == "/"


def test_every_refusal_reads_the_same(alice, bob):
    bob.is_active = False
    bob.save()
    pages = set()
    for name, password in (("alice", "wrong"), ("stranger", PASSWORD), ("bob", PASSWORD)):
        response = sign_in(Client(), name, password)
        assert response.status_code == 200
        page = response.content.decode()
        assert "do not belong together" in page
        pages.add(re.sub(rf'value="({name}|\w{{64}})"', "", page))
    assert len(pages) == 1


def test_the_name_stays_typed_and_the_password_does_not(alice):
    page = sign_in(Client(), "alice", "wrong-horse").content.decode()
    assert 'value="alice"' in page
    assert "wrong-horse" not in page


def test_guessing_ends_after_ten(alice, bob):
    for _ in range(MOST_FAILURES):
        sign_in(Client(), "alice", "wrong")
    assert "Too many attempts" in sign_in(Client(), "ALICE").content.decode()
    assert sign_in(Client(), "bob").status_code == 302, "others at the same address are let in"
    (key,) = [key for key in all_keys() if "sign-in" in key]
    assert 0 < time_left(key) <= FAILURES_KEPT_SECONDS


def came_through(*addresses: str) -> dict[str, str]:
    """The last address is the one that our own proxy saw; those before it are what somebody claims."""
    return {"X-Forwarded-For": ", ".join(addresses)}


def test_behind_a_proxy_each_address_has_its_own_attempts(alice, settings):
    settings.BEHIND_PROXY = True
    for number in range(MOST_FAILURES):
        sign_in(Client(), "alice", "wrong", came_through(f"192.0.2.{number}", "198.51.100.7"))
    refused = sign_in(Client(), "alice", headers=came_through("203.0.113.9", "198.51.100.7"))
    assert "Too many attempts" in refused.content.decode()
    assert sign_in(Client(), "alice", headers=came_through("203.0.113.9")).status_code == 302


def test_without_a_proxy_nobody_can_claim_another_address(alice):
    for number in range(MOST_FAILURES):
        sign_in(Client(), "alice", "wrong", came_through(f"192.0.2.{number}"))
    assert "Too many attempts" in sign_in(Client(), "alice", headers=came_through("203.0.113.9")).content.decode()


def test_a_proxy_that_names_nobody_counts_as_one_address(alice, settings):
    settings.BEHIND_PROXY = True
    for _ in range(MOST_FAILURES):
        sign_in(Client(), "alice", "wrong")
    assert "Too many attempts" in sign_in(Client(), "alice").content.decode()


def all_keys() -> list[str]:
    return [key.decode() for key in cache._cache.get_client().keys("*")]


def time_left(key: str) -> int:
    return cache._cache.get_client().ttl(key)


def test_the_cache_learns_no_name(alice):
    sign_in(Client(), "alice", "wrong")
    assert all_keys()
    assert not any("alice" in key for key in all_keys())


def test_people_sign_in_while_valkey_is_away(alice, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/at/all.sock"},
    }
    assert "do not belong together" in sign_in(Client(), "alice", "wrong").content.decode()
    assert sign_in(Client(), "alice").status_code == 302


def test_signing_out(alice, signed_in):
    client = signed_in(alice)
    assert client.get("/accounts/sign-out/").status_code == 405, "a link must not sign anybody out"
    assert client.post("/accounts/sign-out/").url == PAGE
    assert client.get("/lists/").url == f"{PAGE}?next=/lists/"


@pytest.mark.django_db
def test_signing_out_twice_keeps_nothing():
    client = Client()
    assert client.post("/accounts/sign-out/").url == PAGE
    assert "interrupted_post" not in client.session


def test_changing_the_password(alice, signed_in):
    client, elsewhere = signed_in(alice), signed_in(alice)
    new = "battery correct staple horse"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", typed).url == "/"
    assert client.get("/lists/").status_code == 200
    assert elsewhere.get("/lists/").status_code == 302, "other sessions end"
    assert sign_in(Client(), "alice", new).status_code == 302


def test_a_weak_password_is_told_beside_its_field(alice, signed_in):
    typed = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    page = signed_in(alice).post("/accounts/password/", typed).content.decode()
    assert 'id="id_new_password2_error"' in page
    assert "too short" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/lists/", "/lists/1/", "/searches/", "/accounts/password/", "/admin/"])
def test_everything_is_behind_the_sign_in(address: str):
    response = Client().get(address, follow=True)
    assert response.redirect_chain[-1][0].startswith(PAGE)
    assert response.status_code == 200


def test_the_administration_is_for_superusers(alice, signed_in):
    administrator = UserFactory(is_superuser=True, is_staff=True)
    assert signed_in(administrator).get("/admin/").status_code == 200
    response = signed_in(alice).get("/admin/", follow=True)
    assert response.status_code == 403
    assert "The administration is for administrators" in response.content.decode()
