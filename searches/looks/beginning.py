"""How a look begins: with a call that is done."""

from django.db import transaction

from searches.looks import doorbell
from searches.marketplaces import MARKETPLACES
from searches.models import Look, SearchCall


def wants_look(marketplace: str) -> bool:
    """Whether offers of the marketplace have pictures to fetch. Those that name no host come compared already."""
    known = MARKETPLACES.get(marketplace)
    return known is not None and bool(known.image_hosts)


def begin(call: SearchCall, offers: int) -> None:
    """Write the look at the offers of a call that is done, and ring once that is committed.

    A call that is answered again, after a retry, is looked at again: what was compared stays. So are the calls before
    it that a cancelled search left.
    """
    if not offers or not wants_look(call.marketplace):
        return
    fresh = {
        "status": Look.Status.QUEUED,
        "reason": "",
        "run_token": None,
        "lease_until": None,
        "finished_at": None,
        "attempts": 0,
    }
    look, _created = Look.objects.update_or_create(call_id=call.pk, defaults=fresh | {"offers": offers})
    left = Look.objects.filter(call__job=call.job_id, status=Look.Status.CANCELLED)
    looks = [look, *left]
    left.update(**fresh)
    transaction.on_commit(lambda: doorbell.ring(looks))
