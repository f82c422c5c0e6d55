from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from searches import orphans


class Command(BaseCommand):
    help = (
        "Removes pictures that belong to nothing in the database and are older than a day, and names the photos whose "
        "file is missing. Make sure that the database is the one that these pictures belong to. Exit status 1 when "
        "files are missing, or the storage fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only name the files that would be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._remove(dry_run=options["dry_run"])
            missing = self._name_missing()
        except OSError as error:
            raise CommandError(_("The storage fails: %(error)s.") % {"error": error}, returncode=1) from error
        if missing:
            text = _("%(number)d photos have no file. Restore them from a backup, or upload them again.")
            raise CommandError(text % {"number": missing}, returncode=1)

    def _remove(self, *, dry_run: bool) -> None:
        number = 0
        for name in orphans.orphans():
            number += 1
            self.stdout.write(name)
            if not dry_run:
                orphans.remove(name)
        text = _("%(number)d files would be removed.") if dry_run else _("%(number)d files are removed.")
        self.stdout.write(text % {"number": number})

    def _name_missing(self) -> int:
        number = 0
        for image in orphans.without_file():
            number += 1
            parts = {"number": image.pk, "name": image.name, "team": image.team.name, "file": image.file.name}
            self.stderr.write(_("Photo %(number)d (%(name)s, %(team)s) has no file: %(file)s") % parts)
        return number
