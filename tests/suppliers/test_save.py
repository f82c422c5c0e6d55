"""From a search's page to a list."""

import pytest

from accounts.models import Membership
from suppliers.models import ListEntry, SupplierList
from tests.factories import MembershipFactory, SearchJobFactory, SupplierListFactory, SupplierMatchFactory

SAVE = "/lists/save/"


@pytest.fixture
def job(team, alice):
    return SearchJobFactory(team=team, owner=alice, title="Duffle bag, blue")


@pytest.fixture
def matches(job):
    return [SupplierMatchFactory(job=job, title=title) for title in ("旅行包", "健身包")]


@pytest.fixture
def spring(team) -> SupplierList:
    return SupplierListFactory(team=team, name="Spring bags")


def chosen(job, matches, **more):
    return {"job": job.pk, "match": [match.pk for match in matches]} | more


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_to_a_list_and_back(alice, job, matches, spring, signed_in):
    back = f"{job.get_absolute_url()}?sort=price&page=2"
    client = signed_in(alice)
    response = client.post(SAVE, chosen(job, matches, supplier_list=spring.pk, next=back))
    assert response.url == back
    page = client.get("/lists/")
    link = f'<a href="/lists/{spring.pk}/">Spring bags</a>'
    assert messages_of(page) == f"2 offers saved to {link}."
    assert link in page.content.decode(), "the link works in the page, too"
    assert spring.entries.count() == 2

    client.post(SAVE, chosen(job, matches[:1], supplier_list=spring.pk))
    assert "1 was already on" in messages_of(client.get("/lists/"))


def test_to_a_new_list(alice, job, matches, spring, team, signed_in):
    data = chosen(job, matches, supplier_list=spring.pk, new_list="Summer <b>")
    client = signed_in(alice)
    assert client.post(SAVE, data).url == job.get_absolute_url()
    made = SupplierList.objects.get(name="Summer <b>")
    assert (made.team, made.owner, made.entries.count(), spring.entries.count()) == (team, alice, 2, 0)
    assert "Summer &lt;b&gt;" in client.get("/lists/").content.decode()


def test_without_a_list_it_asks_and_keeps_the_choice(alice, job, matches, spring, signed_in):
    response = signed_in(alice).post(SAVE, chosen(job, matches, next="/searches/"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "2 offers chosen in “Duffle bag, blue”" in page
    assert "Spring bags" in page
    assert 'id="id_supplier_list_error"' not in page, "nothing was done wrong yet"
    for match in matches:
        assert f'name="match" value="{match.pk}"' in page
    assert 'name="next" value="/searches/"' in page


def test_a_name_that_is_taken_is_told_beside_it(alice, job, matches, spring, signed_in):
    response = signed_in(alice).post(SAVE, chosen(job, matches, new_list="spring bags"))
    page = response.content.decode()
    assert "Your team already has a list of this name." in page
    assert 'value="spring bags"' in page
    assert f'name="match" value="{matches[0].pk}"' in page
    assert not ListEntry.objects.exists()


def test_neither_list_nor_name(alice, job, matches, spring, signed_in):
    response = signed_in(alice).post(SAVE, chosen(job, matches, supplier_list="", new_list=" "))
    assert "Choose a list, or name a new one." in response.content.decode()


def test_nothing_chosen(alice, job, spring, signed_in):
    client = signed_in(alice)
    assert client.post(SAVE, {"job": job.pk, "supplier_list": spring.pk}).url == job.get_absolute_url()
    assert "No offer was chosen" in messages_of(client.get("/lists/"))


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_here(alice, job, matches, spring, back: str, signed_in):
    response = signed_in(alice).post(SAVE, chosen(job, matches, supplier_list=spring.pk, next=back))
    assert response.url == job.get_absolute_url()


def test_matches_of_another_search_are_not_found(alice, job, matches, spring, charlies_team, team, signed_in):
    foreign = SupplierMatchFactory(job=SearchJobFactory(team=charlies_team))
    of_ours = SupplierMatchFactory(job=SearchJobFactory(team=team))
    for wrong in (foreign.pk, of_ours.pk, 10**30, "x", -1):
        data = {"job": job.pk, "match": [matches[0].pk, wrong], "supplier_list": spring.pk}
        assert signed_in(alice).post(SAVE, data).status_code == 404, wrong
    assert not ListEntry.objects.exists()


def test_lists_of_another_team_cannot_be_chosen(alice, job, matches, charlies_team, signed_in):
    theirs = SupplierListFactory(team=charlies_team, name="Pans")
    MembershipFactory(user=alice, team=charlies_team, role=Membership.Role.BUYER)
    response = signed_in(alice).post(SAVE, chosen(job, matches, supplier_list=theirs.pk))
    assert response.status_code == 200
    assert 'id="id_supplier_list_error"' in response.content.decode()
    assert not ListEntry.objects.exists()


def test_only_posts(alice, signed_in):
    assert signed_in(alice).get(SAVE).status_code == 405


def test_five_hundred_offers_at_once(alice, job, spring, signed_in, django_assert_max_num_queries):
    matches = SupplierMatchFactory.create_batch(500, job=job)
    client = signed_in(alice)
    # SQLite takes 999 values a statement, so the rows go in in portions.
    with django_assert_max_num_queries(70):
        client.post(SAVE, chosen(job, matches, supplier_list=spring.pk))
    assert spring.entries.count() == 500


@pytest.mark.parametrize(
    ("query", "kept"), [("?quantity=500", 500), ("?quantity=５００&sort=price", 500), ("?quantity=0", None), ("", None)]
)
def test_the_quantity_of_the_page_goes_along(alice, job, matches, spring, query, kept, signed_in):
    back = f"{job.get_absolute_url()}{query}"
    signed_in(alice).post(SAVE, chosen(job, matches, supplier_list=spring.pk, next=back))
    assert set(spring.entries.values_list("target_quantity", flat=True)) == {kept}
