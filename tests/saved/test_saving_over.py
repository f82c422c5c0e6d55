"""Changing what others see, too: only with the right to, never over somebody else's change, never when it is locked."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from saved import actions
from saved.models import SavedSearch, SavedView
from saved.refusals import Locked, Outdated
from tests.saved.factories import SavedSearchFactory, SavedViewFactory
from tests.searches.pages import hidden, text_of

KEEP = "saved:keep"


def state(job, version: int = 1, query: str = "price_to=15") -> dict[str, object]:
    return {"job": job.pk, "version": version, "query": query}


def keep(client, thing, job, **options):
    return client.post(reverse(KEEP, args=[thing.pk]), state(job, **options))


def test_saving_over_ones_own(signed_in, alice, job, bags):
    response = keep(signed_in(alice), bags, job)
    bags.refresh_from_db()
    assert (bags.query, bags.version, bags.changed_by) == ("price_to=15", 2, alice)
    assert response.url == f"/searches/{job.pk}/?price_to=15&saved={bags.pk}"


def test_saving_for_all_by_somebody_who_may(signed_in, ben, job, bags, let_in):
    keep(signed_in(ben), let_in(bags, ben, editing=True), job)
    bags.refresh_from_db()
    assert (bags.query, bags.changed_by) == ("price_to=15", ben)


def test_who_may_only_read_is_told_so(signed_in, ben, vera, job, bags, let_in):
    let_in(bags, ben, vera)
    assert "save your own copy" in text_of(keep(signed_in(ben), bags, job))
    bags.shared_for_editing = True
    bags.save()
    refused = keep(signed_in(vera), bags, job)
    assert refused.status_code == 403
    assert "You are a viewer" in text_of(refused)
    bags.refresh_from_db()
    assert bags.version == 1


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(signed_in, alice, ben, job, bags, let_in):
    let_in(bags, ben, editing=True)
    keep(signed_in(alice), bags, job, query="price_to=15")
    response = keep(signed_in(ben), bags, job, query="price_to=99")
    assert response.status_code == 409
    page = text_of(response)
    assert "alice" in page
    assert "What you see highest price 99" in page
    assert "What is saved now highest price 15" in page
    bags.refresh_from_db()
    assert (bags.query, bags.version) == ("price_to=15", 2)
    # From that page: a copy of one's own, or, knowingly, theirs replaced.
    assert hidden(response, "query") == "price_to=99"
    signed_in(ben).post(reverse("saved:copy", args=[bags.pk]), state(job, query="price_to=99"))
    assert SavedSearch.objects.get(owner=ben).query == "price_to=99"
    assert keep(signed_in(ben), bags, job, version=2, query="price_to=99").status_code == 302


def test_a_locked_one_is_not_saved_over_not_even_by_its_owner(signed_in, alice, job, bags):
    actions.set_lock(user=alice, thing=bags, locked=True)
    response = keep(signed_in(alice), bags, job, version=2)
    assert response.status_code == 409
    assert "locked" in text_of(response)
    assert "Replace" not in text_of(response)
    bags.refresh_from_db()
    assert bags.query == "price_to=20&sort=price"


def test_a_view_is_saved_over_in_the_same_way(signed_in, alice, job, bags):
    view = SavedViewFactory(team=bags.team, owner=alice, search=bags)
    response = signed_in(alice).post(reverse("saved:view-keep", args=[view.pk]), state(job))
    assert parse_qs(urlsplit(response.url).query) == {
        "price_to": ["15"],
        "saved": [str(bags.pk)],
        "view": [str(view.pk)],
    }
    view.refresh_from_db()
    assert view.query == "price_to=15"


def test_a_draft_is_in_the_address_only(signed_in, ben, job, bags, let_in):
    let_in(bags, ben, editing=True)
    signed_in(ben).get(job.get_absolute_url(), {"price_to": "1", "saved": bags.pk})
    bags.refresh_from_db()
    assert (bags.query, bags.version) == ("price_to=20&sort=price", 1)


def test_own_changes_become_an_own_copy(signed_in, ben, job, bags, let_in):
    let_in(bags, ben)
    response = signed_in(ben).post(reverse("saved:copy", args=[bags.pk]), state(job, query="price_to=1"))
    own = SavedSearch.objects.get(owner=ben)
    assert own.query == "price_to=1"
    assert response.url == f"/searches/{job.pk}/?price_to=1&saved={own.pk}"


def test_what_was_deleted_meanwhile_is_told(signed_in, alice, job, bags):
    actions.delete_search(search=bags)
    response = keep(signed_in(alice), bags, job)
    assert response.status_code == 404
    assert "deleted" in text_of(response)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 50, "２"])
def test_a_version_that_is_none_is_an_old_one(signed_in, alice, job, bags, version):
    assert signed_in(alice).post(reverse(KEEP, args=[bags.pk]), state(job) | {"version": version}).status_code == 409
    bags.refresh_from_db()
    assert bags.version == 1


def test_a_search_that_is_gone_leads_back_to_the_saved_one(signed_in, alice, job, bags):
    response = signed_in(alice).post(reverse(KEEP, args=[bags.pk]), state(job) | {"job": "999999"})
    assert response.url == bags.get_absolute_url()


def test_renaming(signed_in, alice, bags):
    page = signed_in(alice).get(reverse("saved:rename", args=[bags.pk]))
    assert hidden(page, "version") == "1"
    signed_in(alice).post(reverse("saved:rename", args=[bags.pk]), {"name": "Sacks", "version": "1"})
    bags.refresh_from_db()
    assert (bags.name, bags.version) == ("Sacks", 2)


def test_a_rename_over_a_rename_is_told_and_then_made_knowingly(signed_in, alice, ben, bags, let_in):
    let_in(bags, ben, editing=True)
    actions.rename(user=alice, thing=bags, name="Sacks", version=1)
    address = reverse("saved:rename", args=[bags.pk])
    response = signed_in(ben).post(address, {"name": "Packs", "version": "1"})
    assert "alice" in text_of(response)
    assert 'value="Packs"' in response.content.decode()
    assert SavedSearch.objects.get().name == "Sacks"
    assert hidden(response, "version") == "2"
    signed_in(ben).post(address, {"name": "Packs", "version": "2"})
    assert SavedSearch.objects.get().name == "Packs"


def test_a_name_that_its_owner_has_given_already(signed_in, alice, bags):
    other = SavedSearchFactory(team=bags.team, owner=alice, name="Sacks")
    response = signed_in(alice).post(reverse("saved:rename", args=[other.pk]), {"name": "BAGS", "version": "1"})
    assert "already have a saved search of this name" in text_of(response)
    other.refresh_from_db()
    assert other.name == "Sacks"


def test_what_lost_its_owner_is_renamed_by_a_lead(signed_in, alice, bob, bags):
    alice.delete()
    response = signed_in(bob).post(reverse("saved:rename", args=[bags.pk]), {"name": "Sacks", "version": "1"})
    assert response.status_code == 302
    assert SavedSearch.objects.get().name == "Sacks"


def test_refusals_leave_the_row_in_hand_as_it_was(alice, bags):
    for name, version, refusal in (("Sacks", 7, Outdated), ("", 1, ValidationError)):
        with pytest.raises(refusal):
            actions.rename(user=alice, thing=bags, name=name, version=version)
        assert bags.name == SavedSearch.objects.get().name == "Bags"


@pytest.mark.parametrize("verb", ["rename", "edit", "delete"])
def test_a_lock_keeps_everything_as_it_is(signed_in, alice, bags, verb):
    client = signed_in(alice)
    client.post(reverse("saved:lock", args=[bags.pk]), {"locked": "1"})
    bags.refresh_from_db()
    sent = {"name": "Sacks", "version": bags.version, "marketplaces": bags.marketplaces, "wanted": 50}
    client.post(reverse(f"saved:{verb}", args=[bags.pk]), sent | {"order": "similarity", "preparation": "basic"})
    kept = SavedSearch.objects.get()
    assert (kept.name, kept.question, kept.version) == ("Bags", bags.question, bags.version)


def test_a_lock_is_its_owners_and_the_leads(signed_in, ben, bob, bags, let_in):
    let_in(bags, ben, editing=True)
    address = reverse("saved:lock", args=[bags.pk])
    assert signed_in(ben).post(address, {"locked": "1"}).status_code == 403
    assert signed_in(bob).post(address, {"locked": "1"}).status_code == 404
    SavedSearch.objects.update(audience="team")
    assert signed_in(bob).post(address, {"locked": "1"}).status_code == 302
    assert SavedSearch.objects.get().locked
    signed_in(bob).post(address, {"locked": "0"})
    assert not SavedSearch.objects.get().locked


def test_locking_twice_is_locking_once(alice, bags):
    for _ in range(2):
        actions.set_lock(user=alice, thing=bags, locked=True)
    bags.refresh_from_db()
    assert bags.version == 2
    with pytest.raises(Locked):
        actions.delete_search(search=bags)


def test_a_locked_view_is_not_deleted(signed_in, alice, team):
    view = SavedViewFactory(team=team, owner=alice, locked=True)
    response = signed_in(alice).post(reverse("saved:view-delete", args=[view.pk]), follow=True)
    assert "Unlock it first" in text_of(response)
    assert SavedView.objects.exists()
