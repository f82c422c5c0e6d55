"""Django settings. Everything that differs between installations comes from the environment (env.py).

`make run` keeps its generated secrets in `var/portal.env`, which is read here when it is there;
a production installation has no such file and sets the same names itself (see README).
"""

from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from procurement.env import StrictEnv
from procurement.media import media_storage
from procurement.valkey import embedded_url
from searches.marketplaces import MARKETPLACES

env = StrictEnv()
django_stubs_ext.monkeypatch()  # lets Django's generic classes carry their types at run time

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("VAR_DIR", default=BASE_DIR / "var")
environ.Env.read_env(VAR_DIR / "portal.env")

# Safety

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = (
    env.text("SECRET_KEY", default="debug-only-" + "k" * 50)
    if DEBUG
    else env.secret("SECRET_KEY", hint="Give 50 random characters, or start with `make run`.")
)
CREDENTIAL_KEYS = env.keys(
    "CREDENTIAL_KEYS",
    hint="Give one or more Fernet keys, the newest first: `python -m procurement.newkey` prints one.",
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.boolean("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
X_FRAME_OPTIONS = "DENY"

# Browsers fetch the offers' pictures from the marketplaces themselves; these come beside the protocols' own hosts.
OFFER_IMAGE_SOURCES = [
    *sorted({host for marketplace in MARKETPLACES.values() for host in marketplace.image_hosts}),
    *env.words("OFFER_IMAGE_SOURCES"),
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:", "blob:", *OFFER_IMAGE_SOURCES],
    },
}

# The house

INSTALLED_APPS = [
    "procurement",
    "catalog",
    "dossiers",
    "saved",
    "batches",
    "suppliers",
    "searches",
    "reckoning",
    "exports",
    "accounts",
    "sandbox",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_rq",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "procurement.urls"
WSGI_APPLICATION = "procurement.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Data

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'tongkuan.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    given = DATABASES["default"].get("OPTIONS", {})
    options = {"connect_timeout": 5, **(given if isinstance(given, dict) else {})}
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, OPTIONS=options)

STORAGES = {
    "default": media_storage(env),
    # Not as private as uploads (FILE_UPLOAD_PERMISSIONS): another user's process may serve what one user's collected.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "media")
# In days; 0 is for ever (searches/retention.py).
CENTURY = 36_500
RETENTION_ORIGINALS_DAYS = env.integer("RETENTION_ORIGINALS_DAYS", default=365, most=CENTURY)
RETENTION_DERIVED_DAYS = env.integer("RETENTION_DERIVED_DAYS", default=30, most=CENTURY)
RETENTION_RESULTS_DAYS = env.integer("RETENTION_RESULTS_DAYS", default=365, most=CENTURY)
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "searches.uploads.CappedUpload",
]
# More than a search takes: the form then says which of them it leaves out.
DATA_UPLOAD_MAX_NUMBER_FILES = 16
FILE_UPLOAD_PERMISSIONS = 0o600

# Valkey: the queue's doorbell, the caches and the call limiter

REDIS_URL = env.valkey("REDIS_URL", default=embedded_url(VAR_DIR))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tongkuan",
        "OPTIONS": {
            "serializer": "procurement.valkey.JSONSerializer",
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "retry": Retry(NoBackoff(), 0),
        },
    },
}
# By urgency: workers look into the second only when the first is empty, and compare pictures when both are.
RQ_QUEUES = {
    name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 120, "SERIALIZER": "rq.serializers.JSONSerializer"}
    for name in ("interactive", "batch", "looks")
}
# The doorbell rings when it is told to: those who ring do so on commit.
RQ = {"COMMIT_MODE": "auto"}
RQ_SHOW_ADMIN_LINK = False

# Searching

# A marketplace counts the calls of the last minute; only tests and benches set another window.
CALL_WINDOW_SECONDS = env.integer("CALL_WINDOW_SECONDS", default=60, least=1)
# How long a worker may be at one call before it counts as lost: more than the client's whole deadline (45 s).
CALL_LEASE_SECONDS = env.integer("CALL_LEASE_SECONDS", default=60, least=2)
CALL_ATTEMPTS = 4
# Files of batches that are still on their way: the web processes and the workers share it.
UPLOAD_ROOT = env.path("UPLOAD_ROOT", default=VAR_DIR / "uploads")
# Where the internet reaches this portal: for marketplaces that fetch pictures by address.
PUBLIC_URL = env.url("PUBLIC_URL")
# What answered questions may take of Valkey's memory, in bytes.
RESULT_CACHE_BYTES = env.integer("RESULT_CACHE_MB", default=256, least=1) * 1_000_000
# Hosts of `host:port` that may be fetched although they are not public: the sandbox, and the tests' own servers.
FETCH_ALLOWED_HOSTS = env.words("FETCH_ALLOWED_HOSTS")

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
# Kept for a year on the same machine; on another the browser's own preference decides.
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = HTTPS, True, "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["procurement.formats"]
TIME_ZONE = env.zone("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    # urllib3 writes request lines, and a request line holds a signature.
    "loggers": {"urllib3": {"level": "WARNING"}, "PIL": {"level": "WARNING"}},
}
