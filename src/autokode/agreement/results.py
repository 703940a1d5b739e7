"""The results of a comparison: coefficients with intervals, rows of them, disagreements, and warnings about the figures."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from autokode.agreement.units import Of
from autokode.base.messages import say

FEWEST = 5
"""Smallest number of interviews for which intervals are given; with fewer they would say nothing."""

RARE = 10
"""Smallest number of units with a code for which its figures do not depend on single units."""

SKEWED = 0.2
"""Largest difference between AC1 and kappa that needs no warning; above it, AC1 is high only because the code is rare."""

UNEVEN = 2.0
"""Ratio of two coders' counts of a code from which they seem to read its definition differently."""

MEASURES = {
    "agreed": ("enige", "agreed"),
    "kappa": ("kappa", "kappa"),
    "ac1": ("AC1", "AC1"),
    "alpha": ("alfa", "alpha"),
}
"""Measure, a field of `Row` → its heading in Norwegian and English; `coefficients.OF_ONE_CODE` computes it."""

NOT_GIVEN = frozenset({"nobody", "elsewhere"})
"""Warnings of a code that was given to no unit: it counts in no mean."""

Level = Literal["code", "category", "mean", "sets"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with its 95 % interval over interviews, which is None if interviews are too few or most samples undefined."""

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """How far the coders agree on a code, a category, the mean of the codes, or whole sets of codes.

    Attributes:
        level: "code"; "category", which a unit has if it has one of its codes; "mean" over the codes that anybody gave; "sets",
            whole sets of codes: equal or not for `agreed`, by MASI distance for `alpha`.
        name: of the code or category; "" for the last two.
        units: how many units two or more coders read; characters, where the unit is a character.
        given: how many units each coder gave the code to.
        agreed: share of units on which a pair of coders agree, 0–1; high for every rare code.
        kappa: Cohen's; for more than two coders the mean over pairs. None where undefined, and for whole sets.
        ac1: Gwet's AC1, likewise.
        alpha: Krippendorff's, likewise.
        warnings: "nobody", "elsewhere", "rare", "skewed", "uneven", "few interviews"; see `warning`.
    """

    level: Level
    name: str
    units: int
    given: tuple[int, ...]
    agreed: Figure
    kappa: Figure | None
    ac1: Figure | None
    alpha: Figure | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit to which coders gave different codes.

    Attributes:
        transcript, utterance, speaker: the transcript's name, the utterance's index in it, and who says it; None and "" for text
            outside the utterances.
        start, end: code points into the transcript's text, half-open; `quote` is the text there.
        given: each coder's codes, sorted by name; None for a coder who did not read it.
    """

    transcript: str
    utterance: int | None
    speaker: str
    start: int
    end: int
    quote: str = field(repr=False)
    given: tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The result of comparing coders.

    Attributes:
        coders: their names, in the order of every `given`.
        of: the unit.
        interviews: the number of interviews with units.
        seed: of the bootstrap.
        rows: codes and categories in the order of the codebook, then the mean and the whole sets.
        disagreements: by transcript and place.
        outside: how many of the codings that are compared stand outside the utterances.
        uncounted: how many codings of each coder stand in no unit that the coder read, so that no figure counts them.
    """

    coders: tuple[str, ...]
    of: Of
    interviews: int
    seed: int
    rows: tuple[Row, ...]
    disagreements: tuple[Disagreement, ...]
    outside: int = 0
    uncounted: tuple[int, ...] = ()

    def row(self, level: Level, name: str = "") -> Row:
        """The row of a code, a category, the mean or the sets.

        Raises:
            KeyError: there is none.
        """
        return {(row.level, row.name): row for row in self.rows}[level, name]

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain dictionaries and lists."""
        return asdict(self)


def warning(kind: str) -> str:
    """Explain a warning of a row in a sentence."""
    return {
        "nobody": say(
            "ingen ga koden, så det er ingen enighet å måle", "nobody gave the code: no agreement to measure"
        ),
        "elsewhere": say(
            "koden er bare gitt der færre enn to har lest ferdig, så det er ingen enighet å måle",
            "the code was given only where fewer than two have read: no agreement to measure",
        ),
        "rare": say(
            f"koden er gitt færre enn {RARE} ganger: tallene henger på enkelte ytringer",
            f"the code was given fewer than {RARE} times: its figures hang on single units",
        ),
        "skewed": say(
            "koden er sjelden: enighet og AC1 er høye av seg selv, les alfa og kappa",
            "the code is rare: percent and AC1 are high of themselves, read alpha and kappa",
        ),
        "uneven": say(
            "den ene gir koden minst dobbelt så ofte som den andre: definisjonen leses ulikt",
            "one gives the code twice as often as another: its definition is read differently",
        ),
        "few interviews": say(
            f"færre enn {FEWEST} intervjuer: ingen intervaller", f"fewer than {FEWEST} interviews: no intervals"
        ),
    }[kind]
