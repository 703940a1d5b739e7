"""The 0/1 matrix: one row for each answer, with the values of variables and a column for each code, as R and SPSS read it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autokode.base.messages import say
from autokode.project import Project
from autokode.project.store.variables import values_of
from autokode.report.variable_table import material_by, values_by_answer

LONGEST = 64
"""Longest name of a variable in SPSS, in bytes."""

_RESERVED = frozenset("ALL AND BY EQ GE GT LE LT NE NOT OR TO WITH".split())
"""Words that no variable of SPSS may be called (IBM SPSS Statistics, Command Syntax Reference, «Variable Names»)."""

_SPELT = {"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ł": "l", "đ": "d"}
_OWN = (("intervju", "interview"), ("taler", "speaker"), ("ytring", "utterance"))


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A column: its name, what kind it is, what it is called in the project, and a text or a number for each answer."""

    name: str
    kind: str
    called: str
    cells: Sequence[str] | Sequence[int]


def answer_matrix(project: Project, *, coders: Sequence[str] = ()) -> tuple[MatrixColumn, ...]:
    """The columns: interview, speaker, the utterance's number from 1, each variable and the group, and each code of the codebook.

    A code's cells are 1 where the answer has it, and 0.

    Args:
        project: the project.
        coders: whose codings count; all coders' if empty.

    Raises:
        DataError: there is no such coder.
    """
    material, values = material_by(project, coders=coders), values_of(project)
    speakers = [material.transcripts[name].utterances[number].speaker for name, number in material.answers]
    where: list[Sequence[str] | Sequence[int]] = [
        [name for name, _ in material.answers],
        speakers,
        [(material.numbers[name][number] or 0) + 1 for name, number in material.answers],
    ]
    columns = [(say("hvor", "where"), say(*names), cells) for names, cells in zip(_OWN, where, strict=True)]
    for one in values.usable:
        columns.append((say("variabel", "variable"), one.name, values_by_answer(project, material, values, one)))
    for k, code in enumerate(material.codes):
        columns.append((say("kode", "code"), code, material.coded[:, k].astype(int).tolist()))
    names = plain_names(called for _, called, _ in columns)
    return tuple(MatrixColumn(name, *column) for name, column in zip(names, columns, strict=True))


def plain_names(called: Iterable[str]) -> list[str]:
    """Names that R and SPSS take for columns as they are, each once: letters a–z, digits and «_», a letter first.

    >>> plain_names(["Språk", "språk", "2. bølge", "with"])
    ['sprak', 'sprak_2', 'v2_bolge', 'with_']
    """
    found: list[str] = []
    for name in called:
        plain = _ascii(name)
        plain = f"v{plain}" if not plain[:1].isalpha() else plain
        plain = (f"{plain}_" if plain.upper() in _RESERVED else plain)[:LONGEST]
        free, number = plain, 2
        while free in found:
            free, number = f"{plain[: LONGEST - 5]}_{number}", number + 1
        found.append(free)
    return found


def _ascii(name: str) -> str:
    """A name in the letters a–z, digits and «_»; other letters as people write them without."""
    spelt = "".join(_SPELT.get(letter, letter) for letter in name.casefold())
    bare = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
