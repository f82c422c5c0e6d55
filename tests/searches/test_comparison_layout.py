"""The comparison laid out as its address says: sorts by several columns, chosen columns, density, folded rows."""

import html
import re
from decimal import Decimal

import pytest

from searches.models import SearchJob
from tests.factories import OTHER_MARKETPLACE, SearchCallFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of, titles_of


@pytest.fixture
def job(team, alice) -> SearchJob:
    job = SearchJobFactory(team=team, owner=alice)
    SearchCallFactory(job=job, offers_found=5)
    for rank, (title, shop, price, credit) in enumerate(
        (("A", "x", 9, 3), ("B", "y", 9, 5), ("C", "x", 7, None), ("D", "", 9, 5), ("E", "x", None, 4)), 1
    ):
        SupplierMatchFactory(
            job=job,
            title=title,
            rank=rank,
            price=None if price is None else Decimal(price),
            similarity=0.5,
            supplier_credit=credit,
            supplier_id=shop,
            supplier_name=shop and f"Shop {shop}",
        )
    return job


@pytest.fixture
def page(alice, job, signed_in):
    client = signed_in(alice)
    return lambda query="": client.get(f"/searches/{job.pk}/{query}")


def heads(response) -> list[str]:
    found = re.findall(r'<a id="sort-([a-z]+)"', response.content.decode())
    assert found
    return found


def head(response, key: str) -> str:
    """The tag of one column's head, with its link."""
    found = re.search(rf'<th scope="col"[^>]*>\s*<a id="sort-{key}".*?</th>', response.content.decode())
    assert found
    return html.unescape(found[0])


def link(response, text: str) -> str:
    found = re.search(
        rf'<a [^>]*href="([^"]*)"[^>]*>(?:<span aria-hidden="true">.</span>)? ?{text}', response.content.decode()
    )
    assert found, text
    return html.unescape(found[1])


# Several columns


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("price,-credit", "CBDAE"),
        ("price,credit", "CABDE"),
        ("-price,-credit,-title", "DBACE"),
        ("-credit,price", "BDEAC"),
        ("price,-price", "CABDE"),
    ],
)
def test_one_column_parts_the_equals_of_another(sort, titles, page) -> None:
    assert "".join(titles_of(page(f"?sort={sort}"))) == titles


def test_the_order_can_be_said_by_two_fields_of_a_form(page) -> None:
    assert titles_of(page("?sort=price&then=-credit")) == titles_of(page("?sort=price,-credit"))
    assert titles_of(page("?sort=price&then=-credit&then=-title")) == titles_of(page("?sort=price,-credit,-title"))
    assert titles_of(page("?sort=price&then=")) == titles_of(page("?sort=price"))
    content = page("?sort=price,-credit,-title").content.decode()
    assert '<option value="price" selected>' in content
    assert '<option value="-credit" selected>' in content
    assert '<input type="hidden" name="then" value="-title">' in content


def test_heads_tell_their_place_in_the_order_and_what_shift_would_do(page) -> None:
    response = page("?sort=price,-credit")
    price, credit, moq = (head(response, key) for key in ("price", "credit", "moq"))
    assert 'aria-sort="ascending"' in price and "↑" in price and ">1</span>" in price
    assert "aria-sort" not in credit and "↓" in credit and ">2</span>" in credit
    assert 'data-adding="-price,-credit"' in price
    assert 'data-adding="price,credit"' in credit
    assert 'data-adding="price,-credit,moq"' in moq
    assert 'href="?sort=moq"' in moq
    assert 'href="?sort=-credit"' in credit
    assert 'class="place-in-order"' not in page("?sort=price").content.decode()


def test_what_is_no_column_among_several_is_told(page) -> None:
    response = page("?sort=price,wishes,-credit")
    assert "There is no order called “wishes”" in text_of(response)
    assert titles_of(response) == titles_of(page("?sort=price,-credit"))


def test_of_very_many_columns_the_first_count(page) -> None:
    response = page("?sort=credit,moq,title,supplier,price,rank,location&sort=")
    assert response.status_code == 200
    assert titles_of(page("?sort=" + ",".join(["price"] * 500))) == titles_of(page("?sort=price"))


# Columns


def test_the_usual_columns_are_those_that_say_anything(page) -> None:
    assert heads(page()) == ["title", "price", "moq", "similarity", "supplier", "credit", "location"]


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("?cols=location,price", ["title", "location", "price"]),
        ("?cols=price&cols=location", ["title", "price", "location"]),
        (
            "?cols=years,ships,service,medal,marketplace,rank",
            ["title", "years", "ships", "service", "medal", "marketplace", "rank"],
        ),
        ("?cols=sold,sold", ["title", "sold"]),
        ("?cols=<b>,title,price", ["title", "price"]),
        ("?cols=price,moq,credit&move=credit:-1", ["title", "price", "credit", "moq"]),
        ("?cols=price,moq,credit&move=price:1", ["title", "moq", "price", "credit"]),
        ("?cols=price,moq&move=price:-1", ["title", "price", "moq"]),
        ("?cols=price,moq&move=moq:9", ["title", "price", "moq"]),
        ("?cols=price,moq&move=nothing", ["title", "price", "moq"]),
        ("?cols=unit,landed,score,price", ["title", "price"]),
    ],
)
def test_columns_are_as_the_address_says(query, columns, page) -> None:
    response = page(query)
    assert heads(response) == columns
    rows = re.findall(r"<tr id=.*?</tr>", response.content.decode(), re.DOTALL)
    assert {len(re.findall(r"<t[dh][ >]", row)) for row in rows} == {1 + len(columns)}


@pytest.mark.parametrize("query", ["?cols=", "?cols=nothing", "?cols=title"])
def test_no_column_at_all_means_the_usual_ones(query, page) -> None:
    assert heads(page(query)) == heads(page())


def test_the_chooser_lists_what_is_shown_first_and_keeps_the_rest_of_the_address(page) -> None:
    content = page("?cols=location,price&sort=price&title_any=A,B&density=compact").content.decode()
    chooser = content[content.index('id="columns"') :].partition("</form>")[0]
    listed = re.findall(r'name="cols" value="(\w+)"[^>]*?( checked)?>', chooser)
    assert listed[:2] == [("location", " checked"), ("price", " checked")]
    assert all(not checked for _key, checked in listed[2:])
    assert {"moq", "credit", "years", "marketplace"} <= {key for key, _checked in listed}
    assert 'name="title_any" value="A,B"' in chooser
    assert 'name="sort" value="price"' in chooser
    assert 'value="compact" id="density-compact" checked' in chooser


def test_a_filter_keeps_columns_and_density(page) -> None:
    content = page("?cols=price&density=compact").content.decode()
    side = content[content.index('id="filters-form"') :].partition("</form>")[0]
    assert '<input type="hidden" name="cols" value="price">' in side
    assert '<input type="hidden" name="density" value="compact">' in side
    assert '<table class="offers compact">' in content


# Folded rows


def test_a_suppliers_offers_are_one_row_the_best_first(page) -> None:
    response = page("?sort=price&group=supplier")
    assert titles_of(response) == ["C", "B", "D"]
    assert "2 more of this supplier" in text_of(response)
    assert "5 of 5, in 3 rows" in text_of(response)
    assert titles_of(page("?sort=-price&group=supplier")) == ["A", "B", "D"]


def test_a_group_is_opened_and_closed_by_its_address(page, job) -> None:
    response = page("?sort=price&group=supplier")
    address = link(response, "2 more of this supplier")
    opened = page(address)
    assert titles_of(opened) == ["C", "A", "E", "B", "D"]
    assert opened.content.decode().count('class="member"') == 2
    assert titles_of(page(link(opened, "2 more of this supplier"))) == ["C", "B", "D"]


def test_only_what_passes_the_filters_is_in_a_group(page) -> None:
    response = page("?sort=price&group=supplier&price_to=9")
    assert "1 more of this supplier" in text_of(response)
    assert titles_of(page(link(response, "1 more of this supplier"))) == ["C", "A", "B", "D"]


def test_equal_offers_are_one_row(page, job) -> None:
    first = job.matches.get(title="A")
    SearchCallFactory(job=job, marketplace=OTHER_MARKETPLACE)
    SupplierMatchFactory(job=job, title="A again", marketplace=OTHER_MARKETPLACE, offer_id=first.offer_id, rank=40)
    SupplierMatchFactory(job=job, title="A shown", supplier_id="x", image_url=first.image_url, rank=41)
    response = page("?sort=rank&fold=1")
    assert titles_of(response) == ["A", "B", "C", "D", "E"]
    assert "2 equal offers" in text_of(response)
    assert titles_of(page(link(response, "2 equal offers")))[:3] == ["A", "A again", "A shown"]
    both = page("?sort=rank&fold=1&group=supplier")
    assert titles_of(both) == ["A", "B", "D"]
    assert "2 more of this supplier" in text_of(both) and "2 equal offers" in text_of(both)


def test_pages_count_rows_and_not_what_is_folded(page, job) -> None:
    SupplierMatchFactory.create_batch(130, job=job, supplier_id="many", supplier_name="Many", price=20)
    SupplierMatchFactory.create_batch(60, job=job, price=30)
    response = page("?group=supplier")
    assert "1–50 of 64" in text_of(response)
    together = titles_of(response) + titles_of(page("?group=supplier&page=2"))
    assert len(together) == len(set(together)) == 64
    many = page("?group=supplier&sort=price")
    opened = page(link(many, "129 more of this supplier"))
    assert opened.content.decode().count('class="member"') == 50, "the supplier's own link lists the others"


@pytest.mark.parametrize(
    "query", ["?open=x", "?open=0", f"?open={10**40}", "?open=1&open=1", "?group=colour", "?fold="]
)
def test_odd_addresses_are_the_usual_table(query, page) -> None:
    assert titles_of(page(query)) == titles_of(page())


def test_what_is_open_closes_when_something_else_changes(page) -> None:
    opened = page(link(page("?sort=price&group=supplier"), "2 more of this supplier"))
    side = opened.content.decode().partition('id="filters-form"')[2].partition("</form>")[0]
    assert 'name="open"' not in side


def test_an_export_has_the_folded_offers_too(alice, job, signed_in) -> None:
    exported = signed_in(alice).get(f"/searches/{job.pk}/export.csv?sort=price,-credit&group=supplier&fold=1")
    lines = exported.getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[3] for line in lines[1:6]] == ["C", "B", "D", "A", "E"]
