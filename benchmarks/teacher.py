"""Measures what a teacher does to a young study's suggestions: good, poor and adversarial stub teachers, and none at all.

    python -m benchmarks.teacher [--study NAME]     measures, fills docs/teacher.md
    python -m benchmarks.teacher --tables           fills the tables alone

The studies and draws are those of `benchmarks.first_hour`; AnnoMI, which has no codebook, gets one of bare names. The first
answers are coded. Of the others the last third comes later, so that no teacher sees them; the rest may be asked about. A stub
knows what the person gave, and errs by a hash of the text as often as its kind says. No language model was measured: these
figures show what autokode makes of a teacher of some quality, not which quality a model has. The rule was chosen on the first
three draws of all studies but AnnoMI at 24, 50 and 100 coded answers, with other errors; 200 and AnnoMI were not looked at.
"""

import argparse
import hashlib
import itertools
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, parallel_config

from autokode import AutoCoder
from autokode.base.errors import AutokodeWarning
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import Examples
from autokode.training.model_selection import mean_average_precision
from benchmarks import RESULTS, ROOT
from benchmarks.first_hour import FEWEST_LEFT, MEASURED
from benchmarks.generated import fill, table
from benchmarks.quality import sets

OUT, PAGE = RESULTS / "teacher.json", ROOT / "docs" / "teacher.md"
SIZES = (24, 50, 100, 200)
UNSEEN = "AnnoMI, English"
HARM = 0.005
"""Loss of average precision that counts as worse."""

RESAMPLES = 2000
Truth = npt.NDArray[np.bool_]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a stub errs.

    Attributes:
        found: share of a person's codings that it gives too.
        right: share of what it gives that a person gave.
        elsewhere: shares for answers that nobody coded, if they are others: it is right only where it is measured.
    """

    found: float
    right: float
    elsewhere: tuple[float, float] | None = None


KINDS: dict[str, Kind | str] = {
    "good: finds 75 %, 65 % right": Kind(0.75, 0.65),
    "fair: 55 %, 45 % right": Kind(0.55, 0.45),
    "gives too much: 90 %, 30 % right": Kind(0.9, 0.3),
    "poor: 30 %, 20 % right": Kind(0.3, 0.2),
    "guesses each code as often as the person": "guess",
    "gives every code": "all",
    "gives none": "none",
    "turned round: seldom where right, often elsewhere": "round",
    "good where measured, 10 % right elsewhere": Kind(0.75, 0.65, (0.3, 0.1)),
}


@dataclass
class Stub:
    """A teacher of some kind, which knows the study."""

    name: str
    known: dict[tuple[str, str], frozenset[str]]
    coded: frozenset[str]
    rates: dict[str, float]
    salt: str

    def code(self, texts: Sequence[str], contexts: Sequence[str], codebook: Codebook) -> list[frozenset[str]]:
        return [
            frozenset(code for code in codebook.codable if self._gives(code, text, question))
            for text, question in zip(texts, contexts, strict=True)
        ]

    def _gives(self, code: str, text: str, question: str) -> bool:
        true = code in self.known[text, question]
        digest = hashlib.sha256(json.dumps([self.salt, self.name, code, question, text]).encode()).digest()
        chance = int.from_bytes(digest[:6], "big") / 256**6
        kind, rate = KINDS[self.name], self.rates[code]
        if isinstance(kind, str):
            return chance < {"guess": rate, "all": 1.0, "none": 0.0, "round": 0.05 if true else 0.5}[kind]
        found, right = kind.elsewhere if kind.elsewhere and text not in self.coded else (kind.found, kind.right)
        wrong = min(1.0, found * rate * (1 - right) / right / max(1 - rate, 1e-9))
        return chance < (found if true else wrong)


def measured(name: str, draw: int, size: int) -> list[Row]:
    """A row for each teacher and for none, or no row if the study is too small."""
    examples, book, lang = MEASURED[name][0](draw)
    if len(examples.texts) < size + FEWEST_LEFT:
        return []
    if book is None:
        codes = sorted({code for own in examples.codes for code in own})
        book = Codebook("bare names", tuple(Code(code) for code in codes), lang)
    later = size + 2 * (len(examples.texts) - size) // 3
    parts = [sets.picked(examples, range(*ends)) for ends in ((0, size), (size, later), (later, len(examples.texts)))]
    about = {"study": name, "draw": draw, "coded": size}
    return [about | _row(kind, examples, parts, book, lang, f"{name} {draw}") for kind in ("", *KINDS)]


def _row(kind: str, examples: Examples, parts: list[Examples], book: Codebook, lang: str, salt: str) -> Row:  # noqa: PLR0917
    coded, asked, later = parts
    stub = _stub(kind, examples, coded, book, salt) if kind else None
    coder = AutoCoder(lang=lang, teacher=stub)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", AutokodeWarning
        )  # few examples, and teachers that are not used, are what is measured
        coder.fit(**coded.for_fit(), codebook=book, unlabelled=asked.texts, unlabelled_contexts=asked.contexts)
    report = coder.model_.manifest.get("teacher", {})
    row: Row = {"teacher": kind, "why_unused": report.get("why_unused", ""), "codes": len(report.get("weights", ()))}
    row["of"] = len(report.get("kappas", ()))
    for where, part in (("asked", asked), ("later", later)):
        truth = _given(part.codes, coder.codes_)
        said = _given(coder.predict(part.texts, part.contexts), coder.codes_)
        row[where] = _figures(coder.predict_proba(part.texts, part.contexts), said, truth)
    if stub is not None:
        truth, said = (_given(own, coder.codes_) for own in (asked.codes, stub.code(asked.texts, asked.contexts, book)))
        row["itself"] = {"true": int(truth.sum()), "shown": int(said.sum()), "right": int((said & truth).sum())}
    return row


def _stub(kind: str, examples: Examples, coded: Examples, book: Codebook, salt: str) -> Stub:
    codes = zip(examples.texts, examples.contexts, examples.codes, strict=True)
    known = {(text, question): frozenset(own) for text, question, own in codes}
    rates = {code: sum(code in own for own in examples.codes) / len(examples.codes) for code in book.codable}
    return Stub(kind, known, frozenset(coded.texts), rates, salt)


def _given(codes: Sequence[Any], names: Sequence[str]) -> Truth:
    return np.array([[name in own for name in names] for own in codes], np.bool_)


def _figures(scores: npt.NDArray[np.float32], said: Truth, truth: Truth) -> Row:
    return {
        "true": int(truth.sum()),
        "shown": int(said.sum()),
        "right": int((said & truth).sum()),
        "promised": round(float(scores[said].sum()), 4),
        "ap": round(mean_average_precision(truth, np.asarray(scores, np.float64)), 4),
    }


def shown_here(rows: Sequence[Row]) -> dict[str, str]:
    """The generated tables: sums over all cells, then what a cell loses at worst, and the study that was not looked at."""
    plain = {_cell(row): row for row in rows if not row["teacher"]}
    lines, worst = [], []
    for kind in KINDS:
        own = [row for row in rows if row["teacher"] == kind]
        lines.append((kind, *_compared(own, plain)))
        worst.append((kind, *_lost(own, plain), *_unseen(own, plain)))
    without = list(plain.values())
    lines.insert(0, ("none", "–", "–", "–", _f1(without, "asked"), "–", _f1(without, "later"), _kept(without)))
    heads = (
        "teacher",
        "itself: F1",
        "codes used",
        "AP asked, gain (95 %)",
        "F1",
        "AP later, gain (95 %)",
        "F1",
        "precision (promised)",
    )
    cells = ("worse cells", "worst cell", "worse cells, later", "worst, later", "AnnoMI: gain asked", "later")
    return {
        "teachers": table(heads, lines),
        "teachers_worst": table(("teacher", *cells), worst),
        "teachers_cells": f"{len(plain)} cells of {len({row['study'] for row in without})} studies",
    }


def _cell(row: Row) -> tuple[str, int, int]:
    return row["study"], row["draw"], row["coded"]


def _compared(own: list[Row], plain: dict[tuple[str, int, int], Row]) -> tuple[str, ...]:
    used = f"{sum(row['codes'] for row in own) / max(sum(row['of'] for row in own), 1):.2f}"
    asked, later = (_gain(own, plain, where) for where in ("asked", "later"))
    return _f1(own, "itself"), used, asked, _f1(own, "asked"), later, _f1(own, "later"), _kept(own)


def _gain(own: list[Row], plain: dict[tuple[str, int, int], Row], where: str) -> str:
    """Mean gain in average precision, with an interval by bootstrap over draws of studies: cells of one draw share interviews."""
    gains: dict[tuple[str, int], list[float]] = {}
    for row in own:
        gains.setdefault(_cell(row)[:2], []).append(row[where]["ap"] - plain[_cell(row)][where]["ap"])
    sums = np.array([(sum(found), len(found)) for found in gains.values()])
    drawn = np.random.default_rng(0).multinomial(len(sums), [1 / len(sums)] * len(sums), RESAMPLES)
    low, high = np.percentile((drawn @ sums[:, 0]) / (drawn @ sums[:, 1]), [2.5, 97.5])
    return f"{sums[:, 0].sum() / sums[:, 1].sum():+.3f} ({low:+.3f} to {high:+.3f})"


def _lost(own: list[Row], plain: dict[tuple[str, int, int], Row]) -> tuple[str, ...]:
    found = []
    for where in ("asked", "later"):
        gains = [row[where]["ap"] - plain[_cell(row)][where]["ap"] for row in own]
        found += [f"{sum(gain < -HARM for gain in gains)} of {len(gains)}", f"{min(gains):+.3f}"]
    return tuple(found)


def _unseen(own: list[Row], plain: dict[tuple[str, int, int], Row]) -> tuple[str, str]:
    rows = [row for row in own if row["study"] == UNSEEN]
    if not rows:
        return "–", "–"
    asked, later = (np.mean([row[w]["ap"] - plain[_cell(row)][w]["ap"] for row in rows]) for w in ("asked", "later"))
    return f"{asked:+.3f}", f"{later:+.3f}"


def _f1(rows: list[Row], where: str) -> str:
    right, true, shown = (sum(row[where][name] for row in rows) for name in ("right", "true", "shown"))
    return f"{2 * right / max(true + shown, 1):.2f}"


def _kept(rows: list[Row]) -> str:
    """Achieved precision of the suggestions for answers that came later, and what their probabilities promised."""
    right, shown, promised = (sum(row["later"][name] for row in rows) for name in ("right", "shown", "promised"))
    return f"{right / max(shown, 1):.2f} ({promised / max(shown, 1):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", action="append", choices=list(MEASURED))
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    rows = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else []
    if not options.tables:
        names = options.study or list(MEASURED)
        cells = itertools.chain.from_iterable(
            itertools.product([name], range(MEASURED[name][1]), SIZES) for name in names
        )
        with parallel_config("loky", n_jobs=2, inner_max_num_threads=1):
            found = Parallel()(delayed(measured)(*cell) for cell in cells)
        rows = [row for row in rows if row["study"] not in names] + [row for own in found for row in own]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        options.out.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    tables = shown_here(rows)
    print(*tables.values(), sep="\n\n")
    if options.out == OUT:
        fill(PAGE, tables)


if __name__ == "__main__":
    main()
