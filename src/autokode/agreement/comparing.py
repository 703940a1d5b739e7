"""Coders against each other: figures per code, per category and over all, with intervals by interview, and where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from autokode.agreement.coefficients import (
    Floats,
    Values,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    masi,
    nominal,
    share_agreed,
)
from autokode.agreement.units import Of, Reading, Unit, units_of
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.transcript import Transcript

RESAMPLES = 1000
"""Draws of the bootstrap over interviews."""

FEWEST = 5
"""Interviews below which an interval over interviews says nothing, and is not given."""

RARE, SKEWED, UNEVEN = 10, 0.2, 2.0
"""Units with a code below which its figures hang on single units; how far AC1 is above kappa where the code's rarity decides;
how many times as often one coder gave a code as another where they read it differently."""

Level = Literal["code", "category", "mean", "sets"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with its 95 % interval over interviews, which is None where there are too few or it is undefined in most."""

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """How far the coders agree on one thing.

    Attributes:
        level: "code"; "category": given where one of its codes is; "mean" over the codes that anybody gave; "sets": whole sets of
            codes, the same or not for `agreed`, and by MASI distance for `alpha`.
        name: of the code or category; "" for the last two.
        units: units that two coders or more went through; characters, where that is the unit.
        given: units that each coder gave it.
        agreed: share of units on which a pair said the same, 0–1; high for every rare code.
        kappa: Cohen's; of more than two coders the mean over pairs. None where undefined, and for whole sets.
        ac1: Gwet's AC1, likewise.
        alpha: Krippendorff's, likewise.
        warnings: "nobody", "rare", "skewed", "uneven", "few interviews"; see `warning`.
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
    """A unit on which not all gave the same.

    Attributes:
        transcript, utterance, speaker: where, and who says it.
        start, end: code points into the transcript's text, half-open; `quote` is what stands there.
        given: the codes of each coder, by name; None for one who did not go through it.
    """

    transcript: str
    utterance: int
    speaker: str
    start: int
    end: int
    quote: str
    given: tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What comes of comparing.

    Attributes:
        coders: their names, in the order of every `given`.
        of: the unit.
        interviews: how many have units.
        seed: of the bootstrap.
        rows: codes and categories in the order of the codebook, then the mean and the whole sets.
        disagreements: by transcript and place.
    """

    coders: tuple[str, ...]
    of: Of
    interviews: int
    seed: int
    rows: tuple[Row, ...]
    disagreements: tuple[Disagreement, ...]

    def row(self, level: Level, name: str = "") -> Row:
        """The row of a code, a category, the mean or the sets.

        Raises:
            KeyError: there is none.
        """
        for row in self.rows:
            if (row.level, row.name) == (level, name):
                return row
        raise KeyError((level, name))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain dictionaries and lists."""
        return asdict(self)


def agreement(
    codebook: Codebook,
    transcripts: Mapping[str, Transcript],
    readings: Sequence[Reading],
    *,
    of: Of = "utterance",
    seed: int = 0,
) -> Agreement:
    """Compare coders on what two or more of them went through.

    Args:
        codebook: the codes and categories to give figures of; codes beside it count in whole sets.
        transcripts: by name.
        readings: what each coder did; two or more.
        of: the unit, "utterance", "sentence" or "character".
        seed: of the bootstrap over whole interviews, as utterances of one interview are alike (Davison and Hinkley, Bootstrap
            Methods and their Application, 1997, 3.8; percentile intervals).

    Raises:
        DataError: fewer than two coders, or nothing that two went through.
    """
    units = units_of(transcripts, readings, of) if len(readings) > 1 else ()
    if not units:
        names = ", ".join(reading.coder for reading in readings)
        raise failure(
            f"ingen ytringer er lest ferdig av to kodere ({names})",
            f"no utterances were read to the end by two coders ({names})",
            try_next=say("la to kode de samme intervjuene", "let two code the same interviews"),
        )
    table = _Table.of(units, of, seed)
    codes = [_figures(table, "code", code, [code]) for code in codebook.codable]
    categories = [
        _figures(table, "category", name, own)
        for name, own in codebook.categories.items()
        if list(own) != [name] and own
    ]
    rows = [row for row, _ in (*codes, *categories)]
    mean = _mean(table, [found for row, found in codes if "nobody" not in row.warnings])
    return Agreement(
        coders=tuple(reading.coder for reading in readings),
        of=of,
        interviews=table.interviews,
        seed=seed,
        rows=(*rows, mean, _sets(table)),
        disagreements=tuple(_disagreement(transcripts, unit) for unit in units if unit.differs),
    )


def warning(kind: str) -> str:
    """Return what a warning means, in a sentence."""
    return {
        "nobody": say(
            "ingen ga koden, så det er ingen enighet å måle", "nobody gave the code: no agreement to measure"
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


@dataclass(frozen=True, slots=True)
class _Table:
    """The units as numbers: interview (n,), weight (n,), who read (n, m), and samples of interviews, float64 (1 + r, i)."""

    units: tuple[Unit, ...]
    interview: Values
    weight: Floats
    samples: Floats
    interviews: int

    @classmethod
    def of(cls, units: tuple[Unit, ...], of: Of, seed: int) -> "_Table":
        names, interview = np.unique([unit.transcript for unit in units], return_inverse=True)
        weight = np.array([unit.end - unit.start if of == "character" else 1 for unit in units], np.float64)
        count = len(names)
        drawn = np.random.default_rng(seed).multinomial(count, [1 / count] * count, RESAMPLES if count >= FEWEST else 0)
        samples = np.concatenate([np.ones((1, count)), drawn.astype(np.float64)])
        return cls(units, interview.astype(np.int64), weight, samples, count)

    def counts(self, values: Values) -> tuple[Values, Floats]:
        """The different patterns among values, (n, m), and how often each is in each sample, (1 + r, p)."""
        patterns, which = np.unique(values, axis=0, return_inverse=True)
        own = np.zeros((self.interviews, len(patterns)))
        np.add.at(own, (self.interview, which.ravel()), self.weight)
        return patterns, self.samples @ own

    def given(self, values: Values) -> tuple[int, ...]:
        """How many units each coder gave the value 1."""
        return tuple(int(n) for n in self.weight @ (values == 1))


_Found = dict[str, Floats]


def _figures(table: _Table, level: Level, name: str, codes: Sequence[str]) -> tuple[Row, _Found]:
    wanted = frozenset(codes)
    values = np.array(
        [[-1 if own is None else int(not own.isdisjoint(wanted)) for own in unit.given] for unit in table.units],
        np.int64,
    )
    patterns, counts = table.counts(values)
    found = {
        "agreed": share_agreed(patterns, counts),
        "kappa": cohen_kappa(patterns, counts),
        "ac1": gwet_ac1(patterns, counts),
        "alpha": krippendorff_alpha(patterns, counts, nominal(2)),
    }
    row = _row(table, level, name, table.given(values), found)
    return replace(row, warnings=_warnings(row, (values == 1).sum(axis=0).tolist())), found


def _row(table: _Table, level: Level, name: str, given: tuple[int, ...], found: Mapping[str, Floats]) -> Row:
    agreed = _figure(found["agreed"])
    assert agreed is not None  # noqa: S101 - there are units
    return Row(
        level=level,
        name=name,
        units=int(table.weight.sum()),
        given=given,
        agreed=agreed,
        kappa=_figure(found.get("kappa")),
        ac1=_figure(found.get("ac1")),
        alpha=_figure(found.get("alpha")),
        warnings=("few interviews",) if table.interviews < FEWEST and level in ("mean", "sets") else (),
    )


def _figure(found: Floats | None) -> Figure | None:
    if found is None or np.isnan(found[0]):
        return None
    drawn = found[1:][~np.isnan(found[1:])]
    if len(drawn) <= RESAMPLES / 2:
        return Figure(round(float(found[0]), 4), None)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(round(float(found[0]), 4), (round(float(low), 4), round(float(high), 4)))


def _mean(table: _Table, found: Sequence[_Found]) -> Row:
    """The mean over codes; a code for which a coefficient is undefined in a sample is left out of that sample's mean."""

    def over(name: str) -> Floats:
        rows = np.array([own[name] for own in found]).reshape(len(found), len(table.samples))
        known = ~np.isnan(rows)
        top, bottom = np.where(known, rows, 0).sum(axis=0), known.sum(axis=0)
        return np.asarray(np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0))

    means = {name: over(name) for name in ("agreed", "kappa", "ac1", "alpha")}
    if not found:
        means = {"agreed": np.ones(len(table.samples))}
    return _row(table, "mean", "", _coded(table), means)


def _sets(table: _Table) -> Row:
    """The row of whole sets of codes."""
    sets = sorted({codes for unit in table.units for codes in unit.given if codes is not None}, key=sorted)
    number = {codes: i for i, codes in enumerate(sets)}
    values = np.array([[-1 if own is None else number[own] for own in unit.given] for unit in table.units], np.int64)
    distance = np.array([[masi(a, b) for b in sets] for a in sets])
    patterns, counts = table.counts(values)
    found = {
        "agreed": share_agreed(patterns, counts),
        "alpha": krippendorff_alpha(patterns, counts, distance),
    }
    return _row(table, "sets", "", _coded(table), found)


def _coded(table: _Table) -> tuple[int, ...]:
    """How many units each coder gave any code."""
    some = np.array([[bool(own) for own in unit.given] for unit in table.units])
    return tuple(int(n) for n in table.weight @ some)


def _warnings(row: Row, times: Sequence[int]) -> tuple[str, ...]:
    """Return what a reader of a row should beware of, given how many stretches each coder gave the code."""
    if not any(times):
        return ("nobody",)
    seeming = row.kappa is not None and row.ac1 is not None and row.ac1.value - row.kappa.value > SKEWED
    found = {
        "rare": max(times) < RARE,
        "skewed": seeming,
        "uneven": max(times) >= max(RARE, UNEVEN * min(times)),
    }
    return tuple(kind for kind, so in found.items() if so)


def _disagreement(transcripts: Mapping[str, Transcript], unit: Unit) -> Disagreement:
    transcript = transcripts[unit.transcript]
    return Disagreement(
        transcript=unit.transcript,
        utterance=unit.utterance,
        speaker=transcript.utterances[unit.utterance].speaker,
        start=unit.start,
        end=unit.end,
        quote=transcript.text[unit.start : unit.end],
        given=tuple(None if codes is None else tuple(sorted(codes)) for codes in unit.given),
    )
