"""The tree of codes of a QualCoder project: categories in categories, codes in them, and sub-codes below codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.yaml_files import MAX_DEPTH
from autokode.exchange.package.contents import CodeNode, colour_in
from autokode.exchange.qualcoder_rows import guid_for, text_in

Row = dict[str, Any]


def code_tree(categories: Sequence[Row], codes: Sequence[Row], name: str, remarks: list[str]) -> tuple[CodeNode, ...]:
    """The categories as uncodable codes with their codes below them, and sub-codes (QualCoder 4's `supercid`) below their codes.

    Categories that contain themselves are left out with their codes; codes that do so stand side by side.

    Args:
        categories, codes: the rows of `code_cat` and `code_name`.
        name: of the project, for an error.
        remarks: gets a sentence on what is left out or moved.

    Raises:
        DataError: the tree has more levels than a codebook may have.
    """
    ordered = sorted(codes, key=lambda row: text_in(row["name"]))
    above = {row["cid"]: row.get("supercid") for row in ordered if row["cid"] is not None}
    circular = _in_circles(above)
    if circular:
        remarks.append(
            say(
                f"{len(circular)} koder står under hverandre i ring; de er lagt ved siden av hverandre",
                f"{len(circular)} codes stand below each other in a circle; they were put side by side",
            )
        )
    tree = _Tree(name, {row["catid"] for row in categories} - {None})
    for row in ordered:
        parent = None if row["cid"] in circular else above.get(row["cid"])
        if parent is not None and parent in above:
            tree.below.setdefault(("code", parent), []).append(row)
        else:
            tree.below.setdefault(tree.category_above(row.get("catid")), []).append(row)
    for row in categories:
        tree.categories.setdefault(tree.category_above(row.get("supercatid")), []).append(row)
    found = tree.under(None, 1)
    lost = len(codes) - sum(node.codable for top in found for node in top.walk())
    if lost:
        remarks.append(
            say(
                f"{lost} koder i kategorier som går i ring, utelatt", f"{lost} codes in categories in circles, left out"
            )
        )
    return found


_Place = tuple[str, Any] | None
"""("category", its id), ("code", its id), or None at the top."""


@dataclass
class _Tree:
    """The rows of codes and of categories by what is right above them."""

    name: str
    known: set[Any]

    def __post_init__(self) -> None:
        self.below: dict[_Place, list[Row]] = {}
        self.categories: dict[_Place, list[Row]] = {}

    def category_above(self, number: Any) -> _Place:
        return ("category", number) if number in self.known else None

    def under(self, place: _Place, depth: int) -> tuple[CodeNode, ...]:
        """Everything right below a place, categories first."""
        categories, codes = self.categories.get(place, ()), self.below.get(place, ())
        if depth > MAX_DEPTH and (categories or codes):
            raise failure(
                f"kategorier og koder i mer enn {MAX_DEPTH} nivåer",
                f"categories and codes in more than {MAX_DEPTH} levels",
                where=self.name,
                try_next=say("gjør treet flatere i QualCoder", "make the tree flatter in QualCoder"),
            )
        return (*(self.category(row, depth) for row in categories), *(self.code(row, depth) for row in codes))

    def category(self, row: Row, depth: int) -> CodeNode:
        below = self.under(("category", row["catid"]), depth + 1)
        own = guid_for("category", row["catid"])
        return CodeNode(own, _name(row), False, "", text_in(row.get("memo")), (), below)

    def code(self, row: Row, depth: int) -> CodeNode:
        return CodeNode(
            guid=guid_for("code", row["cid"]),
            name=_name(row),
            colour=colour_in(text_in(row.get("color"))),
            description=text_in(row.get("memo")),
            codes=self.under(("code", row["cid"]), depth + 1),
        )


def _name(row: Row) -> str:
    return one_line(text_in(row["name"])) or say("uten navn", "unnamed")


def _in_circles(above: Mapping[Any, Any]) -> set[Any]:
    """The codes from which one comes back to them by going up; `above`: code → the code above it, or anything else."""
    found: set[Any] = set()
    seen: set[Any] = set()
    for code in above:
        path: dict[Any, int] = {}
        at = code
        while at in above and at not in seen and at not in path:
            path[at] = len(path)
            at = above[at]
        if at in path:
            found |= set(list(path)[path[at] :])
        seen |= set(path)
    return found
