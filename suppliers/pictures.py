"""Offers' pictures, kept: asked for with the entry, fetched once by a worker, stored as a small JPEG.

The row is the truth: a worker claims it with a lease, and whoever is killed is followed by the next.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches import own
from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import ImageRejected, Preset, prepare
from searches.marketplaces import CATALOG
from searches.models import OfferFields
from searches.offerpictures import may_fetch
from suppliers import doorbell
from suppliers.models import KeptPicture

logger = logging.getLogger(__name__)

State = KeptPicture.State
FOLDER = "kept/"
# Large enough to tell two bags apart on paper.
KEPT = Preset("kept", max_side=480, quality=82)
LEASE = timedelta(seconds=60)
# Trouble of the way, not of the picture: it is tried again after a pause.
MAY_PASS = frozenset({"unreachable", "too-slow"})
MOST_ATTEMPTS, PAUSE = 3, timedelta(minutes=5)
MOST_RUNG_AT_ONCE = 100
ROWS_A_STEP = 200
TIME_TO_BE_SHOWN = timedelta(hours=1)

NOT_A_HOST = _("The picture lies on a host that this marketplace does not name: it is not fetched.")
STORAGE = _("The server’s storage could not keep the picture.")


def ask_for(team_id: int, offers: Iterable[OfferFields]) -> dict[str, int]:
    """The rows of the offers' pictures by address, made where there are none. Inside a transaction: rings after it."""
    wanted = {offer.image_url: offer.marketplace for offer in offers if offer.image_url}
    if not wanted:
        return {}
    KeptPicture.objects.bulk_create(
        (_row(team_id, marketplace, address) for address, marketplace in wanted.items()),
        ignore_conflicts=True,
        batch_size=100,
    )
    rows = KeptPicture.objects.filter(team_id=team_id, address__in=wanted)
    # What failed once is worth another look when somebody keeps the offer anew.
    failed = rows.filter(state=State.FAILED).exclude(error_message=NOT_A_HOST)
    failed.update(state=State.WAITING, attempts=0, lease_until=None, error_message="")
    found = list(rows.values_list("address", "pk", "state"))
    waiting = [pk for _address, pk, state in found if state == State.WAITING]
    transaction.on_commit(lambda: doorbell.ring(waiting[:MOST_RUNG_AT_ONCE]))
    return {address: pk for address, pk, _state in found}


def keep(picture_id: int) -> None:
    """What a worker does: fetch the picture and store it, unless somebody else is at it."""
    picture = _claim(picture_id)
    if picture is None:
        return
    try:
        jpeg = prepare(_data(picture), preset=KEPT).jpeg
    except FetchRefused as refused:
        if refused.code in MAY_PASS and picture.attempts < MOST_ATTEMPTS:
            _ours(picture).update(lease_until=timezone.now() + PAUSE)
        else:
            _failed(picture, refused.message)
        return
    except ImageRejected as rejected:
        _failed(picture, rejected.message)
        return
    _store(picture, jpeg)


def ring_due() -> bool:
    """Ring for pictures that nobody is at. Answers whether the bell was heard."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    due = KeptPicture.objects.filter(free, state=State.WAITING).order_by("asked_at").values_list("pk", flat=True)
    return doorbell.ring(due[:MOST_RUNG_AT_ONCE])


def expire(now: datetime) -> bool:
    """Remove some of what no entry shows any more; answers whether there is more."""
    unneeded = KeptPicture.objects.filter(
        list_entries=None, entrysnapshot_set=None, asked_at__lt=now - TIME_TO_BE_SHOWN
    )
    # One by one, and looked at again: somebody may be saving the same offer just now.
    ids = list(unneeded.values_list("pk", flat=True)[:ROWS_A_STEP])
    for pk in ids:
        with transaction.atomic():
            KeptPicture.objects.select_for_update().filter(pk=pk).first()
            unneeded.filter(pk=pk).delete()
    return len(ids) == ROWS_A_STEP


def named(names: list[str]) -> set[str]:
    """Which of these files some row still names: for those who look for files without one."""
    return set(KeptPicture.objects.filter(file_name__in=names).values_list("file_name", flat=True))


def row_deleted(*, instance: KeptPicture, **_signal: object) -> None:
    """What Django calls for each row that it deletes: its file goes when that is committed."""
    name = instance.file_name
    if name:
        transaction.on_commit(lambda: _remove(name))


def _data(picture: KeptPicture) -> bytes:
    """The picture's bytes: fetched, or of the team's own catalogue. Raises FetchRefused."""
    if picture.marketplace != CATALOG:
        return fetch_picture(picture.address)
    name = own.files_of([(CATALOG, picture.address)]).get(picture.address)
    try:
        if name:
            with default_storage.open(name) as file:
                return bytes(file.read())
    except OSError as error:
        logger.warning("A picture of the catalogue cannot be read: %s", type(error).__name__)
    raise FetchRefused("refused")


def _row(team_id: int, marketplace: str, address: str) -> KeptPicture:
    row = KeptPicture(team_id=team_id, marketplace=marketplace, address=address)
    if marketplace != CATALOG and not may_fetch(marketplace, address):
        row.state, row.error_message = State.FAILED, NOT_A_HOST
    return row


def _claim(picture_id: int) -> KeptPicture | None:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    claimed = KeptPicture.objects.filter(free, pk=picture_id, state=State.WAITING).update(
        lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    picture = KeptPicture.objects.filter(pk=picture_id).first() if claimed else None
    if picture is not None and picture.attempts > MOST_ATTEMPTS:
        _failed(picture, STORAGE)
        return None
    return picture


def _ours(picture: KeptPicture) -> "QuerySet[KeptPicture]":
    return KeptPicture.objects.filter(pk=picture.pk, state=State.WAITING, attempts=picture.attempts)


def _failed(picture: KeptPicture, message: str) -> None:
    _ours(picture).update(state=State.FAILED, error_message=message, lease_until=None)


def _store(picture: KeptPicture, jpeg: bytes) -> None:
    drawn = uuid.uuid4().hex
    try:
        name = default_storage.save(f"{FOLDER}{drawn[:2]}/{drawn}.jpg", ContentFile(jpeg))
    except OSError as error:
        # The lease runs out, and the next worker tries.
        logger.error("a picture cannot be kept (%s): is the media folder writable, and not full?", error.strerror)
        return
    kept = {"state": State.KEPT, "file_name": name, "fetched_at": timezone.now(), "lease_until": None}
    if not _ours(picture).update(error_message="", **kept):
        default_storage.delete(name)


def _remove(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("A kept picture stays in the storage until the next look: %s", type(error).__name__)
