"""Decision packs of searches and lists: all that somebody needs who was not there, and nobody else’s business."""

from datetime import date
from decimal import Decimal

import pytest

from reckoning.models import CostProfile, ExchangeRate
from searches.models import SupplierMatch
from searches.packs import MOST_OFFERS
from suppliers.models import Approval, EntryEvent, ListEntry, SupplierList
from tests.factories import (
    NOON,
    CredentialFactory,
    ListEntryFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(team) -> CostProfile:
    ExchangeRate.objects.create(source="CNY", target="USD", rate=Decimal("0.14"), valid_on=date(2026, 11, 20))
    return CostProfile.objects.create(team=team, name="Sea, Hamburg", target_currency="USD", duty_percent=10)


@pytest.fixture
def job(alice, team):
    CredentialFactory()
    made = SearchJobFactory(team=team, owner=alice, title="Duffle bags")
    SearchCallFactory(job=made, credential=None)
    for number in range(1, 4):
        tiers = [[1, str(10 * number)], [500, str(9 * number)]]
        SupplierMatchFactory(job=made, title=f"包 {number}", rank=number, price=Decimal(10 * number), tiers=tiers)
    return made


@pytest.fixture
def kept(alice, bob, team) -> SupplierList:
    made = SupplierListFactory(team=team, owner=alice, name="Spring bags")
    entry = ListEntryFactory(
        supplier_list=made,
        added_by=alice,
        title="包 1",
        price=Decimal(20),
        target_quantity=500,
        target_price=Decimal("18.5"),
        status="chosen",
        stage="approved",
        note="Ask for <b>samples</b>",
        query_image=QueryImageFactory(team=team),
    )
    Approval.objects.create(
        entry=entry,
        state="approved",
        proposed_by=alice,
        proposal="Best of five",
        decided_by=bob,
        decided_at=NOON,
        answer="Go ahead",
    )
    EntryEvent.objects.create(entry=entry, who=alice, what="status", before="candidate", after="chosen")
    ListEntryFactory(supplier_list=made, title="包 2", status="rejected", reason="late samples")
    return made


# Of a search


def test_the_chosen_offers_with_all_that_counts(job, profile, alice, signed_in) -> None:
    first = job.matches.get(rank=1)
    page = signed_in(alice).get(f"/searches/{job.pk}/pack/?match={first.pk}&quantity=500&costs={profile.pk}")
    text = text_of(page)
    for words in ("Duffle bags", "Outdoor", "alice", "包 1", "¥10.00", "¥9.00 from 500", "Price at 500", "¥4,500.00"):
        assert words in text, words
    # 9 × 0.14, its duty, and both.
    for words in ("$1.2600", "$0.1260", "$1.3860", "Sea, Hamburg", "rate of 2026-11-20", "数据来源：1688"):
        assert words in text, words
    assert "包 2" not in text
    assert f'src="/searches/pictures/{job.photos[0].pk}/thumb/"' in page.content.decode()


def test_those_of_an_address_stay_in_its_order(job, alice, signed_in) -> None:
    ids = [job.matches.get(rank=rank).pk for rank in (2, 3, 1)]
    text = text_of(signed_in(alice).get(f"/searches/{job.pk}/pack/?" + "&".join(f"match={pk}" for pk in ids)))
    assert text.index("包 2") < text.index("包 3") < text.index("包 1")


def test_a_trays_form_becomes_an_address(job, alice, signed_in) -> None:
    ids = [str(pk) for pk in job.matches.values_list("pk", flat=True)]
    answer = signed_in(alice).post(f"/searches/{job.pk}/pack/?quantity=500", {"match": [*ids, "x"]})
    assert answer.url == f"/searches/{job.pk}/pack/?quantity=500&" + "&".join(f"match={pk}" for pk in ids)


def test_an_empty_choice_is_said(job, alice, signed_in) -> None:
    answer = signed_in(alice).post(f"/searches/{job.pk}/pack/", follow=True)
    assert "by their boxes first" in text_of(answer)


def test_what_is_missing_is_said_and_never_zero(job, profile, alice, signed_in) -> None:
    SupplierMatch.objects.update(price=None, tiers=[], moq=None)
    text = text_of(signed_in(alice).get(f"/searches/{job.pk}/pack/?quantity=500&costs={profile.pk}"))
    assert "no price at this quantity" in text
    assert "$0.00" not in text


def test_without_a_choice_the_first_of_the_view_and_how_many_more(job, alice, signed_in) -> None:
    for _number in range(MOST_OFFERS):
        SupplierMatchFactory(job=job)
    text = text_of(signed_in(alice).get(f"/searches/{job.pk}/pack/"))
    assert "3 more are not here" in text


def test_what_the_team_decided_is_told_to_those_who_see_it(job, team, alice, vera, signed_in) -> None:
    first = job.matches.get(rank=1)
    mine = SupplierListFactory(team=team, owner=alice, name="Mine", audience="private")
    same = {"marketplace": first.marketplace, "offer_id": first.offer_id}
    ListEntryFactory(supplier_list=mine, status="rejected", reason="late samples", **same)
    assert "late samples" in text_of(signed_in(alice).get(f"/searches/{job.pk}/pack/"))
    assert "late samples" not in text_of(signed_in(vera).get(f"/searches/{job.pk}/pack/"))


def test_nothing_left_is_said(job, alice, signed_in) -> None:
    job.matches.all().delete()
    assert "no offer to decide about" in text_of(signed_in(alice).get(f"/searches/{job.pk}/pack/?match=1"))


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("vera", 200), ("charlie", 404), ("loner", 404)]
)
def test_who_reaches_a_searchs(name, status, job, request, signed_in) -> None:
    assert signed_in(request.getfixturevalue(name)).get(f"/searches/{job.pk}/pack/").status_code == status


# Of a list


def test_a_list_with_who_decided_what(kept, profile, alice, signed_in) -> None:
    page = signed_in(alice).get(f"/lists/{kept.pk}/pack/?costs={profile.pk}&sort=status")
    text = text_of(page)
    for words in ("Spring bags", "Supplier list", "chosen · approved", "Proposed by alice", "“Best of five”"):
        assert words in text, words
    for words in ("Approved by bob", "“Go ahead”", "changed status: candidate → chosen", "Target price: ¥18.50"):
        assert words in text, words
    # At the entry's own quantity.
    assert "Price at 500" in text
    assert "$3.0800" in text
    assert "late samples" in text
    assert "<b>samples" not in page.content.decode()


def test_the_quantity_of_the_address_counts_for_all(kept, profile, alice, signed_in) -> None:
    text = text_of(signed_in(alice).get(f"/lists/{kept.pk}/pack/?quantity=５００&costs={profile.pk}"))
    assert text.count("Landed, a piece") == 2


@pytest.mark.parametrize("query", ["?quantity=0", "?quantity=x", "?costs=9999", "?costs=x", "?quantity=9e9"])
def test_what_cannot_be_read_has_no_effect(query, kept, alice, signed_in) -> None:
    page = signed_in(alice).get(f"/lists/{kept.pk}/pack/{query}")
    assert page.status_code == 200
    assert "包 2" in text_of(page)


def test_narrowed_as_its_page(kept, alice, signed_in) -> None:
    text = text_of(signed_in(alice).get(f"/lists/{kept.pk}/pack/?status=chosen"))
    assert ("包 1" in text, "包 2" in text) == (True, False)


def test_a_long_list_says_what_is_not_here(kept, alice, signed_in, django_assert_max_num_queries) -> None:
    for _number in range(MOST_OFFERS + 5):
        ListEntryFactory(supplier_list=kept)
    client = signed_in(alice)
    with django_assert_max_num_queries(30):
        page = client.get(f"/lists/{kept.pk}/pack/")
    assert "7 more are not here" in text_of(page)


def test_a_private_profile_of_another_team_is_not_reckoned_with(kept, charlies_team, alice, signed_in) -> None:
    theirs = CostProfile.objects.create(team=charlies_team, name="Theirs", target_currency="USD")
    assert "Theirs" not in text_of(signed_in(alice).get(f"/lists/{kept.pk}/pack/?costs={theirs.pk}"))


@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("bob", 404), ("vera", 404), ("charlie", 404)])
def test_who_reaches_a_lists(name, status, kept, request, signed_in) -> None:
    SupplierList.objects.update(audience="private")
    assert signed_in(request.getfixturevalue(name)).get(f"/lists/{kept.pk}/pack/").status_code == status


def test_texts_of_every_kind(kept, alice, signed_in) -> None:
    ListEntry.objects.update(title="😀 \u202eتجارة <script>", supplier_name='"><img src=x>')
    page = signed_in(alice).get(f"/lists/{kept.pk}/pack/").content.decode()
    assert "<script>" not in page.replace('<script type="module"', "").replace("<script src", "")
    assert "&lt;script&gt;" in page
    assert '"><img src=x>' not in page
