"""The lists and the pages of one, as each of the cast; what is decided there; and what is gone."""

import pytest
from django.urls import reverse

from saved import actions
from saved.models import SavedSearch, SavedView
from tests.factories import SearchJobFactory, SupplierMatchFactory
from tests.saved.factories import RunFactory, SavedSearchFactory, SavedViewFactory
from tests.searches.pages import text_of

SEARCHES, VIEWS = "/saved/", "/saved/views/"
VERBS = ("rename", "share", "delete")


@pytest.fixture
def cheap(bags, alice) -> SavedView:
    return SavedViewFactory(team=bags.team, owner=alice, name="Cheap")


def everywhere(search: SavedSearch, view: SavedView) -> list[str]:
    """Every address of both that a browser may open."""
    return [
        search.get_absolute_url(),
        view.get_absolute_url(),
        reverse("saved:open", args=[search.pk]),
        reverse("saved:edit", args=[search.pk]),
        reverse("saved:changes", args=[search.pk, search.runs.get().pk]),
        *(reverse(f"saved:{verb}", args=[search.pk]) for verb in VERBS),
        *(reverse(f"saved:view-{verb}", args=[view.pk]) for verb in VERBS),
    ]


def posts(search: SavedSearch, view: SavedView) -> list[str]:
    verbs = ("keep", "copy", "lock", "star", *VERBS)
    return [
        reverse("saved:again", args=[search.pk]),
        reverse("saved:edit", args=[search.pk]),
        reverse("saved:view-default", args=[view.pk]),
        *(reverse(f"saved:{verb}", args=[search.pk]) for verb in verbs),
        *(reverse(f"saved:view-{verb}", args=[view.pk]) for verb in verbs),
    ]


def test_what_is_private_is_nowhere_for_anybody_else(signed_in, ben, bob, vera, charlie, loner, bags, cheap):
    for stranger in (ben, bob, vera, charlie, loner):
        client = signed_in(stranger)
        for address in everywhere(bags, cheap):
            assert client.get(address).status_code == 404, address
        for address in posts(bags, cheap):
            assert client.post(address).status_code == 404, address
        for address in (SEARCHES, VIEWS):
            page = client.get(address)
            assert page.status_code == 200
            assert "Bags" not in text_of(page)
            assert "Cheap" not in text_of(page)


def test_nobody_is_asked_to_sign_in_for_less_than_everything(signed_in, bags, cheap):
    for address in (SEARCHES, VIEWS, *everywhere(bags, cheap)):
        assert "/accounts/sign-in/" in signed_in(None).get(address).url


def test_its_owner_opens_every_page(signed_in, alice, bags, cheap):
    for address in (SEARCHES, VIEWS, *everywhere(bags, cheap)):
        assert signed_in(alice).get(address, follow=True).status_code == 200, address


def test_a_viewer_reads_what_is_shared_and_changes_nothing(signed_in, vera, bags, cheap, let_in):
    let_in(bags, vera, editing=True)
    let_in(cheap, vera, editing=True)
    client = signed_in(vera)
    assert client.get(bags.get_absolute_url()).status_code == 200
    assert client.get(cheap.get_absolute_url()).status_code == 200
    for address in posts(bags, cheap):
        if address.endswith(("/star/", "/default/")):
            # Their own favourites, and with what their own searches open.
            continue
        response = client.post(address, {"query": ""})
        assert response.status_code == 403, address
        assert "You are a viewer" in text_of(response)
    assert SavedSearch.objects.count() == SavedView.objects.count() == 1


def test_gone_and_not_shared_look_the_same(signed_in, ben, alice, bags):
    hidden = signed_in(ben).get(bags.get_absolute_url())
    actions.delete_search(search=bags)
    gone = signed_in(ben).get(bags.get_absolute_url())
    assert hidden.status_code == gone.status_code == 404
    assert text_of(hidden) == text_of(gone)
    assert "ask them to share it" in text_of(gone)
    assert SEARCHES in gone.content.decode()


def names(response) -> list[str]:
    context = response.context
    return [(row.search if hasattr(row, "search") else row.view).name for row in context["rows"]]


@pytest.mark.parametrize("address", [SEARCHES, VIEWS])
def test_mine_is_the_readers(signed_in, alice, ben, bob, team, address):
    factory = SavedSearchFactory if address == SEARCHES else SavedViewFactory
    factory(team=team, owner=alice, name="Alice's own")
    factory(team=team, owner=alice, name="For ben", audience="people", people=[ben])
    factory(team=team, owner=alice, name="For all", audience="team")
    starred = factory(team=team, owner=ben, name="Ben's own")
    actions.set_star(user=ben, thing=starred, starred=True)
    client = signed_in(ben)
    assert names(client.get(address)) == ["Ben's own", "For all", "For ben"]
    assert names(client.get(address, {"show": "mine"})) == ["Ben's own"]
    assert names(client.get(address, {"show": "shared"})) == ["For ben"]
    assert names(client.get(address, {"show": "team"})) == ["For all"]
    assert names(client.get(address, {"show": "starred"})) == ["Ben's own"]
    assert names(signed_in(alice).get(address, {"show": "mine"})) == ["Alice's own", "For all", "For ben"]
    assert names(signed_in(alice).get(address, {"show": "starred"})) == []
    assert names(client.get(address, {"show": "\0nothing"})) == ["Ben's own", "For all", "For ben"]
    assert [(tab.label, tab.count) for tab in client.get(address).context["tabs"]] == [
        ("All", 3),
        ("Mine", 1),
        ("Shared with me", 1),
        ("The team’s", 1),
        ("Favourites", 1),
    ]


@pytest.mark.parametrize("address", [SEARCHES, VIEWS])
def test_finding_by_name(signed_in, alice, team, address):
    factory = SavedSearchFactory if address == SEARCHES else SavedViewFactory
    factory(team=team, owner=alice, name="旅行包 👜")
    factory(team=team, owner=alice, name="Mugs")
    client = signed_in(alice)
    assert names(client.get(address, {"q": "旅行"})) == ["旅行包 👜"]
    assert names(client.get(address, {"q": "MUG\0"})) == ["Mugs"]
    assert "has this in its name" in text_of(client.get(address, {"q": "plates"}))


@pytest.mark.parametrize("address", [SEARCHES, VIEWS])
def test_empty_lists_teach(signed_in, alice, vera, loner, address):
    assert "press “Save…”" in text_of(signed_in(alice).get(address))
    assert signed_in(vera).get(address).status_code == 200
    assert "You are in no team yet" in text_of(signed_in(loner).get(address))


@pytest.mark.parametrize(("address", "queries"), [(SEARCHES, 14), (VIEWS, 11)])
def test_a_long_list_takes_as_many_queries_as_a_short_one(
    signed_in, alice, team, address, queries, django_assert_max_num_queries
):
    client = signed_in(alice)
    for _ in range(12):
        if address == SEARCHES:
            run = RunFactory(search=SavedSearchFactory(team=team, owner=alice))
            SupplierMatchFactory(job=run.job)
        else:
            SavedViewFactory(team=team, owner=alice, search=SavedSearchFactory(team=team, owner=alice))
    with django_assert_max_num_queries(queries):
        page = client.get(address)
    assert len(names(page)) == 12


def test_the_list_tells_of_the_last_run(signed_in, alice, bags):
    run = RunFactory(search=bags, job=SearchJobFactory(team=bags.team, status="running"))
    SupplierMatchFactory.create_batch(3, job=run.job)
    row = signed_in(alice).get(SEARCHES).context["rows"][0]
    assert (row.run, row.offers) == (run, 3)


def test_a_star_is_ones_own(signed_in, alice, vera, bags, let_in):
    let_in(bags, vera)
    address = reverse("saved:star", args=[bags.pk])
    response = signed_in(vera).post(address, {"starred": "1", "next": "/saved/?show=mine"})
    assert response.url == "/saved/?show=mine"
    assert SavedSearch.objects.as_seen_by(vera).get().starred
    assert not SavedSearch.objects.as_seen_by(alice).get().starred
    assert signed_in(vera).post(address, {"starred": "0", "next": "https://evil.example/"}).url.startswith("/saved/")
    assert not SavedSearch.objects.as_seen_by(vera).get().starred


def test_sharing_by_the_page(signed_in, alice, ben, bags):
    address = reverse("saved:share", args=[bags.pk])
    assert "Nobody outside the team Outdoor" in text_of(signed_in(alice).get(address))
    response = signed_in(alice).post(address, {"audience": "people", "people": [ben.pk]})
    assert response.url == bags.get_absolute_url()
    page = text_of(signed_in(ben).get(bags.get_absolute_url()))
    assert "chosen people" in page
    assert "ben" in page


def test_only_who_owns_it_shares_it(signed_in, ben, bags, let_in):
    let_in(bags, ben, editing=True)
    refused = signed_in(ben).post(reverse("saved:share", args=[bags.pk]), {"audience": "team"})
    assert refused.status_code == 403
    assert "Its owner decides that" in text_of(refused)
    bags.refresh_from_db()
    assert bags.audience == "people"


def test_who_sees_a_view_but_not_its_search_sees_neither(signed_in, alice, ben, bags, let_in):
    view = let_in(SavedViewFactory(team=bags.team, owner=alice, search=bags), ben)
    assert signed_in(ben).get(view.get_absolute_url()).status_code == 404
    let_in(bags, ben)
    assert signed_in(ben).get(view.get_absolute_url()).status_code == 200


def test_deleting_asks_first_and_names_what_is_lost(signed_in, alice, ben, bags, let_in):
    let_in(bags, ben)
    SavedViewFactory(team=bags.team, owner=alice, search=bags)
    actions.set_star(user=ben, thing=bags, starred=True)
    client, address = signed_in(alice), reverse("saved:delete", args=[bags.pk])
    page = text_of(client.get(address))
    for words in ("for everybody who sees it", "1 further view", "its photo", "favourites of 1 person", "stays"):
        assert words in page
    assert SavedSearch.objects.exists()
    assert client.post(address).url == SEARCHES
    assert not SavedSearch.objects.exists()
    assert not SavedView.objects.exists()


def test_deleting_a_view_leaves_its_search(signed_in, alice, bags):
    view = SavedViewFactory(team=bags.team, owner=alice, search=bags)
    assert signed_in(alice).post(reverse("saved:view-delete", args=[view.pk])).url == VIEWS
    assert SavedSearch.objects.exists()
    assert not SavedView.objects.exists()


def test_the_page_of_one_tells_what_was_saved(signed_in, alice, bags):
    page = text_of(signed_in(alice).get(bags.get_absolute_url()))
    for words in ("1 photo", "up to ¥80.50", "highest price 20", "order Price ↑", "the first run"):
        assert words in page


def test_a_view_for_any_search_offers_searches_of_its_team(signed_in, alice, cheap, job):
    page = signed_in(alice).get(cheap.get_absolute_url())
    assert f"/searches/{job.pk}/?price_to=20&amp;sort=price&amp;view={cheap.pk}" in page.content.decode()


def test_a_view_of_one_search_opens_its_newest_run(signed_in, alice, bags, job):
    view = SavedViewFactory(team=bags.team, owner=alice, search=bags)
    page = signed_in(alice).get(view.get_absolute_url()).content.decode()
    assert f"/searches/{job.pk}/?price_to=20&amp;sort=price&amp;view={view.pk}&amp;saved={bags.pk}" in page
    job.delete()
    assert "run it again" in text_of(signed_in(alice).get(view.get_absolute_url()))
