"""One entry's page: what is decided there, and what happens when two people decide at once."""

import pytest

from suppliers.actions import change_entry
from suppliers.models import ListEntry
from tests.factories import ListEntryFactory
from tests.searches.pages import text_of


def address(entry, step="") -> str:
    return f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/{step}"


def sent(**values) -> dict[str, str]:
    """The form as a browser sends it, with nothing changed but `values`."""
    plain = {"status": "candidate", "reason": "", "assignee": "", "due_on": "", "target_quantity": "", "version": "1"}
    return plain | {"target_price": "", "tags": "", "note": ""} | values


def test_all_at_once(alice, bob, entry, signed_in):
    data = sent(
        status="sample-ordered", assignee=str(bob.pk), due_on="2026-12-01", target_quantity="１，０００",
        target_price="２１．５", tags="urgent，春季; urgent", note="call 😀",
    )  # fmt: skip
    assert signed_in(alice).post(address(entry, "change/"), data).url == address(entry)
    entry.refresh_from_db()
    assert (entry.status, entry.assignee, str(entry.due_on)) == ("sample-ordered", bob, "2026-12-01")
    assert (entry.target_quantity, str(entry.target_price)) == (1000, "21.5000")
    assert (entry.tag_list, entry.note) == (["urgent", "春季"], "call 😀")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("target_quantity", "0", "at least 1 piece"),
        ("target_quantity", "-5", "at least 1 piece"),
        ("target_quantity", "9" * 39, "more than anybody orders"),
        ("target_quantity", "9" * 5000, "more than anybody orders"),
        ("target_quantity", "ten", "Give a whole number of pieces"),
        ("target_price", "-1", "greater than or equal to 0"),
        ("target_price", "NaN", "Enter a number"),
        ("due_on", "2026-13-01", "Enter a valid date"),
        ("status", "lost", "Select a valid choice"),
        ("tags", "x" * 41, "A tag has up to 40 characters"),
        ("tags", ",".join(map(str, range(21))), "up to 20 tags"),
        ("reason", "x" * 501, "at most 500"),
        ("note", "x" * 2001, "at most 2000"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_stays_typed(alice, entry, name, value, said, signed_in):
    answer = signed_in(alice).post(address(entry, "change/"), sent(**{name: value}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page.split(f'id="id_{name}_error"')[1].split("</ul>")[0]
    assert value in page or name == "status"
    entry.refresh_from_db()
    assert entry.version == 1


def test_rejecting_asks_for_the_reason_beside_it(alice, entry, signed_in):
    page = signed_in(alice).post(address(entry, "change/"), sent(status="rejected")).content.decode()
    assert "Say why it is rejected" in page.split('id="id_reason_error"')[1].split("</ul>")[0]


def test_a_stranger_cannot_be_chosen(alice, charlie, entry, signed_in):
    answer = signed_in(alice).post(address(entry, "change/"), sent(assignee=str(charlie.pk)))
    assert 'id="id_assignee_error"' in answer.content.decode()


def test_the_second_of_two_sees_both_and_overwrites_nothing(alice, bob, entry, signed_in):
    change_entry(user=bob, entry=entry, version=1, note="bob’s note", status="contacted")
    client = signed_in(alice)
    answer = client.post(address(entry, "change/"), sent(note="alice’s note"))
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Somebody changed this since you opened it." in said
    assert "The last change is by bob." in said
    assert "bob’s note" in said
    assert "alice’s note" in said
    entry.refresh_from_db()
    assert entry.note == "bob’s note"
    # Having seen it, she may put hers in its place: the form builds on what there is now.
    assert 'name="version" value="2"' in answer.content.decode()
    client.post(address(entry, "change/"), sent(note="alice’s note", status="contacted", version="2"))
    entry.refresh_from_db()
    assert entry.note == "alice’s note"


def test_a_note_that_somebody_else_changed_is_shown_in_its_cell(alice, bob, entry, signed_in):
    change_entry(user=bob, entry=entry, version=1, note="bob’s note")
    client = signed_in(alice)
    cell = client.post(address(entry, "note/"), {"note": "hers", "version": "1"}, headers={"hx-request": "true"})
    assert cell.status_code == 200
    assert "bob’s note" in cell.content.decode()
    assert "hers" in cell.content.decode()
    page = client.post(address(entry, "note/"), {"note": "hers", "version": "1"})
    assert page.status_code == 409
    entry.refresh_from_db()
    assert entry.note == "bob’s note"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_form_without_its_version_changes_nothing(alice, entry, version, signed_in):
    assert signed_in(alice).post(address(entry, "change/"), sent(note="x", version=version)).status_code == 422
    entry.refresh_from_db()
    assert entry.note == ""


def test_history_is_told_in_words(alice, entry, signed_in):
    client = signed_in(alice)
    client.post(address(entry, "change/"), sent(status="contacted", note="<i>call</i>"))
    answer = client.get(address(entry))
    said = text_of(answer)
    assert "alice changed status: candidate → now contacted" in said
    assert "saved it to the list" in said
    assert "<i>call" not in answer.content.decode()


def test_a_viewer_reads_everything_and_is_offered_nothing(vera, entry, signed_in):
    page = signed_in(vera).get(address(entry)).content.decode()
    assert "大容量旅行包" in page
    for word in ("change/", "comments/", "files/", "refresh/", "propose/", "answer/", "remove/", "<textarea"):
        assert word not in page


def test_right_to_left_and_four_byte_names_stand(alice, spring, signed_in):
    entry = ListEntryFactory(supplier_list=spring, title="حقيبة سفر 🧳", supplier_name="𠮷田", note="עברית")
    client = signed_in(alice)
    assert "حقيبة سفر 🧳" in client.get(address(entry)).content.decode()
    client.post(address(entry, "change/"), sent(note="‮gnirps 🧳", version="1"))
    assert "‮gnirps 🧳" in client.get(address(entry)).content.decode()


def test_a_page_with_everything_costs_the_same(alice, bob, entry, signed_in, django_assert_max_num_queries):
    client = signed_in(alice)
    for number in range(12):
        client.post(address(entry, "comments/"), {"text": f"@bob {number}"})
    for version in range(1, 20):
        change_entry(user=bob, entry=ListEntry.objects.get(), version=version, note=str(version))
    with django_assert_max_num_queries(21):
        client.get(address(entry))
