"""Several photos' ranks as one score, computed when they are recorded."""

import pytest
from django.utils import timezone

from searches import actions, jobs, recording
from searches.fusion import fused
from searches.marketplaces import Offer, SearchPage
from searches.models import Credential
from searches.pipeline import Answer
from tests.factories import MARKETPLACE, OTHER_MARKETPLACE, CredentialFactory, QueryImageFactory


@pytest.mark.parametrize(
    ("ranks", "score"),
    [
        # 1 / (60 + rank), summed by hand.
        ([], 0.0),
        ([1], 0.01639344262295082),
        ([1, 2, 3], 0.04839549075403121),
        ([10, 40], 0.024285714285714285),
        ([1] * 8, 0.13114754098360656),
    ],
)
def test_the_score_is_the_sum_of_the_reciprocal_ranks(ranks, score) -> None:
    assert fused(ranks) == pytest.approx(score, rel=1e-15)


def test_two_middling_ranks_weigh_more_than_one_first() -> None:
    assert fused([30, 30]) > fused([1])


def test_a_first_and_a_third_place_weigh_more_than_two_second() -> None:
    assert fused([1, 3]) > fused([2, 2])


def test_the_order_of_the_photos_changes_not_even_the_last_bit() -> None:
    ranks = [3, 500, 7, 61, 12, 1, 29, 88]
    assert {fused(ranks[turn:] + ranks[:turn]) for turn in range(8)} == {fused(ranks)}


@pytest.fixture
def photos(team):
    return QueryImageFactory.create_batch(3, team=team)


@pytest.fixture
def job(alice, team, photos):
    credential = CredentialFactory()
    return actions.start_search(
        user=alice, team=team, images=photos, marketplaces=[credential.marketplace], title="Mug", wanted=100
    )


def answering(job):
    """`answer(photo, ["a", "b"], page=1)`: the call's answer, the offers at the ranks 1, 2, … of the page."""

    def answer(photo, offers: list[str], page: int = 1, marketplace: str = MARKETPLACE) -> None:
        call = jobs.claim(job.calls.get(image=photo, page=page, marketplace=marketplace).pk)
        assert call is not None
        listed = tuple(
            Offer(marketplace, offer, offer, "", "", None, "CNY", 50 * (page - 1) + rank)
            for rank, offer in enumerate(offers, 1)
        )
        came = SearchPage(listed, 100, page, 2, 50, timezone.now())
        credential = Credential.objects.get(marketplace=marketplace)
        assert recording.done(call, Answer(came, credential, from_cache=False))

    return answer


@pytest.fixture
def answered(job):
    return answering(job)


def scores(job) -> dict[str, tuple[int, float]]:
    return {match.offer_id: (match.photos_count, match.fused) for match in job.matches.all()}


def test_each_answer_adds_its_photos_ranks(job, photos, answered) -> None:
    answered(photos[0], ["a", "b"])
    assert scores(job) == {"a": (1, fused([1])), "b": (1, fused([2]))}
    answered(photos[2], ["b", "c"])
    assert scores(job) == {"a": (1, fused([1])), "b": (2, fused([2, 1])), "c": (1, fused([2]))}
    answered(photos[1], ["c", "b"])
    assert scores(job) == {"a": (1, fused([1])), "b": (3, fused([2, 1, 2])), "c": (2, fused([2, 1]))}


def test_an_offer_on_two_pages_counts_once_for_its_photo_at_its_best(job, photos, answered) -> None:
    answered(photos[0], ["a", "b"])
    answered(photos[0], ["c", "a"], page=2)
    assert scores(job) == {"a": (1, fused([1])), "b": (1, fused([2])), "c": (1, fused([51]))}
    assert job.matches.get(offer_id="a").sightings.get().rank == 1


def test_a_marketplaces_offers_are_scored_by_its_own_lists(alice, team, photos) -> None:
    """The same id at two marketplaces is two offers."""
    keys = [CredentialFactory().marketplace, CredentialFactory(marketplace=OTHER_MARKETPLACE).marketplace]
    job = actions.start_search(user=alice, team=team, images=photos, marketplaces=keys, title="Mug", wanted=50)
    answer = answering(job)
    for key in keys:
        for photo in photos[: 3 if key == OTHER_MARKETPLACE else 2]:
            answer(photo, ["a"], marketplace=key)
    found = {match.marketplace: match.fused for match in job.matches.all()}
    assert found == {keys[0]: fused([1, 1]), OTHER_MARKETPLACE: fused([1, 1, 1])}
