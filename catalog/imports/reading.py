"""An import's sheet off its file: its columns are told, and wait to be confirmed."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from batches.reading.rejected import SheetRejected
from catalog.imports.fields import guess_columns
from catalog.imports.opening import Opened, TooManyRows, stage
from catalog.imports.turns import LEASE, Overtaken
from catalog.models import CatalogImport

State = CatalogImport.State
LONGEST_HEADING = 100
TOO_MANY_ROWS = _("The sheet has more than 200,000 rows. Divide the items among several sheets.")
GONE = _("The file is not on the server any more. Upload it again.")


def read(of: CatalogImport) -> None:
    """Raises `Overtaken`; OSError. A sheet that is refused says why in the import's row."""
    sheet = of.files.filter(is_sheet=True).first()
    if sheet is None:
        raise Overtaken
    # Of this turn: one that was taken for dead may still be writing.
    name = f"rows-{uuid.uuid4().hex}"
    target = of.folder / name

    def beat(rows: int) -> None:
        alive = CatalogImport.objects.filter(pk=of.pk, state=State.READING)
        if not alive.update(rows_done=rows, lease_until=timezone.now() + LEASE):
            raise Overtaken

    try:
        opened = stage(sheet.path, sheet.name, target, beat)
        taken = _taken(of, opened, name)
    except (SheetRejected, TooManyRows) as refusal:
        target.unlink(missing_ok=True)
        refuse(of, refusal.message if isinstance(refusal, SheetRejected) else TOO_MANY_ROWS)
        return
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    if not taken:
        target.unlink(missing_ok=True)
        raise Overtaken


def _taken(of: CatalogImport, opened: Opened, name: str) -> bool:
    headings = [heading[:LONGEST_HEADING] for heading in opened.headings]
    changes = {
        "state": State.MAPPING,
        "sheet": {
            "headings": headings,
            "heading_row": opened.heading_row,
            "merged": opened.merged,
            "others": opened.others[:20],
        },
        "columns": guess_columns(opened.headings, opened.pictured),
        "rows_file": name,
        "rows_all": opened.rows,
        "rows_done": 0,
        "lease_until": None,
    }
    done = CatalogImport.objects.filter(pk=of.pk, state=State.READING).update(**changes)
    for column, value in changes.items():
        setattr(of, column, value)
    return bool(done)


def refuse(of: CatalogImport, why: str) -> None:
    """The import ends here; what it wrote before stays. `why`: an English sentence for gettext."""
    held = CatalogImport.objects.filter(pk=of.pk).exclude(state__in=CatalogImport.ENDED)
    held.update(state=State.REFUSED, error_message=why[:500], lease_until=None, finished_at=timezone.now())
