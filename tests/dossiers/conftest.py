"""A team that has seen one supplier's offers in two searches, and records of others."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dossiers.actions import open_record
from dossiers.keys import SupplierKey
from dossiers.models import Supplier
from searches.models import SearchJob, SupplierMatch
from tests.factories import MARKETPLACE, NOON, SearchJobFactory, SupplierMatchFactory

HENGDA = {"supplier_id": "b2b-hengda", "supplier_name": "白沟恒达箱包厂"}


@pytest.fixture
def march(team, alice) -> SearchJob:
    return SearchJobFactory(team=team, owner=alice, title="Bags in March", created_at=NOON - timedelta(days=250))


@pytest.fixture
def today(team, bob) -> SearchJob:
    return SearchJobFactory(team=team, owner=bob, title="Bags today", created_at=NOON)


@pytest.fixture
def bag(march, today) -> SupplierMatch:
    """The offer of today; in March it was cheaper."""
    offer = {"offer_id": "610000000001", "title": "大容量防水旅行包", **HENGDA}
    SupplierMatchFactory(
        job=march,
        price=Decimal("12.80"),
        supplier_credit=3,
        supplier_years=5,
        supplier_score=4.2,
        fetched_at=NOON - timedelta(days=250),
        **offer,
    )
    return SupplierMatchFactory(
        job=today, price=Decimal("13.90"), supplier_credit=4, supplier_years=6, supplier_score=4.6, **offer
    )


@pytest.fixture
def hengda(team, bag) -> Supplier:
    return open_record(team=team.pk, key=SupplierKey(MARKETPLACE, "b2b-hengda", ""))


@pytest.fixture
def record(team, march):
    """`record("名")`: the record of another supplier of the team, with one offer."""

    def made(name: str, offers: int = 1, **columns) -> Supplier:
        found = [SupplierMatchFactory(job=march, supplier_name=name, **columns) for _ in range(offers)]
        for match in found[1:]:
            SupplierMatch.objects.filter(pk=match.pk).update(supplier_id=found[0].supplier_id)
        key = SupplierKey.of_offer(found[0])
        assert key
        return open_record(team=team.pk, key=key)

    return made
