"""Writes tables into documents, between `<!-- name -->` and `<!-- end -->`."""

import re
from collections.abc import Sequence
from pathlib import Path


def filled(document: str, parts: dict[str, str]) -> str:
    """A document with each named part between its marks replaced.

    Raises:
        KeyError: the document lacks the marks of a name.
    """
    for name, part in parts.items():
        marks = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marks.search(document):
            raise KeyError(name)
        document = marks.sub(lambda match, part=part: f"{match[1]}\n{part}\n\n{match[2]}", document)
    return document


def fill(path: Path, parts: dict[str, str]) -> None:
    """Replace the named parts of a file."""
    path.write_text(filled(path.read_text(encoding="utf-8"), parts), encoding="utf-8")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: bool = True) -> str:
    """A Markdown table; with `numbers`, columns after the first are aligned right."""
    rule = "---:|" if numbers else "---|"
    lines = ["| " + " | ".join(headings) + " |", "|---|" + rule * (len(headings) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])
