"""Meshes from which products are put together, in centimetres, z up, smooth wherever a real object is.

Normals are analytic, not averaged over faces, so that highlights run over a surface without facets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandbox.studio.outlines import Floats, Points, circle, rounded, runs, unit


@dataclass(frozen=True)
class Mesh:
    """Triangles: points and normals (n, 3), texture coordinates (n, 2), faces (m, 3) of point numbers."""

    points: Floats
    normals: Floats
    uv: Floats
    faces: NDArray[np.int64]

    def at(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        return Mesh(self.points + np.array([x, y, z]), self.normals, self.uv, self.faces)

    def spin(self, axis: str, degrees: float) -> Mesh:
        """Turned counter-clockwise about one of the axes x, y, z."""
        turn = rotation(axis, degrees)
        return Mesh(self.points @ turn.T, self.normals @ turn.T, self.uv, self.faces)

    def scale(self, x: float, y: float, z: float) -> Mesh:
        factors = np.array([x, y, z])
        return Mesh(self.points * factors, unit(self.normals / factors), self.uv, self.faces)


def rotation(axis: str, degrees: float) -> Floats:
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    turn = np.eye(3)
    turn[first, first] = turn[second, second] = cos
    turn[first, second], turn[second, first] = -sin, sin
    return turn


def join(*meshes: Mesh) -> Mesh:
    offsets = np.cumsum([0] + [len(mesh.points) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.uv for mesh in meshes]),
        np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
    )


def grid(points: Floats, normals: Floats, uv: Floats) -> Mesh:
    """A sheet of (rows, columns) points; faces are wound to agree with the normals, as glass needs."""
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    flat, directions = points.reshape(-1, 3), normals.reshape(-1, 3)
    corners = flat[faces]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    faces = faces[np.linalg.norm(facing, axis=1) > 1e-10]
    facing = facing[np.linalg.norm(facing, axis=1) > 1e-10]
    wrong = np.einsum("ij,ij->i", facing, directions[faces].mean(1)) < 0
    faces[wrong] = faces[wrong][:, ::-1]
    return Mesh(flat, directions, uv.reshape(-1, 2), faces)


def surface(points: Floats) -> Mesh:
    """A free sheet of (rows, columns) points, normals from its own slopes (upwards where rows × columns is)."""
    normals = unit(np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0)))
    rows, columns = points.shape[:2]
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return grid(points, normals, np.stack([u, v], -1))


def lathe(profile: Points, segments: int = 96, crease: float = 35.0, ribs: int = 0, rib_depth: float = 0.0) -> Mesh:
    """The (radius, height) profile turned about z; walk it bottom to top outside, then down the inside.

    With ribs the radius swings by `rib_depth` (share of the radius) that many times around.
    """
    outline = np.asarray(profile, dtype=np.float64)
    distinct = np.concatenate([[True], np.linalg.norm(np.diff(outline, axis=0), axis=1) > 1e-6])
    outline = outline[distinct]
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    swing = 1 + rib_depth * np.cos(ribs * angle)
    slope = -rib_depth * ribs * np.sin(ribs * angle)
    total = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))])
    meshes, start = [], 0
    for run in runs(outline, crease):
        steps = unit(np.diff(run, axis=0))
        tangent = unit(np.concatenate([steps[:1], (steps[:-1] + steps[1:]) / 2, steps[-1:]]))
        radius, height = run[:, :1], run[:, 1:]
        points = np.stack([radius * swing * np.cos(angle), radius * swing * np.sin(angle), height + 0 * angle], -1)
        across = np.stack([np.cos(angle), np.sin(angle)], -1) - (slope / swing)[:, None] * np.stack(
            [-np.sin(angle), np.cos(angle)], -1
        )
        normals = np.empty_like(points)
        normals[..., :2] = tangent[:, 1, None, None] * across
        normals[..., 2] = -tangent[:, 0, None]
        v = total[start : start + len(run)] / total[-1]
        uv = np.stack(np.broadcast_arrays(angle / (2 * np.pi), v[:, None]), -1)
        meshes.append(grid(points, unit(normals), uv))
        start += len(run) - 1
    return join(*meshes)


def frames(path: Floats, closed: bool, up: Sequence[float]) -> tuple[Floats, Floats]:
    """Two directions across the path at each point, carried along it without twist."""
    tangent = unit(np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0))
    side = np.empty_like(path)
    first = np.cross(tangent[0], up)
    side[0] = unit(first if np.linalg.norm(first) > 1e-3 else np.cross(tangent[0], (0.9, 0.1, 0.3)))
    for index in range(1, len(path)):
        side[index] = unit(side[index - 1] - tangent[index] * (side[index - 1] @ tangent[index]))
    return side, np.cross(tangent, side)


def sweep(
    path: Points,
    radius: float | Sequence[float] | Floats,
    flat: float = 1.0,
    closed: bool = False,
    sides: int = 20,
    up: Sequence[float] = (0.0, 0.0, 1.0),
) -> Mesh:
    """A round bar along the path; `radius` may vary along it, `flat` scales it in one direction across.

    Open ends are rounded.
    """
    line = np.asarray(path, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(line)).copy()
    side, other = frames(line, closed, up)
    if closed:
        line, side, other, radii = (np.concatenate([part, part[:1]]) for part in (line, side, other, radii))
    else:
        line, side, other, radii = with_ends(line, side, other, radii)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    cos, sin = np.cos(angle)[None, :, None], np.sin(angle)[None, :, None]
    ring = side[:, None] * cos + other[:, None] * sin * flat
    points = line[:, None] + ring * radii[:, None, None]
    along = np.gradient(points, axis=0)
    facing = unit(side[:, None] * cos * flat + other[:, None] * sin)
    normals = unit(facing - unit(along) * np.einsum("ijk,ijk->ij", facing, unit(along))[..., None])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(angle / (2 * np.pi), (length / length[-1])[:, None]), -1)
    return grid(points, normals, uv)


def with_ends(line: Floats, side: Floats, other: Floats, radii: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The same bar with a dome of a few rings before and after it."""
    swing = np.linspace(0.02, np.pi / 2, 6)[:-1]
    first, last = unit(line[0] - line[1]), unit(line[-1] - line[-2])
    head = line[0] + first * (radii[0] * np.cos(swing))[:, None]
    tail = line[-1] + last * (radii[-1] * np.cos(swing[::-1]))[:, None]
    count = len(swing)
    return (
        np.concatenate([head, line, tail]),
        np.concatenate([np.repeat(side[:1], count, 0), side, np.repeat(side[-1:], count, 0)]),
        np.concatenate([np.repeat(other[:1], count, 0), other, np.repeat(other[-1:], count, 0)]),
        np.concatenate([radii[0] * np.sin(swing), radii, radii[-1] * np.sin(swing[::-1])]),
    )


def box(width: float, depth: float, height: float, radius: float = 0.3, steps: int = 5) -> Mesh:
    """A block with rounded edges, centred in x and y, standing on z = 0."""
    half = np.array([width, depth, height]) / 2
    radius = float(min(radius, *half * 0.999))
    rim = np.tan(np.linspace(0, np.pi / 4, steps + 1))[1:] * radius
    meshes = []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        sides = []
        for edge in (a, b):
            core = half[edge] - radius
            sides.append(np.concatenate([-core - rim[::-1], np.linspace(-core, core, 3), core + rim]))
        first, second = np.meshgrid(*sides, indexing="ij")
        for sign in (-1.0, 1.0):
            outer = np.empty((*first.shape, 3))
            outer[..., a], outer[..., b], outer[..., axis] = first, second, sign * half[axis]
            inner = np.clip(outer, radius - half, half - radius)
            normals = unit(outer - inner)
            uv = np.stack([first / (2 * half[a]) + 0.5, second / (2 * half[b]) + 0.5], -1)
            if axis == 0:
                uv = uv[..., ::1]
            elif axis == 1:
                uv = uv[..., ::-1]
            meshes.append(grid(inner + normals * radius, normals, uv))
    return join(*meshes).at(z=height / 2)


def slab(outline: Points, height: float, bevel: float = 0.2, steps: int = 5) -> Mesh:
    """A star-shaped outline (x, y) raised from z = 0 to `height`, edges rounded by `bevel`."""
    shape = np.asarray(outline, dtype=np.float64)
    area = np.sum(shape[:, 0] * np.roll(shape[:, 1], -1) - np.roll(shape[:, 0], -1) * shape[:, 1])
    shape = shape if area > 0 else shape[::-1]
    along = unit(np.roll(shape, -1, 0) - np.roll(shape, 1, 0))
    out = np.stack([along[:, 1], -along[:, 0]], 1)
    shape, out = np.concatenate([shape, shape[:1]]), np.concatenate([out, out[:1]])
    bevel = min(bevel, height / 2)
    swing = np.linspace(0, np.pi / 2, steps + 1)
    bottom = [(-np.cos(a), np.sin(a), bevel * (1 - np.cos(a)), bevel * (1 - np.sin(a))) for a in swing]
    top = [(np.cos(a), np.sin(a), height - bevel * (1 - np.cos(a)), bevel * (1 - np.sin(a))) for a in swing[::-1]]
    rings, facing = [], []
    for up, outward, z, inset in [*bottom, *top]:
        rings.append(np.column_stack([shape - out * inset, np.full(len(shape), z)]))
        facing.append(np.column_stack([out * outward, np.full(len(shape), up)]))
    centre = shape[:-1].mean(0)
    low, high = np.array([*centre, 0.0]), np.array([*centre, height])
    points = np.stack([np.broadcast_to(low, rings[0].shape), *rings, np.broadcast_to(high, rings[0].shape)])
    normals = np.stack(
        [np.broadcast_to((0, 0, -1.0), facing[0].shape), *facing, np.broadcast_to((0, 0, 1.0), facing[0].shape)]
    )
    span = np.ptp(shape, axis=0).max()
    return grid(points, unit(normals), (points[..., :2] - shape.min(0)) / span)


def ball(radius: float, x: float = 1.0, y: float = 1.0, z: float = 1.0, segments: int = 96) -> Mesh:
    """A sphere or, with factors, an ellipsoid about the origin."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    return lathe(np.column_stack([np.cos(angle), np.sin(angle)]) * radius, segments, crease=90).scale(x, y, z)


def cylinder(radius: float, height: float, edge: float = 0.15) -> Mesh:
    return lathe(rounded([(0, 0), (radius, 0), (radius, height), (0, height)], edge))


def torus(radius: float, thickness: float, flat: float = 1.0) -> Mesh:
    """A ring about z; `thickness` is the radius of its bar."""
    return sweep(circle(radius), thickness, flat, closed=True, sides=32)
