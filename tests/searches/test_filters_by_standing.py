"""The comparison narrowed by what offers and suppliers are; and where no offer says what a filter asks."""

import pytest

from searches.models import SearchJob
from tests.searches.four_offers import BAG, BLUE, RED, VASE, chips, counts, search_with_four_offers
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    return search_with_four_offers(team, alice)


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda **params: client.get(f"/searches/{job.pk}/", params)


@pytest.fixture
def standing(job) -> SearchJob:
    """The red mug is a super factory's and sent within a day, the blue one a strong merchant's, within two."""
    for title, carried in (
        (RED, {"identities": ["super-factory", "factory"], "ships_within_hours": 24, "dropshipping": True}),
        (BLUE, {"identities": ["strong-merchant", "verified"], "ships_within_hours": 48, "dropshipping": False}),
        (VASE, {"identities": ["certified-factory"], "ships_within_hours": 72}),
    ):
        job.matches.filter(title=title).update(**carried)
    return job


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"identity": "super-factory"}, {RED}),
        ({"identity": "factory"}, {RED}),
        ({"identity": "certified-factory"}, {VASE}),
        ({"identity": "verified"}, {BLUE}),
        ({"identity": ["super-factory", "strong-merchant"]}, {RED, BLUE}),
        ({"ships_within": "24"}, {RED}),
        ({"ships_within": "48"}, {RED, BLUE}),
        ({"ships_within": ""}, {RED, BLUE, VASE, BAG}),
        ({"dropshipping": "1"}, {RED}),
        ({"dropshipping": ""}, {RED, BLUE, VASE, BAG}),
        ({"identity": "strong-merchant", "ships_within": "24"}, set()),
    ],
)
def test_what_offers_are_filters_them(params, titles, page, standing):
    response = page(**params)
    assert set(titles_of(response)) == titles
    assert f"{len(titles)} of 4" in text_of(response)


def test_a_match_that_changes_is_filtered_as_it_is_now(page, job):
    job.matches.filter(title=BAG).update(identities=["verified"])
    assert titles_of(page(identity="verified")) == [BAG]
    job.matches.filter(title=BAG).update(identities=[])
    assert titles_of(page(identity="verified")) == []


@pytest.mark.parametrize(
    "params", [{"identity": "emperor"}, {"identity": ["factory", "\0"]}, {"ships_within": "1"}, {"ships_within": "x"}]
)
def test_an_unknown_standing_is_told_and_has_no_effect(params, page, standing):
    response = page(**params)
    assert "Such a filter has no effect until it is corrected." in text_of(response)
    assert len(titles_of(response)) == 4


def test_what_offers_are_is_counted(page, standing):
    response = page()
    assert counts(response, "identity") == {
        "super-factory": 1,
        "certified-factory": 1,
        "factory": 1,
        "strong-merchant": 1,
        "verified": 1,
    }
    assert counts(response, "ships_within") == {"": 4, "24": 1, "48": 2}
    assert counts(response, "dropshipping") == {"1": 1}


@pytest.mark.parametrize("params", [{}, {"price_to": "20"}, {"identity": "super-factory"}, {"ships_within": "48"}])
def test_choosing_what_they_are_lists_as_many_as_was_said(params, page, standing):
    for name in ("identity", "ships_within", "dropshipping"):
        for value, number in counts(page(**params), name).items():
            assert len(titles_of(page(**{**params, name: value}))) == number, (name, value)


def test_a_choice_that_would_list_nothing_is_not_offered(page, standing):
    response = page(title_any="cotton_bag")
    for name in ("identity", "ships_within", "dropshipping"):
        assert counts(response, name) == {}
    assert counts(page(title_any="cotton_bag", identity="factory"), "identity") == {"factory": 0}


def test_without_a_standing_there_is_nothing_to_choose(page, job):
    response = page()
    for legend in ("Supplier is", "Ships", "Dropshipping"):
        assert f"<legend>{legend}</legend>" not in response.content.decode()


def test_what_they_are_is_chips_too(page, standing):
    shown = chips(page(identity=["super-factory", "verified"], ships_within="48", dropshipping="1"))
    assert list(shown) == ["super factory", "verified", "ships within 48 h", "dropshipping"]
    assert shown["verified"].count("identity=") == 1
    assert "identity=super-factory" in shown["verified"]
    assert "ships_within" not in shown["ships within 48 h"]
    assert "dropshipping" not in shown["dropshipping"]


def test_without_similarities_the_preset_says_why_it_is_none(page, job):
    job.matches.update(similarity=None)
    response = page()
    words = text_of(response)
    assert 'id="best"' not in response.content.decode()
    assert "“Best suppliers” goes by similarity, which no offer here has." in words
    assert "No offer has one: the marketplace only ranks." in words
    assert counts(response, "similarity_from") == {}


def test_without_credits_the_preset_says_so_too(page, job):
    job.matches.update(supplier_credit=None)
    response = page()
    assert "“Best suppliers” goes by the supplier’s credit, which no offer here has." in text_of(response)
    assert counts(response, "credit_from") == {}


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"similarity_from": "0.8"}, ["a similarity"]),
        ({"credit_from": "4"}, ["a credit"]),
        ({"best": "1"}, ["a similarity", "a credit"]),
        ({"price_to": "20"}, []),
    ],
)
def test_a_filter_by_what_no_offer_says_is_told(params, told, page, job):
    job.matches.update(similarity=None, supplier_credit=None)
    words = text_of(page(**params))
    assert ("No offer here has a similarity: a filter by it leaves none." in words) == ("a similarity" in told)
    assert ("No supplier here has a credit: a filter by it leaves none." in words) == ("a credit" in told)


def test_offers_without_a_similarity_are_told_beside_the_filter(page, job):
    job.matches.filter(title__in=[VASE, BAG]).update(similarity=None)
    assert "2 offers have none: their marketplaces only rank." in text_of(page())
