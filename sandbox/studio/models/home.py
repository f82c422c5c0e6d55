"""Vases, bowls, lamps, jars, pots and other things of the house."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import Mesh, ball, box, cylinder, join, lathe, slab, sweep, torus
from sandbox.studio.materials import Material, glass, glow, matt, metal, plastic, rubber
from sandbox.studio.models.parts import Part, handle, vessel
from sandbox.studio.outlines import circle, curve, rectangle, rounded


def vase(side: list[tuple[float, float]], body: Material, wall: float = 0.35, ribs: int = 0) -> list[Part]:
    outside = curve(side, 12)
    inner = outside[::-1][: len(outside) // 2] - np.array([wall, 0])
    line = np.concatenate([[(0, outside[0, 1])], outside, inner, [(0, inner[-1, 1])]])
    mesh = lathe(line, 240 if ribs else 96, 50, ribs, 0.035 if ribs else 0.0)
    return [(mesh, body)]


def ring_vase(body: Material) -> list[Part]:
    hoop = sweep(circle(5.6), 2.1, 1.0, closed=True, sides=40).spin("x", 90).at(z=8.6)
    neck = lathe(rounded([(1.6, 15.4), (1.35, 17.2), (1.75, 19), (1.45, 19), (1.1, 17.2), (1.2, 15)], 0.15))
    foot = lathe(rounded([(0, 0), (3.0, 0), (2.4, 1.6), (0, 1.6)], 0.25))
    return [(join(hoop, neck, foot), body)]


def bowl(outside: Material, inside: Material, radius: float, height: float, foot: float) -> list[Part]:
    r, h = radius, height
    shell = curve([(foot, 0.6), (r * 0.72, h * 0.28), (r * 0.93, h * 0.65), (r, h)], 12)
    hollow = curve(
        [(r - 0.05, h + 0.1), (r - 0.45, h), (r * 0.88, h * 0.66), (r * 0.66, h * 0.32), (foot * 0.5, 1.2), (0, 1.1)],
        12,
    )
    base = lathe(rounded([(0, 0.3), (foot - 0.5, 0.3), (foot - 0.4, 0), (foot, 0), (foot, 1.0)], 0.1))
    return [(join(lathe(shell), base), outside), (lathe(hollow), inside)]


def table_lamp(base: Material, shade: Material) -> list[Part]:
    foot = lathe(
        curve(
            [(0, 0), (4.6, 0.05), (5.0, 0.8), (6.6, 4.5), (5.6, 9.5), (2.4, 13.4), (1.3, 15.2), (1.2, 16), (0, 16)], 10
        )
    )
    rod = cylinder(0.55, 5, 0.1).at(z=15.6)
    cone = lathe(rounded([(9.6, 18.5), (6.4, 32), (6.25, 32), (9.45, 18.5)], 0.03))
    bulb = ball(2.4).at(z=23.5)
    hoops = join(torus(9.55, 0.14).at(z=18.5), torus(6.35, 0.14).at(z=32))
    return [(foot, base), (rod, metal("#c9a860")), (cone, shade), (bulb, glow()), (hoops, shade)]


def desk_lamp(body: Material, trim: Material) -> list[Part]:
    foot = lathe(rounded([(0, 0), (8, 0), (8, 1.2), (6.5, 2.2), (0, 2.2)], 0.5))
    lower = sweep([(0, 0, 2), (-5, 0, 17)], 0.55)
    upper = sweep([(-5, 0, 17), (6.5, 0, 29)], 0.5)
    joint = cylinder(1.2, 2.2, 0.3).spin("x", 90).at(-5, 1.1, 17)
    line = [(1.6, 0), (1.9, 3.2), (5.8, 8.6), (5.6, 8.7), (1.7, 3.5), (0, 3.4)]
    head = lathe(rounded([(0, 0), *line], [0, 0.4, 1, 0.1, 0.05, 1, 0])).spin("y", 155).at(7.2, 0, 31.5)
    bulb = ball(2.0).at(10.2, 0, 25.2)
    return [(join(foot, head), body), (join(lower, upper, joint), trim), (bulb, glow("#fff0d0"))]


def lidded_jar(lid: Material, content: Material) -> list[Part]:
    wall = lathe(rounded([(0, 0), (5, 0), (5, 14), (4.7, 14), (4.7, 0.6), (0, 0.6)], [0, 0.8, 0.1, 0.1, 0.6, 0]))
    rng = np.random.default_rng(5)
    beans = [
        ball(0.72, 1, 0.7, 0.55, 14).spin("x", rng.uniform(0, 180)).spin("z", rng.uniform(0, 360)).at(*spot)
        for spot in bean_spots(rng)
    ]
    heap = cylinder(3.75, 7.2, 0.3).at(z=0.8)
    top = join(cylinder(5.1, 1.4, 0.25).at(z=14.1), cylinder(4.6, 1, 0.1).at(z=13.2))
    return [(wall, glass("#f2faf7")), (join(heap, *beans), content), (top, lid)]


def bean_spots(rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Places of beans: around the heap's wall and on its top."""
    around = [
        (3.85 * np.cos(a), 3.85 * np.sin(a), z)
        for z in np.arange(1.3, 8.2, 0.95)
        for a in np.linspace(0, 2 * np.pi, 20, endpoint=False) + rng.uniform(0, 1)
    ]
    top = [
        (r * np.cos(a), r * np.sin(a), 8.2)
        for r, a in zip(rng.uniform(0, 3.6, 45), rng.uniform(0, 6.3, 45), strict=True)
    ]
    return [(float(x), float(y), float(z)) for x, y, z in [*around, *top]]


def canister(body: Material, lid: Material) -> list[Part]:
    can = lathe(rounded([(0, 0), (5.2, 0), (5.2, 11.5), (0, 11.5)], 0.5))
    seal = cylinder(5.0, 0.5, 0.1).at(z=11.5)
    top = join(cylinder(5.3, 1.5, 0.3).at(z=11.9), cylinder(0.9, 0.7, 0.1).at(z=13.3), ball(1.3, 1, 1, 0.75).at(z=14.6))
    return [(can, body), (seal, rubber("#eeeeee")), (top, lid)]


def plant_pot(body: Material, legs: Material | None) -> list[Part]:
    lift = 6.0 if legs else 0.0
    pot = (
        vessel([(5.2, 0), (6.6, 9.6)], 0.5, 0.8)
        if legs
        else vessel([(4.4, 0), (5.8, 8.2), (6.3, 8.2), (6.5, 10.6)], 0.5, 0.25)
    )
    soil = lathe([(0, 8.9), (3, 9.0), (6.0, 8.5)]).scale(0.93, 0.93, 1)
    parts: list[Part] = [
        (pot.at(z=lift), body),
        (soil.at(z=lift), matt("#3a2a20", pattern="speckle", second="#6b5444")),
    ]
    parts.append((join(*leaves(9.0 + lift)), plastic("#5f8f5a", 0.3, pattern="speckle", second="#84ad74")))
    if legs:
        stand = [
            sweep([(5.6 * c, 5.6 * s, 0), (4.9 * c, 4.9 * s, 9)], 0.55)
            for c, s in ((0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
        ]
        hoop = torus(5.9, 0.4).at(z=6.6)
        parts.append((join(*stand, hoop), legs))
    return parts


def leaves(height: float) -> list[Mesh]:
    """A rosette of thick leaves, as a succulent has."""
    result = []
    for ring, (count, length, rise) in enumerate([(9, 4.4, 22), (7, 3.6, 45), (5, 2.6, 66), (3, 1.6, 80)]):
        for index in range(count):
            leaf = ball(1.0, length / 2, 1.0, 0.38).at(length / 2)
            turn = 360 * index / count + ring * 24
            result.append(leaf.spin("y", -rise).spin("z", turn).at(z=height))
    return result


def tin_candle(tin: Material, wax: Material) -> list[Part]:
    cup = vessel([(4.0, 0), (4.0, 5.6)], 0.15, 0.3)
    fill = lathe([(0, 4.9), (3, 4.85), (3.9, 5.0)])
    wick = sweep(curve([(0, 0, 4.8), (0.05, 0, 5.6), (0.25, 0.1, 6.1)], 6), 0.12)
    return [(cup, tin), (fill, wax), (wick, matt("#30281f")), (torus(3.95, 0.12).at(z=5.6), tin)]


def wire_basket(wire: Material, grip: Material) -> list[Part]:
    bars = [torus(r, 0.2).at(z=z) for r, z in ((7.0, 0.3), (7.9, 3.2), (8.8, 6.2), (9.7, 9.2))]
    bars.append(torus(10.2, 0.36).at(z=11.0))
    for index in range(26):
        turn = 360 * index / 26
        bars.append(sweep([(0.5, 0, 0.3), (7.0, 0, 0.3), (10.2, 0, 11.0)], 0.15, sides=8).spin("z", turn))
    bow = [handle([(-2.8, 0), (-2.6, 2.6), (0, 3.6), (2.6, 2.6), (2.8, 0)], 0.42).at(0, y, 11) for y in (-10.0, 10.0)]
    return [(join(*bars), wire), (join(*bow), grip)]


def woven_basket(strand: Material, rope: Material) -> list[Part]:
    rows = []
    for index in range(15):
        z = 0.6 + index * 0.88
        radius = 8.2 + 1.3 * np.sin(index / 14 * 2.6)
        angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
        swing = radius + 0.26 * np.sin(20 * angle + np.pi * index)
        path = np.column_stack([swing * np.cos(angle), swing * np.sin(angle), np.full(240, z)])
        rows.append(sweep(path, 0.5, closed=True, sides=10))
    floor = cylinder(8.0, 0.5, 0.2)
    rims = torus(9.0, 0.75).at(z=13.8)
    bows = [handle([(-3, 0), (-2.4, 3.2), (2.4, 3.2), (3, 0)], 0.6).at(0, y, 13.4) for y in (-9.0, 9.0)]
    return [(join(floor, *rows), strand), (join(rims, *bows), rope)]


def serving_tray(body: Material, grip: Material) -> list[Part]:
    board = slab(rectangle(34, 22, 2.0), 1.0, 0.3)
    rims = [box(34, 0.9, 3.4, 0.35).at(0, y) for y in (-10.6, 10.6)] + [
        box(0.9, 21, 3.4, 0.35).at(x) for x in (-16.6, 16.6)
    ]
    bows = [
        sweep(curve([(x, -4, 3.0), (x * 1.04, -3.4, 5.2), (x * 1.04, 3.4, 5.2), (x, 4, 3.0)], 8), 0.45)
        for x in (-16.6, 16.6)
    ]
    return [(join(board, *rims), body), (join(*bows), grip)]


def round_stool(seat: Material, legs: Material) -> list[Part]:
    top = lathe(rounded([(0, 42), (15, 42), (16, 43), (16, 45), (0, 44.6)], [0, 0.6, 0.8, 1.0, 0]))
    posts = []
    for turn in (45, 135, 225, 315):
        posts.append(sweep([(9, 0, 43), (15.5, 0, 0.6)], np.array([1.7, 1.15])).spin("z", turn))
    rungs = [sweep([(x, -9.0, z), (x, 9.0, z)], 0.75) for x, z in ((8.9, 16), (-8.9, 16))]
    cross = [sweep([(-8.6, y, 20), (8.6, y, 20)], 0.75) for y in (8.6, -8.6)]
    return [(top, seat), (join(*posts, *rungs, *cross), legs)]


def step_stool(body: Material, pads: Material) -> list[Part]:
    top = box(30, 22, 2.6, 1.0).at(z=18)
    sides = [box(3.2, 20, 19, 1.2).spin("y", tilt).at(x) for x, tilt in ((-13.6, 6), (13.6, -6))]
    brace = box(26, 2.4, 6, 1.0).at(z=11)
    mats = [cylinder(1.5, 0.5, 0.2).at(x, y, 20.4) for x in (-9, -3, 3, 9) for y in (-6, 0, 6)]
    return [(join(top, *sides, brace), body), (join(*mats), pads)]


def gift_box(paper: Material, ribbon: Material) -> list[Part]:
    base, lid = box(15, 15, 10, 0.25), box(15.6, 15.6, 3.2, 0.25).at(z=8.4)
    bands = [box(2.0, 15.8, 11.75, 0.1).at(z=-0.05), box(15.8, 2.0, 11.75, 0.1).at(z=-0.05)]
    loops = []
    for turn in (35, 145, 215, 325):
        path = curve([(0, 0, 11.6), (2.6, -0.9, 14.0), (5.2, 0, 13.6), (4.4, 0.9, 12.0), (0, 0, 11.7)], 10)
        loops.append(sweep(path, 0.16, 6.0, sides=24, up=(0, 0.2, 1)).spin("z", turn))
    return [(join(base, lid), paper), (join(*bands, *loops, ball(0.9, 1, 1, 0.8).at(z=12.2)), ribbon)]
