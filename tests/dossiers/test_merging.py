"""Two records that are one supplier: together, apart again, and every way in which that can go wrong."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dossiers.actions import open_record, write_note
from dossiers.keys import SupplierKey
from dossiers.merging import merge_suppliers, undo_merge
from dossiers.models import Merge, Note, Supplier
from tests.factories import SupplierMatchFactory


def shown_with(record: Supplier) -> int:
    record = Supplier.objects.get(pk=record.pk)
    return record.survivor_id or record.pk


def refusal(call, **arguments) -> str:
    with pytest.raises(ValidationError) as refused:
        call(**arguments)
    return refused.value.code


def test_merged_records_are_one_on_the_page_and_in_the_index(alice, hengda, record, signed_in):
    other = record("恒达箱包有限公司", marketplace="onebound", offers=2)
    write_note(user=alice, supplier=other, text="Ask for Ms Li")
    merge_suppliers(user=alice, survivor=hengda, merged=other)
    client = signed_in(alice)
    ((row,),) = [client.get("/suppliers/").context["rows"]]
    assert (row.name, row.offers, row.also) == ("白沟恒达箱包厂", "3", ["恒达箱包有限公司"])
    page = client.get(f"/suppliers/{other.pk}/", follow=True)
    assert page.redirect_chain == [(f"/suppliers/{hengda.pk}/", 302)]
    dossier = page.context["dossier"]
    assert dossier.facts.offers == len(dossier.rows) == 3
    assert dossier.facts.other_names == ["恒达箱包有限公司"]
    assert [shown.note.text for shown in dossier.notes] == ["Ask for Ms Li"]
    assert client.get("/suppliers/", {"q": "有限公司"}).context["rows"] == [row]


def test_undo_gives_each_its_own_back(alice, bob, hengda, record, signed_in):
    other = record("恒达箱包有限公司", offers=2)
    before, since_alone = (
        write_note(user=alice, supplier=other, text="of the other"),
        write_note(user=alice, supplier=hengda, text="of hengda"),
    )
    merge = merge_suppliers(user=alice, survivor=hengda, merged=other)
    client = signed_in(bob)
    client.post(f"/suppliers/{other.pk}/notes/", {"text": "written while they were one"})
    client.post(f"/suppliers/notes/{before.pk}/", {"text": "not bob's to change"})
    signed_in(alice).post(f"/suppliers/notes/{before.pk}/", {"text": "changed meanwhile"})
    assert client.post(f"/suppliers/merges/{merge.pk}/undo/").status_code == 302
    assert (shown_with(hengda), shown_with(other)) == (hengda.pk, other.pk)
    notes = {record.pk: set(record.notes.values_list("text", flat=True)) for record in (hengda, other)}
    assert notes == {hengda.pk: {"of hengda", "written while they were one"}, other.pk: {"changed meanwhile"}}
    figures = dict(Supplier.objects.values_list("pk", "offers_count"))
    assert figures == {hengda.pk: 1, other.pk: 2}
    merge.refresh_from_db()
    assert (merge.undone_by, since_alone.supplier_id) == (bob, hengda.pk)
    page = client.get(f"/suppliers/{hengda.pk}/").content.decode()
    assert "taken apart by bob" in page
    assert "undo/" not in page


def test_a_chain_is_shown_with_its_top_and_comes_apart_link_by_link(alice, record):
    first, second, third, fourth = (record(name) for name in ("甲", "乙", "丙", "丁"))
    inner = merge_suppliers(user=alice, survivor=second, merged=first)
    outer = merge_suppliers(user=alice, survivor=third, merged=second)
    merge_suppliers(user=alice, survivor=third, merged=fourth)
    assert {shown_with(one) for one in (first, second, third, fourth)} == {third.pk}
    undo_merge(user=alice, merge=outer)
    assert [shown_with(one) for one in (first, second, third, fourth)] == [second.pk, second.pk, third.pk, third.pk]
    assert Supplier.objects.get(pk=second.pk).offers_count == 2
    again = merge_suppliers(user=alice, survivor=third, merged=second)
    undo_merge(user=alice, merge=inner)
    assert [shown_with(one) for one in (first, second, third, fourth)] == [first.pk, third.pk, third.pk, third.pk]
    assert list(Merge.objects.in_force().filter(merged=second)) == [again]


def test_into_itself_twice_and_round_in_circles_is_refused(alice, hengda, record):
    other, third = record("乙"), record("丙")
    assert refusal(merge_suppliers, user=alice, survivor=hengda, merged=hengda) == "one"
    merge_suppliers(user=alice, survivor=hengda, merged=other)
    merge_suppliers(user=alice, survivor=Supplier.objects.get(pk=hengda.pk), merged=third)
    for survivor, merged in ((hengda, other), (other, hengda), (other, third), (third, hengda)):
        assert refusal(merge_suppliers, user=alice, survivor=survivor, merged=merged) == "one"
    assert Merge.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(team=hengda.team, survivor=hengda, merged=hengda)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(team=hengda.team, survivor=third, merged=other)


def test_who_comes_second_is_told_what_happened_meanwhile(alice, bob, hengda, record, signed_in):
    other, third = record("乙"), record("丙")
    merge_suppliers(user=bob, survivor=third, merged=other)
    assert refusal(merge_suppliers, user=alice, survivor=hengda, merged=other) == "moved"
    assert refusal(merge_suppliers, user=alice, survivor=other, merged=hengda) == "moved"
    answer = signed_in(alice).post(f"/suppliers/{hengda.pk}/merge/{other.pk}/", follow=True)
    assert answer.redirect_chain == [(f"/suppliers/{hengda.pk}/merge/", 302)]
    assert "“乙” was merged into “丙” meanwhile" in answer.content.decode()
    assert (shown_with(hengda), shown_with(other)) == (hengda.pk, third.pk)
    # The preview shows what would come together now.
    sides = signed_in(alice).get(f"/suppliers/{hengda.pk}/merge/{other.pk}/").context["sides"]
    assert [side.supplier.pk for side in sides] == [hengda.pk, third.pk]


def test_undone_twice_is_undone_once(alice, bob, hengda, record, signed_in):
    merge = merge_suppliers(user=alice, survivor=hengda, merged=record("乙"))
    undo_merge(user=bob, merge=merge)
    assert refusal(undo_merge, user=alice, merge=merge) == "undone"
    page = signed_in(alice).post(f"/suppliers/merges/{merge.pk}/undo/", follow=True).content.decode()
    assert "This merge was taken back already." in page
    merge.refresh_from_db()
    assert merge.undone_by == bob


def test_of_two_teams_nothing_is_merged(alice, charlies_team, hengda, signed_in):
    match = SupplierMatchFactory(job__team=charlies_team, supplier_id="b2b-pans", supplier_name="锅")
    theirs = open_record(team=charlies_team.pk, key=SupplierKey.of_offer(match))
    assert refusal(merge_suppliers, user=alice, survivor=hengda, merged=theirs) == "team"
    assert signed_in(alice).post(f"/suppliers/{hengda.pk}/merge/{theirs.pk}/").status_code == 404


def test_a_record_that_is_gone_is_said_to_be(alice, hengda, record):
    other = record("乙")
    Supplier.objects.filter(pk=other.pk).delete()
    assert refusal(merge_suppliers, user=alice, survivor=hengda, merged=other) == "gone"


def test_from_the_page_to_the_merge_and_back(alice, hengda, record, signed_in):
    same, unlike = record("白沟恒达箱包厂", marketplace="onebound"), record("义乌市拓野")
    client = signed_in(alice)
    picked = client.get(f"/suppliers/{hengda.pk}/merge/").context["rows"]
    assert [row.supplier.pk for row in picked] == [same.pk]
    searched = client.get(f"/suppliers/{hengda.pk}/merge/", {"q": "拓野"}).context["rows"]
    assert [row.supplier.pk for row in searched] == [unlike.pk]
    write_note(user=alice, supplier=same, text="Ask for Ms Li")
    preview = client.get(f"/suppliers/{hengda.pk}/merge/{same.pk}/")
    assert [(side.offers, side.notes, side.files, side.lists) for side in preview.context["sides"]] == [
        (1, 0, 0, 0),
        (1, 1, 0, 0),
    ]
    assert not Merge.objects.exists()
    page = client.post(f"/suppliers/{hengda.pk}/merge/{same.pk}/", follow=True).content.decode()
    assert "is now shown with “白沟恒达箱包厂”" in page
    assert "“白沟恒达箱包厂” (1688 by Onebound) into “白沟恒达箱包厂” (1688 (MD5 gateway))" in page
    told = client.get(f"/suppliers/{hengda.pk}/merge/{same.pk}/", follow=True).content.decode()
    assert "These two are one record already" in told
    merge = Merge.objects.get()
    assert f"/suppliers/merges/{merge.pk}/undo/" in page


def test_a_note_of_a_merged_record_stays_its_own(alice, hengda, record, signed_in):
    """Written through the page of a merged record, a note goes to what stands for it."""
    other = record("乙")
    merge_suppliers(user=alice, survivor=hengda, merged=other)
    signed_in(alice).post(f"/suppliers/{other.pk}/notes/", {"text": "new"})
    assert Note.objects.get().supplier == hengda
