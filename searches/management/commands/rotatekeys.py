from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from searches.models import Credential
from searches.models.credential import SecretUnreadable, decrypt, encrypt

COLUMNS = ("secret_encrypted", "token_encrypted")


class Command(BaseCommand):
    help = (
        "Encrypts every stored secret and token anew under the first of CREDENTIAL_KEYS, so that the older keys can "
        "be taken away. Exit status 1 when one of them cannot be read with any key; the others are rotated."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        secrets, tokens, unreadable = _rotate()
        counts = {"secrets": secrets, "tokens": tokens}
        self.stdout.write(_("Encrypted anew. Secrets: %(secrets)d, tokens: %(tokens)d.") % counts)
        if unreadable:
            text = _("No key in CREDENTIAL_KEYS reads %(names)s. Add the key it was kept under, or enter it again.")
            raise CommandError(text % {"names": ", ".join(unreadable)}, returncode=1)


@transaction.atomic
def _rotate() -> tuple[int, int, list[str]]:
    """All rows at once, held against an administrator who is changing one: how many of each, and what stayed."""
    rotated = dict.fromkeys(COLUMNS, 0)
    unreadable = []
    for credential in Credential.objects.select_for_update():
        for column in COLUMNS:
            kept = getattr(credential, column)
            try:
                setattr(credential, column, encrypt(decrypt(kept)))
            except SecretUnreadable:
                unreadable.append(f"{credential.name} ({column.removesuffix('_encrypted')})")
            else:
                rotated[column] += bool(kept)
        credential.save(update_fields=COLUMNS)
    return rotated["secret_encrypted"], rotated["token_encrypted"], unreadable
