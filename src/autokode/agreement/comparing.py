"""Compare coders: figures per code, per category and over all, with intervals over interviews, and where the coders differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autokode.agreement.coefficients import (
    OF_ONE_CODE,
    Values,
    krippendorff_alpha,
    masi,
    mean_of_known,
    share_agreed,
)
from autokode.agreement.results import (
    FEWEST,
    MEASURES,
    RARE,
    SKEWED,
    UNEVEN,
    Agreement,
    Disagreement,
    Figure,
    Level,
    Row,
)
from autokode.agreement.units import Of, Reading, Unit, units_of
from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.transcript import Transcript

RESAMPLES = 1000
"""Samples in the bootstrap over interviews."""


def agreement(
    codebook: Codebook,
    transcripts: Mapping[str, Transcript],
    readings: Sequence[Reading],
    *,
    of: Of = "utterance",
    seed: int = 0,
) -> Agreement:
    """Compare coders on the units that two or more of them read.

    Args:
        codebook: the codes and categories that get a row; other codes count only in whole sets.
        transcripts: by name.
        readings: what each coder did; two or more.
        of: the unit, "utterance", "sentence" or "character".
        seed: of the bootstrap, which draws whole interviews because utterances of one interview are alike (Davison and Hinkley,
            Bootstrap Methods and their Application, 1997, 3.8; percentile intervals).

    Raises:
        DataError: fewer than two coders, or no unit that two of them read.
    """
    units = units_of(transcripts, readings, of) if len(readings) > 1 else ()
    if not units:
        names = ", ".join(reading.coder for reading in readings)
        raise failure(
            f"ingen ytringer er lest ferdig av to kodere ({names})",
            f"two coders must have read the same utterance; found none ({names})",
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


@dataclass(frozen=True, slots=True)
class _Table:
    """The units as arrays: interview int64 (n,), weight float64 (n,), and how often each sample holds an interview (1 + r, i).

    The first sample holds every interview once.
    """

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
        """Find the distinct patterns among values (n, m), and count the units with each in each sample, (1 + r, p)."""
        patterns, which = np.unique(values, axis=0, return_inverse=True)
        own = np.zeros((self.interviews, len(patterns)))
        np.add.at(own, (self.interview, which.ravel()), self.weight)
        return patterns, self.samples @ own

    def given(self, values: Values) -> tuple[int, ...]:
        """Count the units to which each coder gave the value 1."""
        return tuple(int(n) for n in self.weight @ (values == 1))


_Found = dict[str, Floats]


def _figures(table: _Table, level: Level, name: str, codes: Sequence[str]) -> tuple[Row, _Found]:
    wanted = frozenset(codes)
    values = np.array(
        [[-1 if own is None else int(not own.isdisjoint(wanted)) for own in unit.given] for unit in table.units],
        np.int64,
    )
    patterns, counts = table.counts(values)
    found = {name: measure(patterns, counts) for name, measure in OF_ONE_CODE.items()}
    row = _row(table, level, name, table.given(values), found)
    return replace(row, warnings=_warnings(row, (values == 1).sum(axis=0).tolist())), found


def _row(table: _Table, level: Level, name: str, given: tuple[int, ...], found: Mapping[str, Floats]) -> Row:
    figures = {name: _figure(found.get(name)) for name in MEASURES}
    return Row(
        level=level,
        name=name,
        units=int(table.weight.sum()),
        given=given,
        **figures,  # type: ignore[arg-type]  # there are units, so `agreed` is never None
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
    """The row of the mean over codes; a sample's mean leaves out codes whose coefficient is undefined in it."""

    def over(name: str) -> Floats:
        return mean_of_known(np.array([own[name] for own in found]).reshape(len(found), len(table.samples)))

    means = {name: over(name) for name in OF_ONE_CODE}
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
    """Count the units to which each coder gave any code."""
    some = np.array([[bool(own) for own in unit.given] for unit in table.units])
    return tuple(int(n) for n in table.weight @ some)


def _warnings(row: Row, times: Sequence[int]) -> tuple[str, ...]:
    """The warnings of a row, from how many units each coder gave the code to (`times`)."""
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
