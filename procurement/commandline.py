"""What the commands that search are given, made sure of before anything is started, and what they give back."""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User, teams_to_search_for
from searches import actions
from searches.exports import MATCH_COLUMNS, Writable, match_cells, notice_of, write_csv
from searches.fetching import fetch_picture
from searches.imaging import MAX_BYTES, ImageRejected
from searches.intake import name_in
from searches.marketplaces import is_web_url
from searches.models import SearchJob
from searches.progress import groups_of
from searches.tables import in_order
from searches.terminal import json_object, legend, table

# Exit statuses, beside 0.
BROKEN, USAGE, REJECTED_IMAGE, MARKETPLACE_ERROR, INTERRUPTED = 1, 2, 3, 4, 130
Say = Callable[[str], None]


def refuse_bad_options(options: dict[str, Any]) -> None:
    """Raises CommandError for values that do not fit, alone or together."""
    lowest, highest = options["price_from"], options["price_to"]
    if lowest is not None and highest is not None and lowest > highest:
        raise misuse(_("--price-from is above --price-to."))
    if options["sort"] is None:
        raise misuse(_("--sort needs one of: %(values)s.") % {"values": ", ".join(SearchJob.Order.values)})
    _refuse_photos(options["photos"])
    numbers = (
        ("limit", 1, 500),
        ("min_credit", 0, 5),
        ("min_similarity", 0, 1),
        ("min_photos", 1, len(options["photos"])),
    )
    for name, least, most in numbers:
        value = options[name]
        if value is not None and not least <= value <= most:
            parts = {"option": f"--{name.replace('_', '-')}", "least": least, "most": most}
            raise misuse(_("%(option)s must be from %(least)d to %(most)d.") % parts)
    if options["csv"] == "-" and options["json"]:
        raise misuse(_("--csv - and --json both want standard output: give a file to one of them."))
    if options["csv"] not in (None, "-"):
        refuse_unwritable("--csv", Path(options["csv"]))


def _refuse_photos(photos: Sequence[str]) -> None:
    if len(photos) > SearchJob.MOST_PHOTOS:
        parts = {"most": SearchJob.MOST_PHOTOS, "number": len(photos)}
        raise misuse(_("A search takes up to %(most)d photos of one item: these are %(number)d.") % parts)
    if photos.count("-") > 1:
        raise misuse(_("Standard input can be one photo only."))


def refuse_unwritable(option: str, path: Path) -> None:
    """Raises CommandError before anything is done whose result could not be written."""
    writable = os.access(path if path.exists() else path.parent, os.W_OK)
    if path.is_dir() or not writable:
        raise misuse(_("%(option)s: %(path)s cannot be written.") % {"option": option, "path": path})


def misuse(text: str) -> CommandError:
    """The command was called in a way that means nothing."""
    return CommandError(text, returncode=USAGE)


def price(text: str) -> Decimal:
    """An option's amount, for argparse."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a price")
    return amount


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A time-out of cron's ends the command as Ctrl-C does: nothing stays half-done, and the servers end."""

    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def asker(username: str | None, say: Say) -> tuple[User, Team]:
    """Whose search it is, and for which of their teams. Raises CommandError."""
    try:
        user = _named(username) if username else _first_who_may_search()
        teams = list(teams_to_search_for(user))
    except (OperationalError, ProgrammingError) as error:
        text = _("The database is not ready (%(why)s). Start the portal once: make run") % {"why": error}
        raise misuse(text) from error
    if not teams:
        raise misuse(_("%(user)s may search for no team: a buyer or a lead may.") % {"user": user.username})
    if len(teams) > 1:
        say(_("The search is for the team %(team)s.") % {"team": teams[0]})
    return user, teams[0]


def _named(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise misuse(_("There is no active user %(name)s.") % {"name": username})
    return user


def _first_who_may_search() -> User:
    members = User.objects.filter(is_active=True, memberships__role__in=Membership.EDITORS)
    user = members.order_by("pk").first()
    if user is None:
        raise misuse(_("Nobody may search yet. Start the portal once (make run), or make somebody a buyer of a team."))
    return user


def marketplaces(chosen: Sequence[str] | None, team: Team, say: Say) -> list[str]:
    """The chosen ones, or the first that the team may search. Raises CommandError."""
    usable = actions.marketplaces_for([team])
    if not usable:
        raise misuse(_("No credential is switched on: add one in the administration, or start the portal once."))
    if not chosen:
        if len(usable) > 1:
            say(_("Searching at %(name)s, the first of %(number)d.") % {"name": usable[0], "number": len(usable)})
        return usable[:1]
    for key in chosen:
        if key not in usable:
            names = {"name": key, "names": ", ".join(usable)}
            raise misuse(_("The team may not search at %(name)s. There are: %(names)s.") % names)
    return [key for key in usable if key in chosen]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture's bytes, unchecked. `url` is where it came from, "" when from here."""

    data: bytes
    name: str
    url: str = ""


def photo(text: str) -> Photo:
    """The picture that PHOTO names. Raises CommandError, `FetchRefused`, and `ImageRejected` when it is too large."""
    if text.lower().startswith(("http://", "https://")):
        if not is_web_url(text):
            raise misuse(_("This address cannot be passed on: it is too long, or holds a user name or blanks."))
        return Photo(fetch_picture(text), name_in(text), text)
    if text == "-":
        return Photo(_read(sys.stdin.buffer), _("standard input"))
    path = Path(text)
    try:
        with path.open("rb") as file:
            return Photo(_read(file), path.name)
    except OSError as error:
        raise misuse(f"{text}: {error.strerror}") from error


def _read(file: IO[bytes]) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ImageRejected("too-large")
    return data


class Results:
    """The offers to give back, in the forms that can be asked for."""

    def __init__(self, job: SearchJob, ids: Sequence[int], limit: int) -> None:
        """ids: of the search's matches, in their order."""
        self.job = job
        self.total = len(ids)
        self.matches = list(in_order(ids[:limit]))

    def json_object(self) -> dict[str, Any]:
        return json_object(self.job, self.matches, self.total)

    def as_text(self, columns: int | None) -> str:
        counts = {"shown": len(self.matches), "total": self.total, "number": self.job.pk}
        if not self.matches:
            return self._nothing()
        foot = _("%(shown)d of %(total)d offers. Search %(number)d") % counts
        ours = f"\n{legend(self.matches)}" if legend(self.matches) else ""
        return f"{table(self.matches, columns)}\n\n{foot}{ours}\n{notice_of(self.job.calls.all())}"

    def _nothing(self) -> str:
        parts = {"found": self.job.matches.count(), "number": self.job.pk}
        if parts["found"]:
            return _("None of the %(found)d offers is what the options ask for. Search %(number)d") % parts
        return _("No offers were found. Search %(number)d") % parts

    def save_csv(self, name: str) -> None:
        """Raises CommandError."""
        try:
            with Path(name).open("w", encoding="utf-8", newline="") as file:
                self.write_csv(file)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}", returncode=1) from error

    def write_csv(self, file: Writable) -> None:
        rows = (match_cells(match, len(self.job.photos)) for match in self.matches)
        write_csv(file, MATCH_COLUMNS, rows, notice=notice_of(self.job.calls.all()))


def window_width(stream: Any) -> int | None:
    """The width of the terminal that the stream writes to; None when it is a file or a pipe: nothing is cut there."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def troubles(job: SearchJob) -> list[str]:
    """What went wrong for good: message, code and request id, and the remedy on a line of its own."""
    lines = []
    for group in groups_of(job.calls.all(), job.photos):
        for trouble in (trouble for trouble in group.troubles if not trouble.next):
            request = f" ({trouble.request_id})" if trouble.request_id else ""
            lines += [f"{trouble.where}: {trouble.message} [{trouble.code}]{request}", trouble.remedy]
    return lines
