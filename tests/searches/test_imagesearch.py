"""`manage.py imagesearch`, in the test's own process; as processes in tests/processes/test_imagesearch.py."""

import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from searches import actions, foreground, jobs, recording
from searches.models import QueryImage, SearchCall, SearchJob
from searches.pipeline import answer
from searches.terminal import cut, display_width, json_object, table
from tests.factories import CredentialFactory, SearchJobFactory, SupplierMatchFactory

pytestmark = pytest.mark.django_db
Status = SearchJob.Status


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def result(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def photo(tmp_path, sandbox) -> Path:
    path = tmp_path / "blue plate.jpg"
    path.write_bytes(sandbox.query())
    return path


@pytest.fixture
def run(alice, credential):
    """`run(photo, "--json", …)`: alice at a shell; her portal knows one credential, the sandbox's."""

    def call(*args: object) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        status, message = 0, ""
        try:
            call_command("imagesearch", *map(str, args), stdout=out, stderr=err)
        except CommandError as error:
            status, message = error.returncode, str(error)
        return Ended(status, out.getvalue(), err.getvalue() + message)

    return call


@pytest.fixture
def no_pauses(monkeypatch) -> None:
    monkeypatch.setattr(jobs, "PAUSES", (0.01, 0.01, 0.01))


def test_a_photo_becomes_a_table(run, photo) -> None:
    ended = run(photo)
    assert ended.status == 0
    heads, *rows = ended.out.split("\n\n")[0].splitlines()
    assert heads.split() == ["#", "sim.", "price", "MOQ", "title", "supplier", "credit", "location"]
    assert len(rows) == 50
    job = SearchJob.objects.get()
    best = job.matches.order_by("-similarity", "price", "rank").first()
    assert best.title in rows[0]
    assert best.supplier_name in rows[0]
    assert f"50 of 50 offers. Search {job.pk}" in ended.out
    assert "数据来源：1688" in ended.out


def test_json_is_exactly_what_integrators_were_promised(run, photo) -> None:
    ended = run(photo, "--json", "--limit", "3")
    result = ended.result
    job = SearchJob.objects.get()
    assert list(result) == ["job", "status", "total", "matches"]
    assert (result["job"], result["status"], result["total"], len(result["matches"])) == (job.pk, "done", 50, 3)
    match = result["matches"][0]
    assert list(match) == [
        *("marketplace", "offer_id", "title", "url", "image_url", "price", "currency", "moq", "similarity", "rank"),
        "supplier",
    ]
    assert list(match["supplier"]) == ["id", "name", "credit", "location"]
    row = job.matches.get(offer_id=match["offer_id"])
    assert match["price"] == f"{row.price:.2f}"
    assert (match["similarity"], match["moq"], match["rank"]) == (row.similarity, row.moq, row.rank)
    assert match["supplier"]["id"] == row.supplier_id


def test_what_is_unknown_is_null() -> None:
    job = SearchJobFactory()
    SupplierMatchFactory(job=job, price=None, moq=None, similarity=None, supplier_credit=None)
    (match,) = json_object(job, job.matches.all(), 1)["matches"]
    assert [match[name] for name in ("price", "moq", "similarity")] == [None, None, None]
    assert match["supplier"]["credit"] is None
    assert table(job.matches.all(), None).splitlines()[1].split()[1:4] == ["–", "–", "–"]


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


def test_nothing_that_fits_is_no_failure(run, photo) -> None:
    ended = run(photo, "--keywords", "no such word")
    assert ended.status == 0
    assert "None of the 50 offers" in ended.out
    assert run(photo, "--price-to", "0.01").out.startswith("No offers were found.")


def test_csv_to_a_file_instead_of_a_table(run, photo, tmp_path) -> None:
    path = tmp_path / "offers.csv"
    ended = run(photo, "--csv", path, "--limit", "3")
    assert (ended.status, ended.out) == (0, "")
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert len(lines) == 1 + 3 + 1
    assert lines[0][:3] == ["source", "marketplace", "offer_id"]
    assert "数据来源：1688" in lines[-1][0]
    assert str(path) in ended.err


def test_csv_to_standard_output(run, photo) -> None:
    ended = run(photo, "--csv", "-", "--limit", "3")
    assert ended.out.startswith("\ufeffsource,")
    assert len(ended.out.splitlines()) == 5


def test_csv_and_json_together(run, photo, tmp_path) -> None:
    ended = run(photo, "--csv", tmp_path / "offers.csv", "--json", "--limit", "2")
    assert len(ended.result["matches"]) == 2
    assert (tmp_path / "offers.csv").exists()


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


def test_notes_stay_off_standard_output(run, photo, capsys) -> None:
    CredentialFactory(name="zzz")
    ended = run(photo, "--json")
    assert ended.err
    assert ended.result["total"] == 50
    assert capsys.readouterr().out == ""


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
        (["--credential", "nope"], "There are: 1688 account"),
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


def test_of_several_credentials_the_first_by_name_is_taken_and_named(run, photo, credential, sandbox) -> None:
    CredentialFactory(name="0 switched off", enabled=False)
    CredentialFactory(name="zzz")
    ended = run(photo)
    assert f"Searching at {credential.name}, the first of 2." in ended.err
    assert len(sandbox.calls()) == 1


def test_a_credential_is_chosen_by_name(run, photo, sandbox) -> None:
    CredentialFactory(name="Yiwu office", base_url=sandbox.url)
    ended = run(photo, "--credential", "Yiwu office")
    assert (ended.status, ended.err) == (0, "")
    assert SearchCall.objects.get().credential_name == "Yiwu office"


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b"not a picture", "unsupported"), (b"<svg xmlns='x'></svg>", "svg")]
)
def test_a_refused_photo_is_named_and_becomes_no_search(run, tmp_path, sandbox, data, code) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    ended = run(path)
    assert ended.status == 3
    assert f"[{code}]" in ended.err
    assert not SearchJob.objects.exists()
    assert sandbox.calls() == []


def test_a_photo_that_stops_in_the_middle_is_refused(run, photo) -> None:
    photo.write_bytes(photo.read_bytes()[:-2000])
    ended = run(photo)
    assert (ended.status, SearchJob.objects.count()) == (3, 0)
    assert "[truncated]" in ended.err


def test_a_photo_of_more_than_20_mb_is_not_read_whole(run, tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    with path.open("wb") as file:
        file.truncate(2**33)
    ended = run(path)
    assert ended.status == 3
    assert "[too-large]" in ended.err


def test_an_address_inside_the_network_is_refused(run, sandbox) -> None:
    ended = run(f"{sandbox.url}/a.jpg")
    assert ended.status == 3
    assert "[not-public]" in ended.err


def test_a_failed_marketplace_is_named_with_its_remedy(run, photo, sandbox) -> None:
    sandbox.fault("110")
    ended = run(photo, "--json")
    assert ended.status == 4
    assert "[110]" in ended.err
    assert "allow-list in the open platform's console" in ended.err
    assert ended.result == {"job": SearchJob.objects.get().pk, "status": "failed", "total": 0, "matches": []}
    assert run(photo, "--fresh").out == ""


def test_a_failed_search_leaves_an_older_csv_alone(run, photo, sandbox, tmp_path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text("of yesterday")
    sandbox.fault("110")
    assert run(photo, "--csv", path).status == 4
    assert path.read_text() == "of yesterday"


def test_what_was_found_before_a_failure_is_printed(run, photo, sandbox) -> None:
    sandbox.fault("110", page=2)
    ended = run(photo, "--json", "--limit", "100")
    assert ended.status == 4
    assert (ended.result["status"], ended.result["total"]) == ("partial", 50)
    assert "[110]" in ended.err
    ended = run(photo, "--limit", "100")
    assert ended.status == 4
    assert "50 of 50 offers" in ended.out


def test_a_passing_fault_is_waited_for_and_said(run, photo, sandbox, no_pauses) -> None:
    sandbox.fault("502", times=1)
    ended = run(photo, "--json")
    assert (ended.status, ended.result["total"]) == (0, 50)
    assert "[502] It is tried again at" in ended.err


def test_a_fault_that_stays_ends_the_search_after_four_attempts(run, photo, sandbox, no_pauses) -> None:
    sandbox.fault("502")
    ended = run(photo, "--verbosity", "0")
    assert ended.status == 4
    assert ended.err.count("[502]") == 1
    assert len(sandbox.calls()) == 4


def test_a_free_slot_is_waited_for_and_said(run, photo, credential, settings) -> None:
    settings.CALL_WINDOW_SECONDS = 1
    credential.calls_per_minute = 1
    credential.save()
    ended = run(photo, "--json", "--limit", "100")
    assert (ended.status, ended.result["total"]) == (0, 100)
    assert "for a free slot within the call limit" in ended.err


def test_a_gateway_of_ones_own_that_is_down_is_not_replaced_by_the_sandbox(run, photo, credential, no_pauses) -> None:
    credential.base_url, credential.app_key = "http://127.0.0.1:9", "2345678"
    credential.save()
    ended = run(photo, "--json")
    assert ended.status == 4
    assert "[connection]" in ended.err
    assert "sandbox" not in ended.err


def test_without_the_operators_valkey_no_search_is_started(run, photo, settings, sandbox) -> None:
    settings.REDIS_URL = "redis://:pass-marked-3d@127.0.0.1:9/0"
    ended = run(photo)
    assert ended.status == 1
    assert "REDIS_URL" in ended.err
    assert "pass-marked" not in ended.err
    assert not SearchJob.objects.exists()


def test_a_search_cancelled_in_the_portal_ends_here_too(run, photo, sandbox) -> None:
    sandbox.fault("502")
    ended = run_until_first_wait(run, photo, lambda: actions.cancel_search(job=SearchJob.objects.get()))
    assert ended.status == 1
    assert "cancelled in the portal" in ended.err


def test_an_interrupted_search_is_cancelled(run, photo, sandbox) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    sandbox.fault("502")
    ended = run_until_first_wait(run, photo, interrupt)
    assert ended.status == 130
    assert SearchJob.objects.get().status == Status.CANCELLED
    assert SearchCall.objects.get().status == SearchCall.Status.CANCELLED


def run_until_first_wait(run, photo: Path, then) -> Ended:
    """Run the command; when its first call has to wait, let `then` happen to it instead of the wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foreground.time, "sleep", lambda _seconds: then())
        return run(photo)


def test_a_call_that_another_worker_took_is_waited_for(start, sandbox) -> None:
    job = start(wanted=100)
    theirs = jobs.claim(job.calls.get().pk)

    def other_worker_ends(waiting) -> None:
        assert waiting == []
        recording.done(theirs, answer(theirs))

    foreground.finish(job, other_worker_ends)
    assert job.status == Status.DONE
    assert [call["page"] for call in sandbox.calls()] == [1, 2]


@pytest.mark.parametrize(
    ("text", "width"), [("plate", 5), ("餐盘", 4), ("（盘）", 6), ("ﾌﾟ", 2), ("é", 1), ("e\u0301", 1), ("¥9", 2)]
)
def test_wide_signs_take_two_columns(text, width) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("餐盘批发", 8, "餐盘批发"), ("餐盘批发", 7, "餐盘批…"), ("餐盘批发", 6, "餐盘…"), ("a plate", 3, "a…")],
)
def test_text_is_cut_by_the_columns_it_takes(text, width, shown) -> None:
    assert cut(text, width) == shown
    assert display_width(cut(text, width)) <= width


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_table_fits_its_window_with_columns_below_each_other(columns) -> None:
    job = SearchJobFactory()
    for title in ("大容量防水旅行包女短途行李包健身包运动包", "Duffle bag with a rather long English name, blue", "包"):
        SupplierMatchFactory(job=job, title=title, supplier_name="义乌市拓野户外用品有限公司")
    lines = table(job.matches.all(), columns).splitlines()
    assert all(display_width(line) <= columns for line in lines)
    ends = {display_width(line[: line.index("河北") if "河北" in line else line.index("location")]) for line in lines}
    assert len(ends) == 1


def test_nothing_in_a_title_steers_the_terminal() -> None:
    job = SearchJobFactory()
    SupplierMatchFactory(job=job, title="red \x1b[31m\u202e plate\r\n", supplier_name="a\x07b")
    assert table(job.matches.all(), None).isprintable() is False
    assert all(line.isprintable() for line in table(job.matches.all(), None).splitlines())
    assert len(table(job.matches.all(), None).splitlines()) == 2
