"""The offers of the demo catalogue, derived from its products and pictures, always the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from sandbox.companies import Supplier, all_suppliers
from sandbox.dice import Dice
from sandbox.manifest import Manifest, Picture, Product
from sandbox.trade import Trade, draw_trade

MINIMUM_ORDERS = (1, 1, 2, 2, 3, 5, 5, 10, 10, 20, 30, 50, 50, 100, 100, 200, 300, 500)
# A picture that a second supplier shows too: copied pictures are common at the real marketplace.
COPIED_PICTURES = 0.1
# One offer in so many has each of the oddities that real data has.
ODDITY_EVERY = 80

OPENINGS = ("厂家直销", "跨境", "源头工厂", "现货批发", "新款", "外贸出口", "2026新款", "工厂直供", "网红", "")
STYLES = ("北欧风", "ins风", "简约", "家用", "创意", "高颜值", "轻奢", "日式", "复古", "")
CLOSINGS = ("可印logo", "支持定制", "一件代发", "量大从优", "现货速发", "批发", "礼品定制", "厂家批发", "")


@dataclass(frozen=True)
class Offer:
    """What one supplier offers; ``price`` is in yuan for one piece, ``min_buy`` in pieces.

    ``supplier`` and ``min_buy`` may be missing and ``price_is_number`` says that the price is to be
    written as a JSON number: oddities of real data that a client has to bear.
    """

    offer_id: str
    title: str
    picture: str
    product: str
    price: Decimal
    min_buy: int | None
    wholesale: bool
    supplier: Supplier | None
    trade: Trade
    price_is_number: bool = False


def derive_offers(manifest: Manifest) -> tuple[Offer, ...]:
    """At least one offer a picture; no supplier offers one product twice while there are enough of them."""
    offers = [
        offer
        for number, product in enumerate(manifest.products.values())
        for offer in _offers_of(manifest, product, number)
    ]
    unique = {offer.offer_id: offer for offer in offers}
    if len(unique) != len(offers):
        raise ValueError("Two offers have drawn the same id.")
    return tuple(_with_oddities(sorted(offers, key=lambda offer: offer.offer_id)))


def by_picture(offers: tuple[Offer, ...]) -> Mapping[str, tuple[Offer, ...]]:
    grouped: dict[str, tuple[Offer, ...]] = {}
    for offer in offers:
        grouped[offer.picture] = (*grouped.get(offer.picture, ()), offer)
    return grouped


def _offers_of(manifest: Manifest, product: Product, number: int) -> Iterator[Offer]:
    everyone = Dice("turns").shuffled(all_suppliers())
    # Two suppliers in turn, so that thirty products need all sixty; the others as they come.
    turn = [everyone[(2 * number + step) % len(everyone)] for step in (0, 1)]
    others = [supplier for supplier in everyone if supplier not in turn]
    suppliers = [*turn, *Dice("suppliers", product.id).shuffled(others)]
    place = 0
    for picture in manifest.pictures:
        if picture.product != product.id:
            continue
        copies = 2 if Dice("copied", picture.file).chance(COPIED_PICTURES) else 1
        for copy in range(copies):
            yield _offer(product, picture, suppliers[place % len(suppliers)], copy)
            place += 1


def _offer(product: Product, picture: Picture, supplier: Supplier, copy: int) -> Offer:
    dice = Dice("offer", picture.file, copy)
    offer_id = f"{dice.number(5, 9)}{dice.number(0, 10**11 - 1):011d}"
    min_buy = dice.pick(MINIMUM_ORDERS)
    title = _title(product, dice)
    price = _price(product, min_buy, dice)
    return Offer(
        offer_id=offer_id,
        title=title,
        picture=picture.file,
        product=product.id,
        price=price,
        min_buy=min_buy,
        wholesale=min_buy >= 10 or dice.chance(0.6),
        supplier=supplier,
        trade=draw_trade(product.category, offer_id, price, min_buy, supplier),
    )


def _price(product: Product, min_buy: int, dice: Dice) -> Decimal:
    """A price about the product's band: the larger the smallest order, the lower."""
    band = product.price_high - product.price_low
    steps_up = sum(min_buy < quantity for quantity in (5, 20, 100, 300))
    share = Decimal(steps_up) / 4 * Decimal("0.7") + Decimal(str(round(dice.fraction() * 0.45 - 0.1, 3)))
    price = max(product.price_low + band * share, product.price_low * Decimal("0.8"))
    if price < 2:
        return price.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if price < 10:
        return price.quantize(Decimal("0.1"), ROUND_HALF_UP).quantize(Decimal("0.01"))
    return price.to_integral_value(ROUND_HALF_UP) - 1 + Decimal(dice.pick(("0.00", "0.50", "0.80", "0.90")))


def _title(product: Product, dice: Dice) -> str:
    """Words in the order that sellers use; at most 30 characters of them count there, as here."""
    keywords = dice.shuffled(product.keywords_zh)[: dice.number(1, 3)]
    # The catalogue's names end with the colour, which sellers put elsewhere or leave out.
    name = product.name_zh.removesuffix(product.color_zh).replace(" ", "")
    colour = "" if dice.chance(0.3) else product.color_zh
    material = "" if product.material_zh in name else product.material_zh
    middle = [dice.pick(STYLES), colour, material, name]
    words = [dice.pick(OPENINGS), *middle, *keywords, dice.pick(CLOSINGS)]
    title = ""
    for word in words:
        # What the name says already is not said twice.
        if word and word not in title and len(title) + len(word) <= 30:
            title += word
    return title


def _with_oddities(offers: list[Offer]) -> list[Offer]:
    """Marks a handful of offers; which ones is as good as random, since ids are hashes."""
    count = len(offers) // ODDITY_EVERY
    for position in range(count):
        at = position * ODDITY_EVERY
        offers[at] = replace(offers[at], supplier=None)
        offers[at + 1] = replace(offers[at + 1], price_is_number=True)
        offers[at + 2] = replace(offers[at + 2], min_buy=None)
    return offers
