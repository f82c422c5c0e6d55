"""What an offer says besides its title and price: kinds of price, tiers, sales, promises.

Every value is drawn by dice of its own, so that adding one changes no other. As in real data,
some offers lack some of them: those are None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.companies import SUPER_FACTORY, Supplier
from sandbox.dice import Dice

# The catalogue's today: "new" and "created" are told from this date, whatever the clock says.
REFERENCE_DATE = date(2026, 10, 10)
NEW_DAYS = 7
# What 1688 writes for a supply that has no end.
UNLIMITED_SUPPLY = 2_147_483_646

SELECTED, BEST_SELLER = "select", "hot_sale"
CENT = Decimal("0.01")
OLDEST_DAYS = 1500
SETS = ("blocks", "chess", "rings", "giftbox")


@dataclass(frozen=True)
class PriceKinds:
    """Prices in yuan beside the offer's own; each is None where the offer has none of the kind.

    ``origin`` is the crossed-out price, ``consign`` that of a single piece sent to the buyer's own
    customer (一件代发), ``selected`` (jxhy) and ``selected_wholesale`` (pfJxhy) those of 1688's
    selected source (精选货源).
    """

    origin: Decimal | None
    promotion: Decimal | None
    consign: Decimal | None
    selected: Decimal | None
    selected_wholesale: Decimal | None


@dataclass(frozen=True)
class Tier:
    """The price of one piece, in yuan, from ``quantity`` pieces on."""

    quantity: int
    price: Decimal


@dataclass(frozen=True)
class Trade:
    """The terms of an offer, and what is known of its sales.

    ``tiers`` is empty or starts with the offer's own price and smallest order; ``monthly_sold`` and
    ``sold`` (of all time) are pieces; ``repurchase_rate`` is 0 to 1 in whole percents; ``ships_within``
    is the promise of 24 or 48 hours; ``trade_score`` is 0 to 5; ``supply`` is in units.
    """

    category_id: str
    unit: str
    prices: PriceKinds
    tiers: tuple[Tier, ...]
    monthly_sold: int | None
    sold: int | None
    repurchase_rate: Decimal | None
    created: date | None
    ships_within: int | None
    trade_score: Decimal | None
    supply: int
    identities: tuple[str, ...]
    dropshipping: bool
    free_shipping: bool
    patented: bool
    advertised: bool

    @property
    def is_new(self) -> bool:
        """Created within NEW_DAYS before the reference date."""
        return self.created is not None and self.created > REFERENCE_DATE - timedelta(days=NEW_DAYS)


def draw_trade(category: str, offer_id: str, price: Decimal, min_buy: int, supplier: Supplier) -> Trade:
    """The same terms for the same offer every time."""

    def dice(subject: str) -> Dice:
        return Dice("trade", subject, offer_id)

    dropshipping = dice("dropshipping").chance(0.6 if min_buy <= 2 else 0.15)
    prices = _prices(dice("prices"), price, dropshipping)
    monthly_sold, sold = _sales(dice("sales"))
    identities = (SELECTED,) if prices.selected else ()
    return Trade(
        category_id=category_id(category),
        unit=dice("unit").pick(("套", "套", "件") if category in SETS else ("件", "件", "件", "个", "个", "套")),
        prices=prices,
        tiers=_tiers(dice("tiers"), price, min_buy),
        monthly_sold=monthly_sold,
        sold=sold,
        repurchase_rate=_rate(dice("repurchase")),
        created=_created(dice("created")),
        ships_within=dice("shipping").pick((24, 48, 48, None) if SUPER_FACTORY in supplier.identities else SHIPPING),
        trade_score=_score(dice("score")),
        supply=UNLIMITED_SUPPLY if dice("supply").chance(0.15) else dice("amount").number(10, 9999) * 10,
        identities=(*identities, BEST_SELLER) if monthly_sold is not None and monthly_sold >= 3000 else identities,
        dropshipping=dropshipping,
        free_shipping=dice("freight").chance(0.3),
        patented=dice("patent").chance(0.05),
        advertised=dice("advertisement").chance(0.06),
    )


SHIPPING = (24, 48, 48, None, None)


def category_id(category: str) -> str:
    """The marketplace's number of a kind of product."""
    return str(Dice("category", category).number(1_000_000, 209_999_999))


def _prices(dice: Dice, price: Decimal, dropshipping: bool) -> PriceKinds:
    # All are drawn, whether shown or not, so that each keeps its place among the throws.
    origin, promotion, consign, selected, wholesale = (
        _part_of(price, low + dice.fraction() * width)
        for low, width in ((1.1, 0.5), (0.82, 0.15), (1.0, 0.15), (0.9, 0.08), (0.84, 0.05))
    )
    is_selected = dice.chance(0.2)
    return PriceKinds(
        origin=origin if dice.chance(0.6) else None,
        promotion=promotion if dice.chance(0.25) else None,
        consign=consign if dropshipping else None,
        selected=selected if is_selected else None,
        selected_wholesale=wholesale if is_selected and dice.chance(0.7) else None,
    )


def _part_of(price: Decimal, share: float) -> Decimal:
    return max(CENT, (price * Decimal(str(round(share, 4)))).quantize(CENT, ROUND_HALF_UP))


def _tiers(dice: Dice, price: Decimal, min_buy: int) -> tuple[Tier, ...]:
    if dice.chance(0.15):
        return ()
    tiers = [Tier(min_buy, price)]
    for _ in range(dice.number(1, 2)):
        lower = min(_part_of(tiers[-1].price, 0.9 + dice.fraction() * 0.08), tiers[-1].price - CENT)
        tiers.append(Tier(tiers[-1].quantity * dice.pick((2, 5, 10)), lower))
    return tuple(tiers) if tiers[-1].price > 0 else ()


def _sales(dice: Dice) -> tuple[int | None, int | None]:
    """Sales of a month and of all time: many sell little and a few sell much."""
    monthly = int(10 ** (dice.fraction() * 4.3)) - 1
    total = monthly * dice.number(2, 30) + dice.number(0, 60)
    return (None if dice.chance(0.08) else monthly), (None if dice.chance(0.12) else total)


def _rate(dice: Dice) -> Decimal | None:
    percent = int(75 * dice.fraction() * dice.fraction())
    return None if dice.chance(0.1) else Decimal(percent).scaleb(-2)


def _created(dice: Dice) -> date | None:
    days = dice.number(0, NEW_DAYS - 1) if dice.chance(0.06) else dice.number(NEW_DAYS, OLDEST_DAYS)
    return None if dice.chance(0.05) else REFERENCE_DATE - timedelta(days=days)


def _score(dice: Dice) -> Decimal | None:
    return None if dice.chance(0.12) else Decimal(dice.pick(SCORES)).scaleb(-1)


SCORES: Sequence[int] = (30, 35, 38, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 50)
