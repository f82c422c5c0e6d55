"""Cost profiles through their pages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from reckoning import references
from reckoning.models import CostProfile
from tests.factories import MembershipFactory
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory

TYPED = {
    "name": "By sea to Hamburg",
    "target_currency": "EUR",
    "freight_kind": "order",
    "freight_amount": "900",
    "freight_currency": "USD",
    "kg_per_piece": "",
    "duty_percent": "4.2",
    "duty_base": "cif",
    "agent_percent": "",
    "inspection_amount": "",
    "inspection_currency": "USD",
    "other_kind": "order",
    "other_amount": "",
    "other_currency": "USD",
    "notes": "",
}


@pytest.fixture
def by_air(team, alice, db) -> CostProfile:
    return CostProfileFactory(team=team, name="By air", created_by=alice, changed_by=alice)


@pytest.fixture
def a_rate(db):
    return ExchangeRateFactory()


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_making_one(alice, team, signed_in):
    response = signed_in(alice).post("/reckoning/new/", TYPED, follow=True)
    made = CostProfile.objects.get()
    assert response.redirect_chain == [(made.get_absolute_url(), 302)]
    assert (made.team, made.created_by, made.name, made.freight_amount) == (team, alice, "By sea to Hamburg", 900)
    assert (made.agent_percent, made.inspection_amount, made.kg_per_piece) == (0, 0, None)
    assert "is saved" in text_of(response)


def test_making_one_for_another_team(alice, team, charlies_team, signed_in):
    client = signed_in(alice)
    assert 'name="team"' not in text_of(client.get("/reckoning/new/"))
    client.post("/reckoning/new/", {**TYPED, "team": charlies_team.pk})
    assert CostProfile.objects.get().team == team
    MembershipFactory(user=alice, team=charlies_team)
    assert 'name="team"' in text_of(client.get("/reckoning/new/"))
    client.post("/reckoning/new/", {**TYPED, "team": charlies_team.pk})
    assert CostProfile.objects.filter(team=charlies_team).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("freight_amount", "１，２００．５", "1200.5"),
        ("freight_amount", "1,200.50", "1200.5"),
        ("freight_amount", " $900 ", "900"),
        ("duty_percent", "６.５％", "6.5"),
        ("kg_per_piece", "０．３５", "0.35"),
    ],
)
def test_numbers_as_people_type_them(alice, signed_in, field, typed, kept):
    signed_in(alice).post("/reckoning/new/", {**TYPED, field: typed})
    assert getattr(CostProfile.objects.get(), field) == Decimal(kept)


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("freight_amount", "-1", "greater than or equal to 0"),
        ("freight_amount", "0", "Give the amount"),
        ("freight_amount", "", "Give the amount"),
        ("freight_amount", "1,5", "Give a number"),
        ("freight_amount", "nan", "Give a number"),
        ("freight_amount", "1e9", "Give a number"),
        ("freight_amount", "١٢", "Give a number"),
        ("freight_amount", "9" * 5000, "Give a number|digits"),
        ("freight_amount", "99999999999", "digits"),
        ("freight_amount", "0.00001", "decimal places"),
        ("kg_per_piece", "0", "greater than or equal to"),
        ("duty_percent", "1000", "digits|less than"),
        ("agent_percent", "x", "Give a number"),
        ("target_currency", "XXX", "not one of the available"),
        ("freight_kind", "pigeon", "not one of the available"),
        ("name", "", "required"),
        ("name", "x" * 101, "at most 100"),
        ("notes", "x" * 2001, "at most 2000"),
        ("name", "a\0b", "Null characters"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(alice, signed_in, field, typed, error):
    page = signed_in(alice).post("/reckoning/new/", {**TYPED, field: typed}).content.decode()
    told = page.split(f'id="id_{field}_error"')[1].split("</ul>")[0]
    assert any(words in told for words in error.split("|"))
    assert not CostProfile.objects.exists()


@pytest.mark.parametrize("name", ["运费 😀 𠮷", "שילוח אווירי", "<b>By air</b>"])
def test_names_in_any_script(alice, signed_in, name):
    response = signed_in(alice).post("/reckoning/new/", {**TYPED, "name": name}, follow=True)
    assert CostProfile.objects.get().name == name
    assert "<b>By air</b>" not in response.content.decode()


def test_a_name_is_used_once_in_a_team(alice, by_air, signed_in):
    response = signed_in(alice).post("/reckoning/new/", {**TYPED, "name": " by  AIR "})
    assert "already has a cost profile" in text_of(response)
    # What it comes to is shown all the same.
    assert response.context["example"] is not None
    assert CostProfile.objects.count() == 1


def test_editing(alice, by_air, signed_in):
    client = signed_in(alice)
    page = client.get(f"/reckoning/{by_air.pk}/edit/").content.decode()
    assert 'value="6.5"' in page
    assert 'value="0.35"' in page
    client.post(f"/reckoning/{by_air.pk}/edit/", {**TYPED, "version": "1"})
    by_air.refresh_from_db()
    assert (by_air.name, by_air.target_currency, by_air.version, by_air.changed_by) == (
        "By sea to Hamburg",
        "EUR",
        2,
        alice,
    )


def test_the_second_of_two_editors_is_told(alice, bob, by_air, signed_in):
    signed_in(bob).post(f"/reckoning/{by_air.pk}/edit/", {**TYPED, "name": "Bob’s", "version": "1"})
    client = signed_in(alice)
    response = client.post(f"/reckoning/{by_air.pk}/edit/", {**TYPED, "name": "Alice’s", "version": "1"})
    assert "bob saved this" in text_of(response)
    assert 'value="Alice’s"' in response.content.decode()
    by_air.refresh_from_db()
    assert by_air.name == "Bob’s"
    version = response.context["form"]["version"].value()
    client.post(f"/reckoning/{by_air.pk}/edit/", {**TYPED, "name": "Alice’s", "version": version})
    by_air.refresh_from_db()
    assert (by_air.name, by_air.version) == ("Alice’s", 3)


def test_a_form_that_lost_its_version_overwrites_nothing(alice, by_air, signed_in):
    response = signed_in(alice).post(f"/reckoning/{by_air.pk}/edit/", TYPED)
    assert "saved this" in text_of(response)
    by_air.refresh_from_db()
    assert by_air.name == "By air"


def test_copying(alice, by_air, signed_in):
    client = signed_in(alice)
    page = client.get(f"/reckoning/new/?like={by_air.pk}").content.decode()
    assert 'value="By air (copy)"' in page
    assert 'value="2000"' in page
    for strange in ("999999", "x", "9" * 30, ""):
        assert client.get("/reckoning/new/", {"like": strange}).status_code == 200


def test_nothing_of_other_teams_is_copied(charlie, by_air, signed_in):
    assert "By air (copy)" not in signed_in(charlie).get(f"/reckoning/new/?like={by_air.pk}").content.decode()


def test_deleting_asks_and_names_what_is_lost(alice, by_air, signed_in):
    client = signed_in(alice)
    page = text_of(client.get(f"/reckoning/{by_air.pk}/delete/"))
    assert "$6.00 a kilogram × 0.35 kg" in page
    assert "6.5% of goods, freight and other costs" in page
    assert CostProfile.objects.exists()
    assert client.post(f"/reckoning/{by_air.pk}/delete/").url == "/reckoning/"
    assert not CostProfile.objects.exists()


@pytest.fixture
def a_saved_view():
    def teller(kept) -> list[str]:
        return [f"1 saved view: {kept.name}"]

    references.register(teller)
    yield
    references.unregister(teller)


def test_what_results_refer_to_is_archived(alice, by_air, signed_in, a_saved_view):
    client = signed_in(alice)
    assert "1 saved view: By air" in text_of(client.get(f"/reckoning/{by_air.pk}/delete/"))
    page = text_of(client.post(f"/reckoning/{by_air.pk}/delete/", follow=True))
    assert "is archived" in page
    assert "Bring back" in page
    assert not CostProfile.objects.current().exists()
    assert client.get(by_air.get_absolute_url()).status_code == 200
    client.post("/reckoning/new/", {**TYPED, "name": "By air"})
    refused = text_of(client.post(f"/reckoning/{by_air.pk}/restore/", follow=True))
    assert "stays archived" in refused
    CostProfile.objects.current().delete()
    client.post(f"/reckoning/{by_air.pk}/restore/")
    assert CostProfile.objects.current().get() == by_air


def test_deleted_by_another_while_open(alice, bob, by_air, signed_in):
    client = signed_in(alice)
    client.get(f"/reckoning/{by_air.pk}/edit/")
    signed_in(bob).post(f"/reckoning/{by_air.pk}/delete/")
    assert client.post(f"/reckoning/{by_air.pk}/edit/", {**TYPED, "version": "1"}).status_code == 404
    assert client.post(f"/reckoning/{by_air.pk}/delete/").status_code == 404


# The example


def test_the_example_shows_each_part(alice, by_air, a_rate, signed_in):
    page = text_of(signed_in(alice).get(by_air.get_absolute_url()))
    for part in ("$1.4000", "$700.00", "$2.1000", "$1,050.00", "$280.00", "$70.00", "$21.00", "$118.30", "$2,239.30"):
        assert part in page
    assert "1 CNY = 0.14 USD, rate of 2026-11-20" in page
    assert "the profile’s weight: 0.35 kg a piece" in page


def test_another_price_and_quantity(alice, by_air, a_rate, signed_in):
    client = signed_in(alice)
    response = client.get(by_air.get_absolute_url(), {"price": "２０", "quantity": "１，０００"})
    assert response.context["example"].lines[0].order == "$2,800.00"
    for wrong in ("0", "-5", "x", "9" * 30, "1.5", ""):
        response = client.get(by_air.get_absolute_url(), {"quantity": wrong})
        assert response.context["example"] is None
        assert "To be mended before it can be reckoned: Pieces." in text_of(response)


def test_without_a_rate_there_is_no_total(alice, by_air, signed_in):
    page = text_of(signed_in(alice).get(by_air.get_absolute_url()))
    assert "No landed cost: no exchange rate for the offer’s currency" in page
    assert "no rate CNY → USD" in page
    assert "not known" in text_of(signed_in(alice).get("/reckoning/"))


def test_live_beside_the_form(alice, signed_in, a_rate):
    client = signed_in(alice)
    typed = {**TYPED, "target_currency": "USD", "name": "", "price": "10", "quantity": "500"}
    response = client.get("/reckoning/example/", typed)
    assert response.context["example"].total.order == "$1,667.20"  # 700 + 900 + 4.2 % of both
    assert "<html" not in response.content.decode()
    wrong = client.get("/reckoning/example/", {**typed, "duty_percent": "lots"})
    assert "To be mended before it can be reckoned: Duty, %." in text_of(wrong)
    assert client.get("/reckoning/example/").status_code == 200
    assert not CostProfile.objects.exists()


# Who may


def test_strangers_find_nothing(charlie, loner, by_air, signed_in):
    for stranger in (charlie, loner):
        client = signed_in(stranger)
        for step in ("", "edit/", "delete/"):
            assert client.get(f"/reckoning/{by_air.pk}/{step}").status_code == 404
        for step in ("edit/", "delete/", "restore/"):
            assert client.post(f"/reckoning/{by_air.pk}/{step}", TYPED).status_code == 404
        assert "By air" not in client.get("/reckoning/").content.decode()
    assert "You are in no team yet" in signed_in(loner).get("/reckoning/").content.decode()


def test_viewers_read(vera, by_air, signed_in):
    client = signed_in(vera)
    assert "By air" in text_of(client.get("/reckoning/"))
    page = text_of(client.get(by_air.get_absolute_url()))
    assert "Edit" not in page
    for step in ("edit/", "delete/"):
        assert client.get(f"/reckoning/{by_air.pk}/{step}").status_code == 403
        assert client.post(f"/reckoning/{by_air.pk}/{step}", TYPED).status_code == 403
    assert client.post(f"/reckoning/{by_air.pk}/restore/").status_code == 403
    assert client.get("/reckoning/new/").status_code == 403
    assert "You are a viewer" in client.get("/reckoning/new/").content.decode()


def test_the_anonymous_sign_in(by_air, signed_in):
    for name in ("profiles", "weights-list", "rates", "profile-new", "profile-example"):
        assert "/sign-in/" in signed_in(None).get(reverse(f"reckoning:{name}")).url


def test_many_profiles_cost_the_same(alice, team, a_rate, signed_in, django_assert_num_queries):
    CostProfileFactory.create_batch(60, team=team)
    client = signed_in(alice)
    # Session, user, teams to edit, membership, count, rows, rates, archived, teams in the bar.
    with django_assert_num_queries(9):
        response = client.get("/reckoning/")
    assert len(response.context["profiles"]) == 50
    assert client.get("/reckoning/?page=2").context["page"].number == 2


def test_empty_says_how_to_begin(alice, vera, signed_in):
    assert "Write down once" in text_of(signed_in(alice).get("/reckoning/"))
    assert "New profile" not in text_of(signed_in(vera).get("/reckoning/"))
