"""What stands before a plain background, piece by piece."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.intp]
# Left, top, right and bottom as fractions of width and height.
Edges: TypeAlias = tuple[float, float, float, float]

# Pixels of the longer side at which pieces are looked for, and the fewest of a picture's shorter side.
SIDE, LEAST_SIDE = 80, 16
# How far (of 255) colours stray on a smooth background; how far away from it a piece surely is, and perhaps.
BACKGROUND, SURELY, PERHAPS = 20.0, 30.0, 12.0
# The share of the border that is background where it is plain.
PLAIN = 0.75
# Shares of the picture: a smaller piece is a shadow, a watermark or dirt.
LEAST_PIECE = 0.004
# Pieces of one look (shoes, a set): how far apart their mean colours are, and the ratio of their sizes.
SAME_COLOUR, SAME_SIZE = 24.0, 0.8
# The share of its height along which a piece touches the picture's side where it is cut.
CUT = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """`area`: share of the picture. `colour`: RGB, 0 to 255. `axes`: how far its pixels reach along its own axes.

    `is_cut`: whether it goes on beyond the picture at a side, as what only lies about does.
    """

    area: float
    edges: Edges
    is_cut: bool
    colour: Array
    axes: Array

    def is_banner(self) -> bool:
        """Whether it is a stripe from side to side along the border: a seller's banner, the edge of a table."""
        left, top, right, bottom = self.edges
        lies = right - left > 0.9 and bottom - top < 0.25 and (top == 0 or bottom == 1)
        stands = bottom - top > 0.9 and right - left < 0.25 and (left == 0 or right == 1)
        return lies or stands

    def is_another_than(self, other: "Piece") -> bool:
        """Whether both are products for themselves: beside each other (above each other is a jar with its lid), and
        not of one look (so are a pair, and a set)."""
        apart = max(self.edges[0], other.edges[0]) >= min(self.edges[2], other.edges[2])
        sizes = np.minimum(self.axes, other.axes) / np.maximum(self.axes, other.axes)
        same_look = np.abs(self.colour - other.colour).max() < SAME_COLOUR and sizes.min() > SAME_SIZE
        return bool(apart and not same_look)


def pieces_of(image: Image.Image, foreground: float = SURELY) -> list[Piece]:
    """The pieces of an RGB picture, the largest first; none where the background is not plain.

    foreground: how far (of 255) in any colour from the background.
    """
    if min(image.size) < LEAST_SIDE:
        return []
    scale = SIDE / max(image.size)
    size = (max(4, round(image.width * scale)), max(4, round(image.height * scale)))
    colours = np.asarray(image.resize(size, Image.Resampling.BOX), np.float32)
    pieces = [_piece(rows, columns, colours) for rows, columns in _connected(_before_plain(colours, foreground))]
    pieces = [piece for piece in pieces if piece.area > LEAST_PIECE and not piece.is_banner()]
    return sorted(pieces, key=lambda piece: -piece.area)


def _before_plain(colours: Array, foreground: float) -> NDArray[np.bool_]:
    """Which pixels are not the background's, shape (h, w): none unless most of the border is one smooth surface.

    The background is a quadratic surface through the border's colours, so that light may fall off towards a side.
    """
    height, width = colours.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    surface = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1).reshape(-1, 6).astype(np.float32)
    border = (np.minimum(1 - np.abs(x), 1 - np.abs(y)) < 0.1).ravel()
    flat = colours.reshape(-1, 3)
    away = np.abs(flat - np.median(flat[border], axis=0)).max(axis=1)
    for limit in (3 * BACKGROUND, BACKGROUND, BACKGROUND):
        base = surface[border & (away < limit)]
        there = flat[border & (away < limit)]
        # The normal equations: for six columns they are exact enough, and they need no threads.
        fitted = np.linalg.solve(base.T @ base + 1e-3 * np.eye(6, dtype=np.float32), base.T @ there)
        away = np.abs(flat - surface @ fitted).max(axis=1)
    is_plain = float((away[border] < BACKGROUND).mean()) >= PLAIN
    return np.asarray((away.reshape(height, width) > foreground) & is_plain)


def _connected(mask: NDArray[np.bool_]) -> list[tuple[Places, Places]]:
    """The rows and columns of each connected piece's pixels: runs of a row, joined with those they touch above."""
    parent: list[int] = []

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    labels = np.full(mask.shape, -1)
    above: list[tuple[int, int, int]] = []
    for row, line in enumerate(np.pad(mask, ((0, 0), (1, 1)))):
        ends = np.flatnonzero(line[1:] != line[:-1]).tolist()
        here = [(len(parent) + place, *run) for place, run in enumerate(zip(ends[::2], ends[1::2], strict=True))]
        parent += [run for run, _start, _end in here]
        for run, start, end in here:
            labels[row, start:end] = run
            for other, first, last in above:
                if first <= end and start <= last:
                    parent[root(run)] = root(other)
        above = here
    roots = np.array([root(run) for run in range(len(parent))] + [-1])
    labels = roots[labels]
    places = (np.nonzero(labels == label) for label in np.unique(roots[:-1]))
    return [(rows, columns) for rows, columns in places]


def _piece(rows: Places, columns: Places, colours: Array) -> Piece:
    height, width = colours.shape[:2]
    top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
    at_sides = max(np.count_nonzero(columns == 0), np.count_nonzero(columns == width - 1)) / (bottom - top)
    spread: NDArray[Any] = np.cov(np.stack([rows, columns])) if len(rows) > 1 else np.zeros((2, 2))
    return Piece(
        area=len(rows) / (height * width),
        edges=(float(left / width), float(top / height), float(right / width), float(bottom / height)),
        is_cut=bool(at_sides > CUT),
        colour=colours[rows, columns].mean(axis=0),
        axes=np.sqrt(np.maximum(np.linalg.eigvalsh(spread), 0.1)).astype(np.float32),
    )
