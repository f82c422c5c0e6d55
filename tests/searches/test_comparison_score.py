"""Scores in the comparison: told with their parts, and with how much of an offer was known."""

from tests.reckoning.making import ScoreWeightsFactory
from tests.searches.pages import text_of, titles_of
from tests.searches.test_comparison_quantity import cells, job, page

__all__ = ("job", "page")


def test_scores_are_told_with_their_parts(page, team) -> None:
    weights = ScoreWeightsFactory(
        team=team, name="Price first", similarity=5, price=5, credit=0, years=0, repurchase=0, delivery=0
    )
    response = page(weights=weights.pk, sort="-score")
    shown = cells(response, "Score")
    # 6 of 6 and 0.7; 6 of 10 and 0.9; 6 of 12 and 0.8.
    assert {title: text.split()[0] for title, text in shown.items()} == {
        "wholesale": "85",
        "flat": "75",
        "tiered": "65",
        "silent": "nothing",
    }
    assert titles_of(response) == ["wholesale", "flat", "tiered", "silent"]
    assert "Price 60% Similarity 90%" in shown["flat"]
    assert "Price first" in shown["flat"]


def test_what_an_offer_does_not_tell_is_said_beside_its_score(page, job, team) -> None:
    job.matches.filter(title="flat").update(similarity=None)
    weights = ScoreWeightsFactory(team=team, similarity=1, price=3, credit=0, years=0, repurchase=0, delivery=0)
    assert "75% known" in cells(page(weights=weights.pk), "Score")["flat"]


def test_a_filter_changes_no_score(page, team) -> None:
    weights = ScoreWeightsFactory(team=team)
    all_of_them = cells(page(weights=weights.pk), "Score")
    filtered = cells(page(weights=weights.pk, title_none="wholesale"), "Score")
    assert all(all_of_them[title] == text for title, text in filtered.items())


def test_weights_of_other_teams_are_told(page, charlies_team) -> None:
    assert "not your team’s" in text_of(page(weights=ScoreWeightsFactory(team=charlies_team).pk))


def test_an_offer_of_which_too_little_is_known_has_none_and_comes_last_both_ways(page, job, team) -> None:
    job.matches.filter(title="flat").update(similarity=None)
    weights = ScoreWeightsFactory(team=team, similarity=3, price=1, credit=0, years=0, repurchase=0, delivery=0)
    response = page(weights=weights.pk, sort="-score")
    shown = cells(response, "Score")["flat"]
    assert "too little known" in shown
    assert "25% known" in shown
    assert set(titles_of(response)[:2]) == {"wholesale", "tiered"}
    assert set(titles_of(page(weights=weights.pk, sort="score"))[:2]) == {"wholesale", "tiered"}
