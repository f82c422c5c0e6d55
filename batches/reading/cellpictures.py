"""Pictures that are the value of a cell, in the two ways they are stored.

WPS writes the formula DISPIMG("ID_…",1) and keeps the pictures in xl/cellimages.xml under these names. Excel's "place
in cell" gives the cell a number `vm`, which leads through xl/metadata.xml and three parts of xl/richData to the
picture (MS-XLSX, rich values): `vm` → value metadata → future metadata → rich value → relation → picture.
"""

import re
from collections.abc import Mapping

from batches.reading.anchors import whole
from batches.reading.markup import End, Start
from batches.reading.package import Package, Relation

_DISPIMG = re.compile(r'DISPIMG\(\s*"([^"]{1,200})"', re.IGNORECASE)
_WEB_IMAGE = re.compile(r'^=?(?:_xl\w+\.)?IMAGE\(\s*"(https?://[^"]{1,2000})"', re.IGNORECASE)
_RICH_VALUES = "XLRICHVALUE"
# The key of a rich value that points at a picture in the workbook.
_LOCAL = "_rvRel:LocalImageIdentifier"


def picture_name(formula: str) -> str:
    """The name in a DISPIMG formula, "" when it is none."""
    match = _DISPIMG.search(formula)
    return match[1] if match else ""


def web_address(formula: str) -> str:
    """The address in an IMAGE formula, "" when there is none that can be read off it."""
    match = _WEB_IMAGE.match(formula)
    return match[1] if match else ""


def named_pictures(package: Package, relations: Mapping[str, Relation]) -> dict[str, str]:
    """The parts of WPS's pictures by the name in the formula. `relations` are the workbook's."""
    part = _first(relations, "cellImage") or "xl/cellimages.xml"
    targets = package.relations(part) if part in package else {}
    found, name = {}, ""
    for tag in package.tags(part):
        if not isinstance(tag, Start):
            continue
        if tag.name == "cellImage":
            name = ""
        elif tag.name == "cNvPr":
            name = tag.attributes.get("name", "")
        elif tag.name == "blip" and name:
            target = targets.get(tag.attributes.get("embed", ""))
            if target is not None and target.part in package:
                found[name] = target.part
    return found


def rich_pictures(package: Package, relations: Mapping[str, Relation]) -> dict[int, str]:
    """The parts of pictures placed in cells by the cells' `vm`, which counts from 1. `relations` are the workbook's."""
    parts = {relation.kind.lower(): relation.part for relation in relations.values()}
    if "richvaluerel" not in parts:
        return {}
    pictures = _pictures(package, parts["richvaluerel"])
    identifiers = _identifiers(package, parts.get("rdrichvalue", ""), parts.get("rdrichvaluestructure", ""))
    found = {}
    for vm, value in _values_by_metadata(package, parts.get("sheetmetadata", "xl/metadata.xml")).items():
        part = pictures.get(identifiers.get(value, -1), "")
        if part in package:
            found[vm] = part
    return found


def _first(relations: Mapping[str, Relation], kind: str) -> str:
    return next((relation.part for relation in relations.values() if relation.kind == kind), "")


def _pictures(package: Package, part: str) -> dict[int, str]:
    """Parts by their place in richValueRel.xml."""
    targets = package.relations(part)
    ids = [tag.attributes.get("id", "") for tag in package.tags(part) if isinstance(tag, Start) and tag.name == "rel"]
    return {place: targets[identity].part for place, identity in enumerate(ids) if identity in targets}


def _values_by_metadata(package: Package, part: str) -> dict[int, int]:
    """The place of the rich value by `vm`."""
    types: list[str] = []
    future: list[int] = []
    records: list[list[tuple[int, int]]] = []
    section = ""
    for tag in package.tags(part):
        if not isinstance(tag, Start):
            continue
        attributes = tag.attributes
        if tag.depth == 2:
            section = attributes.get("name", "") if tag.name == "futureMetadata" else tag.name
        elif tag.name == "metadataType":
            types.append(attributes.get("name", ""))
        elif section == _RICH_VALUES and tag.name == "bk":
            future.append(-1)
        elif section == _RICH_VALUES and tag.name == "rvb" and future:
            future[-1] = whole(attributes.get("i", ""), -1)
        elif section == "valueMetadata" and tag.name == "bk":
            records.append([])
        elif section == "valueMetadata" and tag.name == "rc" and records:
            records[-1].append((whole(attributes.get("t", "")), whole(attributes.get("v", ""))))
    rich = types.index(_RICH_VALUES) + 1 if _RICH_VALUES in types else 0
    return {
        vm: future[place]
        for vm, record in enumerate(records, start=1)
        for kind, place in record
        if kind == rich and place < len(future)
    }


def _identifiers(package: Package, values: str, structures: str) -> dict[int, int]:
    """The place of the relation by that of the rich value."""
    keys: list[list[str]] = []
    for tag in package.tags(structures):
        if isinstance(tag, Start) and tag.name == "s":
            keys.append([])
        elif isinstance(tag, Start) and tag.name == "k" and keys:
            keys[-1].append(tag.attributes.get("n", ""))
    found: dict[int, int] = {}
    place, names, held = -1, list[str](), list[str]()
    for tag in package.tags(values):
        if isinstance(tag, Start) and tag.name == "rv":
            place, held = place + 1, []
            structure = whole(tag.attributes.get("s", ""), len(keys))
            names = keys[structure] if structure < len(keys) else []
        elif isinstance(tag, End) and tag.name == "v":
            held.append(tag.text.strip())
        elif isinstance(tag, End) and tag.name == "rv" and _LOCAL in names[: len(held)]:
            found[place] = whole(held[names.index(_LOCAL)], -1)
    return found
