"""What tests of searching share: a running sandbox, its credential, and a search that somebody started."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import Team, User
from searches import actions, jobs
from searches.models import Credential, SearchCall, SearchJob
from searches.valkey import connection
from tests.factories import CredentialFactory
from tests.sandbox.running import Sandbox, running_sandbox
from tests.searches.commandline import photo, run
from tests.searches.credential_admin import admin, static_folder

__all__ = ("admin", "photo", "run", "static_folder")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Six products of twenty pictures; every offer is shown to every search, so that answers have pages."""
    with running_sandbox(views=20, floor=0.0) as running:
        yield running


@pytest.fixture
def credential(db: None, sandbox: Sandbox) -> Credential:
    return CredentialFactory(base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)


@pytest.fixture
def start(alice: User, team: Team, sandbox: Sandbox, credential: Credential) -> Callable[..., SearchJob]:
    """`start(**parameters)`: alice's search for a photo of the sandbox's first product, unless somebody else's.

    `photos`: several pictures' bytes instead of one. `crop`: the part of the first.
    """

    def start_search(**parameters) -> SearchJob:
        asker = {"user": alice, "team": team}
        asker |= {name: parameters.pop(name) for name in asker if name in parameters}
        photos = parameters.pop("photos", None)
        data = parameters.pop("data", None) or sandbox.query(parameters.pop("product", "plate-01"))
        images = [actions.keep_query_image(data=photo, name="plate.jpg", **asker) for photo in photos or [data]]
        crop = parameters.pop("crop", None)
        crops = {str(images[0].pk): crop} if crop else {}
        parameters = {
            "crops": crops,
            "marketplaces": [credential.marketplace],
            "title": "Plate",
            "wanted": 50,
        } | parameters
        return actions.start_search(images=images, **asker, **parameters)

    return start_search


def work(job: SearchJob, turns: int = 1) -> SearchJob:
    """Let a worker take every call of the job that is due, `turns` times over; answers the job as it is then."""
    for _ in range(turns):
        for pk in list(SearchCall.objects.filter(job=job).values_list("pk", flat=True)):
            jobs.run_call(pk)
    job.refresh_from_db()
    return job


def make_due(job: SearchJob) -> None:
    """Let the time pass that waiting calls wait for."""
    SearchCall.objects.filter(job=job, status=SearchCall.Status.WAITING).update(not_before=job.created_at)


def pass_window() -> None:
    """Let the limiters' window pass, and the pace that a 429 asked for."""
    gone = [*connection().keys("tongkuan:calls:*:slots"), *connection().keys("tongkuan:calls:*:pace")]
    if gone:
        connection().delete(*gone)


def only_call(job: SearchJob) -> SearchCall:
    """The one call of a search at one marketplace whose first page is its last."""
    return SearchCall.objects.get(job=job)
