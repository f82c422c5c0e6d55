"""What workers do for imports. The rows are the truth, the queue only rings."""

import logging

from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalog.imports import doorbell, kept, reading
from catalog.imports.turns import LEASE, Overtaken, go_through
from catalog.models import CatalogImport, ImportPicture
from catalog.models.imports import CatalogImportQuerySet

logger = logging.getLogger(__name__)

State = CatalogImport.State
# A turn ends after so long, and the next one goes on: a killed worker loses little, and others get a worker too.
SECONDS_A_TURN = 10.0
# All workers may be keeping pictures, and somebody be waiting for a search.
SECONDS_A_TURN_OF_PICTURES = 3.0
MOST_RUNG_AT_ONCE = 50


def go_on(import_id: int, seconds: float | None = None) -> None:
    """Read, try or write an import for a while, unless somebody else is at it."""
    now = timezone.now()
    if not CatalogImport.objects.due(now).filter(pk=import_id).update(lease_until=now + LEASE):
        return
    of = CatalogImport.objects.select_related("team", "owner").get(pk=import_id)
    try:
        if of.state == State.READING:
            reading.read(of)
        else:
            go_through(of, seconds=SECONDS_A_TURN if seconds is None else seconds)
    except Overtaken:
        logger.info("Import %d is somebody else's now, or nobody's", import_id)
        return
    except FileNotFoundError:
        reading.refuse(of, reading.GONE)
        return
    except OSError as error:
        # When the lease runs out it is tried again.
        logger.warning("Import %d cannot go on: %s", import_id, type(error).__name__)
        return
    CatalogImport.objects.filter(pk=import_id, state=of.state).update(lease_until=None)
    if of.state in CatalogImport.WORKED_ON:
        doorbell.ring([import_id])
    if of.state == State.PICTURES and not kept.finish(of):
        doorbell.ring_pictures([import_id])
    elif of.state == State.WRITING:
        doorbell.ring_pictures(_left_alone().filter(pk=import_id).values_list("pk", flat=True))


def keep_pictures(import_id: int, lane: int = 0, seconds: float = SECONDS_A_TURN_OF_PICTURES) -> None:
    """Keep pictures of an import for a while; others may do so at the same time, each in a lane of their own."""
    of = CatalogImport.objects.filter(pk=import_id, state__in=(State.WRITING, State.PICTURES)).first()
    if of is None:
        return
    try:
        over = kept.keep_some(of, seconds=seconds)
    except OSError as error:
        # The leases run out, and the pictures are tried again.
        logger.warning("Pictures of import %d cannot be kept: %s", import_id, type(error).__name__)
        return
    if not over and ImportPicture.objects.due(timezone.now()).filter(of=of).exists():
        doorbell.ring_pictures([import_id], [lane])


def ring_due() -> bool:
    """Ring for what nobody is at. Answers whether the bell was heard."""
    waiting = CatalogImport.objects.due(timezone.now()).order_by("pk").values_list("pk", flat=True)
    left = Exists(ImportPicture.objects.filter(of=OuterRef("pk")))
    for of in CatalogImport.objects.filter(~left, state=State.PICTURES).order_by("pk")[:MOST_RUNG_AT_ONCE]:
        kept.finish(of)
    pictured = _left_alone().order_by("pk").values_list("pk", flat=True)
    return doorbell.ring(waiting[:MOST_RUNG_AT_ONCE]) and doorbell.ring_pictures(pictured[:MOST_RUNG_AT_ONCE])


def _left_alone() -> CatalogImportQuerySet:
    """Imports with pictures to be kept, and no worker at any of them."""
    now = timezone.now()
    of_it = ImportPicture.objects.filter(of=OuterRef("pk"))
    at_it = Exists(of_it.filter(lease_until__gte=now))
    return CatalogImport.objects.filter(Exists(of_it), ~at_it, state__in=(State.WRITING, State.PICTURES))
