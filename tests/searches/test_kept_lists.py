"""The tray offers the team's lists whatever the table shows."""

import pytest

from searches.models import SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierListFactory, SupplierMatchFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job)
    SupplierListFactory(team=team, name="Spring mugs")
    return job


@pytest.mark.parametrize("query", ["", "?price_from=9999", "?title_any=nothing"])
@pytest.mark.parametrize("offers", [0, 2])
def test_the_lists_are_there_with_and_without_offers(job, alice, signed_in, query, offers) -> None:
    SupplierMatchFactory.create_batch(offers, job=job)
    page = signed_in(alice).get(job.get_absolute_url() + query).content.decode()
    assert "Spring mugs" in page
    assert "on list" not in page
