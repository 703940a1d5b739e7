"""The results of a comparison: coefficients with intervals, rows of them, disagreements, and warnings about the figures."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from autokode.agreement.units import Of
from autokode.base.data_frames import NUMBER, TEXT, WHOLE, AsTable
from autokode.base.messages import say
from autokode.base.notebook import MISSING, InNotebook, Shown
from autokode.base.tables import INTERVAL

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

LEVELS = {
    "code": ("kode", "code"),
    "category": ("kategori", "category"),
    "mean": ("snitt av kodene", "mean of the codes"),
    "sets": ("hele kodesett (MASI)", "whole sets (MASI)"),
}
"""Level of a row → its name in Norwegian and English."""

PLACE = ("transcript", "utterance", "speaker", "start", "end", "quote")
"""Columns of a table of disagreements, before those of the coders."""

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


@dataclass(frozen=True, slots=True, repr=False)
class Agreement(AsTable, InNotebook):
    """The result of comparing coders. It is a table too: a row for each code and category, then the mean and the whole sets.

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

    def __repr__(self) -> str:
        told = f"{len(self.coders)} coders, {self.interviews} interviews, {len(self.disagreements)} disagreements"
        alpha = self.row("mean").alpha
        return f"<Agreement: {told}{'' if alpha is None else f', mean alpha {alpha.value:.2f}'}>"

    def columns(self) -> dict[str, str]:
        """The columns of the table.

        level and name; units; how many units each coder gave it to, a column called as the coder; agreed, kappa, ac1 and alpha,
        missing where undefined, each with the ends of its 95 % interval; warnings, in sentences.
        """
        figures = [name + end for name in MEASURES for end in ("", *INTERVAL)]
        counts = dict.fromkeys(coder_columns(self.coders), WHOLE)
        return {
            "level": TEXT,
            "name": TEXT,
            "units": WHOLE,
            **counts,
            **dict.fromkeys(figures, NUMBER),
            "warnings": TEXT,
        }

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each of `rows`."""
        return [_table_row(row, coder_columns(self.coders)) for row in self.rows]

    def show(self, *, text: bool = False) -> Shown:
        """The coefficients to look at; with `text`, the disagreements with the quotes instead."""
        if text:
            headings = (
                say("transkripsjon", "transcript"),
                say("taler", "speaker"),
                say("sitat", "quote"),
                *self.coders,
            )
            said = [
                (
                    one.transcript,
                    one.speaker,
                    one.quote,
                    *(None if own is None else ", ".join(own) for own in one.given),
                )
                for one in self.disagreements
            ]
            return self._shown(headings, said)
        headings = (say("kode", "code"), *self.coders, *(say(*names) for names in MEASURES.values()))
        rows = [
            (name_of(row), *row.given, *(f.value if (f := getattr(row, name)) else MISSING for name in MEASURES))
            for row in self.rows
        ]
        return self._shown(headings, rows)

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain dictionaries and lists."""
        return asdict(self)


def name_of(row: Row) -> str:
    """The name of a row as people are shown it."""
    return row.name or say(*LEVELS[row.level])


def coder_columns(coders: tuple[str, ...]) -> list[str]:
    """A column name for each coder, unlike that of every other column."""
    taken = {*PLACE, "level", "name", "units", *MEASURES}
    names = []
    for coder in coders:
        name = coder
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return names


def _table_row(row: Row, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"level": say(*LEVELS[row.level]), "name": row.name, "units": row.units}
    found |= dict(zip(names, row.given, strict=True))
    for measure in MEASURES:
        figure = getattr(row, measure)
        ends = figure.interval if figure is not None and figure.interval else (None, None)
        found |= {measure: None if figure is None else figure.value}
        found |= zip((measure + end for end in INTERVAL), ends, strict=True)
    return {**found, "warnings": "; ".join(warning(kind) for kind in row.warnings)}


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
