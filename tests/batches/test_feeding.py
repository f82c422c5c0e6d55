"""How the searches of a batch begin, go on, and end."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Team, User
from batches import actions, feeding, totals
from batches.models import Batch, BatchRow
from searches.models import SearchCall, SearchJob
from tests.factories import MARKETPLACE, CredentialFactory, QueryImageFactory

pytestmark = pytest.mark.django_db
Status, State = Batch.Status, BatchRow.State


@pytest.fixture
def batch(alice: User, team: Team) -> Batch:
    CredentialFactory()
    return actions.create_batch(
        user=alice, team=team, title="Spring", marketplaces=[MARKETPLACE], question={"wanted": 50}
    )


def fill(batch: Batch, number: int) -> None:
    for place in range(1, number + 1):
        batch.rows.create(
            number=place, name=f"Product {place}", state=State.READY, image=QueryImageFactory(team=batch.team)
        )


def finish(batch: Batch, number: int | None = None) -> None:
    """Let so many of the searches under way end."""
    under_way = SearchJob.objects.filter(batch_row__batch=batch, status__in=SearchJob.UNFINISHED).order_by("pk")
    ended = list(under_way.values_list("pk", flat=True)[:number])
    SearchJob.objects.filter(pk__in=ended).update(status=SearchJob.Status.DONE)


def started(batch: Batch) -> int:
    return SearchJob.objects.filter(batch_row__batch=batch).count()


def test_nothing_begins_before_it_is_started(batch: Batch) -> None:
    fill(batch, 3)
    feeding.feed()
    assert started(batch) == 0


def test_an_empty_batch_cannot_be_started(batch: Batch) -> None:
    with pytest.raises(ValidationError):
        actions.start_batch(batch=batch)


def test_a_few_searches_are_under_way_at_a_time(batch: Batch, monkeypatch) -> None:
    monkeypatch.setattr(feeding, "SEARCHES_UNDER_WAY", 3)
    fill(batch, 5)
    actions.start_batch(batch=batch)
    feeding.feed()
    feeding.feed()
    assert started(batch) == 3
    finish(batch, 2)
    feeding.feed()
    assert started(batch) == 5
    finish(batch)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Status.DONE
    assert batch.finished_at is not None


def test_searches_of_a_batch_are_less_urgent_and_carry_its_question(batch: Batch) -> None:
    fill(batch, 1)
    batch.rows.update(keywords="陶瓷")
    actions.start_batch(batch=batch)
    feeding.feed()
    job = SearchJob.objects.get(batch_row__batch=batch)
    assert (job.urgency, job.wanted, job.keywords) == (SearchJob.Urgency.BATCH, 50, "陶瓷")
    assert (job.title, job.owner, job.team) == ("Product 1", batch.owner, batch.team)
    assert SearchCall.objects.get(job=job).urgency == SearchJob.Urgency.BATCH


def test_paused_it_begins_nothing_and_resumed_it_goes_on(batch: Batch, monkeypatch) -> None:
    monkeypatch.setattr(feeding, "SEARCHES_UNDER_WAY", 1)
    fill(batch, 2)
    actions.start_batch(batch=batch)
    feeding.feed()
    actions.pause_batch(batch=batch)
    finish(batch)
    feeding.feed()
    assert started(batch) == 1
    actions.resume_batch(batch=batch)
    feeding.feed()
    assert started(batch) == 2


def test_cancelled_it_stops_what_is_under_way(batch: Batch) -> None:
    fill(batch, 2)
    actions.start_batch(batch=batch)
    feeding.feed()
    actions.cancel_batch(batch=batch)
    feeding.feed()
    statuses = set(SearchJob.objects.filter(batch_row__batch=batch).values_list("status", flat=True))
    assert statuses == {SearchJob.Status.CANCELLED}
    batch.refresh_from_db()
    assert batch.status == Status.CANCELLED


def test_it_is_not_done_while_pictures_are_still_to_come(batch: Batch) -> None:
    fill(batch, 1)
    batch.rows.create(number=2, source_url="https://example.com/a.jpg", state=State.FETCHING)
    actions.start_batch(batch=batch)
    feeding.feed()
    finish(batch)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Status.RUNNING
    batch.rows.filter(number=2).update(state=State.REFUSED)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Status.DONE


def test_refused_and_duplicate_rows_are_not_searched_for(batch: Batch) -> None:
    fill(batch, 1)
    batch.rows.create(number=2, state=State.REFUSED)
    batch.rows.create(number=3, state=State.DUPLICATE, duplicate_of=batch.rows.get(number=1))
    actions.start_batch(batch=batch)
    feeding.feed()
    assert started(batch) == 1


def test_a_row_whose_picture_is_gone_is_refused_and_the_others_go_on(batch: Batch) -> None:
    fill(batch, 2)
    batch.rows.filter(number=1).update(image=None)
    actions.start_batch(batch=batch)
    feeding.feed()
    assert list(batch.rows.values_list("state", "error_code")) == [(State.REFUSED, "picture-gone"), (State.READY, "")]
    assert started(batch) == 1


def test_failed_searches_are_tried_again_and_the_batch_is_running_again(batch: Batch) -> None:
    fill(batch, 2)
    actions.start_batch(batch=batch)
    feeding.feed()
    finish(batch)
    failed = batch.rows.get(number=1).job
    SearchJob.objects.filter(pk=failed.pk).update(status=SearchJob.Status.FAILED)
    failed.calls.update(status=SearchCall.Status.FAILED)
    feeding.feed()
    assert actions.retry_failed(batch=batch) == 1
    batch.refresh_from_db()
    failed.refresh_from_db()
    assert (batch.status, failed.status) == (Status.RUNNING, SearchJob.Status.QUEUED)


def test_a_search_that_was_deleted_is_not_begun_again(batch: Batch) -> None:
    fill(batch, 2)
    actions.start_batch(batch=batch)
    feeding.feed()
    SearchJob.objects.filter(batch_row__number=1).delete()
    feeding.feed()
    assert started(batch) == 1
    assert totals.add_up(Batch.objects.get()).by_state["deleted"] == 1
    finish(batch)
    feeding.feed()
    batch.refresh_from_db()
    assert batch.status == Status.DONE
