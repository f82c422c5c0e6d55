"""Electronics, office things and sports gear."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import Mesh, ball, box, cylinder, grid, join, lathe, slab, sweep, torus
from sandbox.studio.materials import Material, glow, matt, metal, rubber
from sandbox.studio.models.parts import Part, handle
from sandbox.studio.outlines import circle, curve, rectangle, rounded


def facing_disc(radius: float) -> Mesh:
    """A flat disc towards -y with square coordinates, for dials."""
    angle = np.linspace(0, 2 * np.pi, 65)
    ring = np.stack([np.outer([1e-4, 1.0], np.cos(angle)), np.zeros((2, 65)), np.outer([1e-4, 1.0], np.sin(angle))], -1)
    normals = np.broadcast_to(np.array([0.0, -1.0, 0.0]), ring.shape)
    return grid(ring * radius, normals, ring[..., [0, 2]] / 2 + 0.5)


def alarm_clock(body: Material, trim: Material, dial: Material) -> list[Part]:
    drum = lathe(
        rounded(
            [(0, -2.6), (5.2, -2.6), (5.6, -1.6), (5.6, 2.4), (5.0, 2.4), (4.9, 1.9), (0, 1.9)],
            [0, 0.5, 0.5, 0.4, 0.1, 0.1, 0],
        )
    )
    case = drum.spin("x", 90).at(z=7.2)
    face = facing_disc(4.9).at(y=-2.0, z=7.2)
    hands = [
        box(0.32, 0.12, length, 0.05).at(y=-2.15).spin("y", turn).at(z=7.2) for length, turn in ((2.8, -52), (4.0, 62))
    ]
    bells = [ball(2.2, 1, 1, 0.72).at(z=1.0).spin("y", lean).at(4.3 * np.sign(lean), 0, 12.0) for lean in (-34, 34)]
    bow = handle([(-3.4, 13.2), (-2.2, 15.0), (2.2, 15.0), (3.4, 13.2)], 0.24)
    feet = [sweep([(x * 0.7, 0, 2.8), (x, 0, 0.4)], np.array([0.4, 0.55])) for x in (-3.9, 3.9)]
    hammer = join(sweep([(0, 0, 12.5), (0, 0, 14.2)], 0.16), ball(0.5).at(z=14.0))
    return [
        (case, body),
        (face, dial),
        (join(*hands, cylinder(0.35, 0.4).spin("x", 90).at(y=-2.0, z=7.2)), matt("#222222")),
        (join(*bells, bow, *feet, hammer), trim),
    ]


def can_speaker(grille: Material, caps: Material, strap: Material) -> list[Part]:
    trunk = lathe(rounded([(0, 0.6), (4.0, 0.6), (4.0, 17.2), (0, 17.2)], 0.4))
    ends = [
        lathe(rounded([(0, 0), (3.9, 0), (4.15, 0.6), (4.15, 1.6), (0, 1.6)], 0.25)),
        lathe(rounded([(0, 0), (4.15, 0), (4.15, 1.0), (3.6, 1.7), (2.9, 1.4), (0, 1.4)], 0.2)).at(z=16.4),
    ]
    loop = sweep(
        curve([(4.0, 0, 16.8), (6.0, 0, 16.2), (6.4, 0, 12.0), (5.6, 0, 8.2), (4.2, 0, 9.2)], 10),
        0.2,
        3.0,
        up=(0, 1, 0),
    )
    keys = [box(0.9, 0.3, 0.9, 0.15).at(0, -4.0, z) for z in (12.0, 10.0, 8.0)]
    return [(trunk, grille), (join(*ends, *keys), caps), (loop, strap)]


def box_speaker(case: Material, front: Material, knob: Material) -> list[Part]:
    cabinet = box(22, 11, 13, 1.1)
    panel = slab(rectangle(20.2, 11.2, 0.8), 0.5, 0.2).spin("x", 90).at(y=-5.4, z=6.5)
    cones = []
    for x in (-5.0, 5.0):
        cones.append(
            lathe(rounded([(4.0, 0), (4.0, 0.5), (3.4, 0.6), (2.9, 0.25), (1.2, -0.6), (0, -0.1)], 0.2))
            .spin("x", 90)
            .at(x, -5.9, 6.2)
        )
    dials = [cylinder(0.9, 0.9, 0.2).at(x, 0, 12.9) for x in (-3, 0, 3)]
    grip = handle([(-8.0, 12.6), (-7.4, 15.6), (7.4, 15.6), (8.0, 12.6)], 0.5, 1.6)
    return [(cabinet, case), (panel, front), (join(*cones), rubber("#1d1d1f")), (join(*dials, grip), knob)]


def headphones(shell: Material, pad: Material, band: Material) -> list[Part]:
    angle = np.linspace(-0.15, np.pi + 0.15, 40)
    arch = np.column_stack([8.0 * np.cos(angle), np.zeros(40), 8.2 + 8.6 * np.sin(angle)])
    hoop = sweep(arch, 0.42, 2.6, up=(0, 1, 0))
    rest = sweep(arch[9:31] * np.array([0.95, 1, 0.97]) + np.array([0, 0, 0.1]), 0.55, 2.4, up=(0, 1, 0))
    cups, pads = [], []
    for side in (-1, 1):
        cup = lathe(rounded([(0, 0), (4.0, 0), (4.0, 1.6), (3.2, 2.6), (0, 2.8)], [0, 0.4, 0.8, 1.2, 0])).scale(
            0.86, 1.05, 1
        )
        cups.append(cup.spin("z", 90).spin("y", 90 * side).at(side * 7.6, 0, 5.0))
        ring = sweep(circle(2.7), 1.15, 0.9, closed=True).scale(0.86, 1.05, 1)
        pads.append(ring.spin("z", 90).spin("y", 90).at(side * 7.0, 0, 5.0))
    return [(join(*cups), shell), (join(*pads, rest), pad), (hoop, band)]


def phone_stand(body: Material, pads: Material) -> list[Part]:
    base = slab(rectangle(9, 11, 2.0), 0.9, 0.35)
    spine = sweep([(0, 3.0, 0.6), (0, 3.6, 9.4)], 1.0)
    rest = slab(rectangle(7.6, 10.5, 1.4), 0.7, 0.3).spin("x", 66).at(0, 1.4, 9.6)
    ledge = box(7.0, 2.4, 0.7, 0.3).spin("x", -20).at(0, -1.2, 5.0)
    lip = box(7.0, 0.6, 1.6, 0.28).at(0, -2.3, 4.6)
    mats = [slab(rectangle(5.4, 2.2, 0.5), 0.2, 0.08).spin("x", 66).at(0, y, z) for y, z in ((0.35, 8.6), (1.7, 11.6))]
    return [(join(base, spine, rest, ledge, lip), body), (join(*mats), pads)]


def power_bank(body: Material, face: Material) -> list[Part]:
    case = slab(rectangle(7, 14.5, 1.4), 1.8, 0.75)
    front = slab(rectangle(6.0, 13.4, 1.0), 0.12, 0.05).at(z=1.74)
    lamps = [cylinder(0.16, 0.1, 0.04).at(x, -5.8, 1.84) for x in (-0.9, -0.3, 0.3, 0.9)]
    ports = [box(1.3, 0.3, 0.55, 0.12).at(x, 7.2, 0.6) for x in (-1.6, 1.4)]
    return [(case, body), (front, face), (join(*lamps), glow("#9fe8ff", 1.2)), (join(*ports), metal("#333338"))]


def usb_stick(body: Material, plug: Material, cap: Material) -> list[Part]:
    trunk = slab(rectangle(2.2, 5.0, 0.6), 0.95, 0.3)
    tongue = join(box(1.25, 1.9, 0.5, 0.06).at(0, 3.2, 0.22))
    holes = [box(0.28, 0.3, 0.04, 0.01).at(x, 3.6, 0.71) for x in (-0.3, 0.3)]
    ring = torus(0.55, 0.13).at(0, -2.9, 0.45)
    top = slab(rectangle(2.2, 2.6, 0.6), 0.95, 0.3).spin("z", 35).at(3.2, 1.4)
    return [(trunk, body), (join(tongue, ring), plug), (join(*holes), matt("#222222")), (top, cap)]


def flashlight(body: Material, head: Material) -> list[Part]:
    line = [
        (0, 0),
        (1.5, 0),
        (1.5, 1.2),
        (1.3, 1.5),
        (1.3, 8.6),
        (1.45, 9),
        (2.1, 10.6),
        (2.1, 13.4),
        (1.9, 13.4),
        (1.2, 12.2),
        (0, 12.2),
    ]
    tube = lathe(rounded([*line[:6], (0, 9)], 0.12))
    grip = lathe(rounded([(1.28, 2.2), (1.42, 2.3), (1.42, 7.8), (1.28, 7.9)], 0.05), ribs=30, rib_depth=0.02)
    bell = lathe(rounded([(1.4, 8.9), *line[6:]], [0, 0.4, 0.15, 0.05, 0.3, 0]))
    lens = cylinder(1.8, 0.2, 0.05).at(z=12.9)
    key = box(0.9, 0.5, 1.3, 0.25).at(0, -1.4, 8.2)
    parts = ((join(tube, grip), body), (bell, head), (lens, glow("#fff6dd", 1.5)), (key, rubber("#d23b2f")))
    return [(mesh.spin("y", 90).spin("z", -28).at(-6, 2, 2.1), look) for mesh, look in parts]


def tape_dispenser(body: Material, tape: Material) -> list[Part]:
    side = rounded(
        [(-7, 0), (8.5, 0), (9, 3.2), (6.2, 3.6), (3.4, 5.6), (0.6, 7.6), (-3.6, 7.8), (-7, 5.2)],
        [1.2, 0.8, 0.5, 1, 2, 2, 3, 2.5],
        True,
    )
    walls = [slab(side, 1.2, 0.45).spin("x", 90).at(y=y) for y in (-1.6, 2.8)]
    base = box(15.0, 4.6, 2.2, 0.5).at(0.8)
    roll = lathe(rounded([(2.0, -1.1), (4.6, -1.1), (4.6, 1.1), (2.0, 1.1)], 0.1)).spin("x", 90).at(-2.0, 0, 5.8)
    core = lathe([(1.9, -1.15), (2.05, -1.15), (2.05, 1.15), (1.9, 1.15)]).spin("x", 90).at(-2.0, 0, 5.8)
    blade = box(0.3, 2.8, 1.0, 0.08).at(8.3, 0, 3.3)
    strip = sweep([(-1.0, 0, 10.25), (4.0, 0, 7.2), (8.3, 0, 4.2)], 0.06, 18.0, up=(0, 1, 0))
    return [(join(*walls, base), body), (join(roll, strip), tape), (core, matt("#b58f63")), (blade, metal())]


def pen_holder(body: Material, pens: list[Material]) -> list[Part]:
    cup = lathe(rounded([(0, 0), (4.0, 0), (4.0, 10), (3.7, 10), (3.7, 0.6), (0, 0.6)], 0.14))
    parts: list[Part] = [(cup, body)]
    for index, look in enumerate(pens):
        lean, turn = 9 + 3 * (index % 3), 360 * index / len(pens) + 20
        stick = lathe(rounded([(0, 0), (0.38, 0), (0.38, 15), (0.1, 16.2), (0, 16.2)], 0.05), 6 if index % 2 else 24)
        parts.append((stick.spin("y", lean).spin("z", turn).at(z=0.7), look))
    return parts


def hex_dumbbell(heads: Material, bar: Material) -> list[Part]:
    shape = rounded([(4.6 * np.cos(a), 4.6 * np.sin(a)) for a in np.arange(0, 6) * np.pi / 3 + np.pi / 6], 0.6, True)
    ends = [slab(shape, 6.2, 0.8).spin("y", 90).spin("x", 90).at(x, 0, 4.05) for x in (-12.2, 6.0)]
    path = np.column_stack([np.linspace(-6.5, 6.5, 27), np.zeros(27), np.full(27, 4.05)])
    grip = sweep(path, 1.35 + 0.35 * np.cos(np.linspace(-np.pi / 2, np.pi / 2, 27)))
    rings = [torus(1.6, 0.3).spin("y", 90).at(x, 0, 4.05) for x in (-5.9, 5.9)]
    return [(join(*ends), heads), (join(grip, *rings), bar)]


def vinyl_dumbbell(body: Material, cap: Material) -> list[Part]:
    line = [
        (0, -9.6),
        (2.6, -9.6),
        (3.4, -8.6),
        (3.4, -5.6),
        (1.6, -4.4),
        (1.55, 4.4),
        (3.4, 5.6),
        (3.4, 8.6),
        (2.6, 9.6),
        (0, 9.6),
    ]
    mesh = lathe(rounded(line, [0, 0.6, 1.0, 0.9, 0.9, 0.9, 0.9, 1.0, 0.6, 0]))
    discs = [cylinder(1.9, 0.3, 0.1).at(z=z) for z in (-9.7, 9.4)]
    return [(part.spin("y", 90).at(z=3.4), look) for part, look in ((mesh, body), (join(*discs), cap))]


def kettlebell(body: Material, band: Material) -> list[Part]:
    trunk = lathe(
        rounded([(0, 0), (5.0, 0), *curve([(6.6, 1.2), (8.6, 5.4), (8.2, 10.0), (5.4, 13.8)], 8), (0, 15.4)], 0.5)
    )
    bow = curve(
        [
            (-4.4, 0, 12.6),
            (-5.8, 0, 16.4),
            (-4.6, 0, 20.2),
            (0, 0, 21.4),
            (4.6, 0, 20.2),
            (5.8, 0, 16.4),
            (4.4, 0, 12.6),
        ],
        10,
    )
    belt = lathe(rounded([(8.5, 5.5), (8.75, 5.6), (8.7, 8.4), (8.4, 8.6)], 0.1))
    return [(join(trunk, sweep(bow, 1.55, up=(0, 1, 0))), body), (belt, band)]


def foam_roller(body: Material, core: Material) -> list[Part]:
    lugs = []
    for row in range(6):
        for turn in range(0, 360, 36):
            block = box(4.6, 3.2, 1.6, 0.5).at(z=6.0).spin("x", turn + 18 * (row % 2))
            lugs.append(block.at(x=-13.5 + row * 5.4))
    tube = lathe(rounded([(4.6, -16.5), (6.3, -16.5), (6.3, 16.5), (4.6, 16.5), (4.6, -16.5)], 0.4)).spin("y", 90)
    liner = lathe([(4.55, -16.6), (4.75, -16.6), (4.75, 16.6), (4.55, 16.6), (4.5, -16.6)]).spin("y", 90)
    return [(join(tube, *lugs).at(z=7.6), body), (liner.at(z=7.6), core)]
