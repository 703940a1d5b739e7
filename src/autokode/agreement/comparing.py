"""Compare coders: figures per code, per category and over all, with intervals over interviews, and where the coders differ."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
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
    NOT_GIVEN,
    RARE,
    SKEWED,
    UNEVEN,
    Agreement,
    Disagreement,
    Figure,
    Level,
    Row,
)
from autokode.agreement.units import Of, Reading, Unit, left_out, units_of
from autokode.base.arrays import Floats
from autokode.base.errors import DataError, failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.outside import is_outside
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
        raise _nothing_to_compare(readings)
    table = _Table.of(units, of, seed)
    uncounted = left_out(readings, units)
    used = {coding.code for one in uncounted for coding in one.codings}
    codes = [_figures(table, "code", code, [code], used) for code in codebook.codable]
    categories = [
        _figures(table, "category", name, own, used)
        for name, own in codebook.categories.items()
        if list(own) != [name] and own
    ]
    rows = [row for row, _ in (*codes, *categories)]
    mean = _mean(table, [found for row, found in codes if not NOT_GIVEN.intersection(row.warnings)])
    return Agreement(
        coders=tuple(reading.coder for reading in readings),
        of=of,
        interviews=table.interviews,
        seed=seed,
        rows=(*rows, mean, _sets(table)),
        disagreements=tuple(_disagreement(transcripts[unit.transcript].text, unit) for unit in units if unit.differs),
        outside=_outside(transcripts, readings) - _outside(transcripts, uncounted),
        uncounted=tuple(len(one.codings) for one in uncounted),
    )


def _outside(transcripts: Mapping[str, Transcript], readings: Sequence[Reading]) -> int:
    """Count the codings that stand outside all utterances."""
    segments = (coding.segment for reading in readings for coding in reading.codings)
    return sum(is_outside(transcripts[one.transcript], one.start, one.end) for one in segments)


def _nothing_to_compare(readings: Sequence[Reading]) -> DataError:
    names = ", ".join(reading.coder for reading in readings)
    unread = [reading for reading in readings if reading.codings and not reading.read]
    if not unread:
        return failure(
            f"ingen ytringer er lest ferdig av to kodere ({names})",
            f"two coders must have read the same utterance; found none ({names})",
            try_next=say("la to kode de samme intervjuene", "let two code the same interviews"),
        )
    names = ", ".join(reading.coder for reading in unread)
    count = sum(len(reading.codings) for reading in unread)
    return failure(
        f"{names} har gitt {count} kodinger, men er ikke merket som å ha lest noe ferdig; da kan ingen vite hvilke koder som ble "
        "latt være",
        f"{names} gave {count} codings, but nothing is marked as read to the end; so nobody can know which codes were left out",
        try_next=say(
            "er intervjuene kodet ferdig, ta kodingene inn igjen uten --partly (autokode add KODINGER.csv, autokode import FIL); "
            "ellers merk svar som lest: autokode review",
            "if the interviews were coded to the end, take the codings in again without --partly (autokode add CODINGS.csv, "
            "autokode import FILE); else mark answers as read: autokode review",
        ),
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


def _figures(
    table: _Table, level: Level, name: str, codes: Sequence[str], used: AbstractSet[str]
) -> tuple[Row, _Found]:
    """The row of a code or category and its figures in every sample; `used`: codes of codings that no unit counts."""
    wanted = frozenset(codes)
    values = np.array(
        [[-1 if own is None else int(not own.isdisjoint(wanted)) for own in unit.given] for unit in table.units],
        np.int64,
    )
    patterns, counts = table.counts(values)
    found = {name: measure(patterns, counts) for name, measure in OF_ONE_CODE.items()}
    row = _row(table, level, name, table.given(values), found)
    warnings = _warnings(row, (values == 1).sum(axis=0).tolist(), elsewhere=not wanted.isdisjoint(used))
    return replace(row, warnings=warnings), found


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


def _warnings(row: Row, times: Sequence[int], *, elsewhere: bool) -> tuple[str, ...]:
    """The warnings of a row, from how many units each coder gave the code to (`times`), and whether it was given elsewhere."""
    if not any(times):
        return ("elsewhere" if elsewhere else "nobody",)
    seeming = row.kappa is not None and row.ac1 is not None and row.ac1.value - row.kappa.value > SKEWED
    found = {
        "rare": max(times) < RARE,
        "skewed": seeming,
        "uneven": max(times) >= max(RARE, UNEVEN * min(times)),
    }
    return tuple(kind for kind, so in found.items() if so)


def _disagreement(text: str, unit: Unit) -> Disagreement:
    return Disagreement(
        transcript=unit.transcript,
        utterance=unit.utterance,
        speaker=unit.speaker,
        start=unit.start,
        end=unit.end,
        quote=text[unit.start : unit.end],
        given=tuple(None if codes is None else tuple(sorted(codes)) for codes in unit.given),
    )
