"""A session that ends takes nothing with it: a form that meets its end is sent after the sign-in, once, if wanted."""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.interrupted import MOST_BYTES
from suppliers.models import SupplierList
from tests.accounts.test_sign_in import sign_in
from tests.factories import ListEntryFactory, SupplierListFactory

RESUME = "/accounts/resume/"
SIGN_IN_THEN_RESUME = f"/accounts/sign-in/?next={RESUME}"
REFERER = {"referer": "http://testserver/lists/?q=bags"}
URLENCODED = "application/x-www-form-urlencoded"


class Form(HTMLParser):
    """What the form that goes to `action` would send."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.inside = values.get("action") == self.action
        if tag == "input" and self.inside:
            self.fields.append((values["name"], values["value"]))


def post(client: Client, path: str, fields, *, follow: bool = False, **headers: str):
    """As browsers send a form without files."""
    body = urlencode(fields)
    return client.post(path, body, content_type=URLENCODED, headers=REFERER | headers, follow=follow)


@pytest.fixture
def client(alice) -> Client:
    """Alice's browser after her session has ended; forgery is checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/lists/")
    del client.cookies[settings.SESSION_COOKIE_NAME]
    client.get("/accounts/sign-in/")
    return client


def token(client: Client) -> tuple[str, str]:
    return "csrfmiddlewaretoken", client.cookies["csrftoken"].value


def signs_in(client: Client):
    name, value = token(client)
    return sign_in(client, "alice", next=RESUME, **{name: value})


def test_a_form_is_sent_after_signing_in(client):
    response = post(client, "/lists/new/", [("name", "Spring bags, 春"), token(client)])
    assert response.url == SIGN_IN_THEN_RESUME
    assert "It is kept" in client.get(response.url).content.decode()
    assert signs_in(client).url == RESUME
    page = client.get(RESUME).content.decode()
    assert "Spring bags, 春" in page
    assert not SupplierList.objects.exists(), "nothing is sent without a click"

    form = Form(page, "/accounts/resume/send/")
    response = post(client, "/accounts/resume/send/", form.fields, follow=True)
    assert response.redirect_chain[0] == ("/lists/new/", 307)
    made = SupplierList.objects.get()
    assert made.name == "Spring bags, 春"
    assert response.redirect_chain[-1][0] == made.get_absolute_url()
    assert client.get(RESUME).url == "/", "once is enough"


def test_nobody_else_gets_to_see_it(client, charlie):
    post(client, "/lists/new/", [("name", "Secret bags"), token(client)])
    name, value = token(client)
    sign_in(client, "charlie", next=RESUME, **{name: value})
    assert client.get(RESUME).url == "/"
    post(client, "/accounts/resume/send/", [token(client)])
    assert not SupplierList.objects.exists()


def test_a_form_that_is_nobodys_is_not_kept(alice):
    client = Client()
    assert "resume" not in post(client, "/lists/new/", [("name", "Bags")]).url


@pytest.mark.parametrize("cookie", ["1", "1:forged", "1:2:3"])
def test_a_forged_word_of_who_it_was_counts_for_nothing(alice, cookie):
    client = Client()
    client.cookies["last-user"] = cookie
    assert "resume" not in post(client, "/lists/new/", [("name", "Bags")]).url


def test_repeated_fields_keep_their_number_and_order(client):
    sent = [("match", "3"), ("match", "1"), ("new_list", 'a "b" <c>'), ("job", "7")]
    post(client, "/lists/save/?x=1", [*sent, token(client)])
    signs_in(client)
    page = client.get(RESUME).content.decode()
    fields = [field for field in Form(page, "/accounts/resume/send/").fields if field[0] != "csrfmiddlewaretoken"]
    assert sorted(fields) == sorted(sent)
    assert [value for name, value in fields if name == "match"] == ["3", "1"]
    assert client.session["interrupted_post"]["path"] == "/lists/save/?x=1"
    assert "csrfmiddlewaretoken" not in str(client.session["interrupted_post"])


def test_it_can_be_left(client):
    post(client, "/lists/new/", [("name", "Spring bags"), token(client)])
    signs_in(client)
    client.get(RESUME)
    response = post(client, "/accounts/resume/discard/", [token(client)])
    assert response.url == "/lists/?q=bags"
    assert client.get(RESUME).url == "/"
    assert not SupplierList.objects.exists()


def test_a_forged_form_is_not_kept(client):
    response = post(client, "/lists/new/", [("name", "Spring bags")])
    assert response.status_code == 403
    assert "interrupted_post" not in client.session


@pytest.mark.parametrize("field", ["new_password1", "app_secret", "token"])
def test_a_secret_is_not_kept(client, field: str):
    response = post(client, "/accounts/password/", [(field, "hush-hush"), token(client)])
    assert response.url == "/accounts/sign-in/?next=/lists/%3Fq%3Dbags"
    assert "hush-hush" not in str(dict(client.session))
    assert "nothing was changed" in client.get(response.url).content.decode()


def test_a_very_long_form_is_not_kept(client):
    response = post(client, "/lists/new/", [("name", "x" * MOST_BYTES), token(client)])
    assert response.url == "/accounts/sign-in/?next=/lists/%3Fq%3Dbags"
    assert "interrupted_post" not in client.session


def test_a_form_with_a_file_goes_back_to_its_page(alice):
    client = Client()
    photo = SimpleUploadedFile("bag.jpg", b"photo")
    response = client.post("/lists/new/", {"name": "Spring bags", "photo": photo}, headers=REFERER)
    assert response.url == "/accounts/sign-in/?next=/lists/%3Fq%3Dbags"


@pytest.mark.parametrize("referer", ["https://evil.example/lists/", "", "http://testserver.evil.example/"])
def test_the_way_back_stays_here(client, referer: str):
    post(client, "/lists/new/", [("name", "Spring bags"), token(client)], referer=referer)
    assert client.session["interrupted_post"]["back"] == "/"


def test_a_fragment_leaves_its_page_instead_of_showing_a_sign_in(alice, team):
    entry = ListEntryFactory(supplier_list=SupplierListFactory(team=team))
    address = f"/lists/{entry.supplier_list.pk}/entries/{entry.pk}/note/"
    response = Client().get(address, headers=REFERER | {"hx-request": "true"})
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/sign-in/?next=/lists/%3Fq%3Dbags"
    assert response.content == b""


def test_a_boosted_link_comes_back_to_where_it_led(alice):
    response = Client().get("/lists/?page=2", headers={"hx-request": "true", "hx-boosted": "true"})
    assert response["HX-Redirect"] == "/accounts/sign-in/?next=/lists/%3Fpage%3D2"


def test_a_form_sent_by_htmx_is_kept_too(client):
    response = post(client, "/lists/new/", [("name", "Spring bags"), token(client)], **{"hx-request": "true"})
    assert response["HX-Redirect"] == SIGN_IN_THEN_RESUME
    assert client.session["interrupted_post"]["fields"] == [["name", "Spring bags"]]


def test_resuming_without_anything_kept(alice, signed_in):
    client = signed_in(alice)
    assert client.get(RESUME).url == "/"
    assert client.post("/accounts/resume/send/").url == "/"
    assert client.post("/accounts/resume/discard/").url == "/"
    assert client.get("/accounts/resume/send/").status_code == 405
