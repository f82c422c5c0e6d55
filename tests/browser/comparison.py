"""A comparison on a server of the tests' own, whose rows the tests change: the moment of each change is known."""

import pytest
from playwright.sync_api import Page

from searches.models import SearchCall, SearchJob, SupplierMatch
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import photo

COLOURS = ("红色", "蓝色", "白色")


def add_offers(job: SearchJob, number: int) -> list[SupplierMatch]:
    first = job.matches.count()
    return [
        SupplierMatchFactory(
            job=job,
            title=f"{COLOURS[place % 3]} 马克杯 {place:03}",
            rank=place + 1,
            similarity=round(0.99 - place * 0.004, 3),
            price=10 + place,
            image_url="",
        )
        for place in range(first, first + number)
    ]


@pytest.fixture
def job(team, alice) -> SearchJob:
    """Thirty offers are there, the second page of them is on its way."""
    running = {"status": SearchJob.Status.RUNNING, "finished_at": None}
    job = SearchJobFactory(team=team, owner=alice, title="Mug", image__data=photo(), **running)
    SearchCallFactory(job=job, page=1, offers_found=30)
    credential = job.calls.get().credential
    SearchCallFactory(job=job, page=2, credential=credential, status=SearchCall.Status.RUNNING, fetched_at=None)
    add_offers(job, 30)
    return job


def finish(job: SearchJob, number: int = 20) -> None:
    """The second page comes in."""
    add_offers(job, number)
    job.calls.filter(page=2).update(
        status=SearchCall.Status.DONE, offers_found=number, fetched_at=job.calls.get(page=1).fetched_at
    )
    SearchJob.objects.filter(pk=job.pk).update(status=SearchJob.Status.DONE)


@pytest.fixture
def page(open_page, alice, job) -> Page:
    return open_page(alice, f"/searches/{job.pk}/")


def rows(page: Page):
    return page.locator("#rows tr")
