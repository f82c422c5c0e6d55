"""The protocols as an administrator chooses among them: what each is for, and what it needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.marketplaces import PROTOCOLS, Marketplace
from searches.models import Credential

# The parameter that says which protocol a new credential is for.
PARAMETER = "marketplace"


@dataclass(frozen=True, slots=True)
class Choice:
    """One protocol on the page where they are offered. `credentials`: how many there are of it."""

    label: str
    purpose: str
    needs: str
    query: str
    credentials: str


def choices() -> Iterator[Choice]:
    taken = list(Credential.objects.values_list("marketplace", flat=True))
    for key, protocol in PROTOCOLS.items():
        number = taken.count(key)
        there = ngettext("%(number)d credential", "%(number)d credentials", number) % {"number": number}
        yield Choice(
            label=_(protocol.label),
            purpose=_purpose(protocol),
            needs=_needs(protocol),
            query=urlencode({PARAMETER: key}),
            credentials=there if number else "",
        )


def protocol_of(credential: Credential) -> Marketplace | None:
    """None for one that this version does not know (any more)."""
    return PROTOCOLS.get(credential.marketplace)


def label_of(credential: Credential) -> str:
    protocol = protocol_of(credential)
    return _(protocol.label) if protocol else credential.marketplace


def _purpose(protocol: Marketplace) -> str:
    words = {"source": protocol.source}
    if protocol.takes_image and protocol.takes_image_url:
        searched = _("Searches %(source)s by photo or by a picture's address.") % words
    elif protocol.takes_image:
        searched = _("Searches %(source)s by photo.") % words
    else:
        searched = _("Searches %(source)s by a picture's address.") % words
        if not settings.PUBLIC_URL:
            searched += " " + _("For uploaded photos this portal needs an address on the internet (PUBLIC_URL).")
    if protocol.gives_similarity:
        return searched + " " + _("Says how similar each offer is.")
    return searched + " " + _("Ranks the offers, without a figure for their similarity.")


def _needs(protocol: Marketplace) -> str:
    needs = [_(key.label) for key in protocol.keys if key.required]
    if protocol.authorizing:
        needs.append(_("authorization at %(source)s") % {"source": protocol.source})
    if protocol.allow_list:
        needs.append(_("maybe this server's address on an allow-list"))
    return ", ".join(needs)
