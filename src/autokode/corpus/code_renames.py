"""Codes that got another name in the codebook's file: which of those gone are probably which of those new."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from autokode.base.formatting import one_line
from autokode.corpus.codebook import Code, Codebook, folded

ALIKE = 0.6
"""Least ratio of `difflib` between two names for the one to be taken for the other where several changed in one place."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A code, and the name of the code above it, "" at the top."""

    code: Code
    above: str


def likely_renames(before: Codebook, after: Codebook) -> dict[str, str]:
    """Name of a code that is gone → the name it probably has now; only plain cases, and no new name twice.

    The same code is one whose name differs only in its spelling; or has the same number, the same definition or a colour of its
    own; or is the only one gone while one came in the same place of the tree; or, where several did, has the name most alike.
    """
    old, new = _places(before), _places(after)
    gone = {name: place for name, place in old.items() if name not in new}
    come = {name: place for name, place in new.items() if name not in old}
    found: dict[str, str] = {}
    for same in (_same_spelling, _same_number, _same_definition, _same_colour):
        for name, place in gone.items():
            fitting = [other for other, there in come.items() if same(place.code, there.code)]
            alone = (
                sum(same(one.code, come[fitting[0]].code) for one in gone.values()) == 1 if len(fitting) == 1 else False
            )
            if name not in found and alone and fitting[0] not in found.values():
                found[name] = fitting[0]
    for name, place in gone.items():  # parents come first, so that a renamed parent is known
        if name not in found:
            nearest = _in_same_place(name, place, gone, come, found)
            if nearest:
                found[name] = nearest
    return found


def _in_same_place(
    name: str, place: _Place, gone: dict[str, _Place], come: dict[str, _Place], found: dict[str, str]
) -> str:
    above = found.get(place.above, place.above)
    left = [other for other, there in come.items() if there.above == above and other not in found.values()]
    others = [other for other, there in gone.items() if there.above == place.above and other not in found]
    if len(left) == len(others) == 1:
        return left[0]
    mine = difflib.get_close_matches(folded(name), [folded(other) for other in left], n=1, cutoff=ALIKE)
    best = next((other for other in left if mine and folded(other) == mine[0]), "")
    theirs = (
        difflib.get_close_matches(folded(best), [folded(other) for other in others], n=1, cutoff=ALIKE) if best else []
    )
    return best if theirs and theirs[0] == folded(name) else ""


def _places(codebook: Codebook) -> dict[str, _Place]:
    def walk(codes: tuple[Code, ...], above: str) -> Iterator[tuple[str, _Place]]:
        for code in codes:
            yield code.name, _Place(code, above)
            yield from walk(code.codes, code.name)

    return dict(walk(codebook.codes, ""))


def _same_spelling(one: Code, other: Code) -> bool:
    return folded(one.name) == folded(other.name)


def _same_number(one: Code, other: Code) -> bool:
    return one.number is not None and one.number == other.number


def _same_definition(one: Code, other: Code) -> bool:
    return bool(one.definition) and one_line(one.definition) == one_line(other.definition)


def _same_colour(one: Code, other: Code) -> bool:
    return bool(one.colour) and one.colour.lower() == other.colour.lower()
