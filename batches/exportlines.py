"""A batch's files of results as the page tells of them, one for each kind, asked for already or not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from batches.models import BatchExport
from searches.formats import clock


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One kind. `ready`: what there is to be downloaded, "" for nothing; `percent`: how far a new one is."""

    kind: str
    label: str
    ready: str
    busy: bool
    state: str
    percent: int
    why: str


def export_lines(exports: Iterable[BatchExport]) -> list[ExportLine]:
    known = {export.kind: export for export in exports}
    return [_line(kind, known.get(kind)) for kind in BatchExport.Kind]


def _line(kind: BatchExport.Kind, export: BatchExport | None) -> ExportLine:
    if export is None:
        return ExportLine(kind.value, str(kind.label), "", busy=False, state="", percent=0, why="")
    written = {"size": filesizeformat(export.size), "time": clock(export.written_at) if export.written_at else ""}
    progress = {"done": export.rows_done, "all": export.rows_all}
    return ExportLine(
        kind=kind.value,
        label=str(kind.label),
        ready=_("%(size)s, of %(time)s") % written if export.file_name else "",
        busy=export.is_unfinished,
        state=_("%(done)d of %(all)d products") % progress
        if export.state == BatchExport.State.WRITING
        else export.get_state_display(),
        percent=100 * export.rows_done // export.rows_all if export.rows_all else 0,
        why=_(export.error_message) if export.error_message else "",
    )
