"""A row of the sheet as what it says about an item, by the columns that somebody confirmed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from catalog.imports import troubles, values
from catalog.imports.fields import Field, tier_quantity
from catalog.imports.staged import StagedRow
from catalog.imports.troubles import Code, Trouble
from catalog.models.items import LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE

Value: TypeAlias = str | int | Decimal | date | values.Tiers

MOST_PICTURES = 8
_LONGEST = {
    Field.CODE: LONGEST_CODE,
    Field.NAME: LONGEST_NAME,
    Field.SUPPLIER: 200,
    Field.NOTES: LONGEST_NOTE,
    Field.URL: 1000,
}
_ONE_LINE = (Field.CODE, Field.NAME, Field.SUPPLIER)
_LINE_END = re.compile(r"\s*[\n\t]\s*")
_URL = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_BETWEEN_URLS = re.compile(r"[\s;|，；]+|,(?=\s*(?:https?:)?//)", re.IGNORECASE)
_MOST_URL = 2_000


@dataclass(slots=True)
class ItemRow:
    """What is told of an item. `values` has what the row says; what it leaves open is not in it.

    parts: pictures in the workbook. names: a cell for each column that names files. urls: addresses of pictures.
    """

    number: int
    position: int
    code: str = ""
    values: dict[Field, Value] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(trouble.refused for trouble in self.troubles)


class Reader:
    """Reads rows by their columns. `columns`: for each the name of its field, "" for none."""

    def __init__(self, columns: Sequence[str], headings: Sequence[str]) -> None:
        self._columns = {column: Field(name) for column, name in enumerate(columns) if name}
        self._tiers = {
            column: quantity
            for column, mapped in self._columns.items()
            if mapped is Field.TIER and (quantity := tier_quantity(headings[column]))
        }
        self._pictures = [column for column, mapped in self._columns.items() if mapped is Field.PICTURE]

    def code_of(self, row: StagedRow) -> str:
        """Only the code, "" for none: for those who look through all rows."""
        column = next((column for column, mapped in self._columns.items() if mapped is Field.CODE), -1)
        return _LINE_END.sub(" ", row.texts.get(column, ""))

    def read(self, row: StagedRow) -> ItemRow:
        """All that the row says, and all that is wrong with it."""
        found = ItemRow(row.number, row.position)
        reading = _Reading(found)
        for column in row.unreckoned:
            if column in self._columns:
                found.troubles.append(troubles.of(Code.NO_VALUE, field=self._columns[column].value))
        for column, text in row.texts.items():
            mapped = self._columns.get(column)
            if mapped is not None and mapped in _READERS:
                _READERS[mapped](reading, text)
            elif column in self._tiers:
                reading.tier(self._tiers[column], text)
        reading.end()
        self._find_pictures(row, found)
        if not found.code and not any(one.details.get("field") == Field.CODE for one in found.troubles):
            found.troubles.append(troubles.of(Code.NO_CODE))
        return found

    def _find_pictures(self, row: StagedRow, found: ItemRow) -> None:
        """Those in the columns of pictures, in the columns' order: elsewhere stand size charts and marks. Without any
        such column, all that the row has."""
        for column in self._pictures:
            text = row.texts.get(column, "")
            if _URL.match(text):
                found.urls += _urls(text)
            elif text:
                found.names.append(text)
        held = [column for _part, column in row.pictures]
        order = [column for column in self._pictures if column in held]
        if order:
            found.parts = [part for chosen in order for part, column in row.pictures if column == chosen]
        elif not self._pictures:
            found.parts = [part for part, _column in row.pictures]
        found.parts = list(dict.fromkeys(found.parts))


@dataclass(slots=True)
class _Reading:
    """Of one row. Currencies may stand in several of its cells, and have to agree."""

    row: ItemRow
    currencies: dict[str, None] = field(default_factory=dict)
    tiers: dict[int, Decimal] = field(default_factory=dict)

    def text(self, which: Field, text: str) -> str | None:
        """As it is kept; None when it is too long."""
        kept = _LINE_END.sub(" ", text) if which in _ONE_LINE else text
        if len(kept) > _LONGEST[which]:
            self.row.troubles.append(troubles.of(Code.TOO_LONG, field=which.value, text=text, most=_LONGEST[which]))
            return None
        return kept

    def code(self, text: str) -> None:
        self.row.code = self.text(Field.CODE, text) or ""

    def plain(self, which: Field, text: str) -> None:
        kept = self.text(which, text)
        if kept is not None:
            self.row.values[which] = kept

    def url(self, text: str) -> None:
        address = f"https:{text}" if text.startswith("//") else text
        if not values.is_address(address):
            self._wrong(Code.BAD_ADDRESS, Field.URL, text)
        else:
            self.plain(Field.URL, address)

    def price(self, text: str) -> None:
        self._set(Field.PRICE, Code.BAD_PRICE, text, values.price(text))

    def currency(self, text: str) -> None:
        code = values.currency(text)
        if code is None:
            self._wrong(Code.BAD_CURRENCY, Field.CURRENCY, text)
        else:
            self.currencies[code] = None

    def tier_list(self, text: str) -> None:
        self._set(Field.TIERS, Code.BAD_TIERS, text, values.tiers(text))

    def tier(self, quantity: int, text: str) -> None:
        priced = values.price(text)
        if priced is None:
            self._wrong(Code.BAD_PRICE, Field.TIER, text)
            return
        self.tiers[quantity] = priced[0]
        if priced[1]:
            self.currencies[priced[1]] = None

    def moq(self, text: str) -> None:
        found = values.quantity(text)
        if found is None:
            self._wrong(Code.BAD_MOQ, Field.MOQ, text)
        else:
            self.row.values[Field.MOQ] = found

    def day(self, text: str) -> None:
        found = values.day(text)
        if found is None:
            self._wrong(Code.BAD_DAY, Field.LAST_BOUGHT, text)
        else:
            self.row.values[Field.LAST_BOUGHT] = found

    def end(self) -> None:
        """What only the whole row tells."""
        if self.tiers and Field.TIERS not in self.row.values:
            self.row.values[Field.TIERS] = sorted(self.tiers.items())
        if len(self.currencies) > 1:
            self.row.troubles.append(troubles.of(Code.TWO_CURRENCIES, text=", ".join(self.currencies)))
        elif self.currencies:
            self.row.values[Field.CURRENCY] = next(iter(self.currencies))

    def _set(
        self, which: Field, code: Code, text: str, found: tuple[Decimal, str] | tuple[values.Tiers, str] | None
    ) -> None:
        if found is None:
            self._wrong(code, which, text)
            return
        self.row.values[which] = found[0]
        if found[1]:
            self.currencies[found[1]] = None

    def _wrong(self, code: Code, which: Field, text: str) -> None:
        self.row.troubles.append(troubles.of(code, field=which.value, text=text))


_READERS: Mapping[Field, Callable[[_Reading, str], None]] = {
    Field.CODE: _Reading.code,
    Field.NAME: lambda reading, text: reading.plain(Field.NAME, text),
    Field.SUPPLIER: lambda reading, text: reading.plain(Field.SUPPLIER, text),
    Field.NOTES: lambda reading, text: reading.plain(Field.NOTES, text),
    Field.URL: _Reading.url,
    Field.PRICE: _Reading.price,
    Field.CURRENCY: _Reading.currency,
    Field.TIERS: _Reading.tier_list,
    Field.MOQ: _Reading.moq,
    Field.LAST_BOUGHT: _Reading.day,
}


def _urls(text: str) -> list[str]:
    """The addresses in a cell, which may hold several; one that lacks the scheme only, as shops copy them, gets it."""
    pieces = _BETWEEN_URLS.split(text, maxsplit=MOST_PICTURES + 1)
    found = (f"https:{piece}" if piece.startswith("//") else piece for piece in pieces if piece)
    return [url for url in dict.fromkeys(found) if len(url) <= _MOST_URL]
