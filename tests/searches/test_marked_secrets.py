"""Secrets and tokens marked before a run through every marketplace are looked for afterwards: they are nowhere."""

import base64
import logging
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from searches.marketplaces import PROTOCOLS
from searches.marketplaces.alibaba_open import AlibabaOpen
from searches.models import Credential, SearchCall, SearchJob
from searches.models.credential import decrypt
from searches.valkey import connection
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches import credential_admin
from tests.searches.conftest import make_due, pass_window, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]
Call, Job = SearchCall.Status, SearchJob.Status

SECRET, TOKEN = "s3cret-marked-7f1c", "t0ken-marked-9a2e"
BACK = "http://portal.example/back"
# Faults of every dialect, and what a gateway in front of it does.
FAULTS = ("malformed-json", "html", "empty", "reset", "truncated", "http-413", "http-429", "http-502")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A marketplace whose customer has the marked secret and the marked token."""
    with running_sandbox(views=20, floor=0.0, limit=10_000, secret=SECRET) as running:
        accounts = running.marketplace.accounts
        accounts[running.app_key] = replace(accounts[running.app_key], token=TOKEN)
        yield running


class Traces:
    """Everything that a run leaves behind, as one pile of bytes for each place."""

    def __init__(self, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
        self.sandbox = sandbox
        self.caplog = caplog
        self.pages: dict[str, bytes] = {}
        self.texts: list[str] = []

    def read(self, client, address: str) -> None:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        self.pages[f"page {address}"] = response.getvalue()

    def marks(self) -> set[str]:
        """Every secret there is: those that were typed in, and those that OAuth gave and gives."""
        marks = {SECRET, TOKEN}
        for grant in self.sandbox.marketplace.tokens._grants:
            marks |= {grant.access_token, grant.refresh_token}
        for encrypted in Credential.objects.values_list("token_encrypted", "refresh_token_encrypted"):
            marks |= {decrypt(text) for text in encrypted}
        return {mark for mark in marks if mark}

    def found(self) -> list[tuple[str, str]]:
        """Where which mark is, in clear, in Base64 or compressed."""
        places = self.pages | {
            "database": "\n".join(repr(row) for row in _everything_in_the_database()).encode(),
            "log": self.caplog.text.encode(),
            "words": "\n".join(self.texts).encode(),
            **{f"valkey {key!r}": key + b"\n" + _inflated(value) for key, value in _everything_in_valkey()},
            **{f"file {path}": path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()},
        }
        return [
            (place, mark)
            for place, content in places.items()
            for mark in self.marks()
            if any(form in content for form in (mark.encode(), base64.b64encode(mark.encode()).rstrip(b"=")[:-1]))
        ]


def _everything_in_the_database() -> Iterator[tuple[object, ...]]:
    managed = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    for model in managed:
        yield from model._base_manager.values_list()


def _everything_in_valkey() -> Iterator[tuple[bytes, bytes]]:
    server = connection()
    for key in server.keys("*"):
        match server.type(key):
            case b"string":
                yield key, server.get(key)
            case b"hash":
                yield from ((key, value) for pair in server.hgetall(key).items() for value in pair)
            case b"list":
                yield from ((key, value) for value in server.lrange(key, 0, -1))
            case b"set":
                yield from ((key, value) for value in server.smembers(key))
            case b"zset":
                yield from ((key, value) for value in server.zrange(key, 0, -1))
            case other:
                raise AssertionError(f"nobody looked into a {other!r} of Valkey before")


def _inflated(value: bytes) -> bytes:
    """As it is, and as it was before it was compressed."""
    with suppress(zlib.error):
        return value + b"\n" + zlib.decompress(value)
    return value


@pytest.fixture
def traces(sandbox, caplog) -> Traces:
    caplog.set_level(logging.DEBUG)
    return Traces(sandbox, caplog)


@pytest.fixture
def made(admin, sandbox):
    """`made("tmapi")`: a credential as an administrator makes it, with the marked secret and token."""

    def make(key: str) -> Credential:
        protocol = PROTOCOLS[key]
        keys = {field.name for field in protocol.keys}
        typed = {"secret": SECRET, "token": TOKEN} if protocol.authorizing is None else {"secret": SECRET}
        values = credential_admin.fields(marketplace=key, base_url=sandbox.url, auth_url=sandbox.url, name=key)
        values |= {name: value for name, value in typed.items() if name in keys}
        admin.post(credential_admin.ADD, values)
        credential = Credential.objects.get(marketplace=key)
        if protocol.authorizing is not None:
            _authorize(credential, sandbox)
        return credential

    return make


def _authorize(credential: Credential, sandbox: Sandbox) -> None:
    """What comes back when somebody allows it at the platform."""
    with closing(AlibabaOpen(credential.account())) as client:
        tokens = client.exchange_code(sandbox.marketplace.tokens.issue_code(sandbox.app_key, BACK), BACK)
    credential.keep_tokens(tokens)
    credential.save()


@pytest.fixture
def search(start, sandbox, credential, django_capture_on_commit_callbacks):
    """`search(key, **parameters)`: a search at the marketplace, rung for, and worked on for two turns."""
    credential.delete()

    def run(key: str, **parameters) -> SearchJob:
        protocol = PROTOCOLS[key]
        at = {} if protocol.takes_image else {"image_url": f"{sandbox.url}/queries/plate-01.jpg"}
        with django_capture_on_commit_callbacks(execute=True):
            job = start(marketplaces=[key], wanted=100, **(at | parameters))
            return work(job, turns=2)

    return run


@pytest.mark.parametrize("key", PROTOCOLS)
def test_a_run_leaves_no_secret_anywhere(key, traces, made, search, sandbox, alice, admin, signed_in) -> None:
    credential = made(key)
    searches = [search(key)]
    assert searches[0].matches.exists()
    sandbox.expire_tokens()
    searches.append(search(key, price_from=2))
    for number, fault in enumerate(FAULTS):
        sandbox.fault(fault, times=1)
        searches.append(search(key, fresh=True, price_from=number + 3))
        pass_window()
        sandbox.clear_faults()
    searches += wrong_at_the_marketplace(key, sandbox, search)
    look_at_pages(traces, credential, searches, admin, signed_in(alice))
    traces.texts += [repr(credential), str(credential), repr(credential.account()), repr(credential.__dict__)]
    assert Call.FAILED in set(SearchCall.objects.values_list("status", flat=True))
    assert traces.found() == []


def wrong_at_the_marketplace(key: str, sandbox: Sandbox, search) -> list[SearchJob]:
    """The marketplace knows other secrets now: what it is sent, it refuses, and may quote."""
    sandbox.marketplace.accounts[sandbox.app_key] = replace(
        sandbox.marketplace.accounts[sandbox.app_key], secret="another", token="another"
    )
    job = search(key, fresh=True, price_from=99)
    make_due(job)
    assert work(job).status in (Job.FAILED, Job.RUNNING)
    return [job]


def look_at_pages(traces: Traces, credential: Credential, searches: list[SearchJob], admin, client) -> None:
    tried = admin.post(
        credential_admin.page_of(credential),
        credential_admin.fields(marketplace=credential.marketplace, base_url=credential.base_url, name="renamed")
        | {"auth_url": credential.auth_url, "_test": "1"},
        follow=True,
    )
    traces.pages["page after a test"] = tried.getvalue()
    for job in searches:
        traces.read(client, job.get_absolute_url())
    for address in (
        credential_admin.LIST,
        credential_admin.HISTORY,
        credential_admin.page_of(credential),
        credential_admin.of(credential, "history"),
        reverse("admin:index"),
    ):
        traces.read(admin, address)


@pytest.mark.parametrize("place", ["database", "valkey", "compressed", "queue", "log", "file"])
def test_the_search_for_marks_finds_them(place, traces, team) -> None:
    """Else the test above would hold of nothing."""
    assert traces.found() == []
    if place == "database":
        team.name = f"Outdoor {SECRET}"
        team.save()
    elif place == "valkey":
        cache.set("note", f"token {TOKEN}")
    elif place == "compressed":
        connection().set("note", zlib.compress(f'{{"token": "{TOKEN}"}}'.encode()))
    elif place == "queue":
        connection().hset("rq:job:1", mapping={"data": zlib.compress(SECRET.encode())})
    elif place == "log":
        logging.getLogger("searches").debug("signed with %s", SECRET)
    else:
        Path(settings.MEDIA_ROOT).mkdir()
        (Path(settings.MEDIA_ROOT) / "note").write_bytes(base64.b64encode(TOKEN.encode()))
    assert len(traces.found()) == 1
