"""Measures the first hour of a new study: suggestions for the answers nobody has read, after the first few are coded.

    python -m benchmarks.first_hour [--study NAME]     measures, fills docs/quality.md
    python -m benchmarks.first_hour --tables             fills the table alone

Answers are coded in reading order, as the page gives them, and the page's own learning learns from them (`AutoCoder` with
the codebook and the uncoded answers, as `project.active_learning.coder_model.fit_turns` calls it). Each draw is a study of
some whole interviews in an order drawn by its number. Beside it stands the plainest baseline: TF-IDF of words and characters
over question and answer as one text, and a balanced logistic regression a code, once from probability 0.5 on and once from
the threshold that is best in hindsight, the one of the highest F1 on the answers it is measured on. Needs the sets in shared
data for AnnoMI.
"""

import argparse
import itertools
import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, parallel_config

from autokode import AutoCoder, read_study
from autokode.base.errors import AutokodeWarning
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import read_codings
from autokode.corpus.study import Examples, Study
from autokode.evaluation.reliability import wilson
from autokode.training.model_selection import mean_average_precision
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from benchmarks.quality import linear, sets
from benchmarks.quality.task import Task

OUT = RESULTS / "first_hour.json"
PAGE = ROOT / "docs" / "quality.md"
STUDIES = ROOT / "benchmarks" / "studies"
SIZES = (12, 24, 50, 100, 200)
FEWEST_LEFT = 30
"""Answers that must be left to suggest for."""

DRAWS = 4
Truth = npt.NDArray[np.bool_]
Row = dict[str, Any]


def of_writers(draw: int) -> tuple[Examples, Codebook, str]:
    """Two interviews of one writer of the training set, with the shipped codebook, learnt from nothing."""
    study = read_study(ROOT / "training_data")
    writers = [name for name in study.transcripts if name.startswith("kontor_") and name > "kontor_n"]
    return _some(study, writers[2 * draw :][:2])


def theory(draw: int) -> tuple[Examples, Codebook, str]:
    """Three interviews with the theory-driven codebook."""
    study, folder = read_study(ROOT / "training_data"), ROOT / "training_data"
    book = Codebook.read(folder / "codebook_theory.yaml")
    codings = read_codings(folder / "codings_theory.csv", transcripts=study.transcripts, codebook=book)
    names = sorted({coding.segment.transcript for coding in codings})
    return _some(Study(book, study.transcripts, study.offices, codings), _drawn(names, 3, draw))


def annomi(draw: int) -> tuple[Examples, Codebook | None, str]:
    """Six counselling sessions of AnnoMI, English, without definitions."""
    examples = sets.annomi_whole()
    names = _drawn(sorted(set(examples.groups or ())), 6, draw)
    rows = [i for name in names for i, group in enumerate(examples.groups or ()) if group == name]
    return sets.picked(examples, rows), None, "en"


def of_folder(name: str) -> Callable[[int], tuple[Examples, Codebook, str]]:
    """A study that somebody wrote and another coded, neither of whom had seen autokode; its interviews in an order drawn."""

    def read(draw: int) -> tuple[Examples, Codebook, str]:
        study = read_study(STUDIES / name)
        return _some(study, _drawn(sorted(study.transcripts), len(study.transcripts), draw))

    return read


MEASURED: dict[str, tuple[Callable[[int], tuple[Examples, Codebook | None, str]], int]] = {
    "two interviews of one writer, shipped codebook": (of_writers, 6),
    "theory codebook": (theory, DRAWS),
    "home care": (of_folder("hjemmehjelp"), DRAWS),
    "sports clubs": (of_folder("idrettslag"), DRAWS),
    "academics, English": (of_folder("english"), DRAWS),
    "AnnoMI, English": (annomi, DRAWS),
}
"""Name → what reads it for a draw, and how many draws."""


def _some(study: Study, names: Sequence[str]) -> tuple[Examples, Codebook, str]:
    parts = [study.examples([name]) for name in names]
    groups = [group for part in parts for group in part.groups or ()]
    texts, contexts = ([text for part in parts for text in getattr(part, name)] for name in ("texts", "contexts"))
    return (
        Examples(texts, contexts, [codes for part in parts for codes in part.codes], groups),
        study.codebook,
        study.codebook.language,
    )


def _drawn(names: Sequence[str], count: int, draw: int) -> list[str]:
    return [str(name) for name in np.random.default_rng([7, draw]).permutation(list(names))[:count]]


def autokode(coded: Examples, left: Examples, codes: list[str], book: Codebook | None, lang: str) -> tuple[Any, Truth]:
    """Probabilities and suggestions, (n_left, n_codes) each, after the page's own learning."""
    coder = AutoCoder(lang=lang)
    given = coded.codes if book else [[*own] for own in coded.codes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)  # few examples are what is measured
        coder.fit(
            coded.texts,
            given,
            contexts=coded.contexts,
            groups=coded.groups,
            codebook=book,
            unlabelled=left.texts,
            unlabelled_contexts=left.contexts,
        )
    found = np.zeros((len(left.texts), len(codes)))
    columns = [codes.index(code) for code in coder.codes_]
    found[:, columns] = coder.predict_proba(left.texts, left.contexts)
    suggested = coder.predict(left.texts, left.contexts)
    return found, np.array([[code in own for code in codes] for own in suggested], np.bool_)


def baseline(coded: Examples, left: Examples, codes: list[str], book: Codebook | None, lang: str) -> tuple[Any, Truth]:
    """The same of a logistic regression over question and answer as one text; nothing for a code without examples."""
    task = Task(coded, left, codes, book, lang, 0)
    truth = task.truth(coded)
    learnt = np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0))
    found = np.zeros((len(left.texts), len(codes)))
    if len(learnt):
        some = Task(coded, left, [codes[k] for k in learnt], book, lang, 0)
        found[:, learnt] = linear.logistic(some, linear.words_and_characters(some, linear.with_question)).scores(left)
    return found, found >= 0.5


def measured(name: str, draw: int, size: int) -> list[Row]:
    """A row for each system, or none if the study is too small."""
    examples, book, lang = MEASURED[name][0](draw)
    if len(examples.texts) < size + FEWEST_LEFT:
        return []
    coded, left = sets.picked(examples, range(size)), sets.picked(examples, range(size, len(examples.texts)))
    codes = list(book.codable) if book else sorted({code for own in examples.codes for code in own})
    truth = np.array([[code in own for code in codes] for own in left.codes], np.bool_)
    rows = []
    for system, learn in (("autokode", autokode), ("baseline", baseline)):
        scores, said = learn(coded, left, codes, book, lang)
        about = {"study": name, "draw": draw, "coded": size, "system": system}
        rows.append(about | _figures(scores, said, truth))
        if system == "baseline":
            said = _in_hindsight(scores, truth)
            rows.append(about | {"system": "baseline, best in hindsight"} | _figures(scores, said, truth))
    return rows


def _figures(scores: Any, said: Truth, truth: Truth) -> Row:
    shown = int(said.sum())
    return {
        "left": len(truth),
        "true": int(truth.sum()),
        "shown": shown,
        "right": int((said & truth).sum()),
        "promised": round(float(scores[said].mean()), 4) if shown else None,
        "average_precision": round(mean_average_precision(truth, scores), 4),
    }


def _in_hindsight(scores: Any, truth: Truth) -> Truth:
    """The suggestions of the threshold with the highest F1."""
    order = np.argsort(-scores, axis=None, kind="stable")
    hits = np.cumsum(truth.ravel()[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    return np.asarray(scores >= scores.ravel()[order[int(f1.argmax())]])


def shown_here(rows: Sequence[Row]) -> dict[str, str]:
    """The generated table: sums over draws, for each study and size a line."""
    lines = []
    for name, size in itertools.product(MEASURED, SIZES):
        own = [row for row in rows if (row["study"], row["coded"]) == (name, size)]
        if own:
            ours = [row for row in own if row["system"] == "autokode"]
            true = f"{sum(row['true'] for row in ours) / sum(row['left'] for row in ours):.2f}"
            peers = [[row for row in own if row["system"] == system] for system in PEERS]
            cells = [*_cells(ours), _promised(ours), *(cell for peer in peers for cell in _cells(peer))]
            lines.append((name, size, true, *cells))
    shown = ("right (95 %)", "shown", "AP")
    of_peers = [f"{peer}: {column}" for peer in PEERS.values() for column in shown]
    return {"first_hour": table(("study", "coded", "true", *shown, "promised", *of_peers), lines)}


PEERS = {"baseline": "baseline", "baseline, best in hindsight": "in hindsight"}


def _cells(rows: Sequence[Row]) -> tuple[str, str, str]:
    shown, right, left = (sum(row[field] for row in rows) for field in ("shown", "right", "left"))
    precision = "{:.2f} ({:.2f}–{:.2f})".format(right / shown, *wilson(right, shown)) if shown else "–"
    return precision, f"{shown / left:.2f}", f"{np.mean([row['average_precision'] for row in rows]):.2f}"


def _promised(rows: Sequence[Row]) -> str:
    """The mean probability of what was shown."""
    return f"{sum((row['promised'] or 0) * row['shown'] for row in rows) / sum(row['shown'] for row in rows):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", action="append", choices=list(MEASURED))
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    before = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else []
    if not options.tables:
        names = options.study or list(MEASURED)
        cells = [(name, draw, size) for name in names for draw in range(MEASURED[name][1]) for size in SIZES]
        with parallel_config("loky", n_jobs=2, inner_max_num_threads=1):
            found = Parallel()(delayed(measured)(*cell) for cell in cells)
        before = [row for row in before if row["study"] not in names] + [row for rows in found for row in rows]
        options.out.write_text(
            "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in before) + "\n]\n", encoding="utf-8"
        )
    print(shown_here(before)["first_hour"])
    if options.out == OUT:
        fill(PAGE, shown_here(before))


if __name__ == "__main__":
    main()
