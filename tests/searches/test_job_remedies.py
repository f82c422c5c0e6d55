"""What people are told once a call is given up."""

from dataclasses import replace

import pytest
from django.conf import settings

from searches import pipeline
from searches.marketplaces import Remedy
from searches.marketplaces.errors import PICTURE_NOT_FETCHED, SERVICE_FAILED
from tests.searches.conftest import make_due, only_call, work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [
        (replace(PICTURE_NOT_FETCHED, retryable=True), Remedy.GIVE_REACHABLE_ADDRESS),
        (SERVICE_FAILED, "It was tried several times. Try again later; if it goes on, ask an administrator"),
    ],
    ids=["picture", "service"],
)
def test_an_error_that_was_retried_in_vain_says_what_helps(start, monkeypatch, rule, remedy) -> None:
    def refuse(call):
        raise rule.error("417", retry_after=0)

    monkeypatch.setattr(pipeline, "answer", refuse)
    job = start()
    for _ in range(settings.CALL_ATTEMPTS):
        work(job)
        make_due(job)
    assert only_call(job).error_remedy.startswith(remedy)
