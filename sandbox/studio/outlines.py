"""Lines from which meshes are turned, drawn out and swept: curves, rounded corners, circles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = Sequence[Sequence[float]] | Floats


def unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float64)


def curve(points: Points, samples: int = 12) -> Floats:
    """A smooth curve through the points (Catmull-Rom), `samples` steps between two of them."""
    knots = np.asarray(points, dtype=np.float64)
    padded = np.concatenate([[2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]])
    t = np.linspace(0, 1, samples, endpoint=False)[:, None]
    pieces = []
    for index in range(len(knots) - 1):
        p0, p1, p2, p3 = padded[index : index + 4]
        a, b, c = 2 * p0 - 5 * p1 + 4 * p2 - p3, 3 * p1 - p0 - 3 * p2 + p3, p2 - p0
        pieces.append(0.5 * (2 * p1 + c * t + a * t**2 + b * t**3))
    return np.concatenate([*pieces, knots[-1:]])


def rounded(points: Points, radius: float | Sequence[float], closed: bool = False, steps: int = 6) -> Floats:
    """A polyline whose corners are arcs; a radius for all of them or one for each point."""
    corners = np.asarray(points, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(corners))
    result: list[Floats] = []
    for index, corner in enumerate(corners):
        if not closed and index in (0, len(corners) - 1):
            result.append(corner)
            continue
        before, after = corners[index - 1] - corner, corners[(index + 1) % len(corners)] - corner
        reach = min(np.linalg.norm(before), np.linalg.norm(after)) * 0.49
        before, after = unit(before), unit(after)
        half = np.arccos(np.clip(before @ after, -1, 1)) / 2
        if half > 1.55 or radii[index] <= 0:
            result.append(corner)
            continue
        cut = min(radii[index] / np.tan(half), reach)
        bow = cut * np.tan(half)
        centre = corner + unit(before + after) * (bow / np.sin(half))
        start, end = corner + before * cut - centre, corner + after * cut - centre
        sweep_angle = np.pi - 2 * half
        for t in np.linspace(0, 1, steps + 1):
            weight_a, weight_b = np.sin((1 - t) * sweep_angle), np.sin(t * sweep_angle)
            result.append(centre + (start * weight_a + end * weight_b) / np.sin(sweep_angle))
    return np.asarray(result)


def runs(profile: Floats, crease: float) -> list[Floats]:
    """The profile cut where it turns by more than `crease` degrees, so that real edges stay sharp."""
    steps = unit(np.diff(profile, axis=0))
    turns = np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", steps[:-1], steps[1:]), -1, 1)))
    cuts = [0, *(int(i) + 1 for i in np.flatnonzero(turns > crease)), len(profile) - 1]
    return [profile[a : b + 1] for a, b in pairwise(cuts)]


def circle(radius: float, count: int = 72, z: float = 0.0) -> Floats:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(count, z)])


def rectangle(width: float, depth: float, radius: float) -> Floats:
    """The outline of a rounded rectangle, for slabs."""
    x, y = width / 2, depth / 2
    return rounded([(-x, -y), (x, -y), (x, y), (-x, y)], radius, closed=True, steps=10)
