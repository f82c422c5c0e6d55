"""One list: the table, its order, its export, and what is done with an entry."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from suppliers.models import ListEntry, SupplierList
from tests.factories import (
    NOON,
    ListEntryFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)


@pytest.fixture
def spring(team, alice) -> SupplierList:
    return SupplierListFactory(team=team, owner=alice, name="Spring bags")


@pytest.fixture
def three(spring, alice) -> list[ListEntry]:
    """a is the cheapest, b the newest, c lacks what can be lacking."""
    a = ListEntryFactory(
        supplier_list=spring, title="a 旅行包", price=Decimal("9.9"), moq=300, similarity=0.91, added_at=NOON,
        supplier_name="义乌", supplier_credit=3, note="late samples", added_by=alice,
    )  # fmt: skip
    b = ListEntryFactory(
        supplier_list=spring, title="b 登山包", price=Decimal("1000"), moq=5, similarity=0.8,
        added_at=NOON + timedelta(hours=1), supplier_name="广州", supplier_credit=5, note="", added_by=alice,
        prices={"promotion": "900"}, identities=["super-factory", "verified"],
    )  # fmt: skip
    c = ListEntryFactory(
        supplier_list=spring, title="c =HYPERLINK()", price=None, moq=None, similarity=None, rank=4,
        added_at=NOON - timedelta(hours=1), supplier_name="", supplier_credit=None, image_url="", url="",
    )  # fmt: skip
    return [a, b, c]


def titles(response) -> str:
    return "".join(row.title[0] for row in response.context["rows"])


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "bac"),
        ("-saved", "bac"),
        ("saved", "cab"),
        ("price", "abc"),
        ("-price", "bac"),
        ("moq", "bac"),
        ("-similarity", "abc"),
        ("similarity", "bac"),
        ("-credit", "bac"),
        ("title", "abc"),
        ("-title", "cba"),
        ("supplier", "abc"),
        ("note", "abc"),
        ("password", "bac"),
        ("--price", "bac"),
    ],
)
def test_sorted_by_the_address_and_the_missing_last(alice, spring, three, sort, order, signed_in):
    response = signed_in(alice).get(f"/lists/{spring.pk}/", {"sort": sort})
    assert titles(response) == order


def test_heads_link_to_the_other_order_and_keep_the_rest(alice, spring, three, signed_in):
    response = signed_in(alice).get(f"/lists/{spring.pk}/?sort=price&q=包&page=1")
    heads = {head.key: head for head in response.context["headers"]}
    assert heads["price"].aria_sort == "ascending"
    assert heads["price"].url == "?q=%E5%8C%85&sort=-price"
    assert heads["similarity"].url == "?q=%E5%8C%85&sort=-similarity"
    assert 'aria-sort="ascending"' in response.content.decode()


def test_a_line_in_words(alice, spring, three, signed_in):
    page = signed_in(alice).get(f"/lists/{spring.pk}/").content.decode()
    for text in ("¥9.90", "¥1,000.00", "no price", "no MOQ", "rank 4", "unknown supplier", "no rating", "no picture"):
        assert text in page, text
    assert '<rect class="fill" width="91"' in page
    assert 'rel="noopener noreferrer"' in page
    assert "2026-11-22 13:00" in page
    assert "Source: 1688, fetched 2026-11-22 12:00." in page
    assert "数据来源：1688" in page
    assert "not for resale" in page


def test_an_entry_leads_back_to_its_search(alice, team, spring, signed_in):
    match = SupplierMatchFactory(job=SearchJobFactory(team=team, title="Duffle bag, blue"))
    ListEntryFactory(supplier_list=spring, source_match=match)
    page = signed_in(alice).get(f"/lists/{spring.pk}/").content.decode()
    assert f'href="{match.job.get_absolute_url()}"' in page
    assert "Duffle bag, blue" in page


def test_the_supplier_leads_to_all_that_the_team_knows_of_it(alice, spring, signed_in):
    entry = ListEntryFactory(supplier_list=spring, supplier_id="b2b-7")
    client = signed_in(alice)
    for address in (f"/lists/{spring.pk}/", entry.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "/suppliers/of/?" in page
        assert "b2b-7" in page
    ListEntry.objects.update(supplier_id="", supplier_name="")
    assert "/suppliers/of/?" not in client.get(f"/lists/{spring.pk}/").content.decode()


def test_an_entry_names_the_marketplace_that_it_came_from(alice, spring, signed_in):
    """By any of them an offer comes from 1688: the source alone tells two alike entries not apart."""
    ListEntryFactory(supplier_list=spring, marketplace="tmapi")
    ListEntryFactory(supplier_list=spring, marketplace="onebound")
    page = signed_in(alice).get(f"/lists/{spring.pk}/").content.decode()
    assert "1688 by TMAPI" in page
    assert "1688 by Onebound" in page


def test_found_by_all_words_in_any_field(alice, spring, three, signed_in):
    client = signed_in(alice)

    def found(words: str) -> str:
        return titles(client.get(f"/lists/{spring.pk}/", {"q": words}))

    assert found("包") == "ba"
    assert found("SAMPLES 义乌") == "a"
    assert found("登山包，广州") == "b"
    assert found("河北\0") == found("河北")
    page = client.get(f"/lists/{spring.pk}/?q=samples 广州").content.decode()
    assert "Nothing on this list contains that" in page
    assert "3 offers" in page


def test_very_many_words_are_cut(alice, spring, three, signed_in):
    client = signed_in(alice)
    for address in (f"/lists/{spring.pk}/", f"/lists/{spring.pk}/export.csv", "/lists/"):
        response = client.get(address, {"q": "包 " * 3000})
        assert response.status_code == 200
        assert len(b"".join(response)) > 100


def test_pages_of_fifty(alice, spring, signed_in):
    ListEntryFactory.create_batch(51, supplier_list=spring)
    client = signed_in(alice)
    page = client.get(f"/lists/{spring.pk}/?sort=price").content.decode()
    assert "1–50 of 51" in page
    assert 'href="?sort=price&amp;page=2"' in page
    assert len(client.get(f"/lists/{spring.pk}/?sort=price&page=2").context["rows"]) == 1


def test_a_long_list_costs_the_same(alice, team, spring, signed_in, django_assert_num_queries):
    job = SearchJobFactory(team=team)
    for _ in range(20):
        match = SupplierMatchFactory(job=job)
        ListEntryFactory(supplier_list=spring, source_match=match, added_by=alice)
    client = signed_in(alice)
    # Session, user, list and rights, statuses counted, rows, today's, when fetched and where, members, tags, teams.
    with django_assert_num_queries(10):
        client.get(f"/lists/{spring.pk}/")
    with django_assert_num_queries(5):
        b"".join(client.get(f"/lists/{spring.pk}/export.csv").streaming_content)


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_export_is_exactly_the_view(vera, spring, three, signed_in):
    response = signed_in(vera).get(f"/lists/{spring.pk}/export.csv?sort=price")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="Spring bags.csv"'
    head, *lines, notice = rows_of(response)
    table = [dict(zip(head, line, strict=True)) for line in lines]
    assert [line["title"][0] for line in table] == ["a", "b", "c"]
    assert (
        table[0]
        | {
            "source": "1688",
            "price": "9.90",
            "moq": "300",
            "similarity": "0.91",
            "supplier_name": "义乌",
            "note": "late samples",
            "saved_by": "alice",
            "saved_at": "2026-11-22T12:00:00+08:00",
            "fetched_at": "2026-11-22T12:00:00+08:00",
        }
        == table[0]
    )
    assert table[2]["price"] == table[2]["similarity"] == ""
    assert head[15:20] == ["fetched_at", "note", "saved_by", "saved_at", "price_original"], "new columns come last"
    assert (table[1]["price_promotion"], table[1]["identities"]) == ("900.00", "super-factory; verified")
    assert "数据来源：1688" in notice[0]

    head, *lines, _ = rows_of(signed_in(vera).get(f"/lists/{spring.pk}/export.csv?q=samples"))
    assert [line[head.index("title")] for line in lines] == ["a 旅行包"]


def test_export_has_all_pages_and_no_formula(alice, spring, signed_in):
    ListEntryFactory.create_batch(60, supplier_list=spring)
    ListEntryFactory(supplier_list=spring, title="=1+1", note="@SUM(A1)", supplier_name="－cmd", added_at=NOON)
    _, *lines, _ = rows_of(signed_in(alice).get(f"/lists/{spring.pk}/export.csv?page=2"))
    assert len(lines) == 61
    cells = {cell for line in lines for cell in line}
    assert {"'=1+1", "'@SUM(A1)", "'－cmd"} <= cells


def test_a_note_is_changed_on_its_page(alice, spring, three, signed_in):
    client, address = signed_in(alice), f"/lists/{spring.pk}/entries/{three[0].pk}/note/"
    page = client.get(address).content.decode()
    assert "late samples" in page
    assert "<html" in page
    assert client.post(address, {"note": "samples\r\narrived", "version": 1}).url == spring.get_absolute_url()
    three[0].refresh_from_db()
    assert three[0].note == "samples\r\narrived"
    assert "The note is saved." in client.get("/lists/").content.decode()


def test_a_note_is_changed_in_its_cell(alice, spring, three, signed_in):
    client, address = signed_in(alice), f"/lists/{spring.pk}/entries/{three[0].pk}/note/"
    htmx = {"hx-request": "true"}
    form = client.get(address, headers=htmx).content.decode()
    assert "<html" not in form
    assert f'hx-post="{address}"' in form
    assert f'action="{address}"' in form, "it works without htmx, too"
    cell = client.post(address, {"note": "<b>arrived", "version": 1}, headers=htmx).content.decode()
    assert "&lt;b&gt;arrived" in cell
    assert f'href="{address}"' in cell


def test_a_note_too_long_stays_typed(alice, spring, three, signed_in):
    address = f"/lists/{spring.pk}/entries/{three[0].pk}/note/"
    page = signed_in(alice).post(address, {"note": "x" * 2001, "version": 1}).content.decode()
    assert "at most 2000 characters" in page
    assert "x" * 2001 in page


def test_removing_asks_and_names_what_is_lost(alice, spring, three, signed_in):
    client, address = signed_in(alice), f"/lists/{spring.pk}/entries/{three[0].pk}/remove/"
    page = client.get(address).content.decode()
    assert "a 旅行包" in page
    assert "late samples" in page
    assert "the note too" in page
    assert spring.entries.count() == 3
    assert client.post(address).url == spring.get_absolute_url()
    assert spring.entries.count() == 2


def test_empty_says_how_to_begin(alice, spring, signed_in):
    page = signed_in(alice).get(f"/lists/{spring.pk}/").content.decode()
    assert "This list is empty" in page
    assert "Source:" not in page
