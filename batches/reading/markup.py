"""XML out of somebody's workbook, as a stream of tags: no tree is built, so that no file can fill the memory."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it brings no types
from defusedxml.ElementTree import DefusedXMLParser, ParseError  # type: ignore[import-untyped]  # nor here

from batches.reading.rejected import SheetRejected

# About ten seconds of reading; 5,000 rows of 100 cells take a million.
MAX_ELEMENTS = 2_000_000
# A start tag is held whole before it is read, with all its attributes; Excel's have some hundred bytes.
_MAX_TAG = 1_000_000
_MAX_NAMES = 5_000
_MAX_DEPTH = 200


class Start(NamedTuple):
    """A start tag. Names have no namespace: the two editions of the format differ in nothing else. The document's
    own element has depth 1."""

    depth: int
    name: str
    attributes: Mapping[str, str]


class End(NamedTuple):
    """An end tag, with the text that stood in the element itself."""

    depth: int
    name: str
    text: str


class Budget:
    """How many elements may still be read of one workbook, all its parts together."""

    def __init__(self, elements: int = MAX_ELEMENTS) -> None:
        self.left = elements

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise SheetRejected("too-large")


def tags(chunks: Iterable[bytes], budget: Budget) -> Iterator[Start | End]:
    """The tags in the order of the document.

    Raises SheetRejected: `unsafe` for a document type (the format forbids it, ECMA-376 part 2, and it is where
    entity bombs and external entities live), `damaged` for what is no XML, `too-large` for more than the budget.
    """
    collector = _Collector(budget)
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    fed = 0
    try:
        for chunk in chunks:
            parser.feed(chunk)
            fed += len(chunk)
            if fed - max(0, parser.parser.CurrentByteIndex) > _MAX_TAG:
                raise SheetRejected("too-large")
            yield from collector.taken()
        parser.close()
    except DefusedXmlException as error:
        raise SheetRejected("unsafe") from error
    except (ParseError, LookupError, ValueError) as error:
        raise SheetRejected("damaged") from error
    yield from collector.taken()


class _Collector:
    """What the parser calls."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._tags: list[Start | End] = []
        self._texts: list[list[str]] = []
        self._locals: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._budget.spend()
        self._texts.append([])
        if len(self._texts) > _MAX_DEPTH:
            raise SheetRejected("damaged")
        known = self._locals
        local = {known.get(key) or self._local(key): value for key, value in attributes.items()}
        self._tags.append(Start(len(self._texts), known.get(name) or self._local(name), local))

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, name: str) -> None:
        depth = len(self._texts)
        self._tags.append(End(depth, self._locals[name], "".join(self._texts.pop())))

    def close(self) -> None:
        """The parser asks for a result; there is none but the tags."""

    def taken(self) -> list[Start | End]:
        tags, self._tags = self._tags, []
        return tags

    def _local(self, name: str) -> str:
        if len(self._locals) >= _MAX_NAMES:
            raise SheetRejected("too-large")
        return self._locals.setdefault(name, name.rpartition("}")[2])
