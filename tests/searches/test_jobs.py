"""A call's life, run as a worker runs it, against the sandbox marketplace over HTTP: one that goes well."""

import uuid
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from searches import jobs, recording
from searches.models import SearchCall, SearchJob
from searches.pipeline import Answer, answer
from searches.valkey import connection
from tests.searches.conftest import only_call, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status


def test_a_photo_becomes_matches(start, sandbox) -> None:
    job = work(start())
    call = only_call(job)
    assert (job.status, call.status) == (Job.DONE, Call.DONE)
    assert call.offers_found == 50
    assert call.offers_total > 100
    best = job.matches.order_by("rank").first()
    assert best.rank == 1
    assert best.similarity > 0.8
    assert best.title and best.url.startswith(sandbox.url) and best.image_url.startswith(sandbox.url)
    assert best.sightings.get().image == job.images.get()
    assert job.finished_at is not None


def test_as_many_pages_as_the_number_of_offers_asks_for(start, sandbox) -> None:
    job = work(start(wanted=100), turns=2)
    assert job.status == Job.DONE
    assert [call["page"] for call in sandbox.calls()] == [1, 2]
    ranks = list(job.matches.order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, 101))


def test_no_more_pages_than_the_marketplace_has(start, sandbox) -> None:
    work(start(wanted=500), turns=2)
    assert [call["page"] for call in sandbox.calls()] == [1, 2, 3]


def test_parameters_reach_the_marketplace(start) -> None:
    job = work(start(price_from=10, price_to=20, order="price", wanted=50))
    prices = list(job.matches.order_by("rank").values_list("price", flat=True))
    assert prices
    assert prices == sorted(prices)
    assert all(10 <= price <= 20 for price in prices)


def test_the_same_question_is_paid_once(start, sandbox) -> None:
    first, second = work(start()), work(start())
    assert len(sandbox.calls()) == 1
    assert only_call(second).from_cache and not only_call(first).from_cache
    assert only_call(second).fetched_at == only_call(first).fetched_at
    assert second.matches.count() == first.matches.count()


@pytest.mark.parametrize(
    "changes", [{"price_from": 1}, {"price_to": 900}, {"wholesale_only": True}, {"order": "price"}, {"wanted": 100}]
)
def test_another_question_is_asked_anew(start, sandbox, changes) -> None:
    work(start())
    job = work(start(**changes))
    paid = len(sandbox.calls())
    # A hundred offers come in pages of fifty too: the first of them was paid for already.
    assert paid == (1 if "wanted" in changes else 2)
    assert job.calls.first().from_cache == ("wanted" in changes)


def test_enhanced_preparation_is_another_question(start, sandbox) -> None:
    work(start())
    work(start(preparation="enhanced"))
    hashes = {call["image_sha256"] for call in sandbox.calls()}
    assert len(hashes) == 2


def test_a_fresh_search_bypasses_the_cache_and_feeds_it(start, sandbox) -> None:
    work(start())
    assert not only_call(work(start(fresh=True))).from_cache
    assert len(sandbox.calls()) == 2
    assert only_call(work(start())).from_cache


def test_a_fresh_search_whose_worker_died_after_the_answer_pays_once(start, sandbox) -> None:
    job = start(fresh=True)
    call = jobs.claim(only_call(job).pk)
    answer(call)  # the worker dies here: answered, cached, not written
    SearchCall.objects.filter(pk=call.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    job = work(job)
    assert job.status == Job.DONE
    assert len(sandbox.calls()) == 1


@pytest.mark.parametrize("damage", [b"damaged", zlib.compress(b'{"offers": "damaged"}')], ids=["bytes", "page"])
def test_a_damaged_cache_entry_is_asked_anew(start, sandbox, damage) -> None:
    work(start())
    (key,) = connection().keys("*{results}:entry:*")
    connection().set(key, damage, keepttl=True)
    assert work(start()).status == Job.DONE
    assert len(sandbox.calls()) == 2


def test_a_call_that_somebody_else_has_is_left_alone(start) -> None:
    job = start()
    assert jobs.claim(only_call(job).pk) is not None
    assert jobs.claim(only_call(job).pk) is None


def test_a_clock_put_forward_under_a_worker_costs_no_attempt(start, monkeypatch) -> None:
    job = start()
    started = recording.started

    def put_forward(call: SearchCall) -> None:
        started(call)
        later = timezone.now() + timedelta(hours=1)
        monkeypatch.setattr(timezone, "now", lambda: later)

    monkeypatch.setattr(recording, "started", put_forward)
    jobs.run_call(only_call(job).pk)
    call = only_call(job)
    assert (call.status, call.attempts) == (SearchCall.Status.DONE, 1)


def test_a_worker_whose_lease_ran_out_changes_nothing(start) -> None:
    job = start()
    late = jobs.claim(only_call(job).pk)
    late_answer = answer(late)
    SearchCall.objects.filter(pk=late.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    newer = jobs.claim(late.pk)
    assert newer.run_token != late.run_token
    assert not recording.done(late, late_answer)
    assert job.matches.count() == 0
    assert recording.done(newer, late_answer)
    assert job.matches.count() == 50


def test_a_repeat_changes_nothing(start) -> None:
    job = work(start())
    before = list(job.matches.order_by("pk").values())
    call = only_call(job)
    again = answer(call)
    call.run_token = uuid.uuid4()
    SearchCall.objects.filter(pk=call.pk).update(status=Call.RUNNING, run_token=call.run_token)
    assert recording.done(call, again)
    assert list(job.matches.order_by("pk").values()) == before


def test_an_offer_on_two_pages_is_one_match_with_its_best_rank(start, credential) -> None:
    job = work(start(wanted=100), turns=2)
    first, second = job.calls.order_by("page")
    best = job.matches.get(rank=1)
    page = answer(first).page
    second.run_token = uuid.uuid4()
    SearchCall.objects.filter(pk=second.pk).update(status=Call.RUNNING, run_token=second.run_token)
    later = tuple(replace(offer, rank=offer.rank + 50, similarity=0.1) for offer in page.offers)
    recording.done(second, Answer(replace(page, offers=later), credential, from_cache=False))
    best.refresh_from_db()
    assert best.rank == 1
    assert best.similarity > 0.8
    assert job.matches.count() == 100
