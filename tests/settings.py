"""The product's settings, in an environment of the tests' own: a fresh folder, and a Valkey server inside it.

The database is SQLite, or the PostgreSQL that TEST_DATABASE_URL names (`make test-postgres`).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

TEST_DIR = Path(tempfile.mkdtemp(prefix="tongkuan-test-"))
atexit.register(shutil.rmtree, TEST_DIR, ignore_errors=True)

for name in ("REDIS_URL", "DATABASE_URL", "ALLOWED_HOSTS", "FETCH_ALLOWED_HOSTS", "OFFER_IMAGE_SOURCES"):
    os.environ.pop(name, None)
os.environ |= {
    "VAR_DIR": str(TEST_DIR),
    "SECRET_KEY": "only-for-tests-" + "k" * 50,
    "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
    "HTTPS": "false",
    # Playwright keeps an event loop in its thread, for which Django takes every test after it for an asynchronous one.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from procurement.settings import *  # noqa: E402, F403  the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "searches.storages.FolderStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Straight from static/, without collecting: pages of the tests link to the same names.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
