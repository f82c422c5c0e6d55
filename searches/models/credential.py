"""An account at a marketplace, its secrets encrypted at rest."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from searches.marketplaces import MARKETPLACES, Account, Marketplace, MarketplaceError


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def encrypt(text: str) -> str:
    """The text under the newest key; empty text stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def decrypt(text: str) -> str:
    """Raises `SecretUnreadable` when none of the configured keys wrote it."""
    if not text:
        return ""
    try:
        return _fernet().decrypt(text.encode()).decode()
    except InvalidToken:
        # Not chained: nothing about the stored text helps whoever reads the log.
        raise SecretUnreadable from None


class SecretUnreadable(Exception):
    """A stored secret was written under a key that is no longer in CREDENTIAL_KEYS."""


def marketplace_choices() -> list[tuple[str, StrOrPromise]]:
    return [(key, _(marketplace.label)) for key, marketplace in MARKETPLACES.items()]


class CredentialQuerySet(models.QuerySet["Credential"]):
    def usable(self) -> "CredentialQuerySet":
        return self.filter(enabled=True)


class Credential(models.Model):
    """One set of keys at one marketplace. `name` is what buyers choose in the search form."""

    name = models.CharField(
        _("name"), max_length=100, unique=True, help_text=_("What buyers choose in the search form.")
    )
    marketplace = models.CharField(_("protocol"), max_length=40, choices=marketplace_choices)
    # Not a URLField: that one refuses the one-word host names of company networks.
    base_url = models.CharField(_("base URL"), max_length=200, help_text=_("The gateway's address."))
    app_key = models.CharField(_("app key"), max_length=200)
    secret_encrypted = models.TextField(editable=False, blank=True)
    token_encrypted = models.TextField(editable=False, blank=True)
    calls_per_minute = models.PositiveIntegerField(
        _("calls per minute"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("The marketplace's limit for this key, shared by all workers. 1688 gives 100 by default."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    # Written with every slot taken, so that a limiter whose memory was lost knows what may still count.
    last_call_at = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_at = models.DateTimeField(_("last error"), null=True, editable=False)
    last_error_code = models.CharField(max_length=60, blank=True, editable=False)
    last_error_message = models.CharField(max_length=500, blank=True, editable=False)
    last_error_remedy = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self) -> str:
        return self.name

    @property
    def protocol(self) -> Marketplace:
        return MARKETPLACES[self.marketplace]

    def keep_secret(self, text: str) -> None:
        self.secret_encrypted = encrypt(text)

    def keep_token(self, text: str) -> None:
        self.token_encrypted = encrypt(text)

    def account(self) -> Account:
        """What the marketplace's client needs, secrets in clear: never log, cache or queue it."""
        return Account(
            base_url=self.base_url,
            app_key=self.app_key,
            secret=decrypt(self.secret_encrypted),
            token=decrypt(self.token_encrypted),
        )

    def record_failure(self, error: MarketplaceError) -> None:
        """Keep what went wrong for the administrator; a credential that was deleted meanwhile is left alone."""
        Credential.objects.filter(pk=self.pk).update(
            last_error_at=timezone.now(),
            last_error_code=error.code[:60],
            last_error_message=error.message[:500],
            last_error_remedy=error.remedy[:500],
        )
