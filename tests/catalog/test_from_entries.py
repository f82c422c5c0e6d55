"""From a decided entry of a supplier list to an item, in one click."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import Item
from suppliers.models import KeptPicture, ListEntry, Stage, Status
from tests.factories import (
    ItemFactory,
    ListEntryFactory,
    QueryImageFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.searches.pages import photo, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(team, alice) -> ListEntry:
    spring = SupplierListFactory(team=team, owner=alice, name="Spring bags")
    return ListEntryFactory(
        supplier_list=spring, status=Status.CHOSEN, tiers=[[2, "24.8"], [100, "22.5"]], note="asked twice"
    )


def keep(entry: ListEntry, data: bytes) -> None:
    name = default_storage.save("kept/aa/offer.jpg", ContentFile(data))
    entry.picture = KeptPicture.objects.create(
        team=entry.supplier_list.team, address=entry.image_url, state=KeptPicture.State.KEPT, file_name=name
    )
    entry.save()


def test_one_click_makes_an_item_of_what_was_kept(alice, team, entry, signed_in):
    keep(entry, photo("red"))
    client = signed_in(alice)
    page = client.get(entry.get_absolute_url()).content.decode()
    assert f'action="/catalog/entries/{entry.pk}/"' in page and "Add to our catalogue" in page
    response = client.post(f"/catalog/entries/{entry.pk}/", follow=True)
    item = Item.objects.get()
    assert response.redirect_chain[-1][0] == f"/catalog/{item.pk}/"
    assert f"in your catalogue as “{entry.offer_id}”" in text_of(response)
    assert (item.team, item.code, item.name, item.supplier_name) == (
        team, entry.offer_id, entry.title, entry.supplier_name,
    )  # fmt: skip
    assert (item.price, item.currency, item.moq, item.tiers) == (entry.price, "CNY", 50, entry.tiers)
    assert (item.url, item.marketplace, item.offer_id) == (entry.url, entry.marketplace, entry.offer_id)
    assert item.notes == "asked twice" and item.pictures.count() == 1


def test_a_second_click_leads_to_the_same_item(alice, entry, signed_in):
    client = signed_in(alice)
    for _ in range(2):
        response = client.post(f"/catalog/entries/{entry.pk}/", follow=True)
    item = Item.objects.get()
    assert "has this offer already" in text_of(response)
    page = client.get(entry.get_absolute_url())
    assert f"In our catalogue: {item.code}" in text_of(page) and item.get_absolute_url() in page.content.decode()
    assert "Add to our catalogue" not in text_of(page)


def test_without_a_kept_picture_the_photo_stands_for_it(alice, team, entry, signed_in):
    entry.query_image = QueryImageFactory(team=team, data=photo("navy", size=(900, 900)))
    entry.save()
    signed_in(alice).post(f"/catalog/entries/{entry.pk}/")
    assert Item.objects.get().pictures.get().width == 800


@pytest.mark.parametrize("data", [None, b"no picture"])
def test_without_any_picture_it_says_so(alice, entry, signed_in, data):
    if data:
        keep(entry, data)
    text = text_of(signed_in(alice).post(f"/catalog/entries/{entry.pk}/", follow=True))
    assert "without a picture: add one" in text and Item.objects.get().pictures.count() == 0


def test_a_products_own_code_is_proposed_and_a_taken_one_gets_a_number(alice, team, entry, signed_in):
    from batches.models import Batch, BatchRow

    job = SearchJobFactory(team=team)
    batch = Batch.objects.create(team=team, owner=alice, title="Spring")
    BatchRow.objects.create(batch=batch, number=1, code="OWN-7", name="bag", job=job)
    entry.source_match = SupplierMatchFactory(job=job)
    entry.save()
    ItemFactory(team=team, code="OWN-7")
    signed_in(alice).post(f"/catalog/entries/{entry.pk}/")
    assert Item.objects.filter(code="OWN-7-2", offer_id=entry.offer_id).exists()


@pytest.mark.parametrize(
    ("status", "stage", "offered"),
    [
        (Status.CHOSEN, Stage.NONE, True),
        (Status.CANDIDATE, Stage.APPROVED, True),
        (Status.CANDIDATE, Stage.NONE, False),
        (Status.SAMPLE_APPROVED, Stage.PROPOSED, False),
    ],
)
def test_only_what_is_decided_for_becomes_an_item(alice, entry, signed_in, status, stage, offered):
    ListEntry.objects.update(status=status, stage=stage)
    client = signed_in(alice)
    assert ("Add to our catalogue" in text_of(client.get(entry.get_absolute_url()))) is offered
    text = text_of(client.post(f"/catalog/entries/{entry.pk}/", follow=True))
    assert ("Only an offer that is chosen or approved" in text) is not offered
    assert Item.objects.exists() is offered


@pytest.mark.parametrize(("name", "status"), [("vera", 403), ("charlie", 404), ("loner", 404)])
def test_nobody_else_does_it(name, status, entry, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    assert client.post(f"/catalog/entries/{entry.pk}/").status_code == status
    assert client.get(f"/catalog/entries/{entry.pk}/").status_code == 405 and not Item.objects.exists()


def test_a_viewer_is_not_offered_the_button(vera, entry, signed_in):
    assert "Add to our catalogue" not in text_of(signed_in(vera).get(entry.get_absolute_url()))
