"""How far a command is: a bar that moves in a terminal, a line at each tenth anywhere else."""

import shutil
from collections.abc import Callable

from searches.terminal import cut, display_width

WIDTH = 24


class ProgressBar:
    """Other lines come between by `line`, which leaves the bar below them."""

    def __init__(self, write: Callable[[str], object], *, moves: bool, quiet: bool) -> None:
        """write: puts a text out at once, adding nothing. moves: whether that is a terminal."""
        self._write = write
        self._moves = moves
        self._quiet = quiet
        self._shown = ""
        self._told: tuple[str, int] = ("", -1)

    def show(self, label: str, done: int, total: int, note: str = "") -> None:
        """`done` of `total`, of what `label` names; `note` is said behind."""
        if self._quiet or not total:
            return
        text = " · ".join(filter(None, (f"{label} {done}/{total}", note)))
        if self._moves:
            filled = WIDTH * done // total
            self._draw(f"[{'#' * filled}{'-' * (WIDTH - filled)}] {100 * done // total:3d} % {text}")
        elif self._told != (label, 10 * done // total):
            self._told = (label, 10 * done // total)
            self._write(f"{text}\n")

    def line(self, text: str) -> None:
        """A line of its own."""
        if self._quiet:
            return
        shown = self._shown
        self.clear()
        self._write(f"{text}\n")
        if shown:
            self._draw(shown)

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._write(f"\r{' ' * display_width(self._shown)}\r")
            self._shown = ""

    def _draw(self, text: str) -> None:
        shown = cut(text, shutil.get_terminal_size().columns - 1)
        blank = " " * max(0, display_width(self._shown) - display_width(shown))
        self._write(f"\r{shown}{blank}")
        self._shown = shown
