"""Saving what one sees: the search, one more view of it, or the view alone."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from saved import actions
from saved.models import Run, SavedSearch, SavedView
from saved.question import asked
from searches.actions import question_of
from tests.factories import QueryImageFactory, SearchCallFactory, SearchJobFactory
from tests.saved.factories import SavedSearchFactory, SavedViewFactory
from tests.searches.pages import text_of

NEW = "/saved/new/"


def sent(job, **fields) -> dict[str, object]:
    return {"job": job.pk, "name": "Bags", "what": "search", "query": "price_to=20&page=2"} | fields


def test_a_search_is_saved_with_its_photos_its_question_and_what_one_sees(signed_in, alice, job):
    side = QueryImageFactory(team=job.team)
    job.images.add(side)
    response = signed_in(alice).post(NEW, sent(job))
    saved = SavedSearch.objects.get()
    assert response.url == f"/searches/{job.pk}/?price_to=20&saved={saved.pk}"
    assert (saved.name, saved.team, saved.owner, saved.audience) == ("Bags", job.team, alice, "private")
    assert saved.images == job.photos
    assert asked(saved) == question_of(job)
    assert saved.marketplaces == ["image_search_md5"]
    assert saved.query == "price_to=20"
    assert Run.objects.get().job == job


def test_photos_keep_the_order_that_numbers_them(alice, team):
    photos = [QueryImageFactory(team=team) for _ in range(4)]
    job = SearchJobFactory(team=team, image=photos[2])
    for photo in (photos[0], photos[3], photos[1]):
        job.images.add(photo)
    saved = actions.save_search(user=alice, job=job, name="In order")
    own = actions.copy_search(user=alice, search=saved)
    assert saved.images == own.images == [photos[2], photos[0], photos[3], photos[1]]


def test_the_dialog_saves_for_oneself_and_the_page_shares_at_once(signed_in, alice, ben, job):
    page = text_of(signed_in(alice).get(NEW, {"job": job.pk, "query": "price_to=20"}))
    assert "Duffle bag" in page
    assert "highest price 20" in page
    fields = sent(job, audience="people", people=[ben.pk], shared_for_editing="on")
    assert signed_in(alice).post(NEW, fields).status_code == 302
    assert SavedSearch.objects.editable_by(ben).get().name == "Bags"


def test_a_mistake_in_sharing_saves_nothing_and_keeps_what_was_typed(signed_in, alice, ben, charlie, job):
    response = signed_in(alice).post(NEW, sent(job, audience="people", people=[charlie.pk], name="Mine 包"))
    assert "Only members of the team" in text_of(response)
    assert "Mine 包" in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_a_view_alone_is_for_any_search(signed_in, alice, job):
    response = signed_in(alice).post(NEW, sent(job, what="view", name="Cheap"))
    view = SavedView.objects.get()
    assert (view.search, view.query, view.team) == (None, "price_to=20", job.team)
    assert response.url == f"/searches/{job.pk}/?price_to=20&view={view.pk}"


def test_one_more_view_of_the_saved_search(signed_in, alice, job, bags):
    response = signed_in(alice).post(
        NEW, sent(job, what="of-search", name="Dear", query="price_from=90", saved=bags.pk)
    )
    view = SavedView.objects.get()
    assert view.search == bags
    assert response.url == f"/searches/{job.pk}/?price_from=90&view={view.pk}&saved={bags.pk}"


def test_one_more_view_needs_a_search_that_one_sees(signed_in, ben, job, bags):
    response = signed_in(ben).post(NEW, sent(job, what="of-search", saved=bags.pk))
    assert response.status_code == 200
    assert "Select a valid choice" in text_of(response)
    assert not SavedView.objects.exists()


def test_a_name_is_given_once_by_each_person(signed_in, alice, ben, job, bags):
    response = signed_in(alice).post(NEW, sent(job, name=" bags "))
    assert "You already have a saved search of this name." in text_of(response)
    assert signed_in(ben).post(NEW, sent(job, name="bags")).status_code == 302


@pytest.mark.parametrize("name", ["👜 𠮷野家の鞄", "תיקים מעור", "a\u202eb", "x" * 100])
def test_names_in_any_script(signed_in, alice, job, name):
    signed_in(alice).post(NEW, sent(job, name=f"  {name}\n "))
    saved = SavedSearch.objects.get()
    assert saved.name == name
    page = signed_in(alice).get(saved.get_absolute_url()).content.decode()
    assert f"<h1><bdi>{name}</bdi></h1>" in page


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "nul\0"])
def test_names_that_are_none(signed_in, alice, job, name):
    response = signed_in(alice).post(NEW, sent(job, name=name))
    assert response.status_code == 200
    assert 'class="errorlist"' in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_a_view_that_is_too_long_is_refused_in_words(signed_in, alice, job):
    response = signed_in(alice).post(NEW, sent(job, query="title_any=" + "x" * 5000))
    assert "more filters than can be saved" in text_of(response)
    assert not SavedSearch.objects.exists()


def test_who_may_save(signed_in, vera, charlie, loner, job):
    assert signed_in(vera).post(NEW, sent(job)).status_code == 403
    for stranger in (charlie, loner):
        assert signed_in(stranger).post(NEW, sent(job)).status_code == 404
    assert "/accounts/sign-in/" in signed_in(None).post(NEW, sent(job)).url
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("pk", ["", "x", "999999", "9" * 40, "\0"])
def test_a_search_that_is_not_there(signed_in, alice, db, pk):
    response = signed_in(alice).get(NEW, {"job": pk})
    assert response.status_code == 404
    assert "deleted" in text_of(response)


def test_a_copy_is_ones_own_and_called_so_that_one_tells_them_apart(alice, bags):
    own = actions.copy_search(user=alice, search=bags)
    again = actions.copy_search(user=alice, search=bags)
    assert (own.name, again.name) == ("Bags (2)", "Bags (3)")
    assert (own.question, own.marketplaces, own.query) == (bags.question, bags.marketplaces, bags.query)
    assert [run.job for run in own.runs.all()] == [run.job for run in bags.runs.all()]


def test_a_copy_of_the_longest_name_still_fits(alice, team):
    long = SavedSearchFactory(team=team, owner=alice, name="长" * 100)
    own = actions.copy_search(user=alice, search=long)
    assert len(own.name) == 100
    assert own.name.endswith(" (2)")


def test_a_colleagues_search_is_copied_to_a_private_one(signed_in, ben, vera, bags, let_in):
    let_in(bags, ben, vera)
    response = signed_in(ben).post(reverse("saved:copy", args=[bags.pk]))
    own = SavedSearch.objects.get(owner=ben)
    assert response.url == own.get_absolute_url()
    assert (own.name, own.audience, own.locked) == ("Bags", "private", False)
    assert signed_in(vera).post(reverse("saved:copy", args=[bags.pk])).status_code == 403


def test_a_view_is_copied_within_its_search(signed_in, alice, ben, bags, let_in):
    let_in(bags, ben)
    view = let_in(SavedViewFactory(team=bags.team, owner=alice, search=bags, name="Cheap"), ben)
    signed_in(ben).post(reverse("saved:view-copy", args=[view.pk]))
    own = SavedView.objects.get(owner=ben)
    assert (own.name, own.search, own.query) == ("Cheap", bags, view.query)


def test_a_view_belongs_to_the_team_of_its_search(alice, charlies_team, bags):
    with pytest.raises(ValidationError, match="team of its search"):
        actions.save_view(user=alice, team=charlies_team, name="Theirs", query="", search=bags)


def test_marketplaces_of_a_search_are_kept_once_each(alice, job):
    SearchCallFactory(job=job, page=2)
    SearchCallFactory(job=job, marketplace="onebound")
    assert actions.save_search(user=alice, job=job, name="Two").marketplaces == ["image_search_md5", "onebound"]
