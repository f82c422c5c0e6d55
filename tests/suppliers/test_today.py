"""The snapshot beside what the offer shows today, and taking that over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from reckoning.models import ExchangeRate
from suppliers.actions import refresh_entry, save_matches
from suppliers.models import EntrySnapshot, ListEntry
from suppliers.today import today_of
from suppliers.trouble import ChangedMeanwhile
from tests.factories import (
    NOON,
    OTHER_MARKETPLACE,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of

LATER = NOON + timedelta(days=30)


def address(entry, step="") -> str:
    return f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/{step}"


@pytest.fixture
def photo(team):
    return QueryImageFactory(team=team)


@pytest.fixture
def saved(team, alice, spring, photo) -> ListEntry:
    """An offer at ¥20, from 100 pieces ¥18, MOQ 5, credit 4."""
    job = SearchJobFactory(team=team, image=photo)
    match = SupplierMatchFactory(
        job=job, offer_id="1", price=Decimal(20), tiers=[[100, "18.00"]], moq=5, supplier_credit=4, similarity=0.9
    )
    save_matches(user=alice, supplier_list=spring, matches=[match])
    ListEntry.objects.update(query_image=photo)
    return ListEntry.objects.get()


def seen_again(team, photo, **offer):
    """A newer search with the same photo; without `offer` it does not find the offer."""
    job = SearchJobFactory(team=team, image=photo, created_at=LATER, finished_at=LATER)
    SearchCallFactory(job=job, image=photo)
    if offer:
        SupplierMatchFactory(job=job, **{"offer_id": "1", "fetched_at": LATER, **offer})
    return job


def test_differences_are_marked(alice, team, saved, photo, signed_in):
    seen_again(team, photo, price=Decimal(25), tiers=[[100, "23.00"]], moq=10, supplier_credit=5)
    found = today_of([saved], team.pk)[saved.pk]
    assert found.match.price == Decimal(25)
    client = signed_in(alice)
    (row,) = client.get(f"/lists/{saved.supplier_list_id}/").context["rows"]
    assert {key: (d.then, d.now, d.tone, d.change) for key, d in row.differences.items()} == {
        "price": ("¥20.00", "¥25.00", "worse", "+25%"),
        "tiers": ("¥18.00 from 100", "¥23.00 from 100", "", ""),
        "moq": ("5", "10", "worse", ""),
        "credit": ("4", "5", "better", ""),
    }
    said = text_of(client.get(address(saved)))
    assert "Price differs ¥20.00 ¥25.00 +25%" in said
    assert "Seen again on 2026-12-22 12:00." in said


def test_prices_in_two_currencies_are_not_compared(alice, team, saved, photo, signed_in):
    seen_again(team, photo, price=Decimal(3), currency="USD", tiers=saved.tiers, supplier_credit=4)
    (row,) = signed_in(alice).get(f"/lists/{saved.supplier_list_id}/").context["rows"]
    price = row.differences["price"]
    assert (price.now, price.tone, price.change) == ("$3.00", "", "")


def test_nothing_newer_is_said(alice, saved, signed_in):
    (row,) = signed_in(alice).get(f"/lists/{saved.supplier_list_id}/").context["rows"]
    assert (row.differences, row.today_told, row.is_missing) == ({}, "", False)
    assert "No search of your team has found the offer since." in text_of(signed_in(alice).get(address(saved)))


def test_gone_is_what_its_own_photo_no_longer_finds(alice, team, saved, photo, signed_in):
    seen_again(team, photo)
    (row,) = signed_in(alice).get(f"/lists/{saved.supplier_list_id}/").context["rows"]
    assert row.is_missing
    page = signed_in(alice).get(address(saved))
    assert "Not found any more on 2026-12-22 12:00, with the same photo." in text_of(page)
    assert "refresh/" not in page.content.decode()


@pytest.mark.parametrize("change", ["another photo", "another marketplace", "partly done", "another team"])
def test_what_does_not_mean_gone(change, team, charlies_team, saved, photo):
    job = seen_again(
        charlies_team if change == "another team" else team,
        QueryImageFactory(team=team) if change == "another photo" else photo,
    )
    if change == "another marketplace":
        job.calls.update(marketplace=OTHER_MARKETPLACE)
    if change == "partly done":
        job.status = "partial"
        job.save()
    assert today_of([saved], team.pk)[saved.pk].missing_since is None


def test_another_teams_searches_tell_nothing(charlies_team, team, saved):
    seen_again(charlies_team, QueryImageFactory(team=charlies_team), price=Decimal(1))
    assert today_of([saved], team.pk)[saved.pk].match.price == Decimal(20)


def test_taking_over_keeps_the_old_snapshot(alice, bob, team, saved, photo, signed_in):
    seen_again(team, photo, price=Decimal(25), moq=10, title="new title", similarity=0.1, rank=99)
    client = signed_in(bob)
    assert client.post(address(saved, "refresh/"), {"version": 1}).url == address(saved)
    saved.refresh_from_db()
    assert (saved.price, saved.moq, saved.title, saved.refreshed_by) == (Decimal(25), 10, "new title", bob)
    assert (saved.similarity, saved.query_image) == (0.9, photo), "how well the photo was met stays"
    old = EntrySnapshot.objects.get()
    assert (old.price, old.moq, old.taken_by, old.taken_at) == (Decimal(20), 5, alice, saved.added_at)
    said = text_of(client.get(address(saved)))
    assert "bob took over today’s values: ¥20.00 → ¥25.00" in said
    assert "1 snapshot before" in said


def test_taking_over_what_somebody_changed_meanwhile(alice, team, saved, photo, signed_in):
    seen_again(team, photo, price=Decimal(25))
    match = today_of([saved], team.pk)[saved.pk].match
    with pytest.raises(ChangedMeanwhile):
        refresh_entry(user=alice, entry=saved, version=9, match=match)
    client = signed_in(alice)
    client.post(address(saved, "refresh/"), {"version": 9})
    assert "Nothing was overwritten" in text_of(client.get("/lists/"))
    saved.refresh_from_db()
    assert saved.price == Decimal(20)


def test_another_offer_is_not_taken_over(alice, team, charlies_team, saved):
    other = SupplierMatchFactory(job=SearchJobFactory(team=team), offer_id="2")
    foreign = SupplierMatchFactory(job=SearchJobFactory(team=charlies_team), offer_id="1")
    for match in (other, foreign):
        with pytest.raises(ValidationError):
            refresh_entry(user=alice, entry=saved, version=1, match=match)


def test_the_rate_of_the_day_is_kept_with_it(alice, team, spring, signed_in):
    ExchangeRate.objects.create(source="CNY", target="USD", rate=Decimal("0.14"), valid_on=NOON.date())
    save_matches(user=alice, supplier_list=spring, matches=[SupplierMatchFactory(job=SearchJobFactory(team=team))])
    entry = ListEntry.objects.get()
    assert (entry.rate, entry.rate_currency, entry.rate_on) == (Decimal("0.14"), "USD", NOON.date())
    ExchangeRate.objects.all().delete()
    assert "Rate of that day: 1 CNY = 0.14 USD (2026-11-22)" in text_of(signed_in(alice).get(address(entry)))


def test_a_page_of_entries_costs_the_same(alice, team, spring, photo, signed_in, django_assert_num_queries):
    for number in range(30):
        job = seen_again(team, photo, offer_id=str(number))
        save_matches(user=alice, supplier_list=spring, matches=job.matches.select_related("job"))
    ListEntry.objects.update(query_image=photo)
    client = signed_in(alice)
    with django_assert_num_queries(12):
        client.get(f"/lists/{spring.pk}/")
