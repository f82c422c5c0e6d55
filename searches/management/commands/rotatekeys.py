from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from searches.models import Credential
from searches.models.credential import ENCRYPTED, SecretUnreadable, decrypt, encrypt


class Command(BaseCommand):
    help = (
        "Encrypts every stored secret and token anew under the first of CREDENTIAL_KEYS, so that the older keys can "
        "be taken away. Exit status 1 when one of them cannot be read with any key; the others are rotated."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = _rotate()
        text = _("Encrypted anew. Secrets: %(secret)d, tokens: %(token)d, refresh tokens: %(refresh_token)d.")
        self.stdout.write(text % {_kind(column): number for column, number in rotated.items()})
        if unreadable:
            text = _("No key in CREDENTIAL_KEYS reads %(names)s. Add the key it was kept under, or enter it again.")
            raise CommandError(text % {"names": ", ".join(unreadable)}, returncode=1)


@transaction.atomic
def _rotate() -> tuple[dict[str, int], list[str]]:
    """All rows at once, held against whoever is changing one: how many of each column, and what stayed."""
    rotated = dict.fromkeys(ENCRYPTED, 0)
    unreadable = []
    for credential in Credential.objects.select_for_update():
        for column in ENCRYPTED:
            kept = getattr(credential, column)
            try:
                setattr(credential, column, encrypt(decrypt(kept)))
            except SecretUnreadable:
                unreadable.append(f"{credential.name} ({_kind(column).replace('_', ' ')})")
            else:
                rotated[column] += bool(kept)
        credential.save(update_fields=ENCRYPTED)
    return rotated, unreadable


def _kind(column: str) -> str:
    return column.removesuffix("_encrypted")
