"""Prepared pictures for marketplaces that fetch them: at an address that nobody can guess, for a day or two."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from searches.imaging import Box
from searches.marketplaces import ErrorKind, MarketplaceError
from searches.models import SearchCall

SALT = "searches.publicpictures"
# Counted in days since 1970, so that all calls of a day name one address: a marketplace that keeps what it fetched
# fetches it once.
DAYS_GOOD = 2
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """Which prepared picture an address stands for."""

    image: int
    preparation: str
    variant: str
    marketplace: str
    crop: Box | None


def public_address(call: SearchCall) -> str:
    """Where the marketplace finds the call's picture. Raises `MarketplaceError` without a PUBLIC_URL."""
    if not settings.PUBLIC_URL:
        raise MarketplaceError(
            _("This marketplace fetches pictures from the internet, and this portal has no public address."),
            kind=ErrorKind.CONFIGURATION,
            code="no-public-url",
            remedy=_(
                "Search by the picture's own address, or ask an administrator to set PUBLIC_URL to an address at "
                "which the internet reaches this portal."
            ),
        )
    last_day = int(timezone.now().timestamp()) // SECONDS_A_DAY + DAYS_GOOD
    edges = list(dataclasses.astuple(call.crop)) if call.crop else None
    token = signing.Signer(salt=SALT).sign_object(
        [call.image_id, call.job.preparation, call.variant, call.marketplace, edges, last_day]
    )
    return settings.PUBLIC_URL.rstrip("/") + reverse("searches:public-picture", args=[token])


def picture_of(token: str) -> PublicPicture | None:
    """What the token names; None when it is not ours or its days are over."""
    try:
        named: list[Any] = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    image, preparation, variant, marketplace, crop, last_day = named
    if int(timezone.now().timestamp()) // SECONDS_A_DAY > last_day:
        return None
    return PublicPicture(image, preparation, variant, marketplace, Box(*crop) if crop else None)
