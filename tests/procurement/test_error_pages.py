"""Every error says what happened, what was kept and what to do next."""

import pytest
from django.test import Client
from django.urls import path

from procurement.urls import urlpatterns as real


def break_down(request):
    raise RuntimeError("the reason, for the log only")


urlpatterns = [*real, path("broken/", break_down)]


def test_not_found(alice, signed_in):
    response = signed_in(alice).get("/lists/9/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is nothing here" in page
    assert "Nothing was changed" in page
    assert "/search/new/" in page, "the ways on stay at hand"


@pytest.mark.django_db
def test_unknown_address_without_a_sign_in():
    response = Client().get("/no/such/page")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.django_db
def test_form_from_before_the_sign_in():
    response = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "alice"})
    assert response.status_code == 403
    assert "older than your sign-in" in response.content.decode()


@pytest.mark.django_db
def test_wrong_host():
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()


@pytest.mark.urls("tests.procurement.test_error_pages")
def test_our_own_fault(alice, signed_in):
    client = signed_in(alice)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "everything that was saved is kept" in page
    assert "for the log only" not in page
