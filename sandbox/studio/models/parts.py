"""What several models share: a part, a hollow vessel, a handle."""

from __future__ import annotations

import numpy as np

from sandbox.studio.forms import Mesh, lathe, sweep
from sandbox.studio.materials import Material
from sandbox.studio.outlines import Floats, curve, rounded

Part = tuple[Mesh, Material]


def vessel(outside: list[tuple[float, float]], wall: float, edge: float = 0.4, smooth: bool = False) -> Mesh:
    """A hollow body of the outside profile (radius, height), bottom first, closed below, open above."""
    side = curve(outside, 10) if smooth else np.asarray(outside, dtype=np.float64)
    inner: Floats = side[::-1] - np.array([wall, 0.0])
    inner = inner[inner[:, 1] > side[0, 1] + wall * 1.5]
    floor = side[0, 1] + wall * 1.3
    end = inner[-1] if len(inner) else side[-1] - np.array([wall, 0])
    line = [(0, side[0, 1]), *side, *inner, (max(end[0] - wall * 0.5, 0.1), floor), (0, floor)]
    if smooth:
        radii = [edge if i in (1, len(line) - 2) else wall * 0.49 for i in range(len(line))]
        return lathe(rounded(line, radii))
    return lathe(rounded(line, [edge if i < len(side) else min(edge, wall * 0.49) for i in range(len(line))]))


def handle(points: list[tuple[float, float]], radius: float, flat: float = 1.0) -> Mesh:
    """A bent bar through (x, z) points, in the plane of y = 0; `flat` widens it across."""
    path = [(x, 0.0, z) for x, z in points]
    return sweep(curve(path, 10), radius, flat, up=(0, 1, 0))
