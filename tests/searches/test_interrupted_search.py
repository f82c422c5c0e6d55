"""A new search that is sent after its session has ended."""

import pytest
from django.core import signing

from searches.interrupted import SALT
from searches.models import QueryImage, SearchJob
from tests.factories import PASSWORD, CredentialFactory
from tests.searches.pages import bytes_of, hidden, kept, photo, text_of, upload

NEW = "/search/new/"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def credential(db):
    return CredentialFactory(name="1688 Outdoor")


@pytest.fixture
def typed(credential):
    return {
        "title": "Before lunch",
        "price_to": "99",
        "order": "-price",
        "wanted": "500",
        "keywords": "杯",
        "preparation": "enhanced",
        "marketplaces": [credential.marketplace],
        "wholesale_only": "on",
        "rights": "on",
    }


@pytest.fixture
def interrupted(alice, typed, signed_in):
    """alice's form as it was sent, by a browser in which nobody is signed in any more."""
    token = hidden(signed_in(alice).get(NEW), "sender")
    assert token
    return typed | {"sender": token}


def sign_in(client, user):
    return client.post(f"{SIGN_IN}?next={NEW}", {"username": user.username, "password": PASSWORD})


def test_everything_is_there_again_after_signing_in(alice, team, credential, interrupted, signed_in):
    client = signed_in(None)
    response = client.post(NEW, interrupted | {"image": upload("lunch.png")})
    assert response.url == f"{SIGN_IN}?next={NEW}"
    image = QueryImage.objects.get()
    assert (image.team, image.uploaded_by, SearchJob.objects.count()) == (team, alice, 0)
    assert "everything you entered is kept" in text_of(client.get(response.url))

    assert sign_in(client, alice).url == NEW
    page = client.get(NEW)
    content = page.content.decode()
    assert "Here is everything you had entered." in text_of(page)
    assert kept(page) == [str(image.pk)]
    for part in (
        'value="Before lunch"',
        'value="99"',
        '<option value="-price" selected',
        '<option value="500" selected',
        'value="杯"',
        '<option value="enhanced" selected',
        f'value="{credential.marketplace}" id="id_marketplaces_0" checked',
    ):
        assert part in content
    assert content.count(" checked") == 4  # the photo, the marketplace, wholesale, and the right to use it

    client.post(NEW, interrupted | {"kept_image": image.pk})
    assert SearchJob.objects.get().images.get() == image


def test_it_is_shown_once(alice, interrupted, signed_in):
    client = signed_in(None)
    client.post(NEW, interrupted | {"image": upload()})
    sign_in(client, alice)
    client.get(NEW)
    assert "Before lunch" not in client.get(NEW).content.decode()


def test_nobody_else_sees_it(bob, interrupted, signed_in):
    client = signed_in(None)
    client.post(NEW, interrupted | {"image": upload()})
    sign_in(client, bob)
    assert "Before lunch" not in client.get(NEW).content.decode()


@pytest.mark.parametrize(
    "token", ["", "forged", signing.dumps(1, salt="another form")], ids=["none", "forged", "another form"]
)
def test_without_our_token_nothing_is_read_or_kept(token, typed, signed_in):
    client = signed_in(None)
    response = client.post(NEW, typed | {"sender": token, "image": upload()})
    assert response.url == f"{SIGN_IN}?next={NEW}"
    assert QueryImage.objects.count() == 0
    assert "interrupted_search" not in client.session


def test_an_old_token_counts_for_nothing(alice, typed, signed_in, monkeypatch):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_000_000_000.0)
    token = signing.dumps(alice.pk, salt=SALT)
    monkeypatch.undo()
    signed_in(None).post(NEW, typed | {"sender": token, "image": upload()})
    assert QueryImage.objects.count() == 0


def test_somebody_who_was_shut_out_keeps_nothing(alice, interrupted, signed_in):
    alice.is_active = False
    alice.save()
    signed_in(None).post(NEW, interrupted | {"image": upload()})
    assert QueryImage.objects.count() == 0


def test_somebody_who_may_only_read_now_keeps_nothing(alice, interrupted, signed_in):
    alice.memberships.update(role="viewer")
    signed_in(None).post(NEW, interrupted | {"image": upload()})
    assert QueryImage.objects.count() == 0


def test_a_bad_photo_loses_only_itself(alice, interrupted, signed_in):
    client = signed_in(None)
    client.post(NEW, interrupted | {"image": upload(data=b"no picture")})
    sign_in(client, alice)
    page = client.get(NEW)
    assert 'value="Before lunch"' in page.content.decode()
    assert kept(page) == []


def test_a_photo_kept_before_is_still_there(alice, team, interrupted, signed_in):
    first = signed_in(alice).post(NEW, interrupted | {"image": upload(), "rights": ""})
    (pk,) = kept(first)
    client = signed_in(None)
    client.post(NEW, interrupted | {"kept_image": pk})
    sign_in(client, alice)
    assert kept(client.get(NEW)) == [pk]
    assert bytes_of(QueryImage.objects.get(pk=pk)) == photo()
