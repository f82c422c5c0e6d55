"""What people do with an import: begin it, confirm its columns, have it written, cancel it."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from catalog.imports import doorbell
from catalog.imports.fields import LABELS, SEVERAL, Field, tier_quantity
from catalog.imports.tallies import Tally
from catalog.imports.uploads import tidy
from catalog.models import CatalogImport, ImportTrouble
from searches.retention import limit_of

State = CatalogImport.State
TROUBLES_A_STEP = 5_000


def begin(*, team: Team, user: User) -> CatalogImport:
    return CatalogImport.objects.create(team=team, owner=user)


def keep_columns(*, of: CatalogImport, columns: Sequence[str]) -> None:
    """Which column says what, as somebody chose it, right or wrong; of a sheet that waits for that."""
    CatalogImport.objects.filter(pk=of.pk, state=State.MAPPING).update(columns=list(columns))


def wrong_with(columns: Sequence[str], headings: Sequence[str]) -> str:
    """Why nothing can be imported by these columns, in words; "" when something can."""
    for column, heading in zip(columns, headings, strict=False):
        if column == Field.TIER and tier_quantity(heading) is None:
            text = _("The heading “%(heading)s” names no quantity, as 100+ does, from which on its prices would be.")
            return text % {"heading": heading}
    for which in Field:
        if which not in SEVERAL and columns.count(which.value) > 1:
            return _("Several columns are taken for “%(field)s”: leave it to one of them.") % {"field": LABELS[which]}
    if Field.CODE.value not in columns:
        return _("No column is taken for the own code; the code says which item a row is about.")
    return ""


def try_out(*, of: CatalogImport, columns: Sequence[str]) -> None:
    """Have a worker see what every row would do. Nothing is written to the catalogue. Raises `ValidationError`."""
    if wrong := wrong_with(columns, of.sheet["headings"]):
        raise ValidationError(wrong)
    changes = {"state": State.CHECKING, "columns": list(columns), "found": Tally().as_json()}
    _go_from_the_top(of, (State.MAPPING, State.CHECKED), changes)


def start(*, of: CatalogImport) -> None:
    """Have the rows written that were tried. Raises `ValidationError` when they were not, or are already."""
    changes = {"state": State.WRITING, "written": Tally().as_json(), "started_at": timezone.now()}
    _go_from_the_top(of, (State.CHECKED,), changes)


def _go_from_the_top(of: CatalogImport, states: Sequence[str], changes: dict[str, Any]) -> None:
    with transaction.atomic():
        held = CatalogImport.objects.filter(pk=of.pk, state__in=states)
        if not held.update(position=0, rows_done=0, lease_until=None, **changes):
            raise ValidationError(_("The import is elsewhere already: look at how far it is."))
        ImportTrouble.objects.filter(of=of).delete()
        transaction.on_commit(partial(doorbell.ring, [of.pk]))


def map_again(*, of: CatalogImport) -> None:
    """From what a trial found back to the columns."""
    CatalogImport.objects.filter(pk=of.pk, state=State.CHECKED).update(state=State.MAPPING)


def cancel(*, of: CatalogImport) -> bool:
    """Stop it where it is: what was written stays. Whether there was something to stop."""
    with transaction.atomic():
        held = CatalogImport.objects.filter(pk=of.pk).exclude(state__in=CatalogImport.ENDED)
        stopped = held.update(state=State.CANCELLED, finished_at=timezone.now(), lease_until=None)
        if stopped:
            of.pictures.all().delete()
            transaction.on_commit(partial(tidy, of))
    return bool(stopped)


def expire(now: datetime) -> bool:
    """Remove the oldest import that ended, or was forgotten, so long ago as a batch is kept. Whether there was one."""
    limit = limit_of(now, settings.RETENTION_RESULTS_DAYS)
    if limit is None:
        return False
    old = CatalogImport.objects.filter(created_at__lt=limit).exclude(state__in=CatalogImport.BUSY)
    of = old.filter(Q(finished_at=None) | Q(finished_at__lt=limit)).order_by("pk").first()
    if of is None:
        return False
    told = ImportTrouble.objects.filter(of=of).order_by("pk").values_list("pk", flat=True)[:TROUBLES_A_STEP]
    ImportTrouble.objects.filter(pk__in=list(told)).delete()
    if not of.troubles.exists():
        folder = of.folder
        with transaction.atomic():
            of.delete()
            transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True))
    return True
