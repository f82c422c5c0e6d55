"""From an offer that the team decided for to an item of its catalogue: one click."""

import logging
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Membership, Team, User
from batches.models import BatchRow
from catalog.models import Item
from catalog.models.items import LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE
from catalog.pictures import keep_picture
from searches import prepared
from searches.imaging import ImageRejected
from suppliers.models import KeptPicture, ListEntry, Stage, Status

logger = logging.getLogger(__name__)

MOST_TRIES = 1000


@dataclass(frozen=True, slots=True)
class Added:
    """is_new: False for an item that was made of the same offer before. pictured: whether it has a picture."""

    item: Item
    is_new: bool
    pictured: bool


def is_decided_for(entry: ListEntry) -> bool:
    """Whether somebody chose it: then it is worth an item."""
    return entry.status == Status.CHOSEN or entry.stage == Stage.APPROVED


def item_of(entry: ListEntry) -> Item | None:
    """The item that was made of the entry's offer, if its team has one."""
    items = Item.objects.filter(
        team=entry.supplier_list.team_id, offer_id=entry.offer_id, marketplace=entry.marketplace
    )
    return items.order_by("archived_at", "pk").first() if entry.offer_id else None


def may_add(user: User, entry: ListEntry) -> bool:
    team = entry.supplier_list.team_id
    return Membership.objects.filter(user=user, team=team, role__in=Membership.EDITORS).exists()


@transaction.atomic
def add_entry(*, user: User, entry: ListEntry) -> Added:
    """Make an item of the entry's offer as it was saved, with its picture; of two at once, one makes it."""
    team = Team.objects.select_for_update().get(pk=entry.supplier_list.team_id)
    known = item_of(entry)
    if known is not None:
        return Added(known, is_new=False, pictured=known.pictures.exists())
    item = Item(
        team=team,
        created_by=user,
        code=_free_code(team, _proposed(entry)),
        name=(entry.title or entry.offer_id)[:LONGEST_NAME],
        supplier_name=entry.supplier_name,
        url=entry.url,
        marketplace=entry.marketplace,
        offer_id=entry.offer_id,
        price=entry.price,
        currency=entry.currency,
        tiers=entry.tiers,
        moq=entry.moq,
        notes=entry.note[:LONGEST_NOTE],
    )
    item.save()
    return Added(item, is_new=True, pictured=_pictured(item, entry))


def _proposed(entry: ListEntry) -> str:
    """The product's own code, where a batch knew one; else the offer's id."""
    job = entry.source_match.job_id if entry.source_match else None
    row = BatchRow.objects.filter(job=job).exclude(code="").first() if job else None
    return (row.code if row else "") or entry.offer_id


def _free_code(team: Team, wanted: str) -> str:
    """The code, with a number behind it if the team has it already."""
    code = wanted[:LONGEST_CODE]
    for number in range(2, MOST_TRIES):
        if not Item.objects.filter(team=team, code=code).exists():
            return code
        ending = f"-{number}"
        code = wanted[: LONGEST_CODE - len(ending)] + ending
    raise RuntimeError("a thousand items have this code")


def _pictured(item: Item, entry: ListEntry) -> bool:
    """The offer's picture as it is kept; where there is none, the photo that found it."""
    data = _kept(entry) or _photo(entry)
    if not data:
        return False
    try:
        keep_picture(item=item, data=data)
    except ImageRejected as problem:
        logger.info("The picture of entry %d is not kept: %s", entry.pk, problem.code)
        return False
    return True


def _kept(entry: ListEntry) -> bytes:
    picture = entry.picture
    if picture is None or picture.state != KeptPicture.State.KEPT:
        return b""
    try:
        with default_storage.open(picture.file_name) as file:
            return bytes(file.read())
    except OSError:
        return b""


def _photo(entry: ListEntry) -> bytes:
    if entry.query_image is None:
        return b""
    try:
        with prepared.opened(entry.query_image) as file:
            return bytes(file.read())
    except OSError:
        return b""
