"""The table of products: what is sold and at which price (products.csv), and the model of each."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sandbox.studio.materials import Material, cloth, glaze, matt, metal, plastic, rubber, steel, wood
from sandbox.studio.models import drinks, gear, home, kitchen, play
from sandbox.studio.models.parts import Part

LIGHT_WOOD = wood("#cfa673", "#a87843", repeat=(2, 1))
DARK_WOOD = wood("#7d5333", "#4a2d1a", seed=4, repeat=(2, 1))

MODELS: dict[str, Callable[[], list[Part]]] = {
    "mug-01": lambda: drinks.straight_mug(glaze("#1d6b66")),
    "mug-02": lambda: drinks.straight_mug(glaze("#d79a2b")),
    "mug-03": lambda: drinks.belly_mug(glaze("#efece4", "speckle", "#6d6154"), glaze("#23407f")),
    "mug-04": lambda: drinks.enamel_mug(glaze("#f1eee6", roughness=0.04), glaze("#1b1d24")),
    "tumbler-01": lambda: drinks.travel_tumbler(matt("#1e1f22"), plastic("#2c2d30")),
    "tumbler-02": lambda: drinks.straw_tumbler(plastic("#e79cab"), plastic("#f6dfe2"), plastic("#f2c14e")),
    "bottle-01": lambda: drinks.flask(matt("#7f9a83"), matt("#2a2c2e")),
    "bottle-02": lambda: drinks.flask(matt("#d9622b"), matt("#2a2c2e")),
    "bottle-03": lambda: drinks.sports_bottle(plastic("#3f86c9", 0.12), rubber("#20252b"), plastic("#dfe6ea")),
    "bottle-04": lambda: drinks.glass_bottle(LIGHT_WOOD, rubber("#d7806a")),
    "teapot-01": lambda: drinks.teapot(glaze("#22355c", "speckle", "#8fa3c9"), DARK_WOOD),
    "kettle-01": lambda: drinks.gooseneck_kettle(steel(0.2), matt("#1f1f20")),
    "vase-01": lambda: home.vase(
        [(3.4, 0), (4.9, 4), (5.3, 9), (3.4, 15), (1.7, 19.5), (1.6, 23), (2.2, 25)],
        matt("#a9502f", pattern="speckle", second="#6e2f1a", roughness=0.3),
    ),
    "vase-02": lambda: home.vase(
        [(3.6, 0), (6.4, 3), (7.4, 7.5), (5.6, 12), (2.9, 14.2), (2.7, 15.6), (3.3, 17)],
        matt("#e8dfcf", roughness=0.3),
        ribs=26,
    ),
    "vase-03": lambda: home.ring_vase(matt("#2b2a2b")),
    "bowl-01": lambda: home.bowl(glaze("#e6dfd1", "speckle", "#8d7a62"), glaze("#1e4a8c"), 10.2, 7.6, 4.0),
    "bowl-02": lambda: home.bowl(
        wood("#a9713f", "#6f431f", repeat=(3, 1)), wood("#b67d49", "#7a4b25", seed=9, repeat=(3, 1)), 12.5, 8.2, 5.0
    ),
    "tray-01": lambda: home.serving_tray(DARK_WOOD, metal("#c9a35a")),
    "jar-01": lambda: home.lidded_jar(LIGHT_WOOD, matt("#b9814a", roughness=0.3)),
    "jar-02": lambda: home.canister(matt("#c48f8a", roughness=0.25), matt("#c48f8a", roughness=0.25)),
    "pan-01": lambda: kitchen.frying_pan(
        matt("#26272a", pattern="speckle", second="#8e8e8e"),
        glaze("#3c5a4c", roughness=0.15),
        wood("#b98855", "#8f6032", repeat=(1, 3)),
    ),
    "pot-01": lambda: kitchen.stock_pot(glaze("#a32620"), steel(), metal("#d6c08e")),
    "spatula-01": lambda: kitchen.spatula(rubber("#7fb8a4"), LIGHT_WOOD),
    "board-01": lambda: kitchen.cutting_board(wood("#a06a3c", "#6b401f", seed=12), cloth("#3b2f27")),
    "lamp-01": lambda: home.table_lamp(glaze("#54748a"), cloth("#e9ddc6", pattern="weave", repeat=(6, 2))),
    "lamp-02": lambda: home.desk_lamp(plastic("#e3b21f", 0.14), metal("#3a3b3d", 0.3)),
    "clock-01": lambda: gear.alarm_clock(
        plastic("#86c2ae", 0.1), metal("#d8c08a", 0.15), matt("#f5f1e4", pattern="clock", second="#2a2a2a")
    ),
    "candle-01": lambda: home.tin_candle(metal("#b4734a", 0.25), matt("#f3e9d2", roughness=0.3)),
    "plantpot-01": lambda: home.plant_pot(matt("#ecebe6", roughness=0.25), DARK_WOOD),
    "plantpot-02": lambda: home.plant_pot(Material("matt", "#b5653f", 1.0, "speckle", "#d58d66"), None),
    "hanger-01": lambda: kitchen.clothes_hanger(wood("#c79a63", "#99693a", repeat=(1, 4)), metal("#cfcfd2", 0.12)),
    "basket-01": lambda: home.wire_basket(matt("#1f2022"), LIGHT_WOOD),
    "basket-02": lambda: home.woven_basket(cloth("#cbb48b", repeat=(1, 24)), cloth("#7a5a3a", repeat=(1, 24))),
    "stool-01": lambda: home.round_stool(wood("#c99f6c", "#9c6d3d", repeat=(1, 1)), wood("#c99f6c", "#9c6d3d")),
    "stool-02": lambda: home.step_stool(plastic("#5b9bd0"), rubber("#f3f3ee")),
    "wateringcan-01": lambda: drinks.watering_can(plastic("#24523b", 0.15), metal("#c08a4a", 0.25)),
    "soap-01": lambda: drinks.pump_bottle(
        glaze("#f0eeea", "marble", "#7c7a78", roughness=0.15), metal("#c79d55", 0.18)
    ),
    "soap-02": lambda: drinks.pump_bottle(
        Material("plastic", "#6a3512", 0.08, "label", "#f1e3c4", words="CALM"), plastic("#17181a")
    ),
    "petbowl-01": lambda: kitchen.pet_bowl(plastic("#e8745a"), steel(), rubber("#2b2b2b")),
    "hook-01": lambda: kitchen.wall_hook(DARK_WOOD, metal("#2d2d2f", 0.35)),
    "knob-01": lambda: kitchen.drawer_knob(metal("#cda24f", 0.16), metal("#b38a3e", 0.25)),
    "comb-01": lambda: kitchen.comb(Material("plastic", "#8a4f1e", 0.08, "marble", "#2b1408")),
    "speaker-01": lambda: gear.can_speaker(
        cloth("#4b5660", "#2a3036", repeat=(5, 2)), rubber("#1c1d1f"), rubber("#e2703a")
    ),
    "speaker-02": lambda: gear.box_speaker(
        DARK_WOOD, matt("#d9cdb4", pattern="dots", second="#6b6456", repeat=(5, 3)), metal("#c9a55f")
    ),
    "headphones-01": lambda: gear.headphones(plastic("#ecebe8"), rubber("#b9a48d"), metal("#cfd0d2")),
    "phonestand-01": lambda: gear.phone_stand(metal("#b9bcc2", 0.35), rubber("#26272a")),
    "powerbank-01": lambda: gear.power_bank(
        plastic("#36408f"),
        Material("plastic", "#2c3578", 0.12, "panel", "#e9ecff", words="10000 mAh", repeat=(2.23, 1)),
    ),
    "usb-01": lambda: gear.usb_stick(plastic("#c2342c"), metal(), plastic("#e9e6e1")),
    "flashlight-01": lambda: gear.flashlight(metal("#2b2d31", 0.35), metal("#3c3f45", 0.3)),
    "tape-01": lambda: gear.tape_dispenser(plastic("#a893c8"), plastic("#e9dfae", 0.08)),
    "penholder-01": lambda: gear.pen_holder(
        metal("#8b9095", 0.35, pattern="dots", second="#0c0c0d", repeat=(3, 5)),
        [plastic("#d1432f"), plastic("#e7b93c"), plastic("#3a6ea8"), plastic("#3f8f5f"), plastic("#222222")],
    ),
    "dumbbell-01": lambda: gear.hex_dumbbell(rubber("#222325"), metal("#c4c6c9", 0.2)),
    "dumbbell-02": lambda: gear.vinyl_dumbbell(rubber("#e0659a"), matt("#f4c9dc")),
    "kettlebell-01": lambda: gear.kettlebell(matt("#26282b", pattern="speckle", second="#4a4d52"), rubber("#2d6fb5")),
    "roller-01": lambda: gear.foam_roller(rubber("#2fa3a5"), matt("#1d1f21")),
    "ball-01": lambda: play.basketball(rubber("#c46a2c", pattern="speckle", second="#8f4717"), rubber("#1d1a18")),
    "car-01": lambda: play.toy_car(plastic("#d02f2a", 0.08), rubber("#1c1c1e"), plastic("#e9e3d2")),
    "car-02": lambda: play.toy_car(LIGHT_WOOD, wood("#8a5a34", "#5b381d"), plastic("#3a8f86")),
    "blocks-01": lambda: play.blocks(
        [wood("#c9473a", "#a5352b"), wood("#e3b23f", "#c79327"), wood("#3f77b0", "#2d5c8e"), wood("#5e9c55", "#487f41")]
    ),
    "robot-01": lambda: play.robot(plastic("#8fa6b8", 0.12), plastic("#2f4a68"), plastic("#f0a93a")),
    "duck-01": lambda: play.duck(plastic("#f2c21c", 0.22), plastic("#e2701f", 0.22)),
    "rings-01": lambda: play.stacking_rings(
        [plastic(c) for c in ("#d3402f", "#e8892b", "#e9c53a", "#4f9f57", "#3d78b8")], plastic("#f1efe9")
    ),
    "chess-01": lambda: play.chess_queen(wood("#d9b57c", "#bd9250"), matt("#2f6b45")),
    "chess-02": lambda: play.chess_pawn(wood("#33221a", "#1a100b", roughness=0.15), matt("#2f6b45")),
    "ring-01": lambda: play.finger_ring(metal("#e0b45c", 0.1), plastic("#1d4fb0", 0.03)),
    "giftbox-01": lambda: home.gift_box(matt("#6f1d2b"), plastic("#e3c27b", 0.25)),
    "umbrella-01": lambda: play.umbrella(cloth("#25345a", repeat=(6, 6)), metal(), matt("#1e1e20")),
}


@dataclass(frozen=True)
class Product:
    """A row of products.csv: prices in CNY (wholesale), weight in grams, lowest useful camera height in degrees."""

    id: str
    name_en: str
    name_zh: str
    keywords_zh: tuple[str, ...]
    material_zh: str
    color_zh: str
    price_low: str
    price_high: str
    weight_g: int
    lowest_camera: float

    @property
    def category(self) -> str:
        return self.id.rsplit("-", 1)[0]

    def build(self) -> list[Part]:
        return MODELS[self.id]()


@lru_cache(maxsize=1)
def table() -> list[Product]:
    with (Path(__file__).parent / "products.csv").open(encoding="utf-8", newline="") as file:
        return [product_of(row) for row in csv.DictReader(file)]


def product_of(row: dict[str, str]) -> Product:
    return Product(
        id=row["id"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        keywords_zh=tuple(row["keywords_zh"].split()),
        material_zh=row["material_zh"],
        color_zh=row["color_zh"],
        price_low=row["price_low"],
        price_high=row["price_high"],
        weight_g=int(row["weight_g"]),
        lowest_camera=float(row["lowest_camera"]),
    )
