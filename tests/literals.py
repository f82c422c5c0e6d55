"""Words that people see although nobody marked them for translation, in templates and in code."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

# The block `wrap` holds names of classes.
TAGS = re.compile(
    r"{%\s*block wrap\s*%}.*?{%\s*endblock\s*%}|"
    r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}|{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# A literal that is handed on: `{% include "x.html" with text="some words" %}`; a single word is a name of something.
HANDED_ON = re.compile(r"\b\w+=\"([^\"]*[A-Za-z]{2,} [^\"]*)\"")
WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
READ = ("title", "placeholder", "alt", "aria-label", "aria-description", "aria-roledescription", "label")
# Not words of a language: keys, code, styles.
SILENT = {"kbd", "code", "pre", "style", "script"}
# Calls whose argument at this place is shown to people, and names of arguments that are.
SHOWN_AT = {
    **{f"messages.{level}": 1 for level in ("debug", "info", "success", "warning", "error")},
    "ValidationError": 0,
    "forms.ValidationError": 0,
    "PermissionDenied": 0,
    "Http404": 0,
}
SHOWN_AS = {
    "label",
    "help_text",
    "empty_label",
    "verbose_name",
    "verbose_name_plural",
    "description",
    "short_description",
}


class _Texts(HTMLParser):
    """Collects what a page says: texts and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT:
            self.inside.append(tag)
        for name, value in given.items():
            if value and (name in READ or (name == "value" and given.get("type") in ("submit", "button"))):
                self._hear(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self._hear(data)

    def _hear(self, text: str) -> None:
        if WORDS.search(text):
            self.found.append(" ".join(text.split()))


def literals_of_template(source: str) -> Iterator[str]:
    """Its visible words outside of `{% translate %}` and `{% blocktranslate %}`."""
    marked = TAGS.sub("", source)
    for tag in re.findall(r"{%\s*(?:include|with)\b.*?%}", marked, re.DOTALL):
        yield from HANDED_ON.findall(tag)
    page = _Texts()
    # Without its tags: a quote within a tag within an attribute would end the attribute.
    page.feed(TAG.sub("", marked))
    page.close()
    yield from page.found


def literals_of_code(source: str) -> Iterator[str]:
    """What is handed to messages, labels and refusals without a call that translates it."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        place = SHOWN_AT.get(ast.unparse(node.func))
        shown = [] if place is None else node.args[place : place + 1]
        shown += [keyword.value for keyword in node.keywords if keyword.arg in SHOWN_AS]
        for value in shown:
            text = _literal(value)
            if WORDS.search(text):
                yield text


def _literal(value: ast.expr) -> str:
    """The constant words in it; "" for what comes from a call or a name."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_literal(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _literal(left)
    return ""
