"""A supplier's page: what it shows, before there is a record and after."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.sharing import Audience
from dossiers.models import Supplier
from suppliers.models import Status
from tests.dossiers.conftest import HENGDA
from tests.factories import MARKETPLACE, NOON, ListEntryFactory, SupplierListFactory, SupplierMatchFactory


@pytest.fixture
def address(team) -> str:
    return f"/suppliers/of/?team={team.pk}&marketplace={MARKETPLACE}&id=b2b-hengda"


def test_without_a_record_the_page_is_there_and_nothing_is_written(alice, vera, bag, address, signed_in):
    for user in (alice, vera):
        page = signed_in(user).get(address)
        assert page.status_code == 200
        assert page.context["dossier"].facts.offers == 1
        assert "白沟恒达箱包厂" in page.content.decode()
    assert not Supplier.objects.exists()


def test_the_first_note_makes_the_record_and_the_address_leads_to_it(alice, team, bag, address, signed_in):
    client = signed_in(alice)
    form = client.get(address).context["key_query"]
    answer = client.post(f"/suppliers/of/notes/?{form}", {"text": "Ask for Ms Li"})
    record = Supplier.objects.get()
    assert answer.url == f"/suppliers/{record.pk}/#notes"
    assert (record.team, record.supplier_id, record.supplier_name, str(record)) == (
        team,
        "b2b-hengda",
        "",
        "白沟恒达箱包厂",
    )
    assert (record.offers_count, record.last_seen_at) == (1, NOON)
    assert client.get(address).url == f"/suppliers/{record.pk}/"
    client.post(f"/suppliers/of/notes/?{form}", {"text": "and for Mr Wu"})
    assert Supplier.objects.get().notes.count() == 2


def test_an_empty_note_makes_no_record(alice, bag, address, signed_in):
    answer = signed_in(alice).post(address.replace("of/", "of/notes/"), {"text": " \n "})
    assert "Write something first." in answer.content.decode()
    assert not Supplier.objects.exists()


def test_a_supplier_by_name_where_there_is_no_id(alice, team, march, signed_in):
    SupplierMatchFactory(job=march, supplier_id="", supplier_name="老王 & 儿子 ‮")
    client = signed_in(alice)
    page = client.get("/suppliers/of/", {"team": team.pk, "marketplace": MARKETPLACE, "name": "老王 & 儿子 ‮"})
    assert page.context["dossier"].facts.offers == 1
    query = page.context["key_query"]
    client.post(f"/suppliers/of/rename/?{query}", {"name": "  Old 王  & sons 😀 "})
    record = Supplier.objects.get()
    assert (record.supplier_name, str(record)) == ("老王 & 儿子 ‮", "Old 王 & sons 😀")
    client.post(f"/suppliers/{record.pk}/rename/", {"name": ""})
    record.refresh_from_db()
    assert str(record) == "老王 & 儿子 ‮"
    long = client.post(f"/suppliers/{record.pk}/rename/", {"name": "x" * 201})
    assert "at most 200 characters" in long.content.decode()


def test_nobody_types_a_supplier_that_was_never_seen(alice, team, bag, signed_in):
    unknown = f"?team={team.pk}&marketplace={MARKETPLACE}&id=invented"
    client = signed_in(alice)
    assert client.get(f"/suppliers/of/{unknown}").status_code == 404
    for where in ("notes", "files", "rename", "keep"):
        assert client.post(f"/suppliers/of/{where}/{unknown}", {"text": "x", "name": "x"}).status_code == 404
    for query in ("id=%00", "id=" + "9" * 65, "name=" + "x" * 201):
        nothing = f"/suppliers/of/?team={team.pk}&marketplace={MARKETPLACE}&{query}"
        assert client.get(nothing).status_code == 404
    assert not Supplier.objects.exists()


def test_each_offer_once_as_it_was_seen_last_with_its_prices(alice, hengda, march, today, bag, signed_in):
    SupplierMatchFactory(job=march, offer_id="2", price=None, title="", fetched_at=NOON - timedelta(days=250), **HENGDA)
    page = signed_in(alice).get(f"/suppliers/{hengda.pk}/")
    newest, other = page.context["dossier"].rows
    assert (newest.id, newest.title, newest.price, newest.range) == (bag.pk, bag.title, "¥13.90", "¥12.80–13.90")
    assert (newest.seen, newest.searches, newest.search_url) == (
        "2026-11-22",
        "in 2 searches",
        f"/searches/{today.pk}/",
    )
    assert [(line.day, line.price, line.change, line.search) for line in newest.history.lines] == [
        ("2026-11-22", "¥13.90", "+9%", "Bags today"),
        ("2026-03-17", "¥12.80", "", "Bags in March"),
    ]
    assert newest.history.told == "¥12.80 on 2026-03-17, ¥13.90 on 2026-11-22"
    assert [(dot.x, dot.y) for dot in newest.history.small.dots] == [(5, 23), (91, 5)]
    assert (other.title, other.price, other.history) == ("offer 2, without a title", "", None)
    text = page.content.decode()
    assert 'aria-label="¥12.80 on 2026-03-17, ¥13.90 on 2026-11-22"' in text
    assert '<td class="num">+9%</td>' in text


def test_offers_are_sorted_and_paged_by_the_address(alice, hengda, today, signed_in):
    for number in range(30):
        SupplierMatchFactory(job=today, offer_id=f"7{number:02}", price=Decimal(20 + number), **HENGDA)
    client = signed_in(alice)
    first = client.get(f"/suppliers/{hengda.pk}/?sort=-price")
    assert first.context["page"].paginator.count == 31
    assert [row.price for row in first.context["dossier"].rows][:2] == ["¥49.00", "¥48.00"]
    second = client.get(f"/suppliers/{hengda.pk}/?sort=-price&page=2").context["dossier"]
    assert (len(second.rows), second.rows[-1].price) == (6, "¥13.90")
    assert "There is no order called “colour”" in client.get(f"/suppliers/{hengda.pk}/?sort=colour").content.decode()


def test_the_standing_is_told_whenever_it_changed(alice, hengda, march, signed_in):
    SupplierMatchFactory(
        job=march, supplier_credit=None, supplier_score=4.4, fetched_at=NOON - timedelta(days=90), **HENGDA
    )
    standing = signed_in(alice).get(f"/suppliers/{hengda.pk}/").context["dossier"].standing
    assert [(change.day, change.credit, change.years, change.score) for change in standing.changes] == [
        ("2026-11-22", "4", "6", "4.6"),
        ("2026-08-24", "3", "5", "4.4"),
        ("2026-03-17", "3", "5", "4.2"),
    ]
    assert [(drawn.now, len(drawn.chart.dots)) for drawn in standing.drawn] == [("4", 3), ("6", 3), ("4.6", 3)]


def test_lists_and_decisions_of_lists_that_one_sees(alice, bob, vera, team, hengda, bag, signed_in):
    offer = {"marketplace": MARKETPLACE, "offer_id": bag.offer_id, "title": bag.title, **HENGDA}
    shared = SupplierListFactory(team=team, owner=bob, name="Spring bags")
    secret = SupplierListFactory(team=team, owner=bob, name="Bob’s own", audience=Audience.PRIVATE)
    ListEntryFactory(
        supplier_list=shared, added_by=bob, status=Status.REJECTED, reason="late samples", status_at=NOON, **offer
    )
    ListEntryFactory(supplier_list=secret, added_by=bob, **offer)
    dossier = signed_in(vera).get(f"/suppliers/{hengda.pk}/").context["dossier"]
    ((decision,),) = [dossier.decisions]
    assert (decision.list_name, decision.status, decision.reason, decision.day, decision.by) == (
        "Spring bags",
        "rejected",
        "late samples",
        "2026-11-22",
        "bob",
    )
    assert dossier.rows[0].decisions == [decision]
    page = signed_in(alice).get(f"/suppliers/{hengda.pk}/").content.decode()
    assert "late samples" in page
    assert "Bob’s own" not in page
    assert "Bob’s own" in signed_in(bob).get(f"/suppliers/{hengda.pk}/").content.decode()
    people = {person.name: person.did for person in dossier.people}
    assert people == {"alice": ["found it in 1 search"], "bob": ["found it in 1 search", "saved 1 offer"]}


def test_what_outlived_its_searches_is_still_there(alice, team, march, today, hengda, bag, signed_in):
    entry = ListEntryFactory(supplier_list__team=team, offer_id=bag.offer_id, **HENGDA)
    for job in (march, today):
        job.delete()
    page = signed_in(alice).get(f"/suppliers/{hengda.pk}/")
    assert "The searches that found this supplier’s offers were removed" in page.content.decode()
    assert [decision.title for decision in page.context["dossier"].decisions] == [entry.title]
    # Nor is it lost where there was no record of it.
    Supplier.objects.all().delete()
    address = f"/suppliers/of/?team={team.pk}&marketplace={MARKETPLACE}&id=b2b-hengda"
    assert signed_in(alice).get(address).context["dossier"].decisions[0].title == entry.title


def test_as_many_queries_for_much_as_for_little(alice, team, hengda, march, signed_in, django_assert_max_num_queries):
    spring = SupplierListFactory(team=team)
    for number in range(40):
        match = SupplierMatchFactory(job=march, offer_id=f"7{number:02}", **HENGDA)
        ListEntryFactory(supplier_list=spring, offer_id=match.offer_id, added_by=alice, **HENGDA)
        hengda.notes.create(author=alice, text="x")
    client = signed_in(alice)
    with django_assert_max_num_queries(28):
        client.get(f"/suppliers/{hengda.pk}/")
