"""Who sees and changes what is shared within a team, and the form by which it is shared."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Membership, User
from accounts.sharing import Audience
from accounts.sharing_forms import SharingForm
from saved.models import SavedSearch
from tests.factories import MembershipFactory, UserFactory
from tests.saved.factories import SavedSearchFactory


@pytest.fixture
def ben(team) -> User:
    """Another buyer of the team."""
    return MembershipFactory(user=UserFactory(username="ben"), team=team).user


@pytest.fixture
def alices(team, alice):
    """`alices(audience=…)`: a thing of alice's."""

    def made(**options) -> SavedSearch:
        return SavedSearchFactory(team=team, owner=alice, **options)

    return made


def rights(thing: SavedSearch, user: User | AnonymousUser) -> str:
    """`s`ees it, may `e`dit it, `o`wns it."""
    rows = SavedSearch.objects.filter(pk=thing.pk)
    owned = isinstance(user, User) and rows.owned_by(user).exists()
    letters = (("s", rows.for_user(user).exists()), ("e", rows.editable_by(user).exists()), ("o", owned))
    return "".join(letter for letter, has in letters if has)


def left(team, user: User) -> None:
    Membership.objects.filter(team=team, user=user).delete()


def test_a_private_thing_is_its_owners_alone(alices, alice, ben, bob, vera, charlie, loner):
    thing = alices()
    assert rights(thing, alice) == "seo"
    for other in (ben, bob, vera, charlie, loner, AnonymousUser()):
        assert rights(thing, other) == ""


def test_what_is_private_stays_so_whatever_was_chosen_before(alices, ben, bob):
    thing = alices(people=[ben], shared_for_editing=True)
    assert rights(thing, ben) == rights(thing, bob) == ""


def test_chosen_people_see_it_and_the_others_do_not(alices, ben, bob, vera):
    thing = alices(audience=Audience.PEOPLE, people=[ben, vera])
    assert rights(thing, ben) == rights(thing, vera) == "s"
    assert rights(thing, bob) == ""


def test_each_of_several_chosen_people_sees_it_once(alices, ben, bob, vera):
    alices(audience=Audience.PEOPLE, people=[ben, bob, vera])
    assert SavedSearch.objects.for_user(ben).count() == 1


def test_chosen_people_may_change_it_if_its_owner_says_so_but_viewers_never(alices, ben, vera):
    thing = alices(audience=Audience.PEOPLE, people=[ben, vera], shared_for_editing=True)
    assert rights(thing, ben) == "se"
    assert rights(thing, vera) == "s"


def test_a_chosen_stranger_sees_nothing(alices, charlie):
    thing = alices(audience=Audience.PEOPLE, people=[charlie], shared_for_editing=True)
    assert rights(thing, charlie) == ""


def test_the_whole_team_sees_it_and_its_leads_look_after_it(alices, ben, bob, vera, charlie, loner):
    thing = alices(audience=Audience.TEAM)
    assert rights(thing, ben) == rights(thing, vera) == "s"
    assert rights(thing, bob) == "seo"
    assert rights(thing, charlie) == rights(thing, loner) == rights(thing, AnonymousUser()) == ""


def test_the_whole_team_may_change_it_if_its_owner_says_so(alices, ben, vera):
    thing = alices(audience=Audience.TEAM, shared_for_editing=True)
    assert rights(thing, ben) == "se"
    assert rights(thing, vera) == "s"


def test_a_lead_of_another_team_is_no_lead_here(alices, charlies_team, vera):
    MembershipFactory(user=vera, team=charlies_team, role=Membership.Role.LEAD)
    assert rights(alices(audience=Audience.TEAM), vera) == "s"


@pytest.mark.parametrize("audience", Audience)
def test_what_lost_its_owner_is_the_leads(alices, audience, alice, ben, bob):
    thing = alices(audience=audience, people=[ben])
    alice.delete()
    assert rights(thing, bob).startswith("se")
    assert rights(thing, ben) == ("" if audience == Audience.PRIVATE else "s")


def test_an_owner_who_became_a_viewer_reads_their_own(alices, alice, team):
    thing = alices()
    Membership.objects.filter(team=team, user=alice).update(role=Membership.Role.VIEWER)
    assert rights(thing, alice) == "s"


@pytest.mark.parametrize("audience", [Audience.PEOPLE, Audience.TEAM])
def test_who_left_sees_it_no_longer_and_again_when_they_are_back(alices, audience, ben, team):
    thing = alices(audience=audience, people=[ben], shared_for_editing=True)
    left(team, ben)
    assert rights(thing, ben) == ""
    MembershipFactory(user=ben, team=team)
    assert rights(thing, ben) == "se"


def test_an_owner_who_left_sees_their_own_no_longer(alices, alice, bob, team):
    thing = alices(audience=Audience.TEAM)
    left(team, alice)
    assert rights(thing, alice) == ""
    assert rights(thing, bob) == "seo"


def sent(thing: SavedSearch, **data: object) -> SharingForm:
    return SharingForm(data, thing=thing)


def test_the_form_offers_the_other_members_by_name(alices, alice, ben, bob, vera, charlie):
    offered = [label for _pk, label in SharingForm(thing=alices()).fields["people"].choices]
    assert offered == ["ben", "bob", "vera (only reads)"]


def test_the_form_shows_how_it_is_shared(alices, ben):
    form = SharingForm(thing=alices(audience=Audience.PEOPLE, people=[ben], shared_for_editing=True))
    assert form.initial == {"audience": "people", "people": [ben.pk], "shared_for_editing": True}


def test_sharing_with_chosen_people(alices, ben, bob):
    thing = alices(audience=Audience.PEOPLE, people=[bob])
    form = sent(thing, audience="people", people=[str(ben.pk)], shared_for_editing="on")
    assert form.is_valid()
    form.save()
    assert rights(SavedSearch.objects.get(), ben) == "se"
    assert rights(thing, bob) == ""


def test_who_is_let_in_by_a_wider_choice_is_not_kept_as_chosen(alices, ben):
    thing = alices(audience=Audience.PEOPLE, people=[ben])
    form = sent(thing, audience="team", people=[str(ben.pk)])
    assert form.is_valid()
    form.save()
    assert not thing.people.exists()


def test_making_it_private_takes_the_right_to_change_it_away(alices, ben):
    thing = alices(audience=Audience.TEAM, shared_for_editing=True)
    form = sent(thing, audience="private", shared_for_editing="on")
    assert form.is_valid()
    form.save()
    assert rights(thing, ben) == ""
    assert not SavedSearch.objects.get().shared_for_editing


def test_chosen_people_must_be_members(alices, alice, ben, charlie, team):
    thing = alices()
    for stranger in (charlie.pk, alice.pk, 2**70, "x", "\0"):
        form = sent(thing, audience="people", people=[str(stranger)])
        assert "Only members of the team" in form.errors["people"][0]
    left(team, ben)
    assert not sent(thing, audience="people", people=[str(ben.pk)]).is_valid()


def test_chosen_people_are_to_be_chosen(alices, ben):
    assert "Tick at least one person" in sent(alices(), audience="people").errors["people"][0]


def test_who_is_alone_in_a_team_is_not_asked_for_people(alices):
    form = SharingForm(thing=alices())
    assert [value for value, _label in form.fields["audience"].choices] == ["private", "team"]
    assert not sent(form.thing, audience="people").is_valid()


def test_something_new_is_shared_once_it_is_saved(team, alice, ben):
    thing = SavedSearch(team=team, owner=alice, name="New")
    form = sent(thing, audience="team")
    assert form.is_valid()
    thing.save()
    form.save()
    assert rights(thing, ben) == "s"
