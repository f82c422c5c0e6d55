"""A list, or an offer on it, that somebody deleted while others had it open."""

import pytest

from accounts.sharing import Audience
from suppliers.actions import delete_list, remove_entry
from suppliers.models import ListEntry, Stage
from suppliers.trouble import ListHeld
from tests.searches.pages import text_of


def test_who_saw_it_is_told_who_deleted_it_and_keeps_what_they_typed(alice, bob, spring, entry, signed_in):
    delete_list(user=bob, supplier_list=spring)
    answer = signed_in(alice).post(
        f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/comments/", {"text": "谢谢 <b>late</b>"}
    )
    assert answer.status_code == 410
    said = text_of(answer)
    assert "bob deleted “Spring bags” on" in said
    assert "谢谢 <b>late</b>" in said
    assert "<b>late" not in answer.content.decode()


@pytest.mark.parametrize("name", ["charlie", "loner"])
def test_a_stranger_learns_nothing(name, alice, spring, request, signed_in):
    address = spring.get_absolute_url()
    delete_list(user=alice, supplier_list=spring)
    answer = signed_in(request.getfixturevalue(name)).get(address)
    assert answer.status_code == 404
    assert "Spring bags" not in answer.content.decode()


def test_nor_does_the_team_of_a_private_list(alice, bob, spring, signed_in):
    address = spring.get_absolute_url()
    spring.audience = Audience.PRIVATE
    spring.save()
    delete_list(user=alice, supplier_list=spring)
    assert signed_in(bob).get(address).status_code == 404
    assert signed_in(alice).get(address).status_code == 410


def test_an_offer_that_is_off_the_list_is_said_to_be(alice, spring, entry, signed_in):
    address = f"/lists/{spring.pk}/entries/{entry.pk}/"
    remove_entry(entry=entry)
    answer = signed_in(alice).post(f"{address}change/", {"status": "contacted", "version": "1", "note": "call them"})
    assert answer.status_code == 404
    assert "took it off “Spring bags” since you opened it" in text_of(answer)
    assert "call them" in answer.content.decode()


def test_what_goes_between_the_look_and_the_change_is_said_too(alice, spring, entry, signed_in, monkeypatch):
    def taken_off(**_values):
        remove_entry(entry=entry)
        raise ListEntry.DoesNotExist

    monkeypatch.setattr("suppliers.views.entry.change_entry", taken_off)
    answer = signed_in(alice).post(f"/lists/{spring.pk}/entries/{entry.pk}/note/", {"note": "call", "version": 1})
    assert answer.status_code == 404
    assert "took it off “Spring bags” since you opened it" in text_of(answer)


def test_a_list_with_approved_choices_stays(alice, spring, entry, signed_in):
    entry.stage = Stage.APPROVED
    entry.save()
    with pytest.raises(ListHeld):
        delete_list(user=alice, supplier_list=spring)
    client = signed_in(alice)
    page = client.get(f"/lists/{spring.pk}/delete/").content.decode()
    assert "cannot be deleted before a lead has withdrawn it" in page
    assert "Delete the list" not in page
    client.post(f"/lists/{spring.pk}/delete/")
    assert spring.entries.count() == 1


def test_deleting_names_what_was_said_and_decided(alice, spring, entry, signed_in):
    entry.status, entry.reason = "rejected", "late"
    entry.save()
    client = signed_in(alice)
    client.post(f"/lists/{spring.pk}/entries/{entry.pk}/comments/", {"text": "late"})
    said = text_of(client.get(f"/lists/{spring.pk}/delete/"))
    assert "1 decision, with its reason" in said
    assert "1 comment" in said
