"""Stored keys are sent to no other server than the one they were entered for."""

import pytest

from searches.models import Credential
from searches.models.credential import decrypt
from tests.factories import CredentialFactory
from tests.searches.credential_admin import SECRET, TOKEN, fields, page_of

pytestmark = pytest.mark.django_db
HERE, THERE = "http://127.0.0.1:9", "http://127.0.0.1:8"


@pytest.mark.parametrize(("marketplace", "asked_for"), [("image_search_md5", "secret"), ("tmapi", "token")])
def test_another_address_asks_for_the_keys_again(admin, marketplace, asked_for) -> None:
    credential = CredentialFactory(marketplace=marketplace, base_url=HERE)
    response = admin.post(page_of(credential), fields(base_url=THERE))
    assert "sent to no other server" in str(response.context["adminform"].form.errors[asked_for])
    assert Credential.objects.get().base_url == HERE
    admin.post(page_of(credential), fields(base_url=THERE, secret=SECRET, token=TOKEN))
    assert Credential.objects.get().base_url == THERE


def test_the_same_address_asks_for_nothing(admin) -> None:
    credential = CredentialFactory(base_url=HERE)
    admin.post(page_of(credential), fields(base_url=f"{HERE}/", name="Renamed"))
    assert Credential.objects.get().name == "Renamed"


def test_a_token_that_can_be_done_without_stays_behind(admin) -> None:
    credential = CredentialFactory(marketplace="alibaba_open", base_url=HERE, auth_url=HERE)
    admin.post(page_of(credential), fields(base_url=THERE, auth_url=THERE, secret=SECRET))
    moved = Credential.objects.get()
    assert (moved.base_url, decrypt(moved.secret_encrypted), moved.token_encrypted) == (THERE, SECRET, "")
