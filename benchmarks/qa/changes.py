"""Finds the places of a file that Cosmic Ray's operators can change, picks one change for each, and shows it; for mutants.py."""

import ast
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import ROOT


@dataclass(frozen=True)
class Place:
    """Somewhere in a file that Cosmic Ray can change, the change that is picked, and its rank in the draw."""

    file: str
    line: int
    way: tuple[Any, int]
    rank: str

    def changed(self, text: str) -> str:
        """The file's text with this place changed."""
        from cosmic_ray.mutating import mutate_code

        return str(mutate_code(text, *self.way))


def places(file: str) -> Iterator[Place]:
    """Yield every place of a file that can be changed, each with one change; annotations are left out, as nobody runs them."""
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    source = (ROOT / file).read_text(encoding="utf-8")
    lines, nodes = source.splitlines(), list(ast_nodes(get_ast(source)))
    ways: dict[Any, list[tuple[Any, int]]] = {}
    for kind in map(cosmic_ray.plugins.get_operator, cosmic_ray.plugins.operator_names()):
        if not kind.arguments() and not re.search("(?<!Is)(?<!IsNot)_Is(Not)?$", kind.__name__):
            found = [place for node in nodes for place in kind().mutation_positions(node)]
            for nth, place in enumerate(found):
                if "Exception" not in kind.__name__ or "." not in lines[place[0][0] - 1]:  # fails at names with a dot
                    ways.setdefault(place, []).append((kind(), nth))
    types = [one for node in ast.walk(ast.parse(source)) for one in annotations(node)]
    before: Counter[str] = Counter()
    for (start, _end), possible in sorted(ways.items(), key=lambda item: item[0]):
        if not lines[start[0] - 1].lstrip().startswith("@dataclass") and not any(
            (t.lineno, t.col_offset) <= start < (t.end_lineno, t.end_col_offset) for t in types
        ):
            what = f"{file}\n{lines[start[0] - 1]}\n{start[1]}"
            rank = hashlib.sha256(f"{what}\n{before[what]}".encode()).digest()
            before[what] += 1
            yield Place(file, start[0], possible[rank[-1] % len(possible)], rank.hex()[:12])


def annotations(node: ast.AST) -> Iterator[ast.expr]:
    found = (getattr(node, name, None) for name in ("annotation", "returns"))
    return (one for one in found if isinstance(one, ast.expr))


def difference(old: str, new: str) -> str:
    """The lines that differ, with `-` and `+` before them."""
    before, after = old.splitlines(), new.splitlines()
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    tail = next((i for i, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
    gone, come = before[same : len(before) - tail], after[same : len(after) - tail]
    return "\n".join([*(f"- {line.strip()}" for line in gone), *(f"+ {line.strip()}" for line in come)])


def shown(change: str) -> str:
    """The words of a changed line that differ, before and after."""
    old, new = (" ".join(line[2:] for line in change.splitlines() if line[0] == sign) for sign in "-+")
    parts = [word for word in difflib.ndiff(old.split(), new.split()) if word[0] in "-+"]
    return " → ".join(f"`{' '.join(word[2:] for word in parts if word[0] == sign)}`" for sign in "-+")
