"""The page of a search that has found nothing, or nothing yet."""

import pytest

from searches.models import SearchCall, SearchJob
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of, version


def test_the_first_offers_bring_the_whole_table(alice, team, signed_in):
    job = SearchJobFactory(team=team, status=SearchJob.Status.RUNNING)
    call = SearchCallFactory(job=job, status=SearchCall.Status.RUNNING)
    client = signed_in(alice)
    first = client.get(f"/searches/{job.pk}/")
    assert "Offers appear here" in text_of(first)
    SupplierMatchFactory(job=job)
    SearchCall.objects.filter(pk=call.pk).update(status=SearchCall.Status.DONE, offers_found=1)
    SearchJob.objects.update(status=SearchJob.Status.DONE)
    then = client.get(f"/searches/{job.pk}/", headers={"HX-Request": "true", "X-Results-Seen": version(first)})
    content = then.content.decode()
    assert '<div id="results" hx-swap-oob="true">' in content
    assert "every 1s" not in content
    assert 'id="again"' in content


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SearchJob.Status.DONE, "The marketplace has nothing like it"),
        (SearchJob.Status.FAILED, "Nothing could be fetched"),
        (SearchJob.Status.CANCELLED, "Cancelled before an offer came"),
    ],
)
def test_a_search_without_offers_helps_on(status, words, alice, vera, team, signed_in):
    job = SearchJobFactory(team=team, status=status, price_to=3, wholesale_only=True)
    response = signed_in(alice).get(f"/searches/{job.pk}/")
    assert words in text_of(response)
    assert f'href="/search/new/?like={job.pk}"' in response.content.decode()
    assert ("Ask without the price limits" in text_of(response)) == (status == SearchJob.Status.DONE)
    assert "Change the question" not in text_of(signed_in(vera).get(f"/searches/{job.pk}/"))
