"""An account at a marketplace, its secrets encrypted at rest."""

from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Team
from searches.marketplaces import PROTOCOLS, Account, ErrorKind, Marketplace, MarketplaceError, Tokens

# Failures that lie with the account, whatever picture is searched: another credential may still work.
ACCOUNT_KINDS = frozenset(
    {ErrorKind.CONFIGURATION, ErrorKind.PERMISSION, ErrorKind.AUTHENTICATION, ErrorKind.QUOTA},
)
# Failures that say nothing of the account: this picture, this question.
OTHERS_FAULT = frozenset({ErrorKind.BAD_IMAGE, ErrorKind.NO_RESULT})
# The circuit breaker: after so many of them in a row a credential pauses, each time twice as long as before.
FAILURES_UNTIL_PAUSE = 3
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


# The columns that hold secrets: `rotatekeys` brings all of them under a new key.
ENCRYPTED = ("secret_encrypted", "token_encrypted", "refresh_token_encrypted")
# What `keep_token` and `keep_tokens` write.
TOKEN_COLUMNS = ("token_encrypted", "refresh_token_encrypted", "token_expires_at", "refresh_expires_at")
# What `resume` and, with the next, `record_failure` write.
BREAKER_COLUMNS = ("failures_in_a_row", "paused_until")
LAST_ERROR_COLUMNS = ("last_error_at", "last_error_code", "last_error_message", "last_error_remedy")


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
    return [(key, _(marketplace.label)) for key, marketplace in PROTOCOLS.items()]


class CredentialQuerySet(models.QuerySet["Credential"]):
    def usable(self) -> "CredentialQuerySet":
        return self.filter(enabled=True)

    def for_teams(self, teams: "models.QuerySet[Team] | list[Team] | list[int]") -> "CredentialQuerySet":
        """The usable ones that at least one of the teams may use."""
        allowed = Credential.teams.through.objects.filter(team__in=teams).values("credential")
        return self.usable().filter(Q(for_all_teams=True) | Q(pk__in=allowed))


class Credential(models.Model):
    """One set of keys at one marketplace. Several of one marketplace share its load, each within its own limits."""

    name = models.CharField(
        _("name"), max_length=100, unique=True, help_text=_("Buyers see it beside the marketplace.")
    )
    marketplace = models.CharField(_("protocol"), max_length=40, choices=marketplace_choices)
    # Not a URLField: that one refuses the one-word host names of company networks.
    base_url = models.CharField(_("base URL"), max_length=200, help_text=_("The gateway's address."))
    app_key = models.CharField(_("app key"), max_length=200, blank=True)
    secret_encrypted = models.TextField(editable=False, blank=True)
    token_encrypted = models.TextField(editable=False, blank=True)
    calls_per_minute = models.PositiveIntegerField(
        _("calls per minute"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("The marketplace's limit for this key, shared by all workers. 1688 gives 100 by default."),
    )
    calls_per_day = models.PositiveIntegerField(
        _("calls per day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000_000)],
        help_text=_("Days are those of China (UTC+8), as the marketplaces count them. Empty: no limit."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    for_all_teams = models.BooleanField(_("for every team"), default=True)
    teams = models.ManyToManyField(
        Team,
        verbose_name=_("teams"),
        related_name="credentials",
        blank=True,
        help_text=_("Who may use it, if not every team."),
    )
    # OAuth: where people are asked, and what came of it.
    auth_url = models.CharField(_("authorization address"), max_length=200, blank=True)
    refresh_token_encrypted = models.TextField(editable=False, blank=True)
    token_expires_at = models.DateTimeField(_("token expires"), null=True, editable=False)
    refresh_expires_at = models.DateTimeField(_("authorization expires"), null=True, editable=False)
    # The circuit breaker's state.
    failures_in_a_row = models.PositiveIntegerField(default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)
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
        return PROTOCOLS[self.marketplace]

    @property
    def is_paused(self) -> bool:
        """Whether the circuit breaker keeps calls from it now."""
        return self.paused_until is not None and self.paused_until > timezone.now()

    @property
    def why_paused(self) -> MarketplaceError:
        """The failure that was kept last, for those who wait for the pause to end."""
        return MarketplaceError(
            self.last_error_message,
            kind=ErrorKind.CONFIGURATION,
            code=self.last_error_code,
            remedy=self.last_error_remedy,
        )

    @property
    def is_on_trial(self) -> bool:
        """Whether a pause is over and its next call will tell if the trouble is: one call at a time, then."""
        return self.failures_in_a_row >= FAILURES_UNTIL_PAUSE and not self.is_paused

    def keep_secret(self, text: str) -> None:
        self.secret_encrypted = encrypt(text)

    def keep_token(self, text: str) -> None:
        """A token that was typed in: it neither expires nor can it be refreshed."""
        self.token_encrypted = encrypt(text)
        self.refresh_token_encrypted = ""
        self.token_expires_at = self.refresh_expires_at = None

    def keep_tokens(self, tokens: Tokens) -> None:
        """What OAuth gave; a reply without a refresh token leaves the old one."""
        now = timezone.now()
        self.token_encrypted = encrypt(tokens.access_token)
        self.token_expires_at = _after(now, tokens.expires_in)
        if tokens.refresh_token:
            self.refresh_token_encrypted = encrypt(tokens.refresh_token)
            self.refresh_expires_at = _after(now, tokens.refresh_expires_in)

    def account(self) -> Account:
        """What the marketplace's client needs, secrets in clear: never log, cache or queue it.

        Raises `SecretUnreadable`.
        """
        return Account(
            base_url=self.base_url,
            app_key=self.app_key,
            secret=decrypt(self.secret_encrypted),
            token=decrypt(self.token_encrypted),
            token_expires_at=self.token_expires_at,
            auth_url=self.auth_url,
        )

    def resume(self) -> None:
        """Close the circuit breaker, for the caller to save: what was wrong may be over."""
        self.failures_in_a_row, self.paused_until = 0, None

    def record_success(self) -> None:
        """A call was answered: whatever was wrong is over."""
        Credential.objects.filter(pk=self.pk).update(
            last_success_at=timezone.now(), failures_in_a_row=0, paused_until=None
        )

    def record_failure(self, error: MarketplaceError) -> None:
        """Keep what went wrong for the administrator; the account's own failures pause it when they repeat.

        A credential that was deleted meanwhile is left alone.
        """
        if error.kind in OTHERS_FAULT:
            return
        with transaction.atomic():
            stored = Credential.objects.select_for_update().filter(pk=self.pk).first()
            if stored is None:
                return
            stored.last_error_at = timezone.now()
            stored.last_error_code = error.code[:60]
            stored.last_error_message = error.message[:500]
            stored.last_error_remedy = error.remedy[:500]
            # Calls that were under way when the pause began are of the same trouble: they do not lengthen it.
            if error.kind in ACCOUNT_KINDS and not stored.is_paused:
                stored.failures_in_a_row += 1
                if stored.failures_in_a_row >= FAILURES_UNTIL_PAUSE:
                    stored.paused_until = stored.last_error_at + pause_after(stored.failures_in_a_row)
            stored.save(update_fields=[*LAST_ERROR_COLUMNS, *BREAKER_COLUMNS])


def pause_after(failures: int) -> timedelta:
    """How long a credential pauses after so many failures in a row."""
    doublings = min(failures - FAILURES_UNTIL_PAUSE, 10)
    return min(SHORTEST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _after(now: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=seconds)
