"""The texts that the interface says in Bokmål, as the catalogue of Nynorsk has them: {} where something is filled in."""

import ast
from collections.abc import Iterator
from pathlib import Path

import jinja2

from autokode.base.nynorsk import GAP

SOURCE = Path(__file__).parents[2] / "src" / "autokode"
ROOMS = ("base", "corpus", "agreement", "training", "pseudonym", "project", "exchange", "report", "review")
"""The rooms whose texts the page and its reports show."""
SAYING = ("say", "failure")


def said_texts() -> dict[str, Path]:
    """Text → a file that says it."""
    found: dict[str, Path] = {}
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            found |= dict.fromkeys(
                in_python(path.read_text(encoding="utf-8"), pairs=room in ("review", "agreement")), path
            )
        for path in sorted((SOURCE / room).rglob("*.html")):
            found |= dict.fromkeys(in_template(path.read_text(encoding="utf-8")), path)
    return {text: path for text, path in found.items() if any(letter.isalpha() for letter in text.replace(GAP, ""))}


def in_python(code: str, *, pairs: bool) -> Iterator[str]:
    """The first arguments of `say` and its like; if `pairs`, and some are of «say(*pair)», also of every pair of texts."""
    tree = ast.parse(code)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in SAYING and node.args]
    for call in calls:
        yield from _texts(call.args[0])
    if pairs and any(isinstance(call.args[0], ast.Starred) for call in calls):
        tables = [value for table in ast.walk(tree) if isinstance(table, ast.Dict) for value in table.values]
        for node in (part for value in tables for part in (value, *getattr(value, "elts", ()))):
            if isinstance(node, ast.Tuple) and len(node.elts) > 1 and all(map(_is_text, node.elts[-2:])):
                yield from _texts(node.elts[-2])


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def in_template(text: str) -> Iterator[str]:
    """The first arguments of `say` in a template."""
    for call in jinja2.Environment().parse(text).find_all(jinja2.nodes.Call):  # noqa: S701 - nothing is rendered
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "say":
            yield from (one.value for one in call.args[:1] if isinstance(one, jinja2.nodes.Const))
