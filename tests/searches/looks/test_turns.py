"""A look's life: its bell, a worker that is lost, a search that ends meanwhile, and who goes first."""

import logging
from datetime import timedelta

import django_rq
import pytest
import redis
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone

from searches import actions
from searches import doorbell as searches_doorbell
from searches.looks import comparing, doorbell, foreground, jobs, pictures, turns
from searches.models import Look, OfferPicture, SearchJob
from searches.valkey import connection
from searches.visual import model
from tests.factories import MARKETPLACE
from tests.searches.conftest import only_call, work
from tests.searches.looks.hosting import QUERY, looked, offers_of
from tests.searches.pages import text_of, titles_of

pytestmark = pytest.mark.django_db
Status, Reason = Look.Status, Look.Reason


def bells(name: str = "looks") -> list[int]:
    return [job.args[0] for job in django_rq.get_queue(name, connection=connection()).jobs]


def lose(look: Look) -> None:
    """As if the worker that has the look, and its pictures, had died a while ago."""
    past = timezone.now() - timedelta(seconds=1)
    Look.objects.filter(pk=look.pk).update(lease_until=past)
    OfferPicture.objects.exclude(lease_until=None).update(lease_until=past)


@pytest.fixture
def no_model(monkeypatch) -> None:
    """As if the model's file were another than the one that was committed."""
    monkeypatch.setattr(model, "CHECKSUM", "0" * 64)
    monkeypatch.setattr("searches.looks.model.CHECKSUM", "0" * 64)
    monkeypatch.setattr(model, "_loaded", None)


def test_searches_go_first() -> None:
    assert [*portal.RQ_QUEUES][-1] == doorbell.QUEUE
    assert {*portal.RQ_QUEUES} == {*doorbell.SEARCHES, doorbell.QUEUE}


def test_a_call_that_is_done_rings_for_its_look(start, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = work(start())
    look = Look.objects.get(call=only_call(job))
    assert bells() == [look.pk]
    assert (look.status, look.offers) == (Status.QUEUED, 50)


def test_a_call_that_found_nothing_has_no_look(start) -> None:
    work(start(price_from=900_000))
    assert not Look.objects.exists()


def test_a_bell_that_was_not_heard_is_rung_again(found) -> None:
    look = found(f"{QUERY}.jpg")
    assert jobs.sweep() and bells() == []  # it may still be on its way
    Look.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert jobs.sweep() and bells() == [look.pk]
    assert jobs.sweep() and bells() == [look.pk]


def test_a_worker_takes_whatever_waits_while_it_is_warm(found) -> None:
    first, second = found(f"{QUERY}.jpg"), found("2.jpg")
    doorbell.ring([first, second])
    jobs.work(first.pk)
    assert not Look.objects.exclude(status=Status.DONE).exists()
    assert bells() == [first.pk]  # its own bell is RQ's to take away


def test_what_a_killed_worker_compared_is_not_compared_again(found, host, monkeypatch) -> None:
    monkeypatch.setattr(comparing, "A_STEP", 1)
    look = found(f"{QUERY}.jpg", "2.jpg", "3.jpg")
    steps = []

    def killed_at_the_second() -> None:
        steps.append(1)
        if len(steps) > 1 and Look.objects.get(pk=look.pk).compared:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        comparing.look_at(turns.claim(look.pk), killed_at_the_second)
    kept = [offer.visual for offer in offers_of(look) if offer.visual is not None]
    assert 1 <= len(kept) < 3
    Look.objects.filter(pk=look.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert turns.claim(look.pk) is None  # for all we know it is being worked on
    lose(look)
    assert jobs.sweep() and bells() == [look.pk]
    seen = OfferPicture.objects.filter(state="seen").values_list("url", flat=True)
    before = {url: host.hits.count(url.rpartition("/")[2]) for url in seen}
    assert looked(look).status == Status.DONE
    assert [offer.visual is None for offer in offers_of(look)] == [False] * 3
    assert look.compared == 3
    assert {url: host.hits.count(url.rpartition("/")[2]) for url in before} == before


def test_a_worker_that_comes_back_writes_nothing_any_more(found) -> None:
    look = found(f"{QUERY}.jpg")
    stale = turns.claim(look.pk)
    lose(look)
    assert looked(look).status == Status.DONE
    before = [offer.visual for offer in offers_of(look)]
    (sighting,) = look.call.sightings.all()
    sighting.visual = 0.5
    with pytest.raises(turns.Ended):
        turns.write(stale, [sighting], {})
    turns.end(stale, Status.FAILED, Reason.PHOTO)
    look.refresh_from_db()
    assert (look.status, [offer.visual for offer in offers_of(look)]) == (Status.DONE, before)


def test_a_look_that_ends_its_workers_fails(found) -> None:
    look = found(f"{QUERY}.jpg")
    for _time in range(turns.MOST_ATTEMPTS):
        assert turns.claim(look.pk) is not None
        lose(look)
    assert (looked(look).status, look.reason) == (Status.FAILED, Reason.WORKER)


def test_what_another_look_is_fetching_is_waited_for(found, host) -> None:
    first, second = turns.claim(found(f"{QUERY}.jpg").pk), found(f"{QUERY}.jpg")
    address = host.at(f"{QUERY}.jpg")
    assert pictures.sort_out(first, MARKETPLACE, [address]).ours == [address]
    waits = []

    def first_goes_on() -> None:
        if not waits:
            waits.append(1)
            comparing.look_at(first, lambda: None)

    comparing.look_at(turns.claim(second.pk), first_goes_on)
    assert waits and host.hits == [f"{QUERY}.jpg"]
    assert offers_of(second)[0].visual == offers_of(first)[0].visual


def test_a_cancelled_search_is_looked_at_no_further(found, host) -> None:
    look = found(f"{QUERY}.jpg", "2.jpg")
    SearchJob.objects.update(status=SearchJob.Status.CANCELLED)
    assert looked(look).status == Status.CANCELLED
    assert host.hits == []


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_a_search_that_ends_meanwhile_stops_its_look(found, host, monkeypatch, end) -> None:
    monkeypatch.setattr(comparing, "A_STEP", 1)
    look = found(*(f"{number}.jpg" for number in range(1, 6)))
    claimed = turns.claim(look.pk)
    turned = []

    def ends() -> None:
        turned.append(1)
        if len(turned) == 2 and end == "delete":
            actions.delete_search(job=look.call.job)
        elif len(turned) == 2:
            SearchJob.objects.update(status=SearchJob.Status.CANCELLED)

    with pytest.raises(turns.Ended):
        comparing.look_at(claimed, ends)
    turns.end(claimed, Status.CANCELLED)
    left = Look.objects.filter(pk=look.pk).values_list("status", "compared")
    assert list(left) == ([] if end == "delete" else [(Status.CANCELLED, 1)])
    assert not OfferPicture.objects.exclude(lease_until=None).exclude(state="seen").exists()


def test_calls_that_are_tried_again_bring_back_what_a_cancelled_search_left(start) -> None:
    job = work(start(wanted=100))  # its second page is still to come
    first = Look.objects.get()
    actions.cancel_search(job=job)
    assert looked(first).status == Status.CANCELLED
    actions.retry_failed_calls(job=job)
    work(job)
    assert set(Look.objects.values_list("status", flat=True)) == {Status.QUEUED}
    assert Look.objects.count() == 2


def test_without_its_model_a_search_goes_on_and_everybody_is_told_once(
    found, no_model, caplog, alice, signed_in
) -> None:
    one, other = found(f"{QUERY}.jpg"), found("2.jpg")
    with caplog.at_level(logging.ERROR):
        for look in (one, other):
            assert (looked(look).status, look.reason) == (Status.FAILED, Reason.MODEL)
    assert [record.name for record in caplog.records] == ["searches.looks.jobs"]
    assert Client().get("/healthz").json()["eye"] == "unavailable"
    page = signed_in(alice).get(one.call.job.get_absolute_url())
    assert "the model that compares pictures cannot be loaded" in text_of(page)
    assert "every 1s" not in page.content.decode()
    assert titles_of(page)


def test_health_believes_the_last_worker_that_needed_the_model(found) -> None:
    look = looked(found(f"{QUERY}.jpg"))
    assert Client().get("/healthz").json()["eye"] == "ok"
    Look.objects.filter(pk=look.pk).update(status=Status.FAILED, reason=Reason.MODEL)
    told = Client().get("/healthz")
    assert (told.status_code, told.json()["eye"]) == (200, "unavailable")


def test_a_worker_at_a_look_makes_the_calls_that_wait(found, start) -> None:
    look = found(f"{QUERY}.jpg", "2.jpg")
    job = start()
    searches_doorbell.ring(job.calls.all())
    assert looked(look).status == Status.DONE
    assert only_call(job).claims == 1
    assert bells("interactive") == []


def test_before_it_loads_the_model_a_worker_makes_the_calls_that_ring(found, start, no_model) -> None:
    look, job = found(f"{QUERY}.jpg"), start()
    searches_doorbell.ring(job.calls.all())
    jobs.work(look.pk)
    assert only_call(job).claims == 1
    assert bells("interactive") == []


def test_a_work_horse_that_makes_calls_for_long_gives_its_look_back(found, start, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "SECONDS_A_WORK_HORSE_WORKS", -1.0)
    look, job = found(f"{QUERY}.jpg"), start()
    searches_doorbell.ring(job.calls.all())
    assert looked(look).status == Status.QUEUED
    assert bells("interactive") == [only_call(job).pk] and bells() == [look.pk]


def test_a_worker_at_a_look_leaves_other_work_to_a_fresh_one(found, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "SECONDS_OF_PATIENCE", -1.0)
    look = found(f"{QUERY}.jpg")
    batch_doorbell = django_rq.get_queue("batch", connection=connection())
    batch_doorbell.enqueue("batches.jobs.read_file", 1, job_id="a-file", failure_ttl=0)
    doorbell.ring([look])
    assert looked(look).status == Status.QUEUED
    # Under another name than the bell that brought this worker, which RQ still holds.
    assert bells() == [look.pk, look.pk]
    batch_doorbell.empty()
    assert looked(look).status == Status.DONE
    assert look.attempts == 1


def test_a_shell_waits_for_what_another_worker_compares(found, monkeypatch) -> None:
    look = found(f"{QUERY}.jpg")
    claimed = turns.claim(look.pk)
    monkeypatch.setattr(foreground.time, "sleep", lambda _seconds: turns.end(claimed, Status.DONE))
    foreground.finish(look.call.job)
    assert Look.objects.get().status == Status.DONE


def test_valkey_that_is_away_is_nobody_who_waits(monkeypatch) -> None:
    def away(*_given: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(connection(), "llen", away)
    assert not doorbell.searches_wait()
