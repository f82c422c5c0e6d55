"""The comparison, the shell and what is kept: whose similarity it is, while it comes and afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reckoning.scoring import Criterion
from searches import retention
from searches.looks import turns
from searches.looks.pictures import sort_out
from searches.models import Look, OfferPicture, SearchCall, SearchJob, SupplierMatch
from searches.reckoned import Terms, figures_of
from searches.tables import TABLES, table_of
from tests.factories import CredentialFactory, SearchCallFactory
from tests.reckoning.making import ScoreWeightsFactory
from tests.searches.looks.hosting import QUERY, looked
from tests.searches.pages import text_of, titles_of, version

pytestmark = pytest.mark.django_db
POLL = "every 1s"


@pytest.fixture
def ranked(found):
    """A look at offers that their marketplace only ranks: the last is the photo's own picture."""
    look = found("2.jpg", "missing.jpg", f"{QUERY}.jpg")
    for rank, (match, title) in enumerate(zip(look.call.job.matches.order_by("pk"), "ABC", strict=True), 1):
        SupplierMatch.objects.filter(pk=match.pk).update(title=title, rank=rank, supplier_credit=5)
    return look


@pytest.fixture
def page(ranked, alice, signed_in):
    client = signed_in(alice)
    address = ranked.call.job.get_absolute_url()
    return lambda query="", **headers: client.get(f"{address}{query}", headers=headers)


def test_while_pictures_are_compared_the_page_says_so_and_asks_again(page, ranked) -> None:
    response = page("?sort=rank")
    text = text_of(response)
    assert POLL in response.content.decode() and "http-equiv" in response.content.decode()
    assert "pictures are being compared: 0 of 3" in text
    assert "“Best suppliers” goes by similarity; pictures are being compared: 0 of 3." in text
    assert "by our own eye" in text  # the column is there, and fills
    assert "No offer here has a similarity yet" in text_of(page("?sort=rank&similarity_from=0.8"))


def test_the_poll_brings_what_was_compared_and_says_nothing_aloud(page, ranked) -> None:
    seen = version(page("?sort=rank"))
    same = page("?sort=rank", **{"HX-Request": "true", "X-Results-Seen": seen})
    assert b'id="rows"' not in same.content
    looked(ranked)
    news = page("?sort=rank", **{"HX-Request": "true", "X-Results-Seen": seen}).content.decode()
    assert 'id="rows"' in news and "◉" in news
    assert POLL not in news
    assert 'id="announce"' not in news


def test_whose_it_is_stands_in_the_head_and_at_each_figure(page, ranked) -> None:
    looked(ranked)
    response = page("?sort=rank")
    content, text = response.content.decode(), text_of(response)
    assert '<div class="by">by our own eye</div>' in content
    assert POLL not in content
    assert content.count('class="ours"') == 2
    assert "rank 2 not compared" in text
    assert "Not compared: The host did not hand out its picture." in content
    assert "1 offer has none: its picture could not be compared." in text


def test_where_both_are_known_both_are_shown(page, ranked) -> None:
    SupplierMatch.objects.filter(title="C").update(similarity=0.42)
    looked(ranked)
    response = page("?sort=rank")
    content = response.content.decode()
    assert '<div class="by">by the marketplace, else our own eye</div>' in content
    ours = SupplierMatch.objects.get(title="C").visual
    assert f"0.42 ours {ours:.2f}" in text_of(response)
    assert f"0.42 by the marketplace, {ours:.2f} by our own eye" in content
    alone = text_of(page("?sort=rank&cols=similarity,visual"))
    assert f"0.42 ours {ours:.2f} {ours:.2f}" in alone


def test_without_being_asked_to_rows_stay_where_the_marketplace_put_them(page, ranked) -> None:
    SearchCallFactory(job=ranked.call.job, marketplace="alibaba_open", page=9)
    ranked.call.job.calls.exclude(marketplace="alibaba_open").update(marketplace="tmapi")
    looked(ranked)
    assert titles_of(page()) == ["A", "B", "C"]


def test_sorting_filters_and_the_preset_go_by_ours(page, ranked) -> None:
    looked(ranked)
    assert titles_of(page("?sort=-similarity")) == ["C", "A", "B"]
    assert titles_of(page("?sort=-visual")) == ["C", "A", "B"]
    assert titles_of(page("?similarity_from=0.8")) == ["C"]
    best = page("?best=1")
    assert titles_of(best) == ["C"]
    assert "goes by similarity" not in text_of(best)
    SupplierMatch.objects.filter(title="C").update(supplier_credit=3)
    assert titles_of(page("?best=1")) == []


def test_other_views_of_the_product_are_offered_where_only_our_eye_looked(page, ranked) -> None:
    looked(ranked)
    SupplierMatch.objects.filter(title="A").update(visual=0.55)
    assert "…in other views, too 2" in text_of(page())
    wider = page("?credit_from=4&similarity_from=0.5&sort=-similarity")
    assert titles_of(wider) == ["C", "A"]
    assert "in other views" not in text_of(wider)


def test_a_marketplaces_own_figures_are_not_stretched(page, ranked) -> None:
    looked(ranked)
    SupplierMatch.objects.filter(title="A").update(visual=0.55)
    SupplierMatch.objects.filter(title="B").update(similarity=0.6)
    assert "in other views" not in text_of(page())


def test_a_score_goes_by_ours(ranked) -> None:
    looked(ranked)
    job = SearchJob.objects.get(pk=ranked.call.job_id)
    table = table_of(job, job.calls.all())
    score = figures_of(table, Terms(weights=ScoreWeightsFactory(team=job.team))).score
    similar = score.parts[Criterion.SIMILARITY]
    assert similar[2] > similar[0]


def test_a_kept_table_is_read_again_when_something_was_compared(page, ranked, monkeypatch) -> None:
    monkeypatch.setattr(TABLES, "most_bytes", 1_000_000)
    assert titles_of(page("?sort=-similarity")) == ["A", "B", "C"]
    looked(ranked)
    assert titles_of(page("?sort=-similarity")) == ["C", "A", "B"]
    TABLES.forget()


def test_of_a_cancelled_search_nobody_waits_for_pictures(page, ranked) -> None:
    SearchJob.objects.update(status=SearchJob.Status.CANCELLED)
    SearchCallFactory(job=ranked.call.job, page=9, status=SearchCall.Status.CANCELLED)
    response = page("?sort=rank")
    assert POLL not in response.content.decode()
    assert "being compared" not in text_of(response)


def test_a_shell_waits_for_similarities_that_its_options_need(run, photo, sandbox, settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = [sandbox.url.removeprefix("http://")]
    CredentialFactory(marketplace="alibaba_open", base_url=sandbox.url, app_key=sandbox.app_key, secret=sandbox.secret)
    ended = run(photo, "--marketplace", "alibaba_open", "--best", "--json", "--limit", "20")
    offers = ended.result["matches"]
    assert ended.status == 0 and offers
    assert all(offer["similarity"] is None and offer["similarity_ours"] >= 0.8 for offer in offers)
    # The official platform grades sellers by their trade medals.
    assert all(offer["supplier"]["credit"] is None and offer["supplier"]["medal"] >= 4 for offer in offers)
    assert [offer["similarity_ours"] for offer in offers] == sorted(
        (offer["similarity_ours"] for offer in offers), reverse=True
    )
    assert "pictures are compared with the photo" in ended.err
    table = run(photo, "--marketplace", "alibaba_open", "--min-similarity", "0.8", "--limit", "20").out
    assert f"{offers[0]['similarity_ours']:.2f}*" in table
    assert "* similarity by our own eye: the marketplace gives none" in table


def test_a_shell_does_not_wait_for_what_nobody_asked_for(run, photo) -> None:
    assert run(photo, "--best", "--json").status == 0  # the marketplace gives similarities
    assert set(Look.objects.values_list("status", flat=True)) == {Look.Status.QUEUED}


def test_what_was_seen_is_kept_for_as_long_as_searches_meet_it(found, host, settings) -> None:
    looked(found("2.jpg", "3.jpg"))
    settings.RETENTION_DERIVED_DAYS = 30
    OfferPicture.objects.update(used_at=timezone.now() - timedelta(days=31))
    again = found("3.jpg")
    claimed = turns.claim(again.pk)
    assert sort_out(claimed, "image_search_md5", [host.at("3.jpg")]).seen
    retention.step()
    assert list(OfferPicture.objects.values_list("url", flat=True)) == [host.at("3.jpg")]
    # What was written to the offers stays.
    assert not SupplierMatch.objects.filter(visual=None).exclude(sightings__call=again.call).exists()
    settings.RETENTION_DERIVED_DAYS = 0
    OfferPicture.objects.update(used_at=timezone.now() - timedelta(days=3100))
    retention.step()
    assert OfferPicture.objects.count() == 1
