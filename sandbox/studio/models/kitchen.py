"""Pans, pots, tools and small hardware of kitchen, bath and cupboard."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import ball, cylinder, join, lathe, slab, sweep, torus
from sandbox.studio.materials import Material, metal
from sandbox.studio.models.parts import Part
from sandbox.studio.outlines import curve, rectangle, rounded


def frying_pan(inside: Material, outside: Material, grip: Material) -> list[Part]:
    shell = lathe(rounded([(0, 0), (9.8, 0), (13.0, 4.6), (12.9, 4.75)], [0, 1.6, 0.1, 0]))
    hollow = lathe(rounded([(12.98, 4.7), (12.6, 4.6), (9.5, 0.5), (0, 0.45)], [0, 0.1, 1.6, 0]))
    path = curve([(12.0, 0, 3.6), (15.5, 0, 4.9), (22, 0, 6.4), (30, 0, 6.8)], 10)
    bar = sweep(path, np.interp(np.linspace(0, 1, len(path)), [0, 0.2, 0.6, 1], [0.7, 0.8, 1.25, 1.05]), 1.6)
    rivets = join(*[ball(0.42, 1, 1, 0.6).at(11.3, y, 2.6) for y in (-1.0, 1.0)])
    return [(shell, outside), (hollow, inside), (bar, grip), (rivets, metal())]


def stock_pot(body: Material, rim: Material, knob: Material) -> list[Part]:
    pot = lathe(rounded([(0, 0), (10.5, 0), (11.2, 10.6), (10.9, 10.6)], [0, 1.4, 0.15, 0]))
    lid = lathe(rounded([(11.5, 10.7), (11.5, 11.2), (9.5, 12.2), (3, 13.6), (0, 13.8)], [0, 0.2, 1.5, 5, 0]))
    ears = [
        sweep(
            curve([(x * 10.6, -3.2, 8.3), (x * 13.8, -2.8, 8.7), (x * 13.8, 2.8, 8.7), (x * 10.6, 3.2, 8.3)], 10),
            0.62,
            1.25,
        )
        for x in (-1, 1)
    ]
    top = join(cylinder(0.8, 1.2, 0.1).at(z=13.6), ball(1.7, 1, 1, 0.62).at(z=15.6))
    return [(join(pot, lid, *ears), body), (torus(11.35, 0.28).at(z=10.7), rim), (top, knob)]


def spatula(blade: Material, grip: Material) -> list[Part]:
    shape = rounded(
        [(-2.6, 0), (-3.4, 9.5), (3.4, 8.4), (2.6, 0), (0.9, -1.6), (-0.9, -1.6)],
        [1.2, 0.9, 2.2, 1.2, 0.8, 0.8],
        True,
        8,
    )
    head = slab(shape, 0.8, 0.38)
    neck = sweep([(0, -1.0, 0.45), (0, -4.0, 0.75)], np.array([0.75, 0.9]))
    radii = [0.85, 0.72, 0.95, 1.05, 0.8]
    path = curve([(0, -3.6, 0.75), (0, -9, 0.9), (0, -15, 1.0), (0, -19, 1.0), (0, -21.5, 1.0)], 10)
    stick = sweep(path, np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, 5), radii), 0.8)
    return [(join(head, neck), blade), (stick, grip)]


def cutting_board(body: Material, strap: Material) -> list[Part]:
    shape = rounded(
        [(-9, -12), (9, -12), (9, 10), (2.6, 12), (2.2, 17), (-2.2, 17), (-2.6, 12), (-9, 10)],
        [1.6, 1.6, 3, 3, 1.5, 1.5, 3, 3],
        True,
        8,
    )
    cord = sweep(
        curve(
            [(0, 15.6, 1.7), (1.6, 18.5, 1.0), (0.8, 22, 0.4), (-0.9, 22, 0.4), (-1.6, 18.5, 1.0), (0, 15.6, 1.7)], 10
        ),
        0.22,
    )
    eye = torus(0.8, 0.18).at(0, 15.4, 1.55)
    return [(slab(shape, 1.6, 0.4), body), (join(cord, eye), strap)]


def pet_bowl(body: Material, inside: Material, foot: Material) -> list[Part]:
    shell = lathe(rounded([(0, 0.4), (9.6, 0.4), (7.6, 6.2), (7.3, 6.5)], [0, 0.5, 0.3, 0]))
    hollow = lathe(rounded([(7.6, 6.3), (7.2, 6.6), (6.8, 6.2), (5.6, 1.6), (0, 1.3)], [0, 0.2, 0.3, 1.2, 0]))
    return [(shell, body), (hollow, inside), (torus(9.3, 0.5).at(z=0.5), foot)]


def wall_hook(plate: Material, prong: Material) -> list[Part]:
    """A row of three hooks on a board, lying back a little so that it stands by itself."""
    board = slab(rectangle(24, 6.4, 1.2), 1.4, 0.35).spin("x", 90).at(y=0.7, z=3.2)
    hooks = []
    for x in (-8, 0, 8):
        bow = curve([(x, -0.6, 4.2), (x, -2.0, 3.6), (x, -2.6, 1.4), (x, -4.2, 1.0), (x, -5.4, 2.4)], 8)
        hooks.append(
            join(sweep(bow, 0.4), ball(0.8).at(x, -5.5, 2.9), cylinder(1.3, 0.5, 0.2).spin("x", 90).at(x, -0.5, 4.2))
        )
    return [(board, plate), (join(*hooks), prong)]


def drawer_knob(body: Material, base: Material) -> list[Part]:
    line = [(0, 0), (1.1, 0), (0.7, 0.9), (0.75, 1.5), (1.9, 2.1), (1.9, 2.7), (1.2, 3.3), (0, 3.4)]
    knob = lathe(rounded(line, [0, 0.15, 0.8, 0.5, 0.4, 0.4, 0.8, 0]), ribs=0)
    rose = lathe(rounded([(0, 0), (1.9, 0), (1.9, 0.25), (1.2, 0.5), (0, 0.5)], 0.1))
    return [(knob.at(z=0.3), body), (rose, base)]


def clothes_hanger(body: Material, hook: Material) -> list[Part]:
    arm = curve([(-21, 0, 0), (-15, 0, 3.6), (-7, 0, 7.0), (0, 0, 8.6), (7, 0, 7.0), (15, 0, 3.6), (21, 0, 0)], 10)
    radii = np.interp(np.linspace(0, 1, len(arm)), [0, 0.2, 0.5, 0.8, 1], [1.0, 1.15, 0.85, 1.15, 1.0])
    wide = sweep(arm, radii, 0.6, up=(0, 1, 0))
    bar = sweep([(-18.5, 0, 1.4), (18.5, 0, 1.4)], 0.55)
    bow = [(0, 0, 8.4), (0, 0, 11.4), (1.4, 0, 12.8), (2.3, 0, 14.6), (1.4, 0, 16.8), (-0.6, 0, 17.2), (-2.0, 0, 15.8)]
    wire = sweep(curve(bow, 8), 0.2, up=(0, 1, 0))
    parts = ((join(wide, bar), body), (wire, hook))
    return [(mesh.spin("x", -90).at(z=1.1, y=-8), look) for mesh, look in parts]


def comb(body: Material) -> list[Part]:
    back = slab(
        rounded([(-9.5, 0), (9.5, 0), (9.0, 2.4), (0, 3.0), (-9.0, 2.4)], [0.3, 0.3, 1.2, 8, 1.2], True, 8), 0.7, 0.3
    )
    teeth = [
        sweep([(x, 0.4, 0.35), (x * 1.0, -3.6, 0.35)], np.array([0.24, 0.13]), sides=10)
        for x in np.arange(-7.4, 8.8, 0.52)
    ]
    ends = [sweep([(x, 0.4, 0.35), (x, -3.5, 0.35)], np.array([0.42, 0.3])) for x in (-8.9, 9.0, -8.2)]
    return [(join(back, *teeth, *ends), body)]
