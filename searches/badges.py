"""What an offer says beside its figures, in the page's words: the supplier's standing, marks, other prices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from searches.formats import money
from searches.marketplaces import CATALOG, Identity, PriceKind
from searches.models import OfferFields

# In the order of their weight.
IDENTITIES: Mapping[str, str | Promise] = MappingProxyType(
    {
        Identity.SUPER_FACTORY: gettext_lazy("super factory"),
        Identity.CERTIFIED_FACTORY: gettext_lazy("certified factory"),
        Identity.FACTORY: pgettext_lazy("of a supplier", "factory"),
        Identity.STRONG_MERCHANT: gettext_lazy("strong merchant"),
        Identity.VERIFIED: gettext_lazy("verified"),
    }
)
# Who is more than that is not shown as that, too.
IMPLIED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Identity.FACTORY: frozenset({Identity.SUPER_FACTORY, Identity.CERTIFIED_FACTORY}),
        Identity.VERIFIED: frozenset(set(Identity) - {Identity.VERIFIED}),
    }
)
PRICES: Mapping[PriceKind, str | Promise] = MappingProxyType(
    {
        PriceKind.PROMOTION: gettext_lazy("promotion %(price)s"),
        PriceKind.DROPSHIP: gettext_lazy("dropshipped %(price)s"),
        PriceKind.SELECTED: gettext_lazy("selected sourcing %(price)s"),
        PriceKind.SELECTED_WHOLESALE: gettext_lazy("selected sourcing, wholesale %(price)s"),
        PriceKind.ORIGINAL: gettext_lazy("before the reduction %(price)s"),
    }
)
# Below the price there is room for so many; the others are told when one points at it.
MOST_PRICE_LINES = 2
HOURS_TOLD_AS_HOURS = 48


@dataclass(frozen=True, slots=True)
class Badge:
    """A word in a frame; `tone` is "no" for what a buyer should beware of."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a supplier: badges, their record in words, and the whole in one sentence."""

    badges: list[str]
    record: str
    told: str


def identity_label(value: str) -> str:
    return str(IDENTITIES[value])


def badges_of(offer: OfferFields) -> list[Badge]:
    """The marks of an offer itself: whether it is the team's own item, then what to beware of."""
    badges = [Badge(_("ours"), "known")] if offer.marketplace == CATALOG else []
    if offer.advertised:
        badges.append(Badge(_("ad"), "no"))
    if offer.patented:
        badges.append(Badge(_("patented"), "no"))
    if offer.ships_within_hours:
        badges.append(Badge(ships_in(offer.ships_within_hours)))
    if offer.dropshipping:
        badges.append(Badge(_("dropshipping")))
    return badges


def standing_of(offer: OfferFields) -> Standing:
    held = [value for value in IDENTITIES if value in offer.identities]
    shown = [value for value in held if not IMPLIED.get(value, frozenset()) & set(held)]
    score = offer.supplier_score
    record = list(_record(offer))
    told = [*map(identity_label, held), *record]
    if score is not None:
        record.append(f"★ {score:.1f}")
        told.append(_("service %(score).1f of 5") % {"score": score})
    return Standing([identity_label(value) for value in shown], " · ".join(record), " · ".join(told))


def price_lines(offer: OfferFields) -> list[str]:
    """The small lines below the price: the other prices that matter most, and differ from it."""
    other = offer.other_prices

    def line(kind: PriceKind) -> str:
        price = other.get(kind, offer.price)
        return "" if price is None or price == offer.price else _priced(kind, price, offer.currency)

    lines = [line(PriceKind.PROMOTION), _cheapest_tier(offer), line(PriceKind.DROPSHIP)]
    return list(filter(None, lines))[:MOST_PRICE_LINES]


def prices_told(offer: OfferFields) -> str:
    """Every price of the offer, a line each; "" when there is but the one."""
    other = offer.other_prices
    told = [_priced(kind, other[kind], offer.currency) for kind in PRICES if kind in other]
    told += [_tier(quantity, price, offer.currency) for quantity, price in offer.price_tiers]
    return "\n".join(told)


def ships_in(hours: int) -> str:
    if hours <= HOURS_TOLD_AS_HOURS:
        return _("ships in %(hours)d h") % {"hours": hours}
    days = -(-hours // 24)
    return ngettext("ships in %(days)d day", "ships in %(days)d days", days) % {"days": days}


def _record(offer: OfferFields) -> Iterator[str]:
    if offer.supplier_years:
        yield ngettext("%(number)d year", "%(number)d years", offer.supplier_years) % {"number": offer.supplier_years}
    if offer.supplier_medal:
        yield _("medal %(level)d") % {"level": offer.supplier_medal}


def _priced(kind: PriceKind, price: Decimal, currency: str) -> str:
    return str(PRICES[kind]) % {"price": money(price, currency)}


def _cheapest_tier(offer: OfferFields) -> str:
    """The cheapest of the tiers, when it is below the price: `¥21.00 from 100`."""
    quantity, lowest = min(offer.price_tiers, key=lambda tier: tier[1], default=(0, None))
    if lowest is None or (offer.price is not None and lowest >= offer.price):
        return ""
    return _tier(quantity, lowest, offer.currency)


def _tier(quantity: int, price: Decimal, currency: str) -> str:
    return _("%(price)s from %(quantity)s") % {"price": money(price, currency), "quantity": f"{quantity:,}"}
