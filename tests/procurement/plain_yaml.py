"""A reader of the YAML that compose.yaml is written in; whatever it does not know is an error, not a guess.

Known: block mappings, block lists of scalars, anchors on a mapping or list, aliases, the merge key, and as values plain
words, whole numbers, true and false, or JSON on one line: a small part of YAML, read as YAML itself is read.
"""

import json
import re
from pathlib import Path
from typing import Any

ENTRY = re.compile(r"(<<|[A-Za-z_][\w-]*):(?: (.+))?")
PLAIN = re.compile(r"[A-Za-z0-9./*&][^#\"'{}\[\]]*")


class NotPlain(ValueError):
    """A line that this reader does not know."""


def read(path: Path) -> dict[str, Any]:
    """The file's mapping. Raises `NotPlain` with the number of a line that is none of the known forms."""
    lines = [
        (number, len(line) - len(line.lstrip()), line.strip())
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    reader = Reader(lines)
    content = reader.mapping(0)
    reader.check(not reader.lines)
    return content


class Reader:
    def __init__(self, lines: list[tuple[int, int, str]]) -> None:
        self.lines = lines
        self.anchors: dict[str, Any] = {}

    def check(self, known: bool) -> None:
        if not known:
            raise NotPlain(f"line {self.lines[0][0] if self.lines else 'last'}")

    def block(self, indent: int) -> Any:
        """The mapping or list whose lines begin at this indent; they are taken away."""
        self.check(bool(self.lines) and self.lines[0][1] == indent)
        return self._list(indent) if self.lines[0][2].startswith("- ") else self.mapping(indent)

    def _list(self, indent: int) -> list[Any]:
        items = []
        while self.lines and self.lines[0][1] == indent:
            text = self.lines[0][2]
            self.check(text.startswith("- ") and ": " not in text)
            items.append(self._scalar(text.removeprefix("- ")))
            del self.lines[0]
        return items

    def mapping(self, indent: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while self.lines and self.lines[0][1] == indent:
            entry = ENTRY.fullmatch(self.lines[0][2])
            name, text = entry.groups() if entry else ("", "")
            self.check(bool(name) and name not in own)
            value = self._value(text or "", indent)
            if name == "<<":
                merged = value
            else:
                own[name] = value
        return merged | own

    def _value(self, text: str, indent: int) -> Any:
        if text.startswith("*"):
            self.check(text[1:] in self.anchors)
            del self.lines[0]
            return self.anchors[text[1:]]
        if text and not text.startswith("&"):
            value = self._scalar(text)
            del self.lines[0]
            return value
        del self.lines[0]
        self.check(bool(self.lines) and self.lines[0][1] > indent)
        value = self.block(self.lines[0][1])
        if text:
            self.anchors[text[1:]] = value
        return value

    def _scalar(self, text: str) -> Any:
        if text[0] in '[{"':
            try:
                return json.loads(text)
            except ValueError:
                self.check(False)
        self.check(PLAIN.fullmatch(text) is not None and ": " not in text and not text.endswith(":"))
        if text in ("true", "false"):
            return text == "true"
        return int(text) if text.isdigit() else text
