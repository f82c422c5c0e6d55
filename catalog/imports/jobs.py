"""What workers do for imports. The rows are the truth, the queue only rings."""

import logging

from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalog.imports import doorbell, kept, reading
from catalog.imports.turns import LEASE, Overtaken, go_through
from catalog.models import CatalogImport, ImportPicture

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
    if of.state in (State.WRITING, State.PICTURES) and not kept.finish(of):
        doorbell.ring_pictures([import_id])


def keep_pictures(import_id: int, seconds: float = SECONDS_A_TURN_OF_PICTURES) -> None:
    """Keep pictures of an import for a while; others may do so at the same time."""
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
        doorbell.ring_pictures([import_id])


def ring_due() -> bool:
    """Ring for what nobody is at. Answers whether the bell was heard."""
    now = timezone.now()
    waiting = CatalogImport.objects.due(now).order_by("pk").values_list("pk", flat=True)
    left = Exists(ImportPicture.objects.due(now).filter(of=OuterRef("pk")))
    ended = ~Exists(ImportPicture.objects.filter(of=OuterRef("pk")))
    with_pictures = CatalogImport.objects.filter(state__in=(State.WRITING, State.PICTURES)).order_by("pk")
    for of in with_pictures.filter(ended, state=State.PICTURES)[:MOST_RUNG_AT_ONCE]:
        kept.finish(of)
    pictured = with_pictures.filter(left).values_list("pk", flat=True)
    return doorbell.ring(waiting[:MOST_RUNG_AT_ONCE]) and doorbell.ring_pictures(pictured[:MOST_RUNG_AT_ONCE])
