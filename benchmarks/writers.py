"""Measures nav-nb on writers it never saw: models of some writers are tested on another.

    python -m benchmarks.writers            measures (ten minutes on two cores), fills model card and README
    python -m benchmarks.writers --tables   fills the documents alone

The training set has seven writers: one hand wrote offices A–N, six others two offices each and single quotes. Each row learns
from some of them with the shipped codebook and is tested on others: old on new, new on old, and each of the six held out in
turn. Figures are over answers of interviews with their questions, the same without, and single quotes, which have none;
intervals by bootstrap over interviews. Plain statements, by somebody who saw none of the texts, are scored by the model of
all writers; so are quotes of real advisors, where shared data is at hand, by their theme's category.
"""

import argparse
import json
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, parallel_config

from autokode import AutoCoder, read_study
from autokode.base.errors import AutokodeWarning
from autokode.corpus.study import Examples, Study
from autokode.evaluation.reliability import calibration_error, reliability
from autokode.training.model_selection import average_precision
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill

OUT = RESULTS / "writers.json"
STATEMENTS = ROOT / "benchmarks" / "studies" / "statements.jsonl"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
FIRST = "abcdefghijklmn"
OTHERS = ("op", "qr", "st", "uv", "wx", "yz")
"""Letters of the offices of the one hand, and of each of the others."""

PROMISE = 0.8
RESAMPLES = 1000
Truth = npt.NDArray[np.bool_]


def names_of(study: Study, letters: str, kind: str = "kontor") -> list[str]:
    """The interviews (or the quotes, kind "sitater") of offices."""
    return [name for name in study.transcripts if name.partition("_")[0] == kind and name[-1] in letters]


def learnt(study: Study, letters: str) -> AutoCoder:
    """A coder that learnt from all texts of some offices."""
    examples = study.examples([*names_of(study, letters), *names_of(study, letters, "sitater")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        return AutoCoder().fit(
            examples.texts, examples.codes, contexts=examples.contexts, groups=examples.groups, codebook=study.codebook
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """Held-out scores: each text scored by a model trained without its writer; interviews (n,), scores (n, n_codes)."""

    groups: npt.NDArray[np.str_]
    truth: Truth
    scores: npt.NDArray[np.float32]
    said: Truth
    promised: Truth

    @classmethod
    def of(cls, coder: AutoCoder, examples: Examples, *, with_questions: bool) -> "Scored":
        scores = coder.predict_proba(examples.texts, examples.contexts if with_questions else None)
        return cls(
            np.array(examples.groups),
            np.array([[code in own for code in coder.codes_] for own in examples.codes], np.bool_),
            scores,
            coder.model_.suggested(examples.texts, scores, coder.thresholds_for()),
            coder.model_.suggested(examples.texts, scores, coder.thresholds_for(PROMISE)),
        )

    @classmethod
    def joined(cls, parts: Sequence["Scored"]) -> "Scored":
        names = ("groups", "truth", "scores", "said", "promised")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def figures(self) -> dict[str, Any]:
        """Quality of the scores, with an interval by bootstrap over interviews where there are many."""
        names = list(dict.fromkeys(self.groups.tolist()))
        rows = [np.flatnonzero(self.groups == name) for name in names]
        drawn = [macro(self.truth[own], self.scores[own]) for own in _resampled(rows)] if len(rows) > 4 else []
        found = reliability(self.scores.astype(np.float64), self.truth)
        return {
            "texts": len(self.truth),
            "true": int(self.truth.sum()),
            "average_precision": round(macro(self.truth, self.scores), 4),
            "interval": [round(float(x), 4) for x in np.percentile(drawn, [2.5, 97.5])] if drawn else None,
            "shown": int(self.said.sum()),
            "right": int((self.said & self.truth).sum()),
            "promised": [int(self.promised.sum()), int((self.promised & self.truth).sum())],
            "calibration_error": calibration_error(found),
        }


def tested(coder: AutoCoder, study: Study, letters: str) -> dict[str, Scored]:
    """The interviews of some offices scored, with and without question, and their quotes."""
    answers, quotes = study.examples(names_of(study, letters)), study.examples(names_of(study, letters, "sitater"))
    found = {name: Scored.of(coder, answers, with_questions=name == "asked") for name in ("asked", "alone")}
    return found | ({"quotes": Scored.of(coder, quotes, with_questions=False)} if quotes.texts else {})


def _resampled(rows: list[npt.NDArray[np.int64]]) -> Iterator[npt.NDArray[np.int64]]:
    random = np.random.default_rng(0)
    for _draw in range(RESAMPLES):
        yield np.concatenate([rows[i] for i in random.integers(0, len(rows), len(rows))])


def macro(truth: Truth, scores: npt.NDArray[np.float32]) -> float:
    """Mean average precision over the codes that are there."""
    there = np.flatnonzero(truth.any(axis=0))
    return float(np.mean([average_precision(truth[:, k], scores[:, k]) for k in there]))


def plain(coder: AutoCoder) -> dict[str, Any]:
    """In how many plain statements the right code is first, and in how many it is suggested."""
    rows = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    scores = coder.predict_proba([row["text"] for row in rows])
    said = coder.predict([row["text"] for row in rows])
    first = [coder.codes_[k] in row["codes"] for k, row in zip(scores.argmax(axis=1), rows, strict=True)]
    suggested = [set(row["codes"]) <= set(own) for row, own in zip(rows, said, strict=True)]
    return {
        "texts": len(rows),
        "first": round(float(np.mean(first)), 4),
        "suggested": round(float(np.mean(suggested)), 4),
        "suggestions": sum(map(len, said)),
    }


def real(coder: AutoCoder, categories: dict[str, Sequence[str]]) -> dict[str, Any] | None:
    """In how many quotes of real advisors their theme's category is first, and in how many among the first two."""
    path = SHARED / "quotes" / "dev.jsonl"
    if not path.exists():
        return None
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names = {_plain(name): name for name in categories}
    found = coder.predict_category_proba([row["text"] for row in rows])
    wanted = [next(names[own] for own in names if _same(own, row["category"])) for row in rows]
    of_facts = [coder.categories_.index(name) for name in ("faktiske forhold", "avslutning")]
    found[:, of_facts] = 0  # no theme of the thesis
    ranked = np.argsort(-found, axis=1)
    places = [ranked[i].tolist().index(coder.categories_.index(name)) for i, name in enumerate(wanted)]
    return {
        "texts": len(rows),
        "first": round(float(np.mean([p == 0 for p in places])), 4),
        "first_two": round(float(np.mean([p < 2 for p in places])), 4),
    }


def _plain(name: str) -> str:
    return name.replace("ø", "o").replace("æ", "ae").replace("å", "a").replace(" ", "_")


def _same(name: str, written: str) -> bool:
    """Tell whether a quote's category is this one: its words stand in the name, in order of the thesis' short forms."""
    return all(word[:6] in name for word in written.split("_"))


def split(study: Study, learn: str, test: str) -> dict[str, Scored]:
    return tested(learnt(study, learn), study, test)


def measured() -> dict[str, Any]:
    study = read_study(ROOT / "training_data")
    others = "".join(OTHERS)
    splits = [(FIRST, others), (others, FIRST), *((FIRST + others.replace(own, ""), own) for own in OTHERS)]
    with parallel_config("loky", n_jobs=2, inner_max_num_threads=1):
        found = Parallel()(delayed(split)(study, *one) for one in splits)
    each = found[2:]
    names = (
        "offices A–N → the six others",
        "the six others → offices A–N",
        *(f"held out: {own.upper()[0]} and {own.upper()[1]}" for own in OTHERS),
    )
    rows = [
        {"name": name, **{kind: own.figures() for kind, own in one.items()}}
        for name, one in zip(names, found, strict=True)
    ]
    whole = {kind: Scored.joined([one[kind] for one in each]).figures() for kind in ("asked", "alone", "quotes")}
    rows.insert(0, {"name": "each of the six others held out, all together", **whole})
    coder = learnt(study, FIRST + others)
    return {"rows": rows, "plain": plain(coder), "real": real(coder, study.codebook.categories)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    if not options.tables:
        OUT.write_text(json.dumps(measured(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    from benchmarks import card

    for document, parts in card.parts().items():
        fill(document, parts)


if __name__ == "__main__":
    main()
