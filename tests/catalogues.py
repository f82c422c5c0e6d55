"""Reading gettext's files and the texts that sources ask for, without gettext's own tools: CI has none."""

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "accounts",
    "batches",
    "catalog",
    "dossiers",
    "exports",
    "procurement",
    "reckoning",
    "sandbox",
    "saved",
    "searches",
    "suppliers",
)

# How many of a call's first arguments are texts, and whether the very first is a context.
SINGULAR, PLURAL, IN_CONTEXT, PLURAL_IN_CONTEXT = (1, False), (2, False), (2, True), (3, True)
CALLS = {
    "_": SINGULAR,
    "gettext": SINGULAR,
    "gettext_lazy": SINGULAR,
    "gettext_noop": SINGULAR,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": IN_CONTEXT,
    "pgettext_lazy": IN_CONTEXT,
    "npgettext": PLURAL_IN_CONTEXT,
    "npgettext_lazy": PLURAL_IN_CONTEXT,
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL_IN_TEMPLATE = re.compile(rf"\b(\w+)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
PO_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])? )?(".*")')


@dataclass(slots=True)
class Message:
    """One entry of a .po file; `plural` is "" for most, `translations` has one text for each plural form."""

    context: str = ""
    singular: str = ""
    plural: str = ""
    translations: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.context, self.singular, self.plural


def read_po(path: Path) -> list[Message]:
    """The entries in the file's order, the header (an entry for the empty text) first. Obsolete ones are left out."""
    return [_message(block) for block in path.read_text("utf-8").strip().split("\n\n") if "\nmsgid " in f"\n{block}"]


def _message(block: str) -> Message:
    message = Message()
    part, form = "", 0
    for line in block.splitlines():
        if line.startswith("#"):
            message.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        found = PO_LINE.fullmatch(line)
        assert found, f"not a line of a .po file: {line}"
        part, form = found[1] or part, int(found[2] or form)
        text = ast.literal_eval(found[3])
        match part:
            case "msgctxt":
                message.context += text
            case "msgid":
                message.singular += text
            case "msgid_plural":
                message.plural += text
            case _:
                message.translations[form] = message.translations.get(form, "") + text
    return message


def compiled(messages: list[Message]) -> dict[str, str]:
    """The entries as a .mo file holds them: contexts, plurals and forms each joined in one text."""
    entries = {}
    for message in messages:
        context = f"{message.context}\x04" if message.context else ""
        plural = f"\0{message.plural}" if message.plural else ""
        forms = [text for _form, text in sorted(message.translations.items())]
        entries[context + message.singular + plural] = "\0".join(forms)
    return without_date(entries)


def without_date(entries: dict[str, str]) -> dict[str, str]:
    """Some versions of msgfmt leave the header's date of collecting out, so that files compare."""
    return entries | {"": re.sub(r"POT-Creation-Date: .*\n", "", entries[""])}


def read_mo(path: Path) -> dict[str, str]:
    """https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html: two tables of (length, offset)."""
    data = path.read_bytes()
    magic, _revision, count, originals, translations = struct.unpack_from("<5I", data)
    assert magic == 0x950412DE

    def text(table: int, number: int) -> str:
        length, offset = struct.unpack_from("<2I", data, table + 8 * number)
        return data[offset : offset + length].decode()

    return without_date({text(originals, number): text(translations, number) for number in range(count)})


def texts_of_sources() -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """Every text that the product's code and templates ask a translation for, as a message's key, with its file."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for key in texts_of_code(path.read_text("utf-8")):
                yield path.relative_to(ROOT), key
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for key in texts_of_template(path.read_text("utf-8")):
            yield path.relative_to(ROOT), key


def texts_of_code(source: str) -> Iterator[tuple[str, str, str]]:
    """The constant texts; what is only known when the code runs was marked elsewhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            constants = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from _key(node.func.id, constants)


def texts_of_template(source: str) -> Iterator[tuple[str, str, str]]:
    """Django rewrites a template for gettext's tools as calls amid crossed-out text."""
    for name, arguments in CALL_IN_TEMPLATE.findall(templatize(source)):
        if name in CALLS:
            yield from _key(name, [ast.literal_eval(literal) for literal in re.findall(LITERAL, arguments, re.DOTALL)])


def _key(name: str, texts: list[str]) -> Iterator[tuple[str, str, str]]:
    wanted, has_context = CALLS[name]
    if len(texts) < wanted:
        return
    context = texts.pop(0) if has_context else ""
    yield context, texts[0], texts[1] if wanted - has_context == 2 else ""
