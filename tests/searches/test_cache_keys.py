"""What makes two questions one: everything that changes the answer, and nothing else."""

from decimal import Decimal

import pytest

from searches.marketplaces import MARKETPLACES
from searches.models import SearchCall, SearchJob
from searches.results import question_of
from tests.factories import OTHER_MARKETPLACE, CredentialFactory
from tests.searches.conftest import only_call, work

pytestmark = pytest.mark.django_db
Call, Job = SearchCall.Status, SearchJob.Status

# Each of them another question than the plain one, and than every other here.
DIFFERENT = {
    "plain": {},
    "price from": {"price_from": Decimal(10)},
    "another price from": {"price_from": Decimal("10.01")},
    "price to": {"price_to": Decimal(10)},
    "both prices": {"price_from": Decimal(10), "price_to": Decimal(10)},
    "wholesale": {"wholesale_only": True},
    "cheapest": {"order": "price"},
    "dearest": {"order": "-price"},
    "enhanced": {"preparation": "enhanced"},
    "cropped": {"crop": [0.1, 0.1, 0.9, 0.9]},
    "cropped elsewhere": {"crop": [0.1, 0.1, 0.9, 0.8]},
    "another photo": {"product": "box-01"},
    "a photo's address": {"image_url": "https://shop.example/a.jpg"},
    "another photo's address": {"image_url": "https://shop.example/b.jpg"},
    "another marketplace": {"marketplaces": [OTHER_MARKETPLACE]},
}
# The same question, asked for other reasons or by others.
EQUAL = {
    "title": {"title": "Another title"},
    "keywords": {"keywords": "盘"},
    "more offers of the same pages": {"wanted": 500},
    "fresh": {"fresh": True},
    "in a batch": {"urgency": SearchJob.Urgency.BATCH},
}


def question(job: SearchJob, **call) -> str:
    row = only_call(job)
    for name, value in call.items():
        setattr(row, name, value)
    return question_of(row, MARKETPLACES[row.marketplace])


def test_every_parameter_makes_another_question(start) -> None:
    questions = {name: question(start(**changes)) for name, changes in DIFFERENT.items()}
    assert len(set(questions.values())) == len(questions)


@pytest.mark.parametrize("changes", EQUAL.values(), ids=EQUAL)
def test_who_asks_and_why_makes_no_difference(start, changes) -> None:
    assert question(start(**changes)) == question(start())


def test_pages_their_size_and_variants_are_questions_of_their_own(start) -> None:
    job = start()
    changed = [{"page": 2}, {"page_size": 20}, {"variant": "reencoded"}, {"variant": "smaller"}]
    assert len({question(job), *(question(job, **change) for change in changed)}) == 5


@pytest.mark.parametrize("price", ["10", "10.0", "10.00", "1E+1"])
def test_a_price_is_one_however_it_is_written(start, price) -> None:
    job = start(price_from=Decimal(10))
    row = only_call(job)
    row.job.price_from = Decimal(price)
    assert question_of(row, MARKETPLACES[row.marketplace]) == question(job)


def test_neither_credential_nor_user_is_in_it(start, credential, charlie, charlies_team) -> None:
    before = question(start())
    CredentialFactory(app_key="another")
    assert question(start(user=charlie, team=charlies_team)) == before


def test_a_crop_and_its_equal_are_answered_once(start, sandbox) -> None:
    work(start(crop=[0.2, 0.2, 0.8, 0.8]))
    assert only_call(work(start(crop=[0.2, 0.2, 0.8, 0.8]))).from_cache
    assert not only_call(work(start(crop=[0.2, 0.2, 0.8, 0.9]))).from_cache
    assert not only_call(work(start())).from_cache
    assert len({call["image_sha256"] for call in sandbox.calls()}) == 3


def test_another_address_of_the_gateway_is_asked_anew_and_the_first_remembered(start, sandbox, credential) -> None:
    work(start())
    credential.base_url = sandbox.url + "/"
    credential.save()
    work(start())
    assert len(sandbox.calls()) == 2
    credential.base_url = sandbox.url
    credential.save()
    assert only_call(work(start())).from_cache


def test_a_cropped_photo_with_an_address_is_known_by_its_content(start) -> None:
    part = {"crop": [0.1, 0.1, 0.9, 0.9]}
    assert question(start(image_url="https://shop.example/a.jpg", **part)) == question(start(**part))


def test_where_no_address_is_taken_it_makes_no_difference(start) -> None:
    at = {"marketplaces": [OTHER_MARKETPLACE]}
    assert question(start(image_url="https://shop.example/a.jpg", **at)) == question(start(**at))
