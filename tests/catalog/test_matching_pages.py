"""The pages on which offers are looked for, for items: what it costs is said before, what came of it after."""

import re
from decimal import Decimal

import pytest

from batches.models import Batch
from catalog.models import Matching
from searches.marketplaces import CATALOG
from searches.models.credential import Credential
from searches.models.usage import CALLS, CallCount, china_day
from tests.catalog.stocked import stocked
from tests.factories import (
    MARKETPLACE,
    CredentialFactory,
    ItemFactory,
    SearchJobFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db
BULK = "/catalog/change/"


@pytest.fixture
def credential(db) -> Credential:
    return CredentialFactory(name="1688 Outdoor")


@pytest.fixture
def chosen(signed_in, alice, team):
    """`chosen(*items)`: what alice gets who ticks these items, or all, and asks for offers."""

    def choose(*items, user=None):
        ticked = {"entry": [item.pk for item in items]} if items else {"all": "1", "query": ""}
        return signed_in(user or alice).post(BULK, {"do": "match", "team": team.pk, "next": "/catalog/", **ticked})

    return choose


def ask(**fields) -> dict[str, object]:
    return {"marketplaces": [MARKETPLACE], "wanted": 50, "budget": "", "rights": "on", "begun": 0} | fields


def test_ticked_items_lead_to_what_finding_offers_for_them_costs(chosen, credential, team, signed_in, alice) -> None:
    stocked(team, views=1, seen=False)
    ticked = [stocked(team, views=1, seen=False), stocked(team, views=1, seen=False)]
    bare = ItemFactory(team=team, code="BARE")

    response = chosen(*ticked, bare)

    found = Matching.objects.get()
    assert response.url == f"/catalog/matchings/{found.pk}/"
    told = text_of(signed_in(alice).get(response.url))
    for text in (
        "Offers for 3 items",
        "2 items wait",
        "1 without a picture is left out",
        "BARE",
        "All that wait would need 2",
        "Started now 2 items Calls for that, at most 2",
    ):
        assert text in told
    assert "Our catalogue" not in told


def test_all_that_match_are_the_ones_of_the_table(chosen, credential, team) -> None:
    for _ in range(3):
        stocked(team, views=1, seen=False)

    chosen()

    assert Matching.objects.get().items.count() == 3


def test_an_item_s_page_leads_there_too(credential, team, signed_in, alice) -> None:
    item = stocked(team, views=1, seen=False, code="MUG-7")
    client = signed_in(alice)

    assert "Find offers for it" in text_of(client.get(f"/catalog/{item.pk}/"))
    response = client.post(f"/catalog/{item.pk}/match/")

    assert "Offers for MUG-7" in text_of(client.get(response.url))


def test_nothing_chosen_is_said_where_it_was_asked(chosen, credential, team, signed_in, alice) -> None:
    stocked(team, views=1, seen=False)
    response = signed_in(alice).post(BULK, {"do": "match", "team": team.pk, "next": "/catalog/"}, follow=True)

    assert "No item was chosen" in text_of(response)
    assert not Matching.objects.exists()


def test_what_it_costs_follows_the_form(chosen, credential, team, signed_in, alice) -> None:
    for _ in range(3):
        stocked(team, views=1, seen=False)
    url, client = chosen().url, signed_in(alice)
    asked = {"marketplaces": MARKETPLACE, "wanted": 200, "budget": 9}

    told = text_of(client.get(url, asked, headers={"HX-Request": "true"}))
    whole = text_of(client.get(url, asked))

    sums = (
        "Calls for each item, at most 4 All that wait would need 12 Budget 9 Started now 2 items "
        "Calls for that, at most 8 Left for later 1 item"
    )
    assert told == sums
    assert sums in whole


def test_the_calls_that_are_left_today_are_told(chosen, team, signed_in, alice) -> None:
    credential = CredentialFactory(calls_per_day=10)
    CallCount.objects.create(credential=credential, day=china_day(), outcome=CALLS, number=9)
    for _ in range(2):
        stocked(team, views=1, seen=False)

    told = text_of(signed_in(alice).get(chosen().url))

    assert "Left today at 1688 (MD5 gateway) 1 call" in told
    assert "Today’s calls at 1688 (MD5 gateway) are not enough" in told


def test_sent_it_begins_a_batch_that_leads_back(chosen, credential, team, signed_in, alice) -> None:
    item = stocked(team, views=1, seen=False, code="MUG-7")
    url, client = chosen().url, signed_in(alice)

    response = client.post(url, ask())

    batch = Batch.objects.get()
    assert response.url == batch.get_absolute_url()
    html = client.get(response.url).content.decode()
    assert f'href="{url}"' in html
    assert f'href="/catalog/{item.pk}/"' in html
    page = text_of(client.get(url))
    assert "1 item begun" in page
    assert "Start the searches" not in page


def test_the_rest_goes_on_from_the_same_page(chosen, credential, team, signed_in, alice) -> None:
    for code in ("A", "B", "C"):
        stocked(team, views=1, seen=False, code=code)
    url, client = chosen().url, signed_in(alice)
    client.post(url, ask(budget=2))

    page = client.get(url)
    assert "Go on with the others" in text_of(page)
    assert "1 item waits" in text_of(page)
    begun = re.search(r'name="begun" value="(\d+)"', page.content.decode())[1]
    client.post(url, ask(begun=begun))

    assert [batch.rows.count() for batch in Batch.objects.order_by("pk")] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rights": ""}, "Confirm that you may use these pictures"),
        ({"marketplaces": []}, "Choose at least one marketplace"),
        ({"marketplaces": [CATALOG]}, "Select a valid choice"),
        ({"budget": 0}, "greater than or equal to 1"),
        ({"wanted": 200, "budget": 3}, "One item needs 4 calls: the budget is below that."),
        ({"wanted": "many"}, "Select a valid choice"),
        ({"begun": 7}, "Meanwhile somebody began to look for offers here"),
    ],
)
def test_what_is_wrong_is_said_and_begins_nothing(chosen, credential, team, signed_in, alice, wrong, told) -> None:
    stocked(team, views=1, seen=False)

    response = signed_in(alice).post(chosen().url, ask(**wrong))

    assert told in text_of(response)
    assert not Batch.objects.exists()


def test_without_a_credential_it_is_said_what_is_lacking(chosen, team, signed_in, alice) -> None:
    stocked(team, views=1, seen=False)

    assert "Searching needs a credential" in text_of(signed_in(alice).get(chosen().url))


def test_each_item_stands_beside_the_cheapest_offer_of_the_same_product(
    chosen, credential, team, signed_in, alice
) -> None:
    item = stocked(team, views=1, seen=False, code="MUG-7", price=Decimal("10"))
    url, client = chosen().url, signed_in(alice)
    client.post(url, ask())
    job = SearchJobFactory(team=team, owner=alice, status="done")
    Batch.objects.get().rows.update(job=job, started=True, state="ready")
    offer = {"job": job, "currency": "CNY"}
    SupplierMatchFactory(**offer, price=Decimal("8"), similarity=0.85)
    SupplierMatchFactory(**offer, price=Decimal("7.5"), similarity=None, visual=0.9)
    SupplierMatchFactory(**offer, price=Decimal("1"), similarity=0.6)
    SupplierMatchFactory(
        **offer, price=Decimal("2"), similarity=None, visual=0.99, marketplace=CATALOG, offer_id=item.pk
    )

    told = text_of(client.get(url))

    assert "MUG-7" in told
    assert "¥10.00 ¥7.50 ¥2.50 below ours (25%) 2 offers" in told


def test_a_batch_s_row_says_what_the_team_has(signed_in, alice, team, chosen, credential) -> None:
    item = stocked(team, views=1, seen=False, code="MUG-7", price=Decimal("10"))
    signed_in(alice).post(chosen().url, ask())
    batch = Batch.objects.get()
    batch.marketplaces = [CATALOG, MARKETPLACE]
    batch.save()
    job = SearchJobFactory(team=team, owner=alice, status="done")
    batch.rows.update(job=job, started=True, state="ready")
    SupplierMatchFactory(job=job, marketplace=CATALOG, offer_id=item.pk, similarity=None, visual=0.9, price=1)
    SupplierMatchFactory(job=job, similarity=0.9, price=Decimal("12"))

    response = signed_in(alice).get(batch.get_absolute_url())

    assert "you have this: MUG-7" in text_of(response)
    # What the team has itself is no offer for it.
    assert "1 offer" in text_of(response)
    assert "¥12.00" in text_of(response)


def test_strangers_see_nothing_and_viewers_begin_nothing(
    chosen, credential, team, signed_in, alice, charlie, vera
) -> None:
    stocked(team, views=1, seen=False)
    url = chosen().url

    assert signed_in(charlie).get(url).status_code == 404
    assert signed_in(charlie).post(url, ask()).status_code == 404
    assert signed_in(vera).get(url).status_code == 200
    assert "Start the searches" not in text_of(signed_in(vera).get(url))
    assert signed_in(vera).post(url, ask()).status_code == 403
    assert chosen(user=vera).status_code == 403
    assert not Batch.objects.exists()


def test_they_are_found_again(chosen, credential, team, signed_in, alice, charlie) -> None:
    stocked(team, views=1, seen=False)
    chosen()

    assert "Offers for" in text_of(signed_in(alice).get("/catalog/matchings/"))
    assert "No offers were looked for yet" in text_of(signed_in(charlie).get("/catalog/matchings/"))
