import argparse
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Team, User
from procurement import commandline
from procurement.commandline import BROKEN, INTERRUPTED, MARKETPLACE_ERROR, REJECTED_IMAGE, USAGE
from procurement.companions import Companions, NotRunning
from procurement.storagetrouble import storage_trouble
from searches import actions, foreground, prepared
from searches.asked import view_of
from searches.fetching import FetchRefused
from searches.formats import clock
from searches.imaging import ImageRejected
from searches.intake import title_from
from searches.looks import foreground as looks
from searches.marketplaces import MARKETPLACES
from searches.models import Credential, QueryImage, SearchCall, SearchJob
from searches.rows import marketplace_label


class Command(BaseCommand):
    help = (
        "Searches the marketplaces for the product of a photo, or of up to eight photos of one item, in this process: "
        "for shells and cron. By searching you confirm that you may use the photos. Exit status: 0 found or nothing "
        "found, 2 wrong use, 3 a photo was refused (what the others found is printed all the same), 4 the marketplace "
        "failed (what was found is printed all the same), 130 interrupted, 1 anything else."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add(
            "photos",
            metavar="PHOTO",
            nargs="+",
            help="a file, - for standard input, or the http(s) address of a picture; several are sides of one item, "
            "and offers that more of them found come first",
        )
        add("--price-from", type=commandline.price, metavar="YUAN")
        add("--price-to", type=commandline.price, metavar="YUAN")
        add("--wholesale", action="store_true", help="wholesale offers only")
        # `--sort -price` reads as two options, so the second is one.
        add("--sort", choices=SearchJob.Order.values, default="similarity", const=None, nargs="?")
        add("-price", dest="sort", action="store_const", const="-price", help=argparse.SUPPRESS)
        add("--limit", type=int, default=50, metavar="N", help="how many offers to show, 1 to 500 (default: 50)")
        add("--keywords", nargs="+", metavar="WORD", help="only offers whose title has any of these")
        add("--min-credit", type=int, metavar="0-5", help="only suppliers of at least this credit")
        add("--min-photos", type=int, metavar="N", help="only offers that at least so many of the photos found")
        add("--min-similarity", type=float, metavar="0-1", help="only offers at least this similar")
        add(
            "--best",
            action="store_true",
            help="credit from 4, similarity from 0.8, most similar first, then cheapest",
        )
        add("--csv", metavar="FILE", help="write the offers to a file instead of a table; - for standard output")
        add("--json", action="store_true", help="print one JSON object instead of a table")
        add(
            "--marketplace",
            action="append",
            metavar="KEY",
            help="where to search, may be repeated (default: the first that has a credential)",
        )
        add("--user", metavar="USERNAME", help="whose search it is (default: the first who may search)")
        add("--preset", choices=SearchJob.Preparation.values, default="basic", help="how the photo is prepared")
        add("--fresh", action="store_true", help="accept no cached answer")

    def handle(self, *args: Any, **options: Any) -> None:
        commandline.refuse_bad_options(options)
        self.quiet = options["verbosity"] == 0
        self.told: set[object] = set()
        self.job: SearchJob | None = None
        try:
            with commandline.terminated_as_interrupted(), Companions(self._say) as companions:
                self._search(options, companions)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted."), returncode=INTERRUPTED) from None
        except NotRunning as problem:
            raise CommandError(str(problem), returncode=BROKEN) from problem
        except (ImageRejected, FetchRefused) as refusal:
            raise CommandError(f"{_(refusal.message)} [{refusal.code}]", returncode=REJECTED_IMAGE) from None
        except (OSError, DatabaseError) as error:
            trouble = storage_trouble(error)
            if not trouble:
                raise
            raise CommandError(f"{trouble} {self._what_is_kept()}", returncode=BROKEN) from None

    def _what_is_kept(self) -> str:
        if self.job is None:
            return _("No search was begun. Make room, and run the command again.")
        text = _(
            "Search %(number)d keeps what was found so far. Make room, and run the command again, or open %(page)s."
        )
        return text % {"number": self.job.pk, "page": self.job.get_absolute_url()}

    def _search(self, options: dict[str, Any], companions: Companions) -> None:
        user, team = commandline.asker(options["user"], self._say)
        marketplaces = commandline.marketplaces(options["marketplace"], team, self._say)
        credentials = list(Credential.objects.for_teams([team]).filter(marketplace__in=marketplaces))
        photos, refused = _keep_photos(options, user, team, MARKETPLACES[marketplaces[0]].max_image_bytes)
        companions.need_valkey()
        for credential in credentials:
            companions.need_sandbox(credential)
        try:
            self.job = job = actions.start_search(
                user=user,
                team=team,
                images=[image for image, _photo in photos],
                marketplaces=marketplaces,
                title=title_from(photos[0][1].name),
                image_url=photos[0][1].url,
                ring=False,
                **_question(options),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=USAGE) from error
        self._finish(job, credentials, companions)
        if options["best"] or options["min_similarity"] is not None:
            self._compare(job)
        self._show(job, marketplaces, options)
        _raise_troubles(job, refused)

    def _finish(self, job: SearchJob, credentials: Sequence[Credential], companions: Companions) -> None:
        def idle(waiting: Sequence[SearchCall]) -> None:
            for call in waiting[:1]:
                self._say_why_it_waits(call)
                try:
                    companions.need_valkey()
                    for credential in credentials:
                        companions.need_sandbox(credential)
                except NotRunning as problem:
                    self._say_once(str(problem), str(problem))

        try:
            foreground.finish(job, idle)
        except KeyboardInterrupt:
            actions.cancel_search(job=job)
            self._say(_("Search %(number)d is cancelled.") % {"number": job.pk})
            raise

    def _compare(self, job: SearchJob) -> None:
        """Have our own eye's similarities, where the options ask for one that no marketplace gives."""
        if not job.matches.filter(similarity=None).exists():
            return
        self._say(_("The marketplace gives no similarity: the offers’ pictures are compared with the photo."))
        looks.finish(job)
        for reason in looks.troubles(job):
            self._say(_("Our own eye did not compare the pictures: %(reason)s.") % {"reason": reason})

    def _say_why_it_waits(self, call: SearchCall) -> None:
        parts = {"where": marketplace_label(call.marketplace), "time": clock(call.not_before, seconds=True)}
        if call.waits_for == SearchCall.Reason.RETRY and call.error_message:
            parts |= {"what": _(call.error_message), "code": call.error_code}
            text = _("%(where)s: %(what)s [%(code)s] It is tried again at %(time)s.") % parts
            self._say_once(text, call.pk, call.attempts)
        else:
            parts["reason"] = call.get_waits_for_display()
            text = _("%(where)s: waits until %(time)s for %(reason)s.") % parts
            self._say_once(text, call.waits_for, None if call.waits_for == SearchCall.Reason.VALKEY else call.pk)

    def _show(self, job: SearchJob, marketplaces: list[str], options: dict[str, Any]) -> None:
        view = view_of(_params(options), marketplaces, job.order, photos=len(job.photos))
        results = commandline.Results(job, view.ids(job, job.calls.all()), options["limit"])
        if options["json"]:
            _let_stdout_print("utf-8", "strict")
            self.stdout.write(json.dumps(results.json_object(), ensure_ascii=False))
        if not results.matches and job.status != SearchJob.Status.DONE:
            return
        if options["csv"] == "-":
            _let_stdout_print("utf-8", "strict")
            results.write_csv(self.stdout)
        elif options["csv"]:
            results.save_csv(options["csv"])
            self._say(
                _("%(number)d offers are in %(file)s.") % {"number": len(results.matches), "file": options["csv"]}
            )
        elif not options["json"]:
            # What the terminal's character set lacks becomes a question mark, not the end of the command.
            _let_stdout_print(None, "replace")
            self.stdout.write(results.as_text(commandline.window_width(self.stdout)))

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.stderr.write(text, str)

    def _say_once(self, text: str, *about: object) -> None:
        if about not in self.told:
            self.told.add(about)
            self._say(text)


def _question(options: dict[str, Any]) -> dict[str, Any]:
    """What is asked about the photo, in the search's own terms."""
    return {
        "preparation": options["preset"],
        "price_from": options["price_from"],
        "price_to": options["price_to"],
        "wholesale_only": options["wholesale"],
        "order": options["sort"],
        "wanted": next(number for number in SearchJob.Wanted.values if number >= options["limit"]),
        "keywords": " ".join(options["keywords"] or ()),
        "fresh": options["fresh"],
    }


def _params(options: dict[str, Any]) -> QueryDict:
    """The same view as the page's address would ask for."""
    params = QueryDict(mutable=True)
    if options["best"]:
        params["best"] = "1"
    least = {"credit_from": "min_credit", "similarity_from": "min_similarity", "photos_from": "min_photos"}
    for name, option in least.items():
        if options[option] is not None:
            params[name] = str(options[option])
    if options["keywords"]:
        params["title_any"] = " ".join(options["keywords"])
    if options["sort"] != SearchJob.Order.SIMILARITY:
        params["sort"] = options["sort"]
    return params


def _keep_photos(
    options: dict[str, Any], user: User, team: Team, most_bytes: int
) -> tuple[list[tuple[QueryImage, commandline.Photo]], list[str]]:
    """The photos that can be searched with, and what is to be said of the others.

    Raises as `commandline.photo` does when none is left.
    """
    taken, refused = [], []
    for text in options["photos"]:
        try:
            photo = commandline.photo(text)
            image = actions.keep_query_image(team=team, user=user, data=photo.data, name=photo.name)
            # Made now, so that a picture that cannot be decoded is refused before there is a search.
            prepared.jpeg_of(image, prepared.preset_for(options["preset"], "", most_bytes))
        except (ImageRejected, FetchRefused) as refusal:
            if len(options["photos"]) == 1:
                raise
            refused.append(f"{text}: {_(refusal.message)} [{refusal.code}]")
        else:
            taken.append((image, photo))
    if not taken:
        raise CommandError("\n".join(refused), returncode=REJECTED_IMAGE)
    return taken, refused


def _raise_troubles(job: SearchJob, refused: Sequence[str]) -> None:
    """End the command as the search ended. `refused`: what is to be said of photos that were not searched with."""
    if job.status == SearchJob.Status.CANCELLED:
        raise CommandError(_("The search was cancelled in the portal."), returncode=BROKEN)
    troubles = commandline.troubles(job)
    if troubles or refused:
        status = MARKETPLACE_ERROR if troubles else REJECTED_IMAGE
        raise CommandError("\n".join([*refused, *troubles]), returncode=status)


def _let_stdout_print(encoding: str | None, errors: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, errors=errors)
