"""A buyer proposes, a lead approves or sends back; what is approved does not change silently."""

import pytest
from django.core.exceptions import ValidationError

from searches.models import SupplierMatch
from suppliers.actions import change_entry, decide, propose, refresh_entry, withdraw
from suppliers.models import Approval, Stage
from suppliers.trouble import ChangedMeanwhile, Held
from tests.factories import ListEntryFactory, SearchJobFactory, SupplierMatchFactory
from tests.searches.pages import text_of
from tests.suppliers.test_entry_page import address, sent


@pytest.fixture
def proposed(alice, entry):
    change_entry(user=alice, entry=entry, version=1, target_quantity=500)
    propose(user=alice, entry=entry, version=2, proposal="best of three")
    entry.refresh_from_db()
    return entry


@pytest.fixture
def approved(bob, proposed):
    decide(user=bob, entry=proposed, version=3, approve=True, answer="go")
    proposed.refresh_from_db()
    return proposed


def whats(entry) -> list[str]:
    return list(entry.events.order_by("pk").values_list("what", flat=True))


def test_a_proposal_keeps_the_figures(proposed, alice):
    assert (proposed.status, proposed.stage, proposed.version) == ("chosen", Stage.PROPOSED, 3)
    approval = Approval.objects.get()
    assert (approval.proposed_by, approval.proposal) == (alice, "best of three")
    assert (approval.figures["price"], approval.figures["quantity"], approval.figures["moq"]) == ("24.8", 500, 50)
    assert whats(proposed)[-2:] == ["status", "proposed"]


def test_a_lead_approves(approved, bob):
    assert approved.stage == Stage.APPROVED
    approval = Approval.objects.get()
    assert (approval.state, approval.decided_by, approval.answer) == ("approved", bob, "go")
    assert whats(approved)[-1] == "approved"


def test_sending_back_needs_a_word_and_frees_the_entry(alice, bob, proposed):
    with pytest.raises(ValidationError):
        decide(user=bob, entry=proposed, version=3, approve=False, answer=" ")
    decide(user=bob, entry=proposed, version=3, approve=False, answer="ask for 400")
    change_entry(user=alice, entry=proposed, version=4, target_quantity=400)
    propose(user=alice, entry=proposed, version=5)
    assert list(Approval.objects.values_list("state", flat=True)) == ["proposed", "sent-back"]


def test_a_lead_approves_what_they_saw(alice, bob, proposed):
    withdraw(user=alice, entry=proposed, version=3)
    change_entry(user=alice, entry=proposed, version=4, target_quantity=9000)
    propose(user=alice, entry=proposed, version=5)
    with pytest.raises(ChangedMeanwhile):
        decide(user=bob, entry=proposed, version=3, approve=True)
    proposed.refresh_from_db()
    assert proposed.stage == Stage.PROPOSED


@pytest.mark.parametrize("change", [{"target_quantity": 600}, {"status": "candidate"}, {"target_price": 1}])
def test_what_is_approved_is_held(alice, bob, approved, change):
    for user, release in ((alice, False), (alice, True), (bob, False)):
        with pytest.raises(Held):
            change_entry(user=user, entry=approved, version=4, withdraw=release, **change)
    approved.refresh_from_db()
    assert (approved.stage, approved.version, approved.target_quantity) == (Stage.APPROVED, 4, 500)


def test_what_is_not_approved_still_changes(alice, approved, bob):
    change_entry(user=alice, entry=approved, version=4, note="ordered on Monday", assignee=bob)
    approved.refresh_from_db()
    assert (approved.stage, approved.note) == (Stage.APPROVED, "ordered on Monday")


def test_a_lead_changes_it_by_withdrawing_and_the_history_says_so(bob, approved):
    change_entry(user=bob, entry=approved, version=4, withdraw=True, target_quantity=600)
    approved.refresh_from_db()
    assert (approved.stage, approved.target_quantity) == (Stage.NONE, 600)
    assert whats(approved)[-2:] == ["approval-withdrawn", "target_quantity"]
    assert Approval.objects.get().state == "withdrawn"
    assert Approval.objects.get().figures["quantity"] == 500, "what had been approved is still known"


def test_a_change_that_is_refused_withdraws_nothing(bob, approved):
    with pytest.raises(ValidationError):
        change_entry(user=bob, entry=approved, version=4, withdraw=True, status="rejected", reason="")
    approved.refresh_from_db()
    assert approved.stage == Stage.APPROVED
    assert Approval.objects.get().state == "approved"


def test_a_buyer_takes_back_a_proposal_but_no_approval(alice, proposed, bob):
    withdraw(user=alice, entry=proposed, version=3)
    proposed.refresh_from_db()
    assert proposed.stage == Stage.NONE
    assert whats(proposed)[-1] == "proposal-withdrawn"
    propose(user=alice, entry=proposed, version=4)
    decide(user=bob, entry=proposed, version=5, approve=True)
    with pytest.raises(Held):
        withdraw(user=alice, entry=proposed, version=6)


def test_its_figures_are_held_too(alice, team, approved):
    match = SupplierMatchFactory(job=SearchJobFactory(team=team), offer_id=approved.offer_id, price=99)
    with pytest.raises(Held):
        refresh_entry(
            user=alice,
            entry=approved,
            version=4,
            match=SupplierMatch.objects.select_related("job").get(pk=match.pk),
            withdraw=True,
        )
    approved.refresh_from_db()
    assert str(approved.price) == "24.8000"


def test_proposing_twice_is_refused(alice, proposed):
    with pytest.raises(ValidationError):
        propose(user=alice, entry=proposed, version=3)


@pytest.mark.parametrize(("name", "status"), [("alice", 403), ("vera", 403), ("charlie", 404), ("bob", 302)])
def test_only_a_lead_answers(name, status, proposed, request, signed_in):
    client = signed_in(request.getfixturevalue(name))
    data = {"version": 3, "approve": ""}
    assert client.post(address(proposed, "answer/"), data).status_code == status
    proposed.refresh_from_db()
    assert (proposed.stage == Stage.APPROVED) == (name == "bob")


def test_the_story_on_the_pages(alice, bob, entry, signed_in):
    buyer, lead = signed_in(alice), signed_in(bob)
    buyer.post(address(entry, "propose/"), {"version": 1, "text": "best price"})
    said = text_of(lead.get(address(entry)))
    assert "proposed by alice" in said
    assert "“best price”" in said
    answer = lead.post(address(entry, "answer/"), {"version": 2, "send_back": "", "text": ""})
    assert answer.status_code == 422
    assert "Say what is to change" in text_of(answer)
    lead.post(address(entry, "answer/"), {"version": 2, "send_back": "", "text": "too few pieces"})
    assert "“too few pieces”" in text_of(buyer.get(address(entry)))
    buyer.post(address(entry, "propose/"), {"version": 3, "text": ""})
    lead.post(address(entry, "answer/"), {"version": 4, "approve": "", "text": ""})
    held = buyer.post(address(entry, "change/"), sent(status="candidate", version="5"))
    assert held.status_code == 409
    assert "ask a lead of the team to withdraw the approval" in text_of(held)
    lead.post(address(entry, "withdraw/"), {"version": 5})
    said = text_of(buyer.get(address(entry)))
    assert "bob withdrew the approval" in said
    entry.refresh_from_db()
    assert entry.stage == Stage.NONE


def test_the_lists_choice_is_proposed_and_approved_in_the_bar(alice, bob, spring, entry, signed_in):
    other = ListEntryFactory(supplier_list=spring)
    bar = f"/lists/{spring.pk}/change/"
    chosen = [f"{one.pk}.1" for one in (entry, other)]
    assert signed_in(alice).post(bar, {"entry": chosen, "do": "approve"}).status_code == 403
    signed_in(alice).post(bar, {"entry": chosen, "do": "propose", "remark": "the spring"})
    chosen = [f"{one.pk}.2" for one in (entry, other)]
    lead = signed_in(bob)
    lead.post(bar, {"entry": chosen, "do": "send-back", "remark": ""})
    assert set(spring.entries.values_list("stage", flat=True)) == {"proposed"}
    lead.post(bar, {"entry": chosen, "do": "approve"})
    assert set(spring.entries.values_list("stage", flat=True)) == {"approved"}
    lead.post(bar, {"entry": [f"{entry.pk}.3"], "do": "change", "status": "contacted"})
    assert "proposed or approved, and stay as they are" in text_of(lead.get("/lists/"))
