"""The line on a search's page: which saved thing one sees, whether it was changed, and what can be done about it."""

import pytest
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from saved import actions
from saved.bar import bar_of
from searches.views.scope import visible_jobs
from tests.factories import SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.saved.factories import RunFactory, SavedSearchFactory, SavedViewFactory
from tests.searches.pages import text_of

QUERY = "price_to=20&sort=price"


class Shown:
    """The line as `user` sees it at an address."""

    def __init__(self, job, user, query: str = "") -> None:
        self.request = RequestFactory().get(f"{job.get_absolute_url()}?{query}")
        self.request.user = user
        self.job = visible_jobs(user).get(pk=job.pk)
        self.bar = bar_of(self.job, self.request)

    @property
    def content(self) -> bytes:
        template = engines["django"].from_string("{% load saved_bar %}{% saved_bar job request %}")
        return template.render({"job": self.job}, self.request).encode()

    @property
    def text(self) -> str:
        return text_of(self)

    @property
    def html(self) -> str:
        return self.content.decode()


def test_a_search_that_was_never_saved(alice, vera, job):
    shown = Shown(job, alice, "price_to=5&page=2")
    assert shown.bar.thing is None
    assert "Not saved yet" in shown.text
    assert f"/saved/new/?job={job.pk}&amp;query=price_to%3D5" in shown.html
    assert 'name="query" value="price_to=5"' in shown.html
    assert "Save" not in Shown(job, vera).text


def test_what_is_open_just_as_it_was_saved(alice, job, bags):
    shown = Shown(job, alice, f"{QUERY}&saved={bags.pk}&page=3")
    assert (shown.bar.search, shown.bar.view, shown.bar.changed) == (bags, None, False)
    assert "changed, not saved" not in shown.text
    assert shown.bar.carried == []


def test_a_run_tells_by_itself_of_which_search_it_is(alice, ben, job, bags):
    shown = Shown(job, alice, QUERY)
    assert shown.bar.search == bags
    # The page's own forms know nothing of it.
    assert f'name="saved" value="{bags.pk}" form="filters-form"' in shown.html
    assert Shown(job, ben, QUERY).bar.thing is None


def test_ones_own_comes_before_what_is_shared(alice, ben, job, bags, let_in):
    let_in(bags, ben)
    own = actions.copy_search(user=ben, search=bags)
    assert Shown(job, ben).bar.search == own
    assert Shown(job, ben, f"saved={bags.pk}").bar.search == bags


def test_changed_by_its_owner(alice, job, bags):
    shown = Shown(job, alice, f"sort=-price&saved={bags.pk}")
    assert shown.bar.may_save_over
    assert "changed, not saved" in shown.text
    assert " Save " in shown.text
    assert shown.bar.discard_url == f"/searches/{job.pk}/?{QUERY}&saved={bags.pk}"
    assert 'name="query" value="sort=-price"' in shown.html
    assert f'name="version" value="{bags.version}"' in shown.html


def test_changed_by_somebody_who_may_save_it_for_all(ben, job, bags, let_in):
    let_in(bags, ben, editing=True)
    assert "Save for all" in Shown(job, ben, f"sort=-price&saved={bags.pk}").text


def test_changed_by_somebody_who_only_reads(ben, vera, job, bags, let_in):
    let_in(bags, ben, vera)
    shown = Shown(job, ben, f"sort=-price&saved={bags.pk}")
    assert not shown.bar.may_save_over
    assert "Save mine" in shown.text
    assert "shared with you for reading" in shown.text
    viewers = Shown(job, vera, f"sort=-price&saved={bags.pk}").text
    assert "Discard" in viewers
    assert "Save" not in viewers


def test_the_state_is_as_the_comparison_spells_it_out(alice, job, bags):
    spelled = QueryDict("price_to=20&sort=price&page=2&open=4")
    shown = Shown(job, alice, "then=price&best=1")
    assert bar_of(shown.job, shown.request, spelled).query == QUERY
    assert not bar_of(shown.job, shown.request, spelled).changed


def test_a_locked_one_can_be_copied_only(alice, job, bags):
    actions.set_lock(user=alice, thing=bags, locked=True)
    shown = Shown(job, alice, f"sort=-price&saved={bags.pk}")
    assert not shown.bar.may_save_over
    assert "It is locked" in shown.text
    assert "Save mine" in shown.text


def test_a_view_of_the_search_is_open(alice, job, bags):
    view = SavedViewFactory(team=job.team, owner=alice, search=bags, query="price_from=90")
    for query in (f"price_from=90&view={view.pk}&saved={bags.pk}", "price_from=90"):
        bar = Shown(job, alice, query).bar
        assert (bar.search, bar.view, bar.changed) == (bags, view, False)
        assert bar.verbs["keep"] == f"/saved/views/{view.pk}/keep/"
    assert Shown(job, alice, f"price_from=91&view={view.pk}&saved={bags.pk}").bar.changed


def test_a_view_for_any_search_is_open_on_a_search_that_is_not_saved(alice, job):
    view = SavedViewFactory(team=job.team, owner=alice)
    bar = Shown(job, alice, f"{QUERY}&view={view.pk}").bar
    assert (bar.search, bar.view, bar.changed) == (None, view, False)


def test_views_to_choose_from_favourites_first(alice, ben, job, bags, charlies_team):
    SavedViewFactory(team=job.team, owner=alice, search=bags, name="A")
    star = SavedViewFactory(team=job.team, owner=alice, name="Z")
    actions.set_star(user=alice, thing=star, starred=True)
    SavedViewFactory(team=job.team, owner=ben, name="ben's")
    SavedViewFactory(team=charlies_team, name="elsewhere", audience="team")
    other = SavedSearchFactory(team=job.team, owner=alice)
    SavedViewFactory(team=job.team, owner=alice, search=other, name="of another")
    choices = Shown(job, alice).bar.choices
    assert [choice.name for choice in choices] == ["Z", "A"]
    assert choices[0].url == f"/searches/{job.pk}/?{QUERY}&view={star.pk}"


@pytest.mark.parametrize("named", ["saved=999999", "view=999999"])
def test_a_link_to_what_is_gone_still_shows_what_the_sender_saw(alice, job, bags, named):
    shown = Shown(job, alice, f"{QUERY}&{named}")
    assert shown.bar.lost
    assert "was deleted, or is not shared with you" in shown.text


@pytest.mark.parametrize("named", ["saved=x", "saved=", f"view={'9' * 40}", "saved=%00"])
def test_names_that_are_none_are_passed_over(alice, job, named):
    assert not Shown(job, alice, named).bar.lost


def test_the_link_does_not_leave_the_view_to_the_reader_s_own_default(alice, job):
    """A bare address opens with whatever its reader chose; what the sender saw has its order at least."""
    shown = Shown(SearchJobFactory(team=job.team), alice)
    assert bar_of(shown.job, shown.request, QueryDict("sort=-similarity")).link.endswith("/?sort=-similarity")


def test_viewers_are_not_told_to_save_copies(vera, job, bags, let_in):
    let_in(bags, vera)
    bags.locked = True
    bags.save()
    shown = Shown(job, vera, f"sort=moq&saved={bags.pk}")
    assert "changed, not saved" in shown.text
    assert "own copy" not in shown.text


def test_the_link_is_what_the_sender_sees(alice, job, bags):
    page = f"http://testserver/searches/{job.pk}/"
    assert (
        Shown(job, alice, "sort=-price&page=4&open=7").bar.link == f"{page}?sort=-price&page=4&open=7&saved={bags.pk}"
    )


def test_a_state_that_is_too_long_to_be_saved(alice, job, bags):
    shown = Shown(job, alice, f"saved={bags.pk}&title_any={'x' * 5000}")
    assert shown.bar.changed
    assert not shown.bar.may_save_over
    assert "more filters than can be saved" in shown.text
    assert "Save mine" not in shown.text


def test_what_changed_since_the_run_before_in_a_line(alice, job, bags):
    SupplierMatchFactory(job=job, offer_id="1", price="10")
    later = SearchJobFactory(team=job.team, image=job.photos[0], price_to=job.price_to)
    SearchCallFactory(job=later)
    SupplierMatchFactory(job=later, offer_id="1", price="8")
    SupplierMatchFactory(job=later, offer_id="2")
    run = RunFactory(search=bags, job=later)
    shown = Shown(later, alice)
    assert "1 cheaper , 1 new" in shown.text
    assert run.get_absolute_url() in shown.html
    assert Shown(job, alice).bar.since is None


def test_names_are_framed_and_escaped(alice, job, bags):
    actions.rename(user=alice, thing=bags, name="<b>\u202eתיק 👜", version=1)
    html = Shown(job, alice).html
    assert "<bdi>&lt;b&gt;\u202eתיק 👜</bdi>" in html


def test_it_takes_five_queries_at_most(alice, job, bags, django_assert_num_queries):
    later = RunFactory(search=bags, job=SearchJobFactory(team=job.team))
    for _ in range(5):
        SavedViewFactory(team=job.team, owner=alice, search=bags)
    for query, number in ((f"{QUERY}&saved={bags.pk}", 4), (f"sort=-price&saved={bags.pk}", 5)):
        shown = Shown(later.job, alice, query)
        with django_assert_num_queries(number):
            bar_of(shown.job, shown.request)
    never_saved = Shown(SearchJobFactory(team=job.team), alice)
    with django_assert_num_queries(2):
        bar_of(never_saved.job, never_saved.request)
