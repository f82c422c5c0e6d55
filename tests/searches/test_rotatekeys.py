"""`manage.py rotatekeys`: everything under the first key, and a word about what no key reads."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from searches.marketplaces import Tokens
from searches.models import Credential
from searches.models.credential import decrypt
from tests.factories import CredentialFactory

pytestmark = pytest.mark.django_db

SECRET, TOKEN, REFRESH = "s3cret-marked-7f1c", "t0ken-marked-9a2e", "refresh-marked-4b8d"


def new_key() -> str:
    return Fernet.generate_key().decode()


def rotate() -> tuple[str, CommandError | None]:
    """What it printed, and the error it ended with."""
    out = StringIO()
    try:
        call_command("rotatekeys", stdout=out)
    except CommandError as error:
        return out.getvalue(), error
    return out.getvalue(), None


def test_the_old_key_can_be_taken_away_afterwards(settings) -> None:
    old, new = new_key(), new_key()
    settings.CREDENTIAL_KEYS = [old]
    with_token, without = CredentialFactory(secret=SECRET, token=""), CredentialFactory(secret="other", token="")
    with_token.keep_tokens(Tokens(TOKEN, REFRESH, expires_in=36_000))
    with_token.save()
    settings.CREDENTIAL_KEYS = [new, old]
    printed, error = rotate()
    assert error is None
    assert printed == "Encrypted anew. Secrets: 2, tokens: 1, refresh tokens: 1.\n"
    settings.CREDENTIAL_KEYS = [new]
    with_token.refresh_from_db()
    without.refresh_from_db()
    assert (with_token.account().secret, with_token.account().token) == (SECRET, TOKEN)
    assert decrypt(with_token.refresh_token_encrypted) == REFRESH
    assert (without.account().secret, without.token_encrypted) == ("other", "")


def test_nothing_else_of_a_credential_changes() -> None:
    credential = CredentialFactory(last_error_code="110")
    before = Credential.objects.values().get()
    rotate()
    after = Credential.objects.values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"secret_encrypted", "token_encrypted"}
    assert credential.account() == Credential.objects.get().account()


def test_what_no_key_reads_is_named_and_left_and_the_rest_is_rotated(settings) -> None:
    lost, old, new = new_key(), new_key(), new_key()
    settings.CREDENTIAL_KEYS = [lost]
    unreadable = CredentialFactory(name="Yiwu office", secret=SECRET, token="")
    kept = unreadable.secret_encrypted
    settings.CREDENTIAL_KEYS = [old]
    readable = CredentialFactory(name="Shenzhen office", secret=SECRET, token=TOKEN)
    settings.CREDENTIAL_KEYS = [new, old]
    printed, error = rotate()
    assert error is not None
    assert error.returncode == 1
    assert "Yiwu office (secret)" in str(error)
    assert "Shenzhen" not in str(error)
    assert printed == "Encrypted anew. Secrets: 1, tokens: 1, refresh tokens: 0.\n"
    settings.CREDENTIAL_KEYS = [new]
    readable.refresh_from_db()
    unreadable.refresh_from_db()
    assert readable.account().secret == SECRET
    assert unreadable.secret_encrypted == kept
    for text in (printed, str(error)):
        assert SECRET not in text
        assert kept not in text


def test_without_credentials_there_is_nothing_to_do() -> None:
    assert rotate() == ("Encrypted anew. Secrets: 0, tokens: 0, refresh tokens: 0.\n", None)
