"""Rows of earlier releases, brought along."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from searches.fusion import fused

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BEFORE, SINCE = "0001_initial", "0002_marketplaces_share_their_load"


@pytest.fixture
def migrate():
    """`migrate("0002_…")`: the database as it was then; answers the models of then."""

    def to(name: str):
        executor = MigrationExecutor(connection)
        executor.migrate([("searches", name)])
        return MigrationExecutor(connection).loader.project_state([("searches", name)]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


class Installation:
    """An installation of the first release, in which a search asked two credentials of one marketplace."""

    def __init__(self, apps) -> None:
        self.apps = apps
        team = apps.get_model("accounts", "Team").objects.create(name="Outdoor")
        self.credentials = [
            self.add("Credential", name=name, marketplace="image_search_md5", base_url="http://gw", app_key="1")
            for name in ("first", "second")
        ]
        self.team, self.image = (
            team,
            self.add("QueryImage", team=team, sha256="0" * 64, mime="image/png", width=1, height=1),
        )

    def add(self, model: str, **columns):
        return self.apps.get_model("searches", model).objects.create(**columns)

    def search(self, status: str, **columns):
        return self.add("SearchJob", team=self.team, status=status, rights_confirmed_at=NOON, **columns)

    def call(self, job, which: int, status: str, page: int = 1, **columns):
        credential = self.credentials[which]
        names = {"credential": credential, "credential_name": credential.name, "marketplace": credential.marketplace}
        times = {"finished_at": NOON} if status in ("done", "failed", "cancelled") else {}
        rest = {"page": page, "page_size": 50, "status": status, "run_token": uuid.uuid4()} | times
        return self.add("SearchCall", job=job, image=self.image, **(names | rest | columns))

    def sighting(self, call, offer_id: str):
        match, _created = self.apps.get_model("searches", "SupplierMatch").objects.get_or_create(
            job=call.job, marketplace=call.marketplace, offer_id=offer_id, defaults={"rank": 1, "fetched_at": NOON}
        )
        return self.add("Sighting", match=match, call=call, image=self.image, rank=1)


def test_of_two_calls_for_one_page_one_stays_with_the_sightings_of_both(migrate) -> None:
    old = Installation(migrate(BEFORE))
    job = old.search("done", finished_at=NOON)
    first, second = (old.call(job, which, "done") for which in (0, 1))
    old.sighting(first, "1")
    old.sighting(second, "2")
    other_page = old.call(job, 1, "done", page=2)
    old.sighting(other_page, "3")
    elsewhere = old.call(old.search("done"), 1, "done")
    new = migrate(SINCE)
    calls = new.get_model("searches", "SearchCall").objects
    assert set(calls.values_list("pk", flat=True)) == {first.pk, other_page.pk, elsewhere.pk}
    sightings = new.get_model("searches", "Sighting").objects
    assert sorted(sightings.values_list("match__offer_id", "call")) == [
        ("1", first.pk),
        ("2", first.pk),
        ("3", other_page.pk),
    ]
    assert new.get_model("searches", "SupplierMatch").objects.count() == 3
    kept = calls.get(pk=first.pk)
    assert (kept.credential_name, kept.throttles, kept.urgency, kept.regions) == ("first", 0, 0, [])


@pytest.mark.parametrize("statuses", [("failed", "done"), ("waiting", "done"), ("cancelled", "done")])
def test_the_one_that_was_answered_stays(migrate, statuses) -> None:
    old = Installation(migrate(BEFORE))
    job = old.search("partial")
    answered = [old.call(job, which, status) for which, status in enumerate(statuses)][1]
    old.sighting(answered, "1")
    new = migrate(SINCE)
    assert new.get_model("searches", "SearchCall").objects.get().pk == answered.pk
    assert new.get_model("searches", "Sighting").objects.get().call_id == answered.pk


@pytest.mark.parametrize(
    ("before", "statuses", "after"),
    [
        ("partial", ("failed", "done"), "done"),
        ("running", ("done", "waiting"), "done"),
        ("running", ("waiting", "waiting"), "running"),
        ("queued", ("queued", "queued"), "queued"),
        ("failed", ("failed", "failed"), "failed"),
        ("cancelled", ("cancelled", "cancelled"), "cancelled"),
    ],
)
def test_a_search_is_as_its_calls_that_stay(migrate, before, statuses, after) -> None:
    old = Installation(migrate(BEFORE))
    unfinished = before in ("running", "queued")
    job = old.search(before, finished_at=None if unfinished else NOON + timedelta(minutes=1))
    for which, status in enumerate(statuses):
        old.call(job, which, status)
    job = migrate(SINCE).get_model("searches", "SearchJob").objects.get()
    assert job.status == after
    assert (job.finished_at is None) == (after in ("running", "queued"))


def test_a_search_that_a_page_makes_partial_stays_so(migrate) -> None:
    old = Installation(migrate(BEFORE))
    job = old.search("partial", finished_at=NOON)
    for which in (0, 1):
        old.call(job, which, "done")
        old.call(job, which, "failed", page=2)
    job = migrate(SINCE).get_model("searches", "SearchJob").objects.get()
    assert (job.status, job.finished_at) == ("partial", NOON)


def test_what_one_photo_found_has_the_score_of_one(migrate) -> None:
    old = Installation(migrate("0004_offers_are_filtered_by_traits"))
    job = old.search("done")
    for rank in (1, 40):
        old.add("SupplierMatch", job=job, marketplace="onebound", offer_id=str(rank), rank=rank, fetched_at=NOON)
    matches = migrate("0005_matches_of_several_photos").get_model("searches", "SupplierMatch").objects
    for match in matches.all():
        assert (match.photos_count, match.fused) == (1, pytest.approx(fused([match.rank]), rel=1e-15))


def test_the_part_of_the_only_photo_gets_its_name(migrate) -> None:
    old = Installation(migrate("0005_matches_of_several_photos"))
    part = [0.1, 0.2, 0.6, 0.9]
    with_part, whole = (old.search("done", title=title, crop=crop) for title, crop in (("part", part), ("whole", None)))
    for job in (with_part, whole):
        job.images.add(old.image)
    jobs = migrate("0006_parts_of_several_photos").get_model("searches", "SearchJob").objects
    assert jobs.get(pk=with_part.pk).crops == {str(old.image.pk): part}
    assert jobs.get(pk=whole.pk).crops == {}
    jobs = migrate("0005_matches_of_several_photos").get_model("searches", "SearchJob").objects
    assert (jobs.get(pk=with_part.pk).crop, jobs.get(pk=whole.pk).crop) == (part, None)
