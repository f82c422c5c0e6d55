"""Mugs, tumblers, bottles, pots: what one drinks and pours from."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import ball, box, cylinder, join, lathe, sweep, torus
from sandbox.studio.materials import Material, glass, matt, rubber, steel
from sandbox.studio.models.parts import Part, handle, vessel
from sandbox.studio.outlines import curve, rounded


def straight_mug(body: Material) -> list[Part]:
    cup = vessel([(3.7, 0), (4.1, 1.2), (4.15, 9.6)], 0.38, 0.7)
    return [
        (join(cup, handle([(3.9, 7.9), (5.6, 8.0), (6.7, 6.4), (6.3, 4.0), (5.2, 2.6), (3.95, 2.2)], 0.5, 1.35)), body)
    ]


def belly_mug(body: Material, rim: Material) -> list[Part]:
    side = [(3.0, 0), (4.3, 1.6), (4.9, 4.0), (4.6, 6.4), (4.1, 8.0), (4.2, 8.8)]
    grip = handle([(4.5, 6.6), (6.0, 7.3), (7.1, 5.7), (6.5, 3.6), (4.75, 2.9)], 0.48, 1.2)
    return [(vessel(side, 0.4, 0.3, smooth=True), body), (grip, rim), (torus(4.0, 0.25).at(z=8.78), rim)]


def enamel_mug(body: Material, rim: Material) -> list[Part]:
    cup = vessel([(4.1, 0), (4.3, 7.8)], 0.14, 0.35)
    bow = [(4.2, 6.9), (5.6, 7.0), (6.2, 5.6), (5.9, 2.9), (5.2, 1.7), (4.2, 1.6)]
    return [(cup, body), (torus(4.26, 0.19).at(z=7.8), rim), (handle(bow, 0.22, 2.6), body)]


def travel_tumbler(body: Material, lid: Material) -> list[Part]:
    cup = lathe(rounded([(0, 0), (3.1, 0), (3.5, 6), (4.4, 8.4), (4.5, 16.5), (0, 16.5)], [0, 0.4, 4, 3, 0.2, 0]))
    ring = lathe(rounded([(4.3, 16.3), (4.56, 16.3), (4.56, 17.0), (4.2, 17.0)], 0.1))
    top = lathe(rounded([(0, 17), (4.4, 17), (4.5, 17.9), (3.9, 18.3), (3.7, 17.8), (0, 17.8)], 0.25))
    slide = box(2.2, 1.4, 0.7, 0.3).at(y=-1.6, z=17.7)
    return [(cup, body), (ring, steel()), (join(top, slide), lid)]


def straw_tumbler(body: Material, lid: Material, straw: Material) -> list[Part]:
    cup = lathe(rounded([(0, 0), (3.4, 0), (4.5, 17), (0, 17)], [0, 0.6, 0.1, 0]))
    top = lathe(rounded([(0, 16.8), (4.75, 16.8), (4.75, 17.8), (4.2, 18.2), (0, 18.2)], 0.3))
    reed = sweep([(0.5, 0, 15), (0.7, 0, 18), (1.2, 0, 24.5)], 0.38)
    return [(cup, body), (top, lid), (reed, straw), (torus(0.6, 0.18).at(0.72, z=18.25), rubber("#333333"))]


def flask(body: Material, cap: Material) -> list[Part]:
    """An insulated bottle with a carrying loop."""
    trunk = lathe(rounded([(0, 0), (3.6, 0), (3.6, 18.5), (2.4, 21), (2.4, 22), (0, 22)], [0, 0.5, 2.6, 1.2, 0.1, 0]))
    top = lathe(rounded([(0, 22), (2.6, 22), (2.6, 24.6), (0, 24.6)], 0.4), ribs=36, rib_depth=0.012)
    loop = handle([(-2.3, 23.6), (-2.2, 25.6), (0, 26.6), (2.2, 25.6), (2.3, 23.6)], 0.32, 2.0)
    base = lathe(rounded([(3.2, 0), (3.68, 0), (3.68, 1.2), (3.4, 1.2)], 0.2))
    return [(trunk, body), (join(top, loop), cap), (base, steel())]


def sports_bottle(body: Material, grip: Material, cap: Material) -> list[Part]:
    line = [(0, 0), (3.5, 0), (3.6, 6.2), (3.1, 8.5), (3.1, 11.5), (3.6, 13.8), (3.6, 16.5), (2.7, 18.6), (0, 18.6)]
    trunk = lathe(rounded(line, [0, 0.6, 1.5, 1.5, 1.5, 1.5, 2, 0.3, 0]))
    belt = lathe(rounded([(3.0, 8.6), (3.25, 8.8), (3.25, 11.2), (3.0, 11.4)], 0.2), ribs=24, rib_depth=0.012)
    top = lathe(
        rounded([(0, 18.4), (3.0, 18.4), (3.0, 20), (1.6, 21), (1.3, 21.4), (0, 21.4)], 0.4), ribs=48, rib_depth=0.008
    )
    spout = lathe(rounded([(0, 21), (1.0, 21), (0.9, 22.6), (1.1, 23), (0.8, 23.8), (0, 23.8)], 0.2))
    return [(trunk, body), (belt, grip), (top, cap), (spout, grip)]


def glass_bottle(cap: Material, sleeve: Material) -> list[Part]:
    side = [(3.2, 0), (3.2, 15.5), (1.9, 18.5), (1.9, 20.5)]
    inner = [(1.6, 20.5), (1.6, 18.4), (2.9, 15.4), (2.9, 0.8)]
    line = [(0, 0), *side, *inner, (0, 0.8)]
    shell = lathe(rounded(line, [0, 0.5, 2, 1.5, 0.1, 0.1, 1.5, 2, 0.4, 0]))
    wrap = lathe(rounded([(3.22, 1.5), (3.4, 1.6), (3.4, 11.4), (3.22, 11.5)], 0.1))
    return [(shell, glass("#eef7f4")), (wrap, sleeve), (cylinder(2.15, 2.6, 0.25).at(z=20.3), cap)]


def pump_bottle(body: Material, pump: Material) -> list[Part]:
    trunk = lathe(
        rounded([(0, 0), (3.5, 0), (3.5, 12.5), (1.5, 13.6), (1.5, 14.3), (0, 14.3)], [0, 0.5, 1.2, 0.4, 0.1, 0])
    )
    collar = cylinder(1.7, 1.5, 0.2).at(z=14.1)
    stem = cylinder(0.5, 2.4, 0.1).at(z=15.4)
    head = cylinder(1.15, 1.1, 0.3).at(z=17.4)
    nozzle = sweep(curve([(0.4, 0, 18.0), (2.6, 0, 18.05), (3.7, 0, 17.7), (3.9, 0, 17.0)], 8), 0.36)
    return [(trunk, body), (join(collar, stem, head, nozzle), pump)]


def teapot(body: Material, accent: Material) -> list[Part]:
    side = [(3.6, 0), (6.0, 2.2), (6.9, 5.2), (6.0, 8.3), (3.7, 10.0)]
    trunk = lathe(np.concatenate([[(0, 0)], curve(side, 12), [(0, 10.2)]]))
    lid = lathe(np.concatenate([[(3.9, 9.8)], curve([(3.9, 10.1), (2.8, 10.9), (0.9, 11.4)], 8), [(0, 11.45)]]))
    spout = sweep(curve([(5.6, 0, 3.6), (8.2, 0, 4.6), (9.4, 0, 7.0), (10.8, 0, 8.9)], 10), np.linspace(1.75, 0.75, 31))
    grip = handle([(-5.4, 8.0), (-8.2, 9.0), (-9.6, 6.6), (-8.6, 3.8), (-6.3, 2.8)], 0.58, 1.3)
    mouth = ball(0.6, 1, 1, 0.25).spin("y", 36).at(11.26, 0, 9.52)
    parts: list[Part] = [(join(trunk, spout, lid), body), (join(grip, ball(0.95).at(z=12.1)), accent)]
    return [*parts, (mouth, matt("#15151a"))]


def gooseneck_kettle(body: Material, trim: Material) -> list[Part]:
    trunk = lathe(rounded([(0, 0), (7.2, 0), (5.0, 11.5), (0, 11.5)], [0, 0.8, 1.2, 0]))
    lid = lathe(rounded([(0, 11.4), (4.2, 11.4), (4.0, 12.0), (0, 12.6)], 0.3))
    neck = curve([(5.9, 0, 2.4), (9.4, 0, 3.0), (10.2, 0, 6.6), (11.0, 0, 10.6), (13.2, 0, 11.6)], 10)
    spout = sweep(neck, np.linspace(0.95, 0.5, len(neck)))
    bow = [(-4.9, 10.8), (-8.4, 11.4), (-9.6, 9.2), (-9.0, 5.2), (-8.6, 3.2)]
    knob = join(cylinder(0.5, 0.8, 0.1).at(z=12.3), ball(1.1, 1, 1, 0.7).at(z=13.4))
    return [(join(trunk, lid), body), (spout, body), (handle(bow, 0.75, 1.2), trim), (knob, trim)]


def watering_can(body: Material, accent: Material) -> list[Part]:
    trunk = vessel([(7.0, 0), (6.2, 11.0)], 0.25, 0.5)
    neck = curve([(6.0, 0, 2.6), (9.0, 0, 4.0), (13.0, 0, 11.0), (15.5, 0, 14.6)], 10)
    spout = sweep(neck, np.linspace(1.3, 0.75, len(neck)))
    rose = lathe(rounded([(0, 0), (0.8, 0), (2.2, 2.2), (2.1, 2.6), (0, 2.9)], 0.3)).spin("y", 38).at(15.0, 0, 14.0)
    bow = [(6.0, 10.4), (4.6, 15.2), (-2.0, 17.0), (-8.0, 14.4), (-9.4, 8.0), (-6.6, 2.6)]
    return [(join(trunk, spout), body), (rose, accent), (handle(bow, 0.62, 1.1), accent)]
