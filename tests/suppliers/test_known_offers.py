"""What a search's page learns of an offer from the lists that its reader sees."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from accounts.sharing import Audience
from searches.knownoffers import DECIDED, STATUSES, Known, known_of
from suppliers.models import DECIDED as DECIDED_HERE
from suppliers.models import ListEntry, Status
from tests.factories import ListEntryFactory, SearchJobFactory, SupplierListFactory, SupplierMatchFactory

MARCH = datetime(2026, 3, 5, 8, tzinfo=UTC)


@pytest.fixture
def match(team, entry):
    return SupplierMatchFactory(job=SearchJobFactory(team=team), offer_id=entry.offer_id)


def test_the_words_of_both_rooms_are_the_same():
    assert {str(status): str(status.label) for status in Status} == {key: str(text) for key, text in STATUSES.items()}
    assert tuple(map(str, DECIDED_HERE)) == DECIDED


def test_a_rejection_is_told_with_its_month_and_reason(alice, team, match):
    ListEntry.objects.update(status="rejected", reason="late samples", status_at=MARCH)
    (known,) = known_of(team, alice, [match])[match.marketplace, match.offer_id]
    assert (known.list_name, known.is_decided) == ("Spring bags", True)
    assert known.told == "rejected, March 2026: late samples"
    with translation.override("zh-hans"):
        assert "2026年3月" in known.told


def test_an_approved_choice():
    assert Known(1, "Spring", "chosen", "", MARCH, "approved").told == "chosen and approved, March 2026"
    assert Known(1, "Spring", "candidate", "").told == "candidate"


def test_only_lists_that_the_reader_sees(alice, bob, spring, team, match):
    ListEntry.objects.update(status="chosen")
    other = SupplierListFactory(team=team, name="Autumn")
    ListEntryFactory(supplier_list=other, offer_id=match.offer_id)
    ListEntryFactory(supplier_list=other, offer_id=match.offer_id, marketplace="tmapi")
    spring.audience = Audience.PRIVATE
    spring.save()
    key = (match.marketplace, match.offer_id)
    assert [known.list_name for known in known_of(team, alice, [match])[key]] == ["Autumn", "Spring bags"]
    assert [known.list_name for known in known_of(team, bob, [match])[key]] == ["Autumn"]


def test_one_query(alice, team, match, django_assert_num_queries):
    with django_assert_num_queries(1):
        known_of(team, alice, [match])
    assert known_of(team, alice, []) == {}
