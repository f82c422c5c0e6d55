"""Every address of searches, tried by everybody of the cast."""

import pytest

from searches.models import QueryImage, SearchCall, SearchJob
from tests.factories import QueryImageFactory, SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import photo, text_of

STEPS = ("again", "cancel", "retry")


@pytest.fixture
def image(team, alice) -> QueryImage:
    return QueryImageFactory(team=team, uploaded_by=alice, data=photo(), mime="image/png")


@pytest.fixture
def job(team, alice, image) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice, title="Teal mug", image=image, status=SearchJob.Status.PARTIAL)
    SearchCallFactory(job=job, status=SearchCall.Status.FAILED)
    SearchCallFactory(job=job, page=2)
    SupplierMatchFactory(job=job)
    return job


def reading(job, image) -> list[str]:
    base = f"/searches/{job.pk}/"
    return [base, f"{base}export.csv", f"/searches/pictures/{image.pk}/", f"/searches/pictures/{image.pk}/thumb/"]


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("vera", 200), ("charlie", 404), ("loner", 404)]
)
def test_the_team_reads_and_nobody_else(name, status, job, image, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    for address in reading(job, image):
        response = client.get(address)
        assert response.status_code == status, address
        # Read to its end, as browsers do: closing it half-way would close the test's database connection too.
        assert response.getvalue()


def test_the_team_exports_what_it_chose(vera, charlie, job, signed_in):
    chosen = {"match": job.matches.get().pk}
    assert signed_in(vera).post(f"/searches/{job.pk}/export.csv", chosen).status_code == 200
    assert signed_in(charlie).post(f"/searches/{job.pk}/export.csv", chosen).status_code == 404


def test_nobody_anonymous_reads_anything(job, image, signed_in):
    for address in [*reading(job, image), "/searches/", "/search/new/"]:
        assert signed_in(None).get(address).url.startswith("/accounts/sign-in/"), address


def state(job) -> tuple[int, str, set[str]]:
    job.refresh_from_db()
    return SearchJob.objects.count(), job.status, set(job.calls.values_list("status", flat=True))


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("bob", 302), ("vera", 403), ("charlie", 404), ("loner", 404)]
)
@pytest.mark.parametrize("step", STEPS)
def test_buyers_and_leads_change_searches(name, status, step, job, request, signed_in):
    if step == "cancel":
        job.calls.filter(status=SearchCall.Status.FAILED).update(status=SearchCall.Status.QUEUED)
        SearchJob.objects.update(status=SearchJob.Status.RUNNING)
    before = state(job)
    response = signed_in(request.getfixturevalue(name)).post(f"/searches/{job.pk}/{step}/")
    assert response.status_code == status
    assert (state(job) != before) == (status == 302)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_never_a_link(step, alice, job, signed_in):
    assert signed_in(alice).get(f"/searches/{job.pk}/{step}/").status_code == 405


def test_a_viewer_is_told_why(vera, job, signed_in):
    response = signed_in(vera).post(f"/searches/{job.pk}/again/")
    assert "You are a viewer in this team" in text_of(response)


def test_a_viewer_sees_no_button_that_would_be_refused(vera, alice, job, signed_in):
    buttons = ("Search again", "Retry failed", "Add to list")
    for name in buttons:
        assert name in text_of(signed_in(alice).get(f"/searches/{job.pk}/"))
        assert name not in text_of(signed_in(vera).get(f"/searches/{job.pk}/"))
    assert "Export chosen" in text_of(signed_in(vera).get(f"/searches/{job.pk}/"))


def test_the_history_is_the_teams_own(alice, charlie, job, signed_in):
    assert "Teal mug" in text_of(signed_in(alice).get("/searches/"))
    assert "Teal mug" not in text_of(signed_in(charlie).get("/searches/"))


@pytest.mark.parametrize("address", ["/searches/{}/", "/searches/pictures/{}/", "/searches/{}/export.csv"])
@pytest.mark.parametrize("number", [10**9, 10**30])
def test_what_is_not_there_is_not_found(address, number, alice, signed_in):
    assert signed_in(alice).get(address.format(number)).status_code == 404
