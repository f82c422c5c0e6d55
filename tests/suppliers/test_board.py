"""The same list as a board, and as a table with filters; five thousand entries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from suppliers.actions import change_entry
from suppliers.board import CARDS_A_COLUMN
from suppliers.models import ListEntry, Stage, tags_text
from tests.factories import NOON, ListEntryFactory
from tests.searches.pages import text_of


def move(client, entry, version=1, **data):
    step = f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/move/"
    return client.post(step, {"version": version, "next": "/lists/", **data})


def test_a_column_for_each_status(alice, spring, entry, signed_in):
    ListEntryFactory(supplier_list=spring, status="rejected", reason="late samples")
    columns = signed_in(alice).get(f"/lists/{spring.pk}/board/").context["columns"]
    assert [column.status for column in columns] == [
        "candidate", "contacted", "sample-ordered", "sample-approved", "chosen", "rejected",
    ]  # fmt: skip
    assert [column.number for column in columns] == [1, 0, 0, 0, 0, 1]
    assert columns[5].cards[0].decision.reason == "late samples"


def test_moving_a_card(alice, entry, signed_in):
    client = signed_in(alice)
    assert move(client, entry, status="contacted").url == "/lists/"
    entry.refresh_from_db()
    assert (entry.status, entry.version) == ("contacted", 2)
    assert "“大容量旅行包” is now: contacted." in text_of(client.get("/lists/"))


def test_moving_to_rejected_asks_why(alice, entry, signed_in):
    client = signed_in(alice)
    asked = move(client, entry, status="rejected")
    assert "Why is it rejected?" in text_of(asked)
    entry.refresh_from_db()
    assert entry.status == "candidate"
    move(client, entry, status="rejected", reason="MOQ too high")
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == ("rejected", "MOQ too high")


def test_moving_what_somebody_moved_meanwhile_shows_both(alice, bob, entry, signed_in):
    change_entry(user=bob, entry=entry, version=1, status="chosen")
    answer = move(signed_in(alice), entry, status="contacted")
    assert answer.status_code == 409
    assert "status differs chosen contacted" in text_of(answer)
    entry.refresh_from_db()
    assert entry.status == "chosen"


def test_moving_what_is_approved_is_refused_in_words(alice, entry, signed_in):
    ListEntry.objects.update(stage=Stage.APPROVED)
    client = signed_in(alice)
    move(client, entry, status="contacted")
    assert "only a lead changes it, by withdrawing the approval" in text_of(client.get("/lists/"))


@pytest.mark.parametrize("status", ["", "lost", "x" * 5000])
def test_what_is_no_status(alice, entry, status, signed_in):
    client = signed_in(alice)
    move(client, entry, status=status)
    assert "That is no status" in text_of(client.get("/lists/"))


def test_the_way_back_stays_here(alice, entry, signed_in):
    step = f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/move/"
    answer = signed_in(alice).post(step, {"version": 1, "status": "chosen", "next": "https://evil.example/"})
    assert answer.url == f"/lists/{entry.supplier_list_id}/board/"


@pytest.fixture
def various(spring, alice, bob) -> None:
    today = timezone.localdate()
    for title, columns in {
        "a": {"assignee": alice, "due_on": today - timedelta(days=1), "tags": tags_text(["spring", "50%"])},
        "b": {"assignee": bob, "due_on": today + timedelta(days=3), "status": "contacted"},
        "c": {"due_on": today + timedelta(days=30), "stage": "proposed", "status": "chosen"},
        "d": {
            "status": "rejected",
            "reason": "late",
            "due_on": today - timedelta(days=9),
            "tags": tags_text(["Springs"]),
        },
    }.items():
        ListEntryFactory(supplier_list=spring, title=title, added_at=NOON, **columns)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("who=me", "a"),
        ("who=nobody", "cd"),
        ("tag=spring", "a"),
        ("tag=50%25", "a"),
        ("tag=%", ""),
        ("due=overdue", "a"),
        ("due=soon", "b"),
        ("due=later", "c"),
        ("due=none", ""),
        ("stage=proposed", "c"),
        ("status=contacted&status=rejected", "bd"),
        ("status=rejected&who=me", ""),
        ("status=lost&due=never&stage=x&who=x", "abcd"),
        ("who=99999999999999999999", "abcd"),
        ("tag=" + "x" * 3000, ""),
        ("q=a&status=candidate", "a"),
    ],
)
@pytest.mark.parametrize("form", ["", "board/"])
def test_narrowed_by_the_address_in_both_forms(alice, spring, various, query, found, form, signed_in):
    context = signed_in(alice).get(f"/lists/{spring.pk}/{form}?{query}&sort=title").context
    rows = [card for column in context["columns"] for card in column.cards] if form else context["rows"]
    assert "".join(sorted(row.title for row in rows)) == found


def test_who_is_chosen_by_id(alice, bob, spring, various, signed_in):
    response = signed_in(alice).get(f"/lists/{spring.pk}/?who={bob.pk}")
    assert [row.title for row in response.context["rows"]] == ["b"]
    assert [chip.label for chip in response.context["chips"]] == ["bob"]


def test_statuses_are_counted_without_themselves(alice, spring, various, signed_in):
    context = signed_in(alice).get(f"/lists/{spring.pk}/?status=chosen&who=nobody").context
    assert {choice.value: choice.number for choice in context["statuses"] if choice.number} == {
        "chosen": 1, "rejected": 1,
    }  # fmt: skip


def test_nothing_like_that_is_said(alice, spring, entry, signed_in):
    assert "Nothing on this list is like that" in text_of(signed_in(alice).get(f"/lists/{spring.pk}/?who=me"))


@pytest.fixture
def five_thousand(spring, alice) -> None:
    statuses = ["candidate", "contacted", "sample-ordered", "chosen"]
    ListEntry.objects.bulk_create(
        (
            ListEntryFactory.build(
                supplier_list=spring, added_by=alice, status=statuses[number % 4], added_at=NOON, offer_id=str(number),
                target_quantity=number + 1, assignee=alice if number % 2 else None,
            )
            for number in range(5000)
        ),
        batch_size=500,
    )  # fmt: skip


def test_five_thousand_entries(alice, spring, five_thousand, signed_in, django_assert_max_num_queries):
    client = signed_in(alice)
    with django_assert_max_num_queries(12):
        table = client.get(f"/lists/{spring.pk}/?sort=-quantity&status=chosen")
    assert [row.decision.quantity for row in table.context["rows"]][:2] == ["5,000", "4,996"]
    assert table.context["page"].paginator.count == 1250
    with django_assert_max_num_queries(9):
        board = client.get(f"/lists/{spring.pk}/board/")
    assert [len(column.cards) for column in board.context["columns"][:2]] == [CARDS_A_COLUMN] * 2
    assert "Show all 1,250 in the table" in text_of(board)
    assert f'href="/lists/{spring.pk}/?status=candidate"' in board.content.decode()


@pytest.fixture
def bar(spring) -> str:
    return f"/lists/{spring.pk}/change/"


def test_many_are_changed_and_the_page_is_kept(alice, bob, spring, entry, bar, signed_in):
    other = ListEntryFactory(supplier_list=spring, title="登山包")
    change_entry(user=bob, entry=other, version=1, note="mine")
    client = signed_in(alice)
    data = {
        "entry": [f"{entry.pk}.1", f"{other.pk}.1"], "do": "change", "status": "contacted", "assignee": str(bob.pk),
        "due_on": "2026-12-24", "target_quantity": "５００", "tags": "spring",
    }  # fmt: skip
    back = f"/lists/{spring.pk}/?sort=price&page=2"
    assert client.post(bar, data | {"next": back}).url == back
    said = text_of(client.get("/lists/"))
    assert "1 offer is changed." in said
    assert "Somebody changed these since you opened the page, and they stay as they are: 登山包." in said
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.status, entry.assignee, entry.target_quantity, entry.tag_list) == ("contacted", bob, 500, ["spring"])
    assert (other.status, other.note) == ("candidate", "mine")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose what is to change: nothing was changed."),
        ({"status": "rejected"}, "Say why it is rejected"),
        ({"target_quantity": "0"}, "Quantity: An order has at least 1 piece."),
        ({"status": "lost"}, "Status: Select a valid choice"),
        ({"assignee": "0"}, "Looked after by: Select a valid choice"),
        ({"do": "propose", "remark": "x" * 1001}, "up to 1,000 characters"),
    ],
)
def test_a_change_that_is_none(alice, entry, bar, data, said, signed_in):
    client = signed_in(alice)
    client.post(bar, {"entry": f"{entry.pk}.1", **data})
    assert said in text_of(client.get("/lists/"))
    entry.refresh_from_db()
    assert entry.version == 1


@pytest.mark.parametrize("chosen", [[], ["x"], ["1"], ["1.x"], ["-1.1"], [f"{10**30}.1"], [f"1.{10**30}"]])
def test_nothing_that_can_be_read_is_chosen(alice, entry, bar, chosen, signed_in):
    client = signed_in(alice)
    client.post(bar, {"entry": chosen, "status": "contacted"})
    assert "No offer was chosen" in text_of(client.get("/lists/"))


def test_nobody_looks_after_it_any_more(alice, bob, entry, bar, signed_in):
    change_entry(user=alice, entry=entry, version=1, assignee=bob)
    signed_in(alice).post(bar, {"entry": f"{entry.pk}.2", "assignee": "nobody"})
    entry.refresh_from_db()
    assert entry.assignee is None


def test_viewers_and_strangers_change_nothing(vera, charlie, entry, bar, signed_in):
    for user, status in ((vera, 403), (charlie, 404)):
        answer = signed_in(user).post(bar, {"entry": f"{entry.pk}.1", "status": "chosen"})
        assert answer.status_code == status
    entry.refresh_from_db()
    assert entry.status == "candidate"


def test_the_export_has_the_decisions(alice, bob, spring, entry, signed_in):
    change_entry(user=alice, entry=entry, version=1, status="rejected", reason="=late", tags=tags_text(["a", "b"]))
    text = b"".join(signed_in(alice).get(f"/lists/{spring.pk}/export.csv").streaming_content).decode()
    head, line = text.splitlines()[:2]
    assert head.endswith("status,reason,approval,looked_after_by,due,tags,quantity,target_price")
    assert line.endswith("rejected,'=late,,,,a; b,,")
