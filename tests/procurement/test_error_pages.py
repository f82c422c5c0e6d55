"""Every error says what happened, what was kept and what to do next."""

import errno
import os
import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import path

from procurement import views
from procurement.urls import urlpatterns as real


def break_down(request):
    raise RuntimeError("the reason, for the log only")


def fill_up(request):
    try:
        raise sqlite3.OperationalError("database or disk is full")
    except sqlite3.OperationalError as error:
        raise OperationalError(*error.args) from error


def write(request):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


urlpatterns = [*real, path("broken/", break_down), path("full/", fill_up), path("write/", write)]
handler500 = views.broken


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


@pytest.mark.urls("tests.procurement.test_error_pages")
@pytest.mark.parametrize("address", ["/full/", "/write/"])
def test_a_full_disk_is_said_and_what_was_kept_and_whom_to_tell(address, alice, signed_in):
    client = signed_in(alice)
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 507
    page = response.content.decode()
    assert "disk is full" in page
    assert "Everything that was saved before is kept" in page
    assert "Tell an administrator" in page
