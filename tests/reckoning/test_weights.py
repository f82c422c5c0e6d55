"""Score weights through their pages."""

import pytest
from django.db import IntegrityError, transaction

from reckoning.models import ScoreWeights
from reckoning.scoring import Weights
from tests.reckoning.making import ScoreWeightsFactory

TYPED = {
    "name": "Long-term",
    "price": "2",
    "similarity": "3",
    "credit": "5",
    "years": "5",
    "repurchase": "４",
    "delivery": "0",
}


@pytest.fixture
def steady(team, alice) -> ScoreWeights:
    return ScoreWeightsFactory(team=team, name="Steady", created_by=alice, changed_by=alice)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_making_some(alice, team, signed_in):
    response = signed_in(alice).post("/reckoning/weights/new/", TYPED)
    made = ScoreWeights.objects.get()
    assert response.url == made.get_absolute_url()
    assert (made.team, made.weights) == (team, Weights(2, 3, 5, 5, 4, 0))


def test_new_ones_begin_with_the_usual_weights(alice, signed_in):
    response = signed_in(alice).get("/reckoning/weights/new/")
    assert [field.value() for field in response.context["form"].criteria] == [5, 4, 3, 2, 3, 1]
    assert [supplier.score for supplier in response.context["judged"]] == [
        "59",
        "86",
        "88",
    ]  # (5 + 3.2 + 1.2 + 0.2 + 0.6 + ⅓) ÷ 18 for the first
    assert "50% of the weight is known" in text_of(response)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"price": "11"}, "less than or equal to 10"),
        ({"price": "-1"}, "greater than or equal to 0"),
        ({"price": "1.5"}, "decimal places"),
        ({"price": "many"}, "Give a number"),
        ({"price": ""}, "required"),
        (dict.fromkeys(TYPED, "0"), "at least one criterion"),
        ({"name": "steady"}, "already has weights"),
    ],
)
@pytest.mark.parametrize("step", ["new/", "{pk}/edit/"])
def test_what_is_wrong_is_told(alice, team, steady, signed_in, typed, error, step):
    other = ScoreWeightsFactory(team=team, name="Other")
    response = signed_in(alice).post(
        f"/reckoning/weights/{step.format(pk=other.pk)}", {**TYPED, "version": "1", **typed}
    )
    assert error in text_of(response)
    assert set(ScoreWeights.objects.values_list("name", flat=True)) == {"Steady", "Other"}


def test_editing_and_who_was_quicker(alice, bob, steady, signed_in):
    address = f"/reckoning/weights/{steady.pk}/edit/"
    signed_in(bob).post(address, {**TYPED, "name": "Bob’s", "version": "1"})
    response = signed_in(alice).post(address, {**TYPED, "name": "Alice’s", "version": "1"})
    assert "bob saved this" in text_of(response)
    steady.refresh_from_db()
    assert (steady.name, steady.version, steady.weights.credit) == ("Bob’s", 2, 5)


def test_copying(alice, charlie, steady, signed_in):
    assert 'value="Steady (copy)"' in text_of(signed_in(alice).get(f"/reckoning/weights/new/?like={steady.pk}"))
    assert "Steady" not in text_of(signed_in(charlie).get(f"/reckoning/weights/new/?like={steady.pk}"))


def test_one_default_a_team(alice, team, steady, signed_in):
    other = ScoreWeightsFactory(team=team, is_default=True)
    elsewhere = ScoreWeightsFactory(is_default=True)
    client = signed_in(alice)
    client.post(f"/reckoning/weights/{steady.pk}/default/", {"default": "yes"})
    assert set(ScoreWeights.objects.filter(is_default=True)) == {steady, elsewhere}
    client.post(f"/reckoning/weights/{steady.pk}/default/", {"default": "no"})
    assert set(ScoreWeights.objects.filter(is_default=True)) == {elsewhere}
    assert other.pk in ScoreWeights.objects.values_list("pk", flat=True)


def test_deleting_asks_and_names_what_is_lost(alice, steady, signed_in):
    ScoreWeights.objects.update(is_default=True)
    client = signed_in(alice)
    page = text_of(client.get(f"/reckoning/weights/{steady.pk}/delete/"))
    assert "Price 5, Similarity 4, Credit 3, Years 2, Repurchased 3, Delivery 1" in page
    assert "the team’s default" in page
    client.post(f"/reckoning/weights/{steady.pk}/delete/")
    assert not ScoreWeights.objects.exists()


def test_live_beside_the_form(alice, signed_in):
    client = signed_in(alice)
    only_price = {**dict.fromkeys(TYPED, "0"), "price": "1"}
    response = client.get("/reckoning/weights/example/", only_price)
    assert [supplier.score for supplier in response.context["judged"]] == ["100", "67", "89"]
    assert [share.percent for share in response.context["shares"]] == [100, 0, 0, 0, 0, 0]
    assert "To be mended before it can be reckoned: Price." in text_of(
        client.get("/reckoning/weights/example/", {**only_price, "price": "x"})
    )
    nothing = client.get("/reckoning/weights/example/", dict.fromkeys(TYPED, "0"))
    assert "Give at least one criterion a weight." in text_of(nothing)


def test_who_may(vera, charlie, steady, signed_in):
    reading, strange = signed_in(vera), signed_in(charlie)
    assert "Steady" in text_of(reading.get("/reckoning/weights/"))
    assert reading.get(steady.get_absolute_url()).status_code == 200
    assert strange.get(steady.get_absolute_url()).status_code == 404
    assert "Steady" not in text_of(strange.get("/reckoning/weights/"))
    for step in ("edit/", "delete/", "default/"):
        assert reading.post(f"/reckoning/weights/{steady.pk}/{step}", TYPED).status_code == 403
        assert strange.post(f"/reckoning/weights/{steady.pk}/{step}", TYPED).status_code == 404
    assert reading.get("/reckoning/weights/new/").status_code == 403


def test_empty_says_what_is_used_until_then(alice, signed_in):
    assert "price 5, similarity 4" in text_of(signed_in(alice).get("/reckoning/weights/"))


@pytest.mark.parametrize("wrong", [dict.fromkeys(list(TYPED)[1:], 0), {"price": 11}])
def test_the_database_refuses_what_are_no_weights(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreWeightsFactory(**wrong)
