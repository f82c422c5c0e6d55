"""Pictures of imported rows into their items: read, checked, made small, one after the other, by any number of workers.

What cannot be kept is told in the import's report, and the item stays as it was imported.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from catalog.actions import MOST_PICTURES
from catalog.imports import troubles
from catalog.imports.doorbell import LANES
from catalog.imports.sources import ArchiveRejected, SheetRejected, Source, Sources
from catalog.imports.troubles import Code, Trouble
from catalog.imports.uploads import tidy
from catalog.models import CatalogImport, ImportPicture, ImportTrouble, Item
from catalog.pictures import keep_picture
from searches.fetching import FetchRefused, fetch_picture
from searches.imaging import Fingerprint, ImageRejected, fingerprint, same_picture

logger = logging.getLogger(__name__)

State = CatalogImport.State
# So many rows are one worker's at a time.
AT_ONCE = 4
# A picture at an address may take twelve seconds, and each begins the time anew.
LEASE = timedelta(seconds=60)
GONE = _("The file that holds it is not on the server any more.")
FULL = _("An item has at most 12 pictures.")


def keep_some(of: CatalogImport, *, seconds: float) -> bool:
    """Keep pictures of the import for about so long. Whether nobody has anything left to keep.

    Raises OSError when the storage fails: what was not kept is tried again.
    """
    until = time.monotonic() + seconds
    with Sources(of) as sources:
        while time.monotonic() < until:
            claimed = _claimed(of)
            if not claimed:
                break
            for place, picture in enumerate(claimed):
                _keep(picture, sources, claimed[place:])
    return finish(of)


def finish(of: CatalogImport) -> bool:
    """End an import of which every row is written and every picture kept. Whether there is nothing left to do."""
    with transaction.atomic():
        held = CatalogImport.objects.select_for_update(of=("self",)).filter(pk=of.pk).first()
        if held is None or held.is_ended:
            return True
        if held.state != State.PICTURES or held.pictures.exists():
            return False
        held.state, held.finished_at = State.DONE, timezone.now()
        held.save(update_fields=["state", "finished_at"])
        transaction.on_commit(partial(tidy, held))
    return True


def _claimed(of: CatalogImport) -> list[ImportPicture]:
    now = timezone.now()
    # Others look at the same moment: there is something for each of them.
    ids = ImportPicture.objects.due(now).filter(of=of).values_list("pk", flat=True)[: AT_ONCE * LANES]
    free = (pk for pk in list(ids) if ImportPicture.objects.due(now).filter(pk=pk).update(lease_until=now + LEASE))
    mine = list(islice(free, AT_ONCE))
    return list(ImportPicture.objects.filter(pk__in=mine).select_related("item__team").order_by("pk"))


def _keep(picture: ImportPicture, sources: Sources, claimed: Sequence[ImportPicture]) -> None:
    """All pictures of a row. Whatever comes of them, they are done then. `claimed`: what else waits for this worker."""
    wrong = list(_kept(picture.item, picture.sources, sources, claimed))
    with transaction.atomic():
        gone, _by_model = ImportPicture.objects.filter(pk=picture.pk).delete()
        if gone:
            ImportTrouble.objects.bulk_create(
                ImportTrouble(
                    of_id=picture.of_id,
                    row=picture.row,
                    position=picture.position,
                    code=trouble.code,
                    details=dict(trouble.details),
                    refused=False,
                )
                for trouble in wrong
            )


def _kept(item: Item, wanted: list[Source], sources: Sources, claimed: Sequence[ImportPicture]) -> Iterator[Trouble]:
    known: list[Fingerprint] | None = None
    for source in wanted:
        ImportPicture.objects.filter(pk__in=[one.pk for one in claimed]).update(lease_until=timezone.now() + LEASE)
        try:
            data = fetch_picture(str(source[1])) if source[0] == "url" else sources.read(source)
            if known is None:
                known = _fingerprints(item)
            if known and any(same_picture(fingerprint(data), other) for other in known):
                continue
            if item.pictures.count() >= MOST_PICTURES:
                yield _trouble(FULL)
                return
            with transaction.atomic():
                keep_picture(item=item, data=data)
        except (ImageRejected, FetchRefused, ArchiveRejected, SheetRejected) as refusal:
            yield _trouble(refusal.message)
        except (KeyError, FileNotFoundError):
            yield _trouble(GONE)
        except Item.DoesNotExist:
            return


def _fingerprints(item: Item) -> list[Fingerprint]:
    """Of the pictures that the item has: the same one in another size or file is not kept twice."""
    found = []
    for picture in item.pictures.all():
        try:
            with picture.file.storage.open(picture.file.name or "") as file:
                found.append(fingerprint(file.read()))
        except (FileNotFoundError, ImageRejected):
            continue
    return found


def _trouble(why: str) -> Trouble:
    return troubles.of(Code.BAD_PICTURE, why=why, refused=False)
