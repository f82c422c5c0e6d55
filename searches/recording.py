"""What became of a call, written in one transaction each: the call, its matches, and the job's state.

Every write is filtered by the run token of the worker's turn. It reports whether it took effect: it does not for a
worker whose lease ran out, nor for a search that was cancelled meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from searches import doorbell, fusion
from searches.looks import beginning
from searches.marketplaces import CATALOG, MarketplaceError, Offer, SearchPage
from searches.models import Credential, OfferFields, SearchCall, SearchJob, Sighting, SupplierMatch
from searches.pipeline import Answer

WRITTEN = (*(field.name for field in OfferFields._meta.get_fields()), "photos_count", "fused")
AS_THEY_ARE = (
    "monthly_sales",
    "repurchase_rate",
    "ships_within_hours",
    "dropshipping",
    "patented",
    "advertised",
    "supplier_years",
    "supplier_medal",
    "supplier_score",
)
NO_ERROR = {"error_kind": "", "error_code": "", "error_message": "", "error_remedy": "", "request_id": ""}


def started(call: SearchCall) -> None:
    if call.job.status == SearchJob.Status.QUEUED:
        SearchJob.objects.filter(pk=call.job_id, status=SearchJob.Status.QUEUED).update(status=SearchJob.Status.RUNNING)


@transaction.atomic
def done(call: SearchCall, answer: Answer) -> bool:
    """The call was answered: its offers become matches, and a first page calls for the following ones."""
    job = _hold_job(call)
    page = answer.page
    if job is None or not _finish(
        call,
        status=SearchCall.Status.DONE,
        offers_found=len(page.offers),
        offers_total=page.total,
        from_cache=answer.from_cache,
        fetched_at=page.fetched_at,
        regions=answer.regions,
        **NO_ERROR,
    ):
        return False
    _write_matches(call, page)
    if call.page == 1:
        _call_for_following_pages(call, job, page)
    beginning.begin(call, len({offer.offer_id for offer in page.offers}))
    settle(job)
    return True


@transaction.atomic
def failed(call: SearchCall, error: MarketplaceError) -> bool:
    """The call came to an end without an answer. What other calls found stays."""
    job = _hold_job(call)
    if job is None or not _finish(call, status=SearchCall.Status.FAILED, **error_columns(error)):
        return False
    settle(job)
    return True


def waits(
    call: SearchCall,
    *,
    until: datetime,
    error: MarketplaceError | None = None,
    variant: str | None = None,
    reason: SearchCall.Reason = SearchCall.Reason.RETRY,
    throttled: bool = False,
    turn_counts: bool = True,
) -> bool:
    """The call is to be looked at again at `until`. A turn that only waited for a slot is not an attempt."""
    columns: dict[str, object] = {
        "status": SearchCall.Status.WAITING,
        "not_before": until,
        "waits_for": reason,
        **(NO_ERROR if error is None else error_columns(error)),
    }
    if throttled:
        columns["throttles"] = call.throttles + 1
    if variant is not None:
        columns["variant"] = variant
    if not turn_counts:
        columns["attempts"] = call.attempts - 1
    return _write(call, **columns)


def settle(job: SearchJob) -> None:
    """Derive the job's status from its calls'. The caller holds the job's row."""
    statuses = set(job.calls.values_list("status", flat=True))
    job.status = status_of(statuses)
    job.finished_at = None if job.is_unfinished else job.finished_at or timezone.now()
    job.save(update_fields=["status", "finished_at"])


def status_of(statuses: set[str]) -> SearchJob.Status:
    """The status of a job whose calls have these."""
    call, job = SearchCall.Status, SearchJob.Status
    if statuses & set(SearchCall.UNFINISHED):
        return job.QUEUED if statuses == {call.QUEUED} else job.RUNNING
    if call.CANCELLED in statuses:
        return job.CANCELLED
    if statuses == {call.DONE}:
        return job.DONE
    return job.PARTIAL if call.DONE in statuses else job.FAILED


def _hold_job(call: SearchCall) -> SearchJob | None:
    """The call's job, held against other workers until the transaction ends; None when it was deleted meanwhile."""
    return SearchJob.objects.select_for_update().filter(pk=call.job_id).first()


def _finish(call: SearchCall, **columns: object) -> bool:
    return _write(call, finished_at=timezone.now(), waits_for="", **columns)


def _write(call: SearchCall, **columns: object) -> bool:
    """Write the end of this worker's turn, and whose credential served it, unless the turn is no longer its own."""
    if call.credential is not None:
        # By id as it is now: it may have been deleted since.
        columns["credential"] = Subquery(Credential.objects.filter(pk=call.credential.pk).values("pk"))
        columns["credential_name"] = call.credential.name
    ours = SearchCall.objects.filter(pk=call.pk, run_token=call.run_token, status=SearchCall.Status.RUNNING)
    return bool(ours.update(run_token=None, lease_until=None, **columns))


def error_columns(error: MarketplaceError) -> dict[str, object]:
    return {
        "error_kind": error.kind.value,
        "error_code": error.code[:60],
        "error_message": error.message[:500],
        "error_remedy": error.remedy[:500],
        "request_id": error.request_id[:100],
    }


def _call_for_following_pages(call: SearchCall, job: SearchJob, page: SearchPage) -> None:
    served_by = SearchCall.objects.values_list("credential", flat=True).get(pk=call.pk)
    pages_wanted = -(-job.wanted // call.page_size)
    following = [
        SearchCall(
            job=job,
            image_id=call.image_id,
            marketplace=call.marketplace,
            # A hint: what the marketplace remembers of the picture, it remembers for this one.
            credential_id=served_by,
            urgency=call.urgency,
            page=number,
            page_size=call.page_size,
        )
        for number in range(2, min(pages_wanted, page.pages) + 1)
    ]
    created = SearchCall.objects.bulk_create(following)
    transaction.on_commit(lambda: doorbell.ring(created))


def _write_matches(call: SearchCall, page: SearchPage) -> None:
    """Upsert by (job, marketplace, offer id): the best similarity and rank of all sightings kept, their ranks blended.

    The caller holds the job's row, so that nobody else adds a sighting meanwhile.
    """
    offers = {offer.offer_id: offer for offer in reversed(page.offers)}
    before = SupplierMatch.objects.filter(job=call.job_id, marketplace=call.marketplace, offer_id__in=list(offers))
    known = {match.offer_id: match for match in before}
    ranks = _ranks(call, offers.values(), known)
    matches = [
        _match(call, offer, page, known.get(offer.offer_id), list(ranks[offer.offer_id].values()))
        for offer in offers.values()
    ]
    # Elsewhere what our eye saw comes later (searches/looks), and stays when a call is answered again.
    eye = ["visual"] if call.marketplace == CATALOG else []
    SupplierMatch.objects.bulk_create(
        matches,
        update_conflicts=True,
        unique_fields=["job", "marketplace", "offer_id"],
        update_fields=[*(column for column in WRITTEN if column not in ("marketplace", "offer_id")), *eye],
    )
    Sighting.objects.bulk_create(
        (
            Sighting(
                match=match,
                call=call,
                image_id=call.image_id,
                rank=ranks[match.offer_id][call.image_id],
                **_similarities(offers[match.offer_id]),
            )
            for match in matches
        ),
        update_conflicts=True,
        unique_fields=["match", "image"],
        update_fields=["call", "rank", "similarity", *eye],
    )


def _similarities(offer: Offer) -> dict[str, float | None]:
    """Whose word the offer's similarity is: of the team's own catalogue our eye's, else the marketplace's."""
    return {"visual" if offer.marketplace == CATALOG else "similarity": offer.similarity}


def _best(offer: Offer, known: SupplierMatch | None) -> dict[str, float | None]:
    """The same over all photos so far."""
    return {
        name: max((value for value in (now, getattr(known, name, None)) if value is not None), default=None)
        for name, now in _similarities(offer).items()
    }


def _ranks(call: SearchCall, offers: Iterable[Offer], known: Mapping[str, SupplierMatch]) -> dict[str, dict[int, int]]:
    """For each offer id its best rank by each photo: of the page that came now, and of the sightings before it."""
    ranks = {offer.offer_id: {call.image_id: offer.rank} for offer in offers}
    before = Sighting.objects.filter(match__in=[match.pk for match in known.values()]) if known else ()
    ids = {match.pk: offer_id for offer_id, match in known.items()}
    for sighting in before:
        by_photo = ranks[ids[sighting.match_id]]
        by_photo[sighting.image_id] = min(sighting.rank, by_photo.get(sighting.image_id, sighting.rank))
    return ranks


def _match(
    call: SearchCall, offer: Offer, page: SearchPage, known: SupplierMatch | None, ranks: Collection[int]
) -> SupplierMatch:
    """`ranks`: the offer's best by each of the photos that found it."""
    return SupplierMatch(
        job_id=call.job_id,
        marketplace=call.marketplace,
        offer_id=offer.offer_id,
        title=offer.title[:500],
        url=offer.url[:1000],
        image_url=offer.image_url[:1000],
        price=offer.price,
        currency=offer.currency,
        tiers=[[tier.quantity, str(tier.price)] for tier in offer.tiers],
        prices={kind.value: str(price) for kind, price in offer.prices.items()},
        moq=offer.moq,
        **_best(offer, known),
        rank=min(ranks),
        photos_count=len(ranks),
        fused=fusion.fused(ranks),
        supplier_id=offer.supplier_id[:64],
        supplier_name=offer.supplier_name[:200],
        supplier_location=offer.supplier_location[:100],
        supplier_credit=offer.supplier_credit,
        identities=[identity.value for identity in offer.identities],
        **{name: getattr(offer, name) for name in AS_THEY_ARE},
        extras=dict(offer.extras),
        fetched_at=page.fetched_at,
    )
