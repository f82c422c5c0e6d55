"""Toys, games and small gifts."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import ball, box, cylinder, join, lathe, slab, sweep, torus
from sandbox.studio.materials import Material, plastic
from sandbox.studio.models.parts import Part
from sandbox.studio.outlines import circle, rounded


def toy_car(body: Material, wheels: Material, hub: Material) -> list[Part]:
    lower = rounded([(-8, 0), (8, 0), (8.2, 2.6), (5.2, 3.6), (-8, 3.8)], [1.0, 1.2, 1.0, 1.2, 1.2], True)
    upper = rounded([(-5.4, 0), (4.4, 0), (2.2, 3.4), (-4.2, 3.6)], [0.4, 0.6, 1.4, 1.4], True)
    hull = slab(lower, 7.2, 0.9).spin("x", 90).at(0, 3.6, 1.3)
    cabin = slab(upper, 6.2, 0.9).spin("x", 90).at(0, 3.1, 4.6)
    panes = [
        slab(rounded([(-4.2, 0.5), (3.0, 0.5), (1.5, 2.7), (-3.4, 2.9)], 0.5, True), 0.3, 0.1)
        .spin("x", 90)
        .at(0, y, 4.7)
        for y in (-2.95, 3.25)
    ]
    tyres, caps = [], []
    for x in (-4.8, 4.8):
        for y in (-3.6, 3.6):
            tyres.append(cylinder(1.9, 1.7, 0.4).spin("x", 90).at(x, y + 0.85, 1.9))
            caps.append(cylinder(1.0, 1.9, 0.2).spin("x", 90).at(x, y + 0.95, 1.9))
    lamps = [ball(0.6, 0.5, 1, 1).at(8.0, y, 3.0) for y in (-2.2, 2.2)]
    return [
        (join(hull, cabin), body),
        (join(*panes), plastic("#2b3640", 0.08)),
        (join(*tyres), wheels),
        (join(*caps, *lamps), hub),
    ]


def blocks(colors: list[Material]) -> list[Part]:
    spots = [
        (-4.6, 0.6, 0, 8),
        (0.2, -0.4, 0, -12),
        (4.9, 0.7, 0, 20),
        (-2.3, 0.3, 4.2, -6),
        (2.5, 0.1, 4.2, 14),
        (0.2, 0.2, 8.4, 30),
    ]
    return [
        (box(4.2, 4.2, 4.2, 0.45).spin("z", turn).at(x, y, z), colors[i % len(colors)])
        for i, (x, y, z, turn) in enumerate(spots)
    ]


def robot(body: Material, joints: Material, eyes: Material) -> list[Part]:
    trunk, head = box(7, 5, 8, 1.0).at(z=5.2), box(6, 5, 4.6, 1.2).at(z=14.4)
    legs = [join(cylinder(1.0, 4.5, 0.2).at(x, z=1.2), box(3, 4.4, 1.8, 0.7).at(x, -0.5)) for x in (-1.9, 1.9)]
    arms = [
        join(
            ball(1.3).at(x * 4.2, 0, 12),
            sweep([(x * 4.4, 0, 11.6), (x * 6.0, -1.0, 7.6)], 0.8),
            torus(1.0, 0.4).at(x * 6.2, -1.2, 6.2),
        )
        for x in (-1, 1)
    ]
    neck = cylinder(1.3, 1.6, 0.2).at(z=13.0)
    mast = join(sweep([(0, 0, 19), (0, 0, 21)], 0.22), ball(0.7).at(z=21.4))
    sight = [cylinder(1.0, 0.5, 0.2).spin("x", 90).at(x, -2.3, 17) for x in (-1.5, 1.5)]
    keys = [cylinder(0.6, 0.5, 0.2).spin("x", 90).at(x, -2.3, 10) for x in (-1.6, 0, 1.6)]
    return [(join(trunk, head), body), (join(*legs, *arms, neck, mast), joints), (join(*sight, *keys), eyes)]


def duck(body: Material, bill: Material) -> list[Part]:
    trunk = ball(4.6, 1.2, 1.0, 0.85).at(z=3.6)
    tail = ball(1.7, 1.3, 0.9, 0.7).spin("y", 40).at(-4.9, 0, 5.4)
    head = ball(2.9).at(2.6, 0, 9.2)
    wings = [ball(2.4, 1.25, 0.4, 0.8).spin("y", 12).at(-0.9, y, 4.6) for y in (-4.2, 4.2)]
    beak = join(ball(1.3, 1.15, 1.1, 0.4).at(5.6, 0, 8.8), ball(1.1, 1.0, 1.0, 0.3).at(5.4, 0, 8.3))
    eyes = join(*[ball(0.48).at(4.6, y, 10.2) for y in (-1.6, 1.6)])
    return [(join(trunk, tail, head, *wings), body), (beak, bill), (eyes, plastic("#151515", 0.05))]


def stacking_rings(colors: list[Material], base: Material) -> list[Part]:
    parts: list[Part] = [(join(cylinder(5.4, 1.2, 0.5), cylinder(0.9, 13, 0.5), ball(1.7).at(z=13.8)), base)]
    z = 1.2
    for index, look in enumerate(colors):
        thick = 1.18
        parts.append((torus(4.2 - 0.52 * index, thick).at(z=z + thick), look))
        z += 2 * thick
    return parts


def chess_queen(body: Material, felt: Material) -> list[Part]:
    line = [
        (0, 0.2),
        (2.2, 0.2),
        (2.3, 0.9),
        (1.7, 1.5),
        (1.75, 1.9),
        (1.1, 2.6),
        (0.85, 5.0),
        (0.75, 6.6),
        (1.35, 6.9),
        (1.3, 7.2),
        (0.8, 7.4),
        (0.9, 8.0),
        (1.35, 9.5),
        (0.9, 9.4),
        (0, 9.8),
    ]
    trunk = lathe(rounded(line, 0.22))
    points = [ball(0.26).at(1.22 * np.cos(a), 1.22 * np.sin(a), 9.55) for a in np.linspace(0, 2 * np.pi, 9)[:-1]]
    return [(join(trunk, *points, ball(0.42).at(z=10.0)), body), (cylinder(2.0, 0.25, 0.05), felt)]


def chess_pawn(body: Material, felt: Material) -> list[Part]:
    line = [
        (0, 0.2),
        (1.9, 0.2),
        (2.0, 0.9),
        (1.4, 1.5),
        (0.75, 2.8),
        (0.6, 4.2),
        (1.15, 4.5),
        (1.1, 4.75),
        (0.5, 4.9),
        (0, 5.0),
    ]
    return [(join(lathe(rounded(line, 0.22)), ball(1.15).at(z=5.7)), body), (cylinder(1.7, 0.25, 0.05), felt)]


def basketball(skin: Material, seam: Material) -> list[Part]:
    hoops = [torus(11.93, 0.17).spin("x", 90), torus(11.93, 0.17)]
    for side in (-1, 1):
        angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
        lift = np.column_stack([side * (5.6 + 2.6 * np.cos(2 * angle)), 9 * np.cos(angle), 9 * np.sin(angle)])
        lift = lift / np.linalg.norm(lift, axis=1, keepdims=True) * 11.93
        hoops.append(sweep(lift, 0.17, closed=True, sides=8))
    parts = ((ball(12.0), skin), (join(*hoops), seam))
    return [(mesh.spin("x", 24).spin("z", 35).at(z=12), look) for mesh, look in parts]


def finger_ring(band: Material, stone: Material) -> list[Part]:
    hoop = sweep(circle(0.95), 0.13, 1.5, closed=True, sides=24).spin("x", 90).at(z=1.08)
    seat = lathe(rounded([(0, 0), (0.14, 0), (0.32, 0.28), (0.28, 0.3), (0, 0.2)], 0.02)).at(z=2.08)
    claws = [
        sweep([(0.2 * np.cos(a), 0.2 * np.sin(a), 2.15), (0.35 * np.cos(a), 0.35 * np.sin(a), 2.52)], 0.045)
        for a in np.arange(4) * np.pi / 2 + 0.4
    ]
    cut = lathe([(0, 2.14), (0.36, 2.46), (0.36, 2.5), (0.2, 2.62), (0, 2.62)], 8, crease=5)
    return [(join(hoop, seat, *claws), band), (cut, stone)]


def umbrella(canopy: Material, shaft: Material, grip: Material) -> list[Part]:
    """Folded, with its strap, lying on its side."""
    trunk = lathe(
        rounded(
            [(0, 0), (1.6, 0.3), (2.2, 4), (2.9, 16), (2.6, 19), (1.0, 20.4), (0, 20.4)], [0, 0.5, 3, 6, 1, 0.4, 0]
        ),
        160,
        ribs=8,
        rib_depth=0.09,
    )
    strap = lathe(rounded([(2.5, 9.0), (2.95, 9.0), (3.05, 11.0), (2.6, 11.0)], 0.1))
    tip = join(cylinder(0.35, 2.0, 0.1).at(z=20), ball(0.5).at(z=22))
    rod = cylinder(0.5, 3.2, 0.1).at(z=-3)
    hold = lathe(rounded([(0, -10), (1.4, -10), (1.5, -4), (1.1, -2.8), (0, -2.8)], 0.5))
    parts = ((join(trunk, strap), canopy), (join(tip, rod), shaft), (hold, grip))
    return [(mesh.spin("y", 90).at(z=2.9, x=-6), look) for mesh, look in parts]
