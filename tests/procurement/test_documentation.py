"""The documents against what they describe: settings, commands, files, decisions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.procurement import dockerfile
from tests.procurement.commands import ROOT

DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
READERS = sorted((ROOT / "procurement").glob("*.py"))
# Read, but set by every shell.
SHELL = {"PATH"}


def _table() -> dict[str, str]:
    """Each variable of the README's table, with its default as it is written there."""
    section = (ROOT / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]*) \|", section, re.MULTILINE))


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in ("os.environ", "env", "environ")


def _reads(path: Path) -> Iterator[tuple[str, ast.expr | None]]:
    """Each variable that the module reads from the environment, with the default it gives."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=source, attr=how), args=[ast.Constant(value=str(name)), *rest]) if (
                _is_environment(source) and how != "setdefault"
            ):
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                yield name, named.get("default", rest[0] if rest else None)
            case ast.Call(func=ast.Name(id=function), args=[ast.Constant(value=str(name)), *rest]) if (
                path.name == "portal.py" and function.startswith("_") and name.isupper()
            ):
                yield name, rest[0] if rest else None
            case ast.Subscript(value=source, slice=ast.Constant(value=str(name))) if _is_environment(source):
                yield name, None


READ = sorted({(name, path.name) for path in READERS for name, _ in _reads(path) if name not in SHELL})


def test_the_search_for_variables_finds_them() -> None:
    """Else the tests below would hold of nothing."""
    found = {name for name, _ in READ}
    assert {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CALL_LEASE_SECONDS", "PORT", "WORKERS"} <= found


@pytest.mark.parametrize(("name", "module"), READ)
def test_every_variable_that_is_read_is_in_the_table(name: str, module: str) -> None:
    assert name in _table(), f"procurement/{module} reads {name}: say in README.md, Settings, what it is"


def test_every_variable_in_the_table_is_used() -> None:
    used = {name for name, _ in READ}
    used |= set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    used |= set(dockerfile.environment(dockerfile.final_stage()))
    assert set(_table()) <= used


def test_defaults_in_the_table_are_those_of_the_code() -> None:
    compared = 0
    for name, default in (pair for path in READERS for pair in _reads(path)):
        if isinstance(default, ast.Constant) and name in _table():
            text = str(default.value)
            said = f"`{text.lower() if isinstance(default.value, bool) else text}`"
            assert _table()[name].startswith(said), f"{name}: the code's default is {said}"
            compared += 1
    assert compared >= 8


def test_compose_passes_nothing_on_that_the_table_does_not_know() -> None:
    passed = set(re.findall(r"^ {4,6}([A-Z0-9_]+): ", (ROOT / "compose.yaml").read_text(), re.MULTILINE))
    others = {"POSTGRES_USER", "POSTGRES_DB", "VALKEYCLI_AUTH"}
    assert passed - others <= set(_table())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        if path.startswith("https:"):
            continue
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_exist(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[ `A-Z])", _code(text))) <= targets
    assert set(re.findall(r"manage\.py ([a-z]+)", text)) <= set(get_commands())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_folders_exist(document: Path) -> None:
    folders = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and path.name != "var")
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", document.read_text()):
        assert (ROOT / path).exists() or not path.startswith(folders), path


def _code(text: str) -> str:
    """What stands in code style: prose may say "make sure"."""
    blocks = re.findall(r"```.*?```|(?:^    .+\n)+", text, re.DOTALL | re.MULTILINE)
    return "\n".join([*blocks, *(f"{span} " for span in re.findall(r"`([^`\n]+)`", text))])


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    records = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert records == set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()))


def test_no_path_of_a_machine_is_in_a_document() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"/(?:root|home|tmp|work)/", document.read_text()), document.name
