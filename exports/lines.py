"""Exports as pages tell of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from exports.models import Export
from exports.writers import shown_of, writer_of


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export. download_url: "" when there is nothing to be downloaded. ready: what there is, in words.

    state: how far it is, in words; tone: of the pill that says it. subject_url: "" when nothing is shown there.
    """

    pk: int
    kind: str
    kind_label: str
    label: str
    what: str | Promise
    page_url: str
    subject_url: str
    download_url: str
    ready: str
    asked: str
    expires: str
    busy: bool
    state: str
    tone: str
    percent: int
    why: str


def line_of(export: Export, user: User) -> ExportLine:
    return lines_of([export], user)[0]


def lines_of(exports: Iterable[Export], user: User) -> list[ExportLine]:
    found = list(exports)
    shown = shown_of(found, user)
    return [_line(export, shown=export.pk in shown) for export in found]


def _line(export: Export, *, shown: bool) -> ExportLine:
    writer = writer_of(export)
    return ExportLine(
        pk=export.pk,
        kind=export.kind,
        kind_label=export.kind.upper(),
        label=export.label,
        what=writer.label,
        page_url=export.get_absolute_url(),
        subject_url=writer.address(export) if shown else "",
        download_url=reverse("exports:download", args=[export.pk]) if export.is_ready and shown else "",
        ready=ready_words(export),
        asked=_day_and_clock(export.asked_at),
        expires=_day_and_clock(export.expires_at),
        busy=export.is_unfinished,
        state=state_words(export),
        tone={Export.State.DONE: "ok", Export.State.FAILED: "bad"}.get(Export.State(export.state), ""),
        percent=export.percent,
        why=_why(export, shown=shown),
    )


def ready_words(export: Export) -> str:
    """Size and time of what was written; "" of what was not."""
    if not export.is_ready or export.written_at is None:
        return ""
    written = {"size": filesizeformat(export.size), "time": _day_and_clock(export.written_at)}
    return _("%(size)s, of %(time)s") % written


def state_words(export: Export) -> str:
    if export.state == Export.State.WRITING and export.rows_all:
        progress = {"done": f"{export.rows_done:,}", "all": f"{export.rows_all:,}"}
        return _("%(done)s of %(all)s written") % progress
    return str(export.get_state_display())


def _why(export: Export, *, shown: bool) -> str:
    if export.error_message:
        return _(export.error_message)
    return "" if shown else _("What this file is of was deleted, or is not shown to you any more: it cannot be opened.")


def _day_and_clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
