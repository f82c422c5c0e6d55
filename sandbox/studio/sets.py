"""What surrounds the product: paper, tables, cloth, a buyer's room; lamps and the light of the room."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.studio.forms import Mesh, ball, box, cylinder, join, surface
from sandbox.studio.materials import Material, cloth, glaze, matt, plastic, wood
from sandbox.studio.models.parts import Part
from sandbox.studio.outlines import Floats
from sandbox.studio.shots import Shot

Lamp = tuple[Floats, float, float, Floats]
PAPERS = ("#e6b9a6", "#b9cbb4", "#a9bfd6", "#e5cf9c", "#c9b6d6", "#4f6d7a", "#d98f7a", "#2f3e46")
WALLS = ("#e9e4da", "#d8dcd6", "#cfd6dc", "#e6d9c8", "#b9c2b5")
AMBIENT = {"softbox": 0.35, "window": 0.32, "lamp": 0.3, "hard": 0.32, "tent": 0.6}


def backdrop(shot: Shot) -> list[Part]:
    """The set: a sweep of paper, a table with a wall, a cloth, or a room for a buyer's photo."""
    rng = np.random.default_rng(shot.seed + 11)
    if shot.background in ("white", "grey", "paper"):
        tone = {
            "white": "#f6f6f5",
            "grey": str(rng.choice(["#b9babc", "#8f9296", "#d3d3d3"])),
            "paper": str(rng.choice(PAPERS)),
        }
        return [(paper_sweep(), Material("matt", tone[shot.background]))]
    wall = (plane(400, 300).spin("x", 90).at(0, 85, 100), Material("matt", str(rng.choice(WALLS))))
    seed = int(rng.integers(1, 50))
    if shot.background == "wood":
        tones = [("#c79a66", "#8f6236"), ("#8a5e3b", "#55341d"), ("#d9c3a0", "#b79a70"), ("#6d6258", "#443b33")][
            int(rng.integers(4))
        ]
        top = wood(tones[0], tones[1], seed=seed, repeat=(4, 2.5), turn=float(rng.choice([0, 90])))
        return [(plane(260, 180).at(0, 20), top), wall]
    if shot.background in ("fabric", "bed"):
        dye = str(rng.choice(["#d8cdbc", "#b7b0a8", "#7d8fa3", "#c58f82", "#8a9a7b", "#ece6da"]))
        return [(drape(rng, 1.0 if shot.background == "fabric" else 1.5), cloth(dye, repeat=(24, 24), seed=seed)), wall]
    if shot.background == "kitchen":
        ground = Material(
            "plastic",
            str(rng.choice(["#dcdcd8", "#c9d3d3", "#9aa6a8"])),
            0.2,
            "tiles",
            "#8a8a86",
            repeat=(4, 4),
            seed=seed,
        )
    else:
        ground = wood("#a67a4e", "#6d4828", seed=seed, repeat=(5, 3), turn=float(rng.choice([0, 90])))
    return [(plane(260, 180).at(0, 20), ground), wall]


def plane(width: float, depth: float) -> Mesh:
    y, x = np.meshgrid(np.linspace(-depth / 2, depth / 2, 3), np.linspace(-width / 2, width / 2, 3), indexing="ij")
    return surface(np.stack([x, y, np.zeros_like(x)], -1))


def paper_sweep() -> Mesh:
    bend = np.linspace(-np.pi / 2, 0, 24)
    y = np.concatenate([[-200, 0, 40], 40 + 40 * np.cos(bend), [80]])
    z = np.concatenate([[0, 0, 0], 40 + 40 * np.sin(bend), [260]])
    x = np.linspace(-300, 300, 5)
    points = np.stack(np.broadcast_arrays(x[None, :], y[:, None], z[:, None]), -1)
    return surface(np.array(points, dtype=np.float64))


def drape(rng: np.random.Generator, height: float) -> Mesh:
    """A cloth on a table: soft folds away from the product, which stands on a flat place."""
    y, x = np.meshgrid(np.linspace(-90, 90, 160), np.linspace(-120, 120, 200), indexing="ij")
    fold = np.zeros_like(x)
    for _ in range(7):
        turn, wave, phase = rng.uniform(0, np.pi), rng.uniform(16, 55), rng.uniform(0, 6.3)
        along = x * np.cos(turn) + y * np.sin(turn) + 6 * np.sin((x * np.sin(turn) - y * np.cos(turn)) / 23 + phase)
        fold += np.abs(np.sin(along / wave * np.pi + phase)) ** 0.7 * rng.uniform(0.3, 1.0)
    fold = (fold - fold.min()) * height * 0.9
    near = np.clip((np.hypot(x, y) - 11) / 14, 0, 1)
    return surface(np.stack([x, y, fold * near * near - 0.02], -1))


def clutter(shot: Shot) -> list[Part]:
    """Things of a room behind and beside the product."""
    rng = np.random.default_rng(shot.seed + 13)
    colors = ("#3b5a7a", "#b5523b", "#e6dfd0", "#4f7a5a", "#d9a441", "#2b2b2e", "#8f6d8f")
    parts: list[Part] = []
    for index in range(int(rng.integers(3, 6))):
        look = [matt, plastic, glaze][int(rng.integers(3))](str(rng.choice(colors)))
        side = -1 if index % 2 else 1
        x, y = side * rng.uniform(12, 30), rng.uniform(8, 45)
        turn = float(rng.uniform(0, 90))
        kind = int(rng.integers(4))
        if kind == 0:
            stack = [
                box(12, 16, 2.2, 0.2).spin("z", float(rng.uniform(-20, 20))).at(z=2.2 * level)
                for level in range(int(rng.integers(1, 4)))
            ]
            mesh = join(*stack)
        elif kind == 1:
            mesh = cylinder(float(rng.uniform(2.5, 4.5)), float(rng.uniform(6, 14)), 0.5)
        elif kind == 2:
            mesh = box(float(rng.uniform(5, 9)), float(rng.uniform(4, 8)), float(rng.uniform(5, 16)), 0.5)
        else:
            mesh = ball(float(rng.uniform(2.5, 4.5))).at(z=3.0)
        parts.append((mesh.spin("z", turn).at(x, y), look))
    flat = (
        box(7.2, 14.5, 0.8, 0.35)
        .spin("z", float(rng.uniform(-70, 70)))
        .at(float(rng.choice([-1, 1])) * 15, float(rng.uniform(-9, 2)))
    )
    return [*parts, (flat, plastic("#17191c", 0.05))]


def lamps(shot: Shot) -> list[Lamp]:
    """Area lights: place, width, irradiance at the product, colour; they face the product."""
    rng = np.random.default_rng(shot.seed + 17)
    side = float(rng.choice([-1, 1]))
    white, cool, warm = np.ones(3), np.array([0.93, 0.98, 1.08]), np.array([1.12, 0.96, 0.74])
    turn = rng.uniform(0.8, 1.2)
    if shot.light == "softbox":
        return [
            (np.array([55 * side * turn, -35, 62]), 52, 1.0, white),
            (np.array([-70 * side, -20, 35]), 60, 0.22, white),
            (np.array([20 * side, 60, 90]), 40, 0.25, white),
        ]
    if shot.light == "window":
        return [(np.array([95 * side, 5 * turn, 50]), 110, 1.0, cool)]
    if shot.light == "lamp":
        return [
            (np.array([42 * side * turn, -12, 58]), 16, 1.0, warm),
            (np.array([-80 * side, -60, 60]), 60, 0.12, cool),
        ]
    if shot.light == "hard":
        return [(np.array([60 * side * turn, -50, 95]), 9, 1.0, white)]
    return [(np.array([0, -10 * turn, 95]), 120, 0.9, white), (np.array([80 * side, -60, 30]), 50, 0.2, white)]


def environment(mi: Any, shot: Shot) -> dict[str, Any]:
    """The room's own light: bright above, dim at the horizon with a dark side, so that metal has something to show."""
    rng = np.random.default_rng(shot.seed + 19)
    height = np.linspace(1, -1, 32)[:, None]
    around = np.linspace(0, 2 * np.pi, 64)[None, :] + rng.uniform(0, 6.3)
    sky = (
        0.45
        + 0.55 * np.clip(height, 0, 1)
        + 0.3 * np.sin(2 * around) * (1 - np.abs(height))
        + 0.12 * np.sin(5 * around)
    )
    sky = np.clip(sky, 0.05, None) * np.where(height < -0.1, 0.4, 1.0)
    pixels = np.repeat(sky[..., None], 3, 2) * AMBIENT[shot.light] / np.pi * 1.3
    transform = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    return {"type": "envmap", "bitmap": mi.Bitmap(pixels.astype(np.float32)), "to_world": transform}
