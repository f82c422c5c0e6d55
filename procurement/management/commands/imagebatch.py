import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from batches import actions, exporting, feeding, totals
from batches import jobs as batch_jobs
from batches.folders import one_product_a_folder
from batches.models import Batch, BatchFile, BatchRow
from batches.results import failures_of, with_refused_photos
from exports.models import Export
from procurement import batchline, commandline
from procurement.commandline import BROKEN, INTERRUPTED, MARKETPLACE_ERROR, REJECTED_IMAGE
from procurement.companions import Companions, NotRunning
from procurement.progressbar import ProgressBar
from procurement.storagetrouble import FULL, storage_trouble
from searches import jobs, turns
from searches.actions import Question
from searches.models import Credential, SearchCall, SearchJob

SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_NEWS, SECONDS_A_TURN = 0.1, 0.5, 2.0
Status, State = Batch.Status, BatchFile.State


class Command(BaseCommand):
    help = (
        "Searches the marketplaces for many products, each by its photo: files, folders, ZIPs, and sheets with one "
        "product a row. It works in this process, and shares the work with the portal's workers if there are any. By "
        "searching you confirm that you may use the photos. Called again with the same paths and options it goes on "
        "where it was interrupted. Exit status: 0 all were searched for, 2 wrong use, 3 a photo or file was refused "
        "and 4 a search failed (the others are finished all the same), 130 interrupted, 1 anything else."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("paths", metavar="PATH", nargs="+", help="a picture, a ZIP, an XLSX or CSV sheet, or a folder of them")
        add("--title", default="", help="how the team finds the batch again (default: the first path's name)")
        add(
            "--marketplace",
            action="append",
            metavar="KEY",
            help="where to search, may be repeated (default: the first that has a credential)",
        )
        add("--wanted", type=int, choices=SearchJob.Wanted.values, default=50, help="offers a product (default: 50)")
        add("--price-from", type=commandline.price, metavar="YUAN")
        add("--price-to", type=commandline.price, metavar="YUAN")
        add("--wholesale", action="store_true", help="wholesale offers only")
        add("--order", choices=SearchJob.Order.values, default="similarity")
        add("--preset", choices=SearchJob.Preparation.values, default="basic", help="how the photos are prepared")
        add("--folders", action="store_true", help="each folder of photos is one product (up to 8 photos)")
        add("--xlsx", metavar="FILE", help="write the results into a workbook with pictures")
        add("--csv", metavar="FILE", help="write all offers into a CSV file")
        add("--user", metavar="USERNAME", help="whose batch it is (default: the first who may search)")

    def handle(self, *args: Any, **options: Any) -> None:
        lowest, highest = options["price_from"], options["price_to"]
        if lowest is not None and highest is not None and lowest > highest:
            raise commandline.misuse(_("--price-from is above --price-to."))
        for name in ("xlsx", "csv"):
            if options[name]:
                commandline.refuse_unwritable(f"--{name}", Path(options[name]))
        self.bar = ProgressBar(self._write, moves=self.stderr.isatty(), quiet=options["verbosity"] == 0)
        self.told: set[str] = set()
        try:
            with commandline.terminated_as_interrupted(), Companions(self.bar.line) as companions:
                self._run(options, companions)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted."), returncode=INTERRUPTED) from None
        except NotRunning as problem:
            raise CommandError(str(problem), returncode=BROKEN) from problem
        except (OSError, DatabaseError) as error:
            trouble = storage_trouble(error)
            if not trouble:
                raise
            kept = _("What was done so far is kept. Make room; to go on, run the same command again.")
            raise CommandError(f"{trouble} {kept}", returncode=BROKEN) from None
        finally:
            self.bar.clear()

    def _write(self, text: str) -> None:
        self.stderr.write(text, str, "")
        self.stderr.flush()

    def _run(self, options: dict[str, Any], companions: Companions) -> None:
        sources = batchline.sources_of(options["paths"], self.bar.line)
        batch = self._batch(sources, options)
        self.companions = companions
        self.credentials = list(
            Credential.objects.for_teams([batch.team_id]).filter(marketplace__in=batch.marketplaces)
        )
        self._need_servers()
        try:
            refused = self._collect(batch, sources, folders=options["folders"])
            self._search(batch)
        except KeyboardInterrupt:
            actions.pause_batch(batch=batch)
            batch.refresh_from_db()
            self.bar.line(_how_to_go_on(batch))
            raise
        self._save(batch, options)
        self._tell(batch, refused)

    def _batch(self, sources: Sequence[batchline.Source], options: dict[str, Any]) -> Batch:
        user, team = commandline.asker(options["user"], self.bar.line)
        marketplaces = commandline.marketplaces(options["marketplace"], team, self.bar.line)
        question = _question(options)
        batch = batchline.unfinished(sources, user=user, team=team, marketplaces=marketplaces, question=question)
        if batch is not None:
            self.bar.line(_("Batch %(number)d is taken up where it was left.") % {"number": batch.pk})
            return batch
        title = options["title"] or batchline.title_of(options["paths"])
        batch = actions.create_batch(
            user=user, team=team, title=title[:200], marketplaces=marketplaces, question=question
        )
        self.bar.line(_("Batch %(number)d, “%(title)s”.") % {"number": batch.pk, "title": batch.title})
        return batch

    # Pictures in

    def _collect(self, batch: Batch, sources: Sequence[batchline.Source], *, folders: bool) -> int:
        """Put the files in, read them, and start the batch; answers how many files were not taken."""
        refused = 0
        if batch.status == Status.COLLECTING:
            for done, source in enumerate(sources, 1):
                try:
                    batchline.put_in(batch, source)
                except (ValidationError, OSError) as error:
                    if isinstance(error, OSError) and error.errno in FULL:
                        # The other files would find no room either, and half a batch is not what was asked for.
                        raise
                    refused += 1
                    why = " ".join(error.messages) if isinstance(error, ValidationError) else error.strerror
                    self.bar.line(f"{source.path}: {why}")
                self.bar.show(_("files"), done, len(sources))
        self._read(batch)
        batch.refresh_from_db()
        try:
            if folders and batch.status == Status.COLLECTING:
                one_product_a_folder(batch=batch)
            actions.start_batch(batch=batch)
        except ValidationError as problem:
            self._tell_failures(batch)
            raise CommandError(" ".join(problem.messages), returncode=REJECTED_IMAGE) from None
        actions.resume_batch(batch=batch)
        return refused

    def _read(self, batch: Batch) -> None:
        """Until every file has become rows and every address a picture, whoever does it."""
        waiting = batch.files.filter(state__in=(State.RECEIVED, State.MAPPING))
        while True:
            for sheet in batch.files.filter(state=State.MAPPING):
                columns = "; ".join(f"{name}: {heading}" for name, heading in batchline.confirm_guess(sheet).items())
                self.bar.line(_("%(name)s is read as %(columns)s.") % {"name": sheet.name, "columns": columns})
            # Sheets last: their rows find the pictures that are there.
            files = sorted(waiting.all(), key=lambda file: (file.name.lower().endswith(batchline.SHEETS), file.pk))
            free = [file for file in files if file.lease_until is None or file.lease_until < timezone.now()]
            fetching = batch.rows.to_fetch(timezone.now()).first()
            if free:
                batch_jobs.read_file(free[0].pk, SECONDS_A_TURN)
            elif fetching:
                batch_jobs.fetch_row(fetching.pk)
            elif files or batch.rows.filter(state=BatchRow.State.FETCHING).exists():
                self._say_once(*{file.error_message for file in files} - {""})
                time.sleep(SECONDS_BETWEEN_LOOKS)
            else:
                return
            read = batch.files.filter(state__in=(State.READ, State.REFUSED)).count()
            rows = _("%(number)d pictures") % {"number": batch.rows.count()}
            self.bar.show(_("read"), read, batch.files.count(), rows)

    # Searching

    def _search(self, batch: Batch) -> None:
        """Work on the batch's calls until it is done, whoever did them. Raises CommandError when others stop it."""
        told_at = 0.0
        while True:
            batch.refresh_from_db()
            if time.monotonic() - told_at > SECONDS_BETWEEN_NEWS or batch.status != Status.RUNNING:
                self._show(batch)
                told_at = time.monotonic()
            if batch.status == Status.DONE:
                return
            if batch.status == Status.CANCELLED:
                raise CommandError(_("The batch was cancelled in the portal."), returncode=BROKEN)
            if batch.status == Status.PAUSED:
                raise CommandError(_("It was paused in the portal.") + f" {_how_to_go_on(batch)}", returncode=BROKEN)
            feeding.feed_batch(batch)
            call = _due(batch)
            if call is not None:
                jobs.run_call(call.pk)
            else:
                self._read_more(batch)
                self._wait()

    def _read_more(self, batch: Batch) -> None:
        """Rows that came to be fetched since, by a page or another process."""
        row = batch.rows.to_fetch(timezone.now()).first()
        if row is not None:
            batch_jobs.fetch_row(row.pk)

    def _wait(self) -> None:
        """Nothing is due: see that the servers are there, and that slots are handed out without a scheduler, too."""
        try:
            self._need_servers()
            with suppress(redis.RedisError):
                turns.hand_out()
        except NotRunning as problem:
            self._say_once(str(problem))
        time.sleep(SECONDS_BETWEEN_LOOKS)

    def _need_servers(self) -> None:
        self.companions.need_valkey()
        for credential in self.credentials:
            self.companions.need_sandbox(credential)

    def _show(self, batch: Batch) -> None:
        added_up = totals.add_up(batch)
        failed = added_up.by_state["failed"] + added_up.by_state["partial"]
        notes = (totals.pace_of(batch, added_up), _("%(number)d failed") % {"number": failed} if failed else "")
        self.bar.show(_("searched"), added_up.ended, added_up.all, " · ".join(filter(None, notes)))

    # Results out

    def _save(self, batch: Batch, options: dict[str, Any]) -> None:
        rows = batch.rows.count()
        for name, kind in (("xlsx", Export.Kind.XLSX), ("csv", Export.Kind.CSV)):
            if not options[name]:
                continue
            target = Path(options[name]).resolve()
            try:
                with tempfile.TemporaryDirectory(prefix=".imagebatch-", dir=target.parent) as folder:
                    path = Path(folder, target.name)
                    exporting.write_file(batch, kind, path, beat=lambda done: self.bar.show(_("written"), done, rows))
                    path.replace(target)
            except OSError as error:
                raise CommandError(f"{target}: {error.strerror or error}", returncode=BROKEN) from error
            self.bar.line(_("The results are in %(file)s.") % {"file": options[name]})

    def _tell(self, batch: Batch, refused: int) -> None:
        """How it ended, and the exit status that says so."""
        added_up = totals.add_up(batch)
        state = added_up.by_state
        refused += batch.rows.filter(with_refused_photos(), ~Q(state=BatchRow.State.REFUSED)).count()
        refused += state["refused"] + batch.files.filter(state=State.REFUSED).count()
        failed = state["failed"] + state["partial"] + state["cancelled"]
        self.bar.clear()
        parts = {"batch": batch.pk, "all": added_up.all, "done": state["done"], "repeated": state["duplicate"]}
        parts |= {"refused": refused, "failed": failed}
        text = _(
            "Batch %(batch)d: %(all)d products. Searched: %(done)d, repeated pictures: %(repeated)d, "
            "refused: %(refused)d, failed: %(failed)d."
        )
        self.stdout.write(text % parts)
        self._tell_failures(batch)
        if failed:
            raise CommandError(_("Some searches failed."), returncode=MARKETPLACE_ERROR)
        if refused:
            raise CommandError(_("Some pictures or files were refused."), returncode=REJECTED_IMAGE)

    def _tell_failures(self, batch: Batch) -> None:
        for failure in failures_of(batch):
            where = failure.source if failure.number is None else f"{failure.number} {failure.name}"
            self.bar.line(f"{where}: {failure.reason or failure.state} [{failure.error_code}]")

    def _say_once(self, *texts: str) -> None:
        for text in texts:
            if text not in self.told:
                self.told.add(text)
                self.bar.line(_(text))


def _due(batch: Batch) -> SearchCall | None:
    """The batch's call that is next. Those that stand in line for a slot are handed out by turns.py."""
    due = SearchCall.objects.claimable(timezone.now()).filter(job__batch_row__batch=batch)
    in_line = {"status": SearchCall.Status.WAITING, "waits_for__in": SearchCall.IN_LINE}
    return due.exclude(**in_line).order_by("page", "pk").first()


def _question(options: dict[str, Any]) -> Question:
    """What is asked about each product."""
    return {
        "preparation": options["preset"],
        "price_from": options["price_from"],
        "price_to": options["price_to"],
        "wholesale_only": options["wholesale"],
        "order": options["order"],
        "wanted": options["wanted"],
    }


def _how_to_go_on(batch: Batch) -> str:
    if batch.status == Status.COLLECTING:
        return _("To go on, run the same command again.")
    parts = {"number": batch.pk, "page": batch.get_absolute_url()}
    return _("Batch %(number)d is paused. To go on, run the same command again, or open %(page)s.") % parts
