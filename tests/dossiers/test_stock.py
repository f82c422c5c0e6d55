"""Records are made, and counted, from searches that have ended and from lists."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.actions import write_note
from dossiers.merging import merge_suppliers
from dossiers.models import CountedSearch, Supplier
from dossiers.stock import SEARCHES_A_STEP, take_stock
from searches.models import SearchJob, SupplierMatch
from tests.dossiers.conftest import HENGDA
from tests.factories import NOON, ListEntryFactory, SearchJobFactory, SupplierMatchFactory


def counted() -> dict[str, int]:
    while take_stock(timezone.now()):
        pass
    return {str(record): record.offers_count for record in Supplier.objects.standing()}


def test_a_search_that_has_ended_leaves_a_record_of_each_supplier(team, charlies_team, bag, march, today):
    SupplierMatchFactory(job=today, offer_id="2", **HENGDA)
    SupplierMatchFactory(job=today, supplier_id="", supplier_name="老王")
    SupplierMatchFactory(job=today, supplier_id="", supplier_name="")
    SupplierMatchFactory(job__team=charlies_team, **HENGDA)
    counted()
    assert set(Supplier.objects.values_list("team", "supplier_id", "supplier_name", "names", "offers_count")) == {
        (team.pk, "b2b-hengda", "", "白沟恒达箱包厂", 2),
        (team.pk, "", "老王", "老王", 1),
        (charlies_team.pk, "b2b-hengda", "", "白沟恒达箱包厂", 1),
    }
    record = Supplier.objects.get(team=team, supplier_id="b2b-hengda")
    assert (record.first_seen_at, record.last_seen_at) == (NOON - timedelta(days=250), NOON)


def test_what_goes_on_is_not_counted_yet_and_what_ends_anew_is_counted_again(team):
    job = SearchJobFactory(team=team, status=SearchJob.Status.RUNNING, finished_at=None)
    SupplierMatchFactory(job=job, **HENGDA)
    assert counted() == {}
    SearchJob.objects.filter(pk=job.pk).update(status=SearchJob.Status.PARTIAL, finished_at=NOON)
    assert counted() == {"白沟恒达箱包厂": 1}
    SupplierMatchFactory(job=job, offer_id="found on the second try", **HENGDA)
    assert counted() == {"白沟恒达箱包厂": 1}
    SearchJob.objects.filter(pk=job.pk).update(finished_at=NOON + timedelta(minutes=5))
    assert counted() == {"白沟恒达箱包厂": 2}
    assert CountedSearch.objects.count() == 1


def test_a_changed_name_is_the_same_supplier_and_all_its_names_find_it(alice, team, bag, today, signed_in):
    later = SearchJobFactory(team=team)
    renamed = {**HENGDA, "supplier_name": "恒达 (河北) 有限公司"}
    SupplierMatchFactory(job=later, fetched_at=NOON + timedelta(days=1), **renamed)
    counted()
    record = Supplier.objects.get()
    assert record.name_list == ["恒达 (河北) 有限公司", "白沟恒达箱包厂"]
    for words in ("河北", "白沟", "恒达 有限公司"):
        (row,) = signed_in(alice).get("/suppliers/", {"q": words}).context["rows"]
        assert (row.name, row.also) == ("恒达 (河北) 有限公司", ["白沟恒达箱包厂"])


@pytest.mark.django_db
def test_many_searches_are_counted_step_by_step():
    for number in range(SEARCHES_A_STEP + 1):
        SupplierMatchFactory(supplier_id=f"b2b-{number}")
    assert take_stock(timezone.now())
    assert Supplier.objects.count() == SEARCHES_A_STEP
    assert not take_stock(timezone.now())
    assert Supplier.objects.count() == SEARCHES_A_STEP + 1


def test_an_entry_whose_search_is_gone_has_its_supplier_too(team):
    ListEntryFactory(supplier_list__team=team, supplier_id="", supplier_name="老王")
    ListEntryFactory(supplier_list__team=team, **HENGDA)
    ListEntryFactory(supplier_list__team=team, supplier_id="", supplier_name="")
    assert counted() == {"老王": 0, "b2b-hengda": 0}
    # And stays, although it has no offers.
    Supplier.objects.update(counted_at=NOON - timedelta(days=2))
    assert counted() == {"老王": 0, "b2b-hengda": 0}


def test_what_searches_took_with_them_is_forgotten_unless_somebody_wrote_about_it(alice, team, march, record):
    records = [record(name) for name in ("forgotten", "noted", "renamed", "merged", "into")]
    write_note(user=alice, supplier=records[1], text="Good")
    Supplier.objects.filter(pk=records[2].pk).update(display_name="renamed")
    merge_suppliers(user=alice, survivor=records[4], merged=records[3])
    march.delete()
    assert Supplier.objects.filter(offers_count__gt=0).count() == 5
    Supplier.objects.update(counted_at=timezone.now() - timedelta(days=2))
    assert counted() == {"noted": 0, "renamed": 0, "into": 0}
    assert Supplier.objects.filter(pk=records[3].pk).exists()


def test_what_was_merged_is_counted_together(alice, hengda, today, record):
    other = record("老王", offers=2)
    merge_suppliers(user=alice, survivor=hengda, merged=other)
    match = SupplierMatch.objects.filter(supplier_id=other.supplier_id).first()
    SupplierMatchFactory(job=today, offer_id="new", supplier_id=match.supplier_id, supplier_name="老王")
    assert counted() == {"白沟恒达箱包厂": 4}


def test_a_deleted_search_is_counted_no_longer_and_disturbs_nobody(team, bag, march, today):
    counted()
    march.delete()
    assert counted() == {"白沟恒达箱包厂": 1}
    assert CountedSearch.objects.count() == 1
