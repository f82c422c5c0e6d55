"""Exchange rates in the administration: by hand and by file."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from reckoning.models import ExchangeRate
from tests.factories import UserFactory
from tests.reckoning.making import FRIDAY, ExchangeRateFactory

LIST = "/admin/reckoning/exchangerate/"
UPLOAD = f"{LIST}upload/"
HEAD = "from,to,rate,date,source\n"


@pytest.fixture
def admin(db):
    return UserFactory(username="admin", is_superuser=True, is_staff=True)


@pytest.fixture
def client(admin, signed_in):
    return signed_in(admin)


def shown(client, text):
    data = text.encode() if isinstance(text, str) else text
    return client.post(UPLOAD, {"file": SimpleUploadedFile("rates.csv", data, content_type="text/csv")})


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_file_changes_nothing_before_it_is_confirmed(client, admin):
    ExchangeRateFactory(rate=Decimal("0.14"))
    ExchangeRateFactory(source="GBP", target="CNY", rate=Decimal(9))
    response = shown(
        client,
        HEAD
        + "CNY,USD,0.15,2026-11-20,BOC\nCNY,USD,0.151,2026-11-21,BOC\nGBP,CNY,9,2026-11-20,BOC\nEUR,CNY,x,2026-11-20\n",
    )
    page = text_of(response)
    for words in (
        "1 new rate<",
        "1 takes the place",
        "1 is already there",
        "1 cannot be read",
        "Line 5: “x” is no rate",
    ):
        assert words in page
    assert ExchangeRate.objects.count() == 2
    assert not LogEntry.objects.exists()
    taken = client.post(UPLOAD, {"confirmed": response.context["confirmed"]}, follow=True)
    assert "1 rate added, 1 changed." in text_of(taken)
    assert ExchangeRate.objects.get(source="CNY", valid_on=FRIDAY).rate == Decimal("0.15")
    tomorrow = ExchangeRate.objects.get(valid_on=FRIDAY + timedelta(days=1))
    assert (tomorrow.rate, tomorrow.note, tomorrow.added_by) == (Decimal("0.151"), "BOC", admin)
    entries = {entry.action_flag: entry for entry in LogEntry.objects.all()}
    assert entries[CHANGE].change_message == "Uploaded with rates.csv, line 2: 0.14 → 0.15."
    assert entries[ADDITION].change_message == "Uploaded with rates.csv, line 3: 0.151."
    assert entries[ADDITION].object_id == str(tomorrow.pk)
    assert {entry.user for entry in LogEntry.objects.all()} == {admin}


def test_confirming_twice_changes_nothing_more(client):
    confirmed = shown(client, HEAD + "CNY,USD,0.15,2026-11-20\n").context["confirmed"]
    client.post(UPLOAD, {"confirmed": confirmed})
    assert "0 rates added, 0 changed." in text_of(client.post(UPLOAD, {"confirmed": confirmed}, follow=True))
    assert LogEntry.objects.count() == 1


def test_a_rate_the_wrong_way_round_stands_out(client):
    ExchangeRateFactory(rate=Decimal("0.14"))
    response = shown(client, HEAD + "EUR,CNY,8,2026-11-21\nCNY,USD,0.13,2026-11-21\nCNY,USD,7.1,2026-11-22\n")
    assert [(row["line"], row["leap"]) for row in response.context["rows"]] == [(4, "+4971%"), (2, ""), (3, "")]
    assert "more than 20% from the one before" in text_of(response)


def test_five_thousand_rates(client, django_assert_max_num_queries):
    lines = [f"CNY,USD,{7 + number / 10_000:.4f},{FRIDAY - timedelta(days=number)}" for number in range(5000)]
    response = shown(client, HEAD + "\n".join(lines))
    assert len(response.context["rows"]) == 200
    assert "and 4800 more" in text_of(response)
    with django_assert_max_num_queries(100):
        client.post(UPLOAD, {"confirmed": response.context["confirmed"]})
    assert ExchangeRate.objects.count() == LogEntry.objects.count() == 5000


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "The file is empty"), (b"\x89PNG\r\n\0", "no text file"), (b"a,b\n1,2", "has to name the columns")],
)
def test_a_file_that_is_none(client, data, words):
    assert words in text_of(shown(client, data))


def test_no_file_at_all(client):
    assert "This field is required" in text_of(client.post(UPLOAD, {}))
    assert "源币种" in text_of(client.get(UPLOAD))


def test_nothing_to_take(client):
    response = shown(client, HEAD + "CNY,USD,0,2026-11-20\n")
    assert "There is nothing to take" in text_of(response)
    assert response.context["confirmed"] == ""


@pytest.mark.parametrize("confirmed", ["", "x", "eyJ:1:x"])
def test_what_was_not_shown_is_not_taken(client, confirmed):
    page = text_of(client.post(UPLOAD, {"confirmed": confirmed}, follow=True))
    assert "Choose the file again" in page
    assert not ExchangeRate.objects.exists()


def test_by_hand(client, admin):
    typed = {"source": "ｃｎｙ", "target": " usd ", "rate": "０．１４", "valid_on": "2026-11-20", "note": "BOC"}
    client.post(f"{LIST}add/", typed)
    rate = ExchangeRate.objects.get()
    assert (rate.source, rate.target, rate.rate, rate.added_by) == ("CNY", "USD", Decimal("0.14"), admin)
    client.post(f"{LIST}{rate.pk}/change/", {**typed, "source": "CNY", "target": "USD", "rate": "0.15"})
    rate.refresh_from_db()
    assert rate.rate == Decimal("0.15")
    messages = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert messages == ["Added: CNY → USD 0.14 (2026-11-20).", "Changed rate: 0.14 → 0.15."]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"source": "YUAN"}, "three letters"),
        ({"target": "CNY"}, "two different currencies"),
        ({"rate": "0"}, "greater than or equal"),
        ({"rate": "-1"}, "greater than or equal"),
        ({"rate": "much"}, "Give a number"),
        ({"rate": "0.123456789"}, "decimal places"),
        ({"valid_on": "soon"}, "valid date"),
        ({"note": "x" * 201}, "at most 200"),
        ({}, "a rate of this pair for this day already"),
    ],
)
def test_what_is_wrong_is_told(client, wrong, words):
    ExchangeRateFactory()
    typed = {"source": "CNY", "target": "USD", "rate": "0.14", "valid_on": "2026-11-20", "note": "", **wrong}
    assert words in text_of(client.post(f"{LIST}add/", typed))
    assert ExchangeRate.objects.count() == 1


def test_the_list_and_its_filters(client, django_assert_max_num_queries):
    ExchangeRateFactory.create_batch(1)
    for number in range(20):
        ExchangeRateFactory(source="EUR", target="CNY", valid_on=FRIDAY - timedelta(days=number))
    with django_assert_max_num_queries(14):
        page = text_of(client.get(LIST))
    assert "Upload a CSV file" in page
    assert "EUR → CNY" in page
    filtered = text_of(client.get(LIST, {"source__exact": "CNY"}))
    assert "EUR → CNY" not in filtered
    assert "CNY → USD" in filtered


def test_administrators_only(alice, bob, signed_in):
    alice.is_staff = True
    alice.save()
    for user in (alice, bob, None):
        client = signed_in(user)
        for address in (LIST, UPLOAD, f"{LIST}add/"):
            assert client.get(address).status_code in (302, 403)
            assert client.post(address).status_code in (302, 403)


# The page for everybody


def test_everybody_sees_the_rates_of_today(vera, signed_in):
    ExchangeRateFactory(valid_on=FRIDAY - timedelta(days=400), rate=Decimal("0.12"))
    ExchangeRateFactory(valid_on=FRIDAY - timedelta(days=300), rate=Decimal("0.13"))
    page = text_of(signed_in(vera).get("/reckoning/rates/"))
    assert "0.13" in page
    assert "0.12" not in page
    assert "old" in page
    assert "Enter rates" not in page


def test_no_rates_yet(alice, client, signed_in):
    assert "never guessed" in text_of(signed_in(alice).get("/reckoning/rates/"))
    assert "Enter rates" in text_of(client.get("/reckoning/rates/"))
