"""What `manage.py imagesearch` is given: the photo, the question, who asks and where; wrong use of it."""

import io
import sys
from urllib.parse import urlsplit

import pytest

from searches import jobs
from searches.models import QueryImage, SearchCall, SearchJob
from tests.factories import OTHER_MARKETPLACE, CredentialFactory

pytestmark = pytest.mark.django_db
Status = SearchJob.Status


def test_the_search_is_the_first_buyers_and_the_portal_shows_it(run, photo, alice, bob, vera, team) -> None:
    run(photo)
    job = SearchJob.objects.for_user(bob).get()
    assert (job.owner, job.team, job.title, job.status) == (alice, team, "blue plate", Status.DONE)
    run(photo, "--user", "bob")
    assert SearchJob.objects.first().owner == bob


@pytest.mark.parametrize(("limit", "wanted", "calls"), [(1, 50, 1), (50, 50, 1), (51, 100, 2), (101, 200, 3)])
def test_as_many_offers_as_asked_for(run, photo, sandbox, limit, wanted, calls) -> None:
    ended = run(photo, "--json", "--limit", limit)
    assert SearchJob.objects.get().wanted == wanted
    assert len(sandbox.calls()) == calls
    assert len(ended.result["matches"]) == limit


def test_the_question_reaches_the_marketplace(run, photo) -> None:
    args = ("--price-from", "10", "--price-to", "20.50", "--wholesale", "--sort", "price", "--preset", "enhanced")
    ended = run(photo, "--json", *args)
    job = SearchJob.objects.get()
    assert (job.price_from, job.price_to, job.wholesale_only) == (10, 20.5, True)
    assert (job.order, job.preparation, job.fresh) == ("price", "enhanced", False)
    prices = [float(match["price"]) for match in ended.result["matches"]]
    assert prices
    assert prices == sorted(prices)
    assert prices[0] >= 10 and prices[-1] <= 20.5


@pytest.mark.parametrize("args", [("--sort", "-price"), ("--sort=-price",)])
def test_dearest_first_however_it_is_written(run, photo, args) -> None:
    prices = [float(match["price"]) for match in run(photo, "--json", *args).result["matches"]]
    assert SearchJob.objects.get().order == "-price"
    assert prices == sorted(prices, reverse=True)


def test_a_fresh_search_pays_again(run, photo, sandbox) -> None:
    run(photo)
    run(photo)
    assert len(sandbox.calls()) == 1
    run(photo, "--fresh")
    assert len(sandbox.calls()) == 2


def test_only_what_the_options_ask_for(run, photo) -> None:
    everything = run(photo, "--json").result["matches"]
    words = [everything[0]["title"][:4], everything[-1]["title"][:4]]
    some = run(photo, "--json", "--keywords", *words).result
    assert 0 < some["total"] == len(some["matches"])
    assert all(any(word in match["title"] for word in words) for match in some["matches"])
    good = run(photo, "--json", "--min-credit", "4", "--min-similarity", "0.3").result["matches"]
    assert good == [m for m in everything if (m["supplier"]["credit"] or 0) >= 4 and m["similarity"] >= 0.3]


def test_the_best_are_those_of_the_page(run, photo) -> None:
    everything = run(photo, "--json").result["matches"]
    best = run(photo, "--json", "--best").result["matches"]
    wanted = [m for m in everything if (m["supplier"]["credit"] or 0) >= 4 and m["similarity"] >= 0.8]
    assert best
    assert best == sorted(wanted, key=lambda m: (-m["similarity"], float(m["price"]), m["rank"]))


def test_a_photo_from_standard_input(run, sandbox, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sandbox.query())))
    assert run("-", "--json").result["total"] == 50
    assert QueryImage.objects.get().name == "standard input"


def test_a_photo_at_an_address_is_passed_on_as_one(run, sandbox, settings, start) -> None:
    url = jobs_picture(start)
    settings.FETCH_ALLOWED_HOSTS = [urlsplit(url).netloc]
    assert run(url, "--json").result["status"] == "done"
    assert sandbox.calls()[-1]["image_url"] == url
    assert SearchJob.objects.first().image_url == url


def jobs_picture(start) -> str:
    """The address of a picture that the sandbox serves."""
    job = start()
    jobs.run_call(job.calls.get().pk)
    return job.matches.first().image_url


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--price-from", "20", "--price-to", "10"], "--price-from is above --price-to"),
        (["--limit", "0"], "--limit must be from 1 to 500"),
        (["--limit", "501"], "--limit must be from 1 to 500"),
        (["--min-credit", "6"], "--min-credit"),
        (["--min-similarity", "1.5"], "--min-similarity"),
        (["--min-similarity", "nan"], "--min-similarity"),
        (["--sort"], "--sort needs one of"),
        (["--price-from", "1.234"], "decimal places"),
        (["--keywords", "x" * 201], "200"),
        (["--csv", "/nonexistent/offers.csv"], "cannot be written"),
        (["--csv", "/"], "cannot be written"),
        (["--csv", "-", "--json"], "standard output"),
        (["--marketplace", "nope"], "There are: image_search_md5"),
        (["--user", "nobody"], "no active user nobody"),
        (["--user", "vera"], "vera may search for no team"),
        (["--user", "loner"], "loner may search for no team"),
    ],
)
def test_wrong_use_is_named_and_asks_nobody(run, photo, vera, loner, sandbox, args, reason) -> None:
    ended = run(photo, *args)
    assert ended.status == 2
    assert reason in ended.err
    assert ended.out == ""
    assert sandbox.calls() == []
    assert not SearchJob.objects.exists()


@pytest.mark.parametrize("args", [["--sort", "cheap"], ["--price-from", "ten"], ["--price-to", "-5"], ["--limit", "x"]])
def test_values_that_cannot_be_read_are_named(run, photo, args) -> None:
    ended = run(photo, *args)
    assert ended.status
    assert args[1] in ended.err
    assert not SearchJob.objects.exists()


@pytest.mark.parametrize("name", ["missing.jpg", "."])
def test_a_photo_that_is_not_there(run, tmp_path, name) -> None:
    ended = run(tmp_path / name)
    assert ended.status == 2
    assert str(tmp_path) in ended.err


def test_an_address_with_a_password_is_wrong_use(run) -> None:
    ended = run("http://user:password@example.com/a.jpg")
    assert ended.status == 2
    assert "password" not in ended.err


def test_with_nobody_who_may_search_the_portal_is_to_be_started_first(run, photo, alice) -> None:
    alice.memberships.all().delete()
    ended = run(photo)
    assert ended.status == 2
    assert "Start the portal once" in ended.err


def test_without_a_credential_there_is_nowhere_to_search(run, photo, credential) -> None:
    credential.enabled = False
    credential.save()
    ended = run(photo)
    assert ended.status == 2
    assert "No credential is switched on" in ended.err


def test_of_several_marketplaces_the_first_is_taken_and_named(run, photo, credential, sandbox) -> None:
    CredentialFactory(marketplace="tmapi", enabled=False)
    CredentialFactory(marketplace=OTHER_MARKETPLACE)
    ended = run(photo)
    assert f"Searching at {credential.marketplace}, the first of 2." in ended.err
    assert len(sandbox.calls()) == 1


def test_marketplaces_are_chosen_by_key(run, photo, sandbox, credential) -> None:
    CredentialFactory(name="Yiwu office", marketplace=OTHER_MARKETPLACE, base_url=sandbox.url)
    ended = run(photo, "--marketplace", OTHER_MARKETPLACE, "--limit", "20")
    assert (ended.status, ended.err) == (0, "")
    assert set(SearchCall.objects.values_list("credential_name", flat=True)) == {"Yiwu office"}


def test_several_marketplaces_are_searched_at_once(run, photo, sandbox, credential) -> None:
    CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url=sandbox.url)
    both = {OTHER_MARKETPLACE, credential.marketplace}
    ended = run(photo, "--json", "--limit", "500", *(option for key in both for option in ("--marketplace", key)))
    assert (ended.status, ended.err) == (0, "")
    assert {match["marketplace"] for match in ended.result["matches"]} == both


def test_a_marketplace_of_another_teams_credential_is_not_searched(run, photo, charlies_team, sandbox) -> None:
    theirs = CredentialFactory(marketplace=OTHER_MARKETPLACE, base_url=sandbox.url, for_all_teams=False)
    theirs.teams.add(charlies_team)
    ended = run(photo, "--marketplace", OTHER_MARKETPLACE)
    assert ended.status == 2
    assert f"may not search at {OTHER_MARKETPLACE}" in ended.err
    assert sandbox.calls() == []
