from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from searches import actions, removal
from searches.models import QueryImage


class Command(BaseCommand):
    help = (
        "Removes a user's account and the photos that they uploaded and nothing shows, and on demand every search that "
        "they started. What was saved to supplier lists stays with the team. Files follow within a minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--with-searches", action="store_true", help="also the searches that they started")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": options["username"]}, returncode=2)
        number = 0
        if options["with_searches"]:
            # One by one: an interrupted removal has removed some, and is begun again.
            for job in user.search_jobs.order_by("pk").iterator():
                actions.delete_search(job=job)
                number += 1
        with transaction.atomic():
            removal.unused(QueryImage.objects.filter(uploaded_by=user)).delete()
            user.delete()
        text = _("%(name)s is removed, and %(number)d searches.")
        self.stdout.write(text % {"name": options["username"], "number": number})
