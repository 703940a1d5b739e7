"""A teacher codes texts that nobody coded; how far it agrees with the coder is measured first, and decides how much it counts.

A teacher is anything with one method, such as a language model on the same machine (`integrations.language_model`). It codes some
of the texts that a person coded. A code for which it does no better there than chance is not learnt from it; if none is left, it
gets to see nothing else. What it says of a text is never a coding: it becomes the target of that text's row, which is the share
of texts with the code, among those of which the teacher said the same and a person decided.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.corpus.codebook import Codebook
from autokode.training.ridge import Rows
from autokode.training.ridge_problem import Truth

MOST_MEASURED, MOST_TAUGHT, FEWEST_MEASURED = 200, 400, 8
"""Most coded texts that a teacher is measured on; most others that it codes, as a language model takes seconds for each; fewest
texts that it must have answered for anything to be measured."""

BY_CHANCE = 0.01
"""A teacher may have agreed with the coder on a code this often by chance alone; if it was likelier, the code is not used. With
0.05, a poor teacher did more harm in the first hours of five studies (docs/decisions/2026-12-02-teacher.md)."""

WEIGHTS = (1.0, 0.6, 0.3, 0.1)
"""How much a text that the teacher coded may count beside one that a person coded: the highest that its kappa reaches."""

DOUBT = 2.0
"""How many texts of the base rate are added to those of which the teacher said the same."""


@runtime_checkable
class Teacher(Protocol):
    """Anything that codes texts by a codebook, under a name by which models and reports refer to it."""

    @property
    def name(self) -> str:
        """What it is called where people read of it."""

    def code(
        self, texts: Sequence[str], contexts: Sequence[str], codebook: Codebook
    ) -> Sequence[Collection[str] | None]:
        """For each text the codable codes it should have, given the question it answers or ""; None where there is no answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a teacher said of some texts.

    Attributes:
        rows: the numbers of the texts that it gave an answer for, int64 (n,).
        codes: whether it gave them each code, bool (n, n_codes).
        asked: how many texts it was asked about.
    """

    rows: Rows
    codes: Truth
    asked: int

    def without(self, held_out: Rows) -> "Said":
        """The same without some texts."""
        kept = ~np.isin(self.rows, held_out)
        return Said(self.rows[kept], self.codes[kept], self.asked)


def ask(
    teacher: Teacher,
    rows: Rows,
    asked: tuple[Sequence[str], Sequence[str]],
    codebook: Codebook,
    codes: Sequence[str],
) -> Said:
    """Let a teacher code the texts with these numbers, among texts and the questions they answer.

    Raises:
        DataError: it gives another number of answers than there are texts, or codes that the codebook lacks.
    """
    (texts, contexts), numbers = asked, rows.tolist()
    found = list(teacher.code([texts[i] for i in numbers], [contexts[i] for i in numbers], codebook))
    if len(found) != len(numbers):
        raise failure(
            f"læreren «{teacher.name}» ga {len(found)} svar på {len(numbers)} tekster",
            f"the teacher «{teacher.name}» gave {len(found)} answers to {len(numbers)} texts",
            try_next="Teacher.code(texts, contexts, codebook)",
        )
    unknown = sorted({str(code) for own in found if own is not None for code in own} - set(codes))
    if unknown:
        raise failure(
            f"læreren «{teacher.name}» ga koder som kodeboken ikke har: {', '.join(unknown[:5])}",
            f"the teacher «{teacher.name}» gave codes that the codebook lacks: {', '.join(unknown[:5])}",
            try_next=", ".join(codes),
        )
    answered = [(row, own) for row, own in zip(numbers, found, strict=True) if own is not None]
    given = np.array([[code in own for code in codes] for _row, own in answered], np.bool_)
    return Said(
        np.array([row for row, _own in answered], np.int64), given.reshape(len(answered), len(codes)), len(numbers)
    )


def spread(count: int, most: int) -> Rows:
    """The numbers of at most `most` of `count` texts, evenly spread, int64."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a teacher agrees with the coder; float64 (n_codes,) each.

    Attributes:
        kappas: Cohen's kappa of each code; 0 where chance alone agrees always.
        weights: how much a text that the teacher coded counts for each code, one of `WEIGHTS`, or 0 for a code not to be used.
        if_given, if_not: target of a code, less its base rate, where the teacher gave it and where it did not.
    """

    kappas: Floats
    weights: Floats
    if_given: Floats
    if_not: Floats

    @classmethod
    def of(cls, said: Said, labels: Truth, base: Floats) -> "Measured":
        """Compare what a teacher said of coded texts with what the coder gave them.

        Agreement no better than chance is told by Fisher's exact test, one-sided.

        Args:
            said: what the teacher said; only of these texts' labels is anything learnt.
            labels: which codes the coder gave, bool (n_texts, n_codes).
            base: the base rate of each code, float64 (n_codes,).
        """
        from scipy.stats import hypergeom

        truth, texts = labels[said.rows], len(said.rows)
        both, given, told = ((part.sum(axis=0)) for part in (truth & said.codes, truth, said.codes))
        by_chance = hypergeom.sf(both - 1, texts, given, told)
        kappas = _kappas(both, given, told, texts)
        better = (by_chance <= BY_CHANCE) & (texts >= FEWEST_MEASURED)
        reached = np.select([kappas >= weight for weight in WEIGHTS], WEIGHTS, 0.0)
        return cls(
            kappas=kappas,
            weights=np.where(better, reached, 0.0),
            if_given=(both + DOUBT * base) / (told + DOUBT) - base,
            if_not=(given - both + DOUBT * base) / (texts - told + DOUBT) - base,
        )

    def targets(self, codes: Truth) -> Floats:
        """The targets of texts of which the teacher said this, float64 (n, n_codes)."""
        return np.where(codes, self.if_given, self.if_not)


def _kappas(both: npt.NDArray[np.int64], given: npt.NDArray[np.int64], told: npt.NDArray[np.int64], n: int) -> Floats:
    """Cohen's kappa (1960) of two coders' yes and no, from counts, float64 (n_codes,)."""
    agreed = (n - given - told + 2 * both) / max(n, 1)
    chance = (given * told + (n - given) * (n - told)) / max(n, 1) ** 2
    return np.where(chance < 1, (agreed - chance) / np.maximum(1 - chance, 1e-9), 0.0)
