"""The coded sets for measuring quality: a pool to draw examples from, and a test that shares no group with it.

Nobody here wrote them, but for the project's own interviews. What is held out is held out by group (film, session, sentence
in all its spellings, interview), once and for all by `SEED`; only of the own interviews, which are few, each draw holds out
its own four. A pool is cut to 4,000 texts and a test to 2,000, whole groups drawn by the seed, so that a run can
be borne. A code is measured where the pool has an example of it.
"""

import functools
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autokode import read_study
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import Examples, Study
from benchmarks import ROOT

SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
SEED = 0
POOL, TEST = 4000, 2000
"""Texts at most."""

HELD_OUT = 0.3
"""Share of the texts that is tested on where a set has no parts of its own."""

LAW_WORDS, LAW_AREAS = 150, 9
"""Words of a law that are read, and laws that an area must have: 31 areas do."""

OWN_HELD_OUT = 4


@dataclass(frozen=True, slots=True)
class CodedSet:
    """Texts to learn from and texts to test on.

    Attributes:
        name: as tables show it.
        lang: spaCy language code.
        pool, test: texts, contexts, codes, groups; no group is in both. Groups None: each text its own.
        codebook: definitions, where the set has them.
        single: whether every text has one code, so that accuracy means something.
    """

    name: str
    lang: str
    pool: Examples
    test: Examples
    codebook: Codebook | None = None
    single: bool = False

    @property
    def codes(self) -> list[str]:
        """The codes that the pool has examples of, by name."""
        return sorted({code for given in self.pool.codes for code in given})


def picked(examples: Examples, rows: Sequence[int]) -> Examples:
    """The texts of `rows`, in that order."""
    groups = None if examples.groups is None else [examples.groups[i] for i in rows]
    texts, contexts = [examples.texts[i] for i in rows], [examples.contexts[i] for i in rows]
    return Examples(texts, contexts, [examples.codes[i] for i in rows], groups)


def sib200(name: str, lang: str, language: str) -> CodedSet:
    """Topics of sentences; its own parts: pool is train, test is dev and test."""
    train, dev, test = (
        _json_lines(SHARED / "sib200" / f"{language}_{part}.jsonl") for part in ("train", "dev", "test")
    )
    return CodedSet(name, lang, _plain(train), _plain(dev + test), single=True)


def xed() -> CodedSet:
    """Emotions of film lines, several a line; held out by film."""
    rows = _json_lines(SHARED / "xed" / "no.jsonl")
    return CodedSet("XED, emotions", "nb", *held_out(_plain(rows, [row["group"] for row in rows])))


def laws() -> CodedSet:
    """Areas of laws, several a law, from the title and the first paragraphs; a definition is the area's name and no more."""
    rows = [row for row in _json_lines(SHARED / "laws" / "laws.jsonl.gz") if row["codes"]]
    of_law = [sorted({code.split(">")[0] for code in row["codes"]}) for row in rows]
    counts = {area: sum(area in own for own in of_law) for own in of_law for area in own}
    areas = [area for area, count in sorted(counts.items()) if count >= LAW_AREAS]
    given = [tuple(area for area in own if area in areas) for own in of_law]
    examples = Examples([_beginning(row) for row in rows], [""] * len(rows), given, [row["id"] for row in rows])
    book = Codebook("Rettsområder", tuple(Code(area, definition=area) for area in areas))
    return CodedSet("Laws, areas", "nb", *held_out(examples), book)


def _beginning(law: dict[str, Any]) -> str:
    words = " ".join([law["title"] + ".", *(p for p in law["paragraphs"] if not p.startswith("#"))]).split()
    return " ".join(words[:LAW_WORDS])


def norsid(name: str, *, dialects: bool) -> CodedSet:
    """Intents of requests; held out by sentence. Learnt in Bokmål, tested in Bokmål or in ten spellings of dialects."""
    rows = _json_lines(SHARED / "norsid" / "dev.jsonl")
    out = _groups_out([row["group"] for row in rows])
    learnt = [row for row in rows if row["group"] not in out and row["dialect"] == "B"]
    tested = [row for row in rows if row["group"] in out and (row["dialect"] != "B") == dialects]
    pool, test = (_plain(part, [row["group"] for row in part]) for part in (learnt, tested))
    return CodedSet(name, "nb", pool, test, single=True)


def annomi() -> CodedSet:
    """What is done in counselling, English; held out by session."""
    return CodedSet("AnnoMI, English", "en", *held_out(annomi_whole()))


def annomi_whole() -> Examples:
    """All sessions of AnnoMI; the context is the utterance before.

    Codes are the therapist's behaviour and the client's talk; `other` and `neutral` say that there was none to code.
    """
    rows = _json_lines(SHARED / "annomi" / "annomi.jsonl.gz")
    columns = ("main_therapist_behaviour", "client_talk_type")
    given = [tuple(row[c] for c in columns if row[c] not in ("n/a", "other", "neutral")) for row in rows]
    sessions = [row["transcript_id"] for row in rows]
    before = [
        rows[i - 1]["utterance_text"] if i and sessions[i - 1] == session else "" for i, session in enumerate(sessions)
    ]
    return Examples([row["utterance_text"] for row in rows], before, given, sessions)


def own_interviews(draw: int) -> CodedSet:
    """The project's first invented interviews, by one hand; the context is the question."""
    return _interviews("Own interviews", "abcdefghijklmn", draw)


def other_writers(draw: int) -> CodedSet:
    """Its interviews in the register of real talk, by six other writers; the context is the question."""
    return _interviews("Other writers", "opqrstuvwxyz", draw)


def _interviews(name: str, letters: str, draw: int) -> CodedSet:
    study = _own_study()
    every = sorted(one for one in study.transcripts if one.startswith("kontor_") and one[-1] in letters)
    names = np.random.default_rng(draw).permutation(every).tolist()
    pool, test = study.examples(names[OWN_HELD_OUT:]), study.examples(names[:OWN_HELD_OUT])
    return CodedSet(name, "nb", pool, test, study.codebook)


SETS: dict[str, Callable[[int], CodedSet]] = {
    "Own interviews": own_interviews,
    "Other writers": other_writers,
    "SIB-200, Bokmål": lambda _draw: sib200("SIB-200, Bokmål", "nb", "nob"),
    "SIB-200, Nynorsk": lambda _draw: sib200("SIB-200, Nynorsk", "nn", "nno"),
    "XED, emotions": lambda _draw: xed(),
    "Laws, areas": lambda _draw: laws(),
    "NorSID, Bokmål": lambda _draw: norsid("NorSID, Bokmål", dialects=False),
    "NorSID, dialects": lambda _draw: norsid("NorSID, dialects", dialects=True),
    "AnnoMI, English": lambda _draw: annomi(),
}
"""Name → the function that reads it, for a draw."""

OWN_SPLITS = ("Own interviews", "Other writers")
"""Sets where each draw holds out something else, so that all examples are drawn more than once too."""

WITH_DEFINITIONS = ("Own interviews", "Other writers", "Laws, areas")
WITH_CONTEXTS = ("Own interviews", "Other writers", "AnnoMI, English")


@functools.lru_cache(maxsize=4)
def load(name: str, draw: int) -> CodedSet:
    """A set; `draw` decides what is held out where there are several splits."""
    return SETS[name](draw)


def held_out(examples: Examples) -> tuple[Examples, Examples]:
    """Pool and test: the seed draws whole groups until the test has its share, and each is cut to its maximum."""
    groups = _groups_of(examples)
    out = _groups_out(groups)
    parts = [i for i in range(len(groups)) if groups[i] not in out], [i for i in range(len(groups)) if groups[i] in out]
    pool, test = (picked(examples, rows) for rows in parts)
    return _cut(pool, POOL), _cut(test, TEST)


def _groups_of(examples: Examples) -> list[str]:
    return list(examples.groups) if examples.groups is not None else [str(i) for i in range(len(examples.texts))]


def _groups_out(groups: list[str]) -> set[str]:
    sizes = Counter(groups)
    out: set[str] = set()
    for group in np.random.default_rng(SEED).permutation(sorted(sizes)).tolist():
        if sum(sizes[name] for name in out) < HELD_OUT * len(groups):
            out.add(group)
    return out


def _cut(examples: Examples, most: int) -> Examples:
    """At most so many texts: the groups that still fit, in an order drawn by the seed."""
    groups = _groups_of(examples)
    sizes = Counter(groups)
    kept: set[str] = set()
    for group in np.random.default_rng(SEED).permutation(sorted(sizes)).tolist():
        if sum(sizes[name] for name in kept) + sizes[group] <= most:
            kept.add(group)
    return picked(examples, [i for i, group in enumerate(groups) if group in kept])


def drawn(coded: CodedSet, size: int | None, draw: int) -> tuple[Examples, Examples]:
    """The texts to learn from, and the rest of the pool.

    A draw has `size` examples of each code (all there are, if fewer; None for all), of the rarest code first, and a text
    counts for each of its codes; and texts without a code in the proportion of the pool, so that there are negatives.
    """
    pool, n = coded.pool, len(coded.pool.texts)
    if size is None:
        return pool, picked(pool, [])
    random = np.random.default_rng([SEED, draw])
    order = random.permutation(n).tolist()
    counts = Counter(code for given in pool.codes for code in given)
    chosen: set[int] = set()
    for code in sorted(coded.codes, key=lambda code: (counts[code], code)):
        own = [i for i in order if code in pool.codes[i]]
        missing = size - sum(i in chosen for i in own)
        chosen.update([i for i in own if i not in chosen][: max(0, missing)])
    uncoded = [i for i in order if not pool.codes[i]]
    chosen.update(uncoded[: round(len(chosen) * len(uncoded) / max(1, n - len(uncoded)))])
    return picked(pool, sorted(chosen)), picked(pool, [i for i in range(n) if i not in chosen])


@functools.cache
def _own_study() -> Study:
    return read_study(ROOT / "training_data")


def _json_lines(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _plain(rows: Sequence[dict[str, Any]], groups: list[str] | None = None) -> Examples:
    return Examples([row["text"] for row in rows], [""] * len(rows), [tuple(row["codes"]) for row in rows], groups)
