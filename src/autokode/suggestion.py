"""Suggestions: codings that a model proposes, each with its probability and the words that speak for it."""

import heapq
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autokode.autocoder import AutoCoder, warn_of_little_known
from autokode.base.arrays import Floats
from autokode.base.data_frames import NUMBER, TEXT, TEXTS, WHOLE, AsTable
from autokode.base.errors import failure, quoted
from autokode.base.files import write_whole
from autokode.base.messages import say
from autokode.base.notebook import InNotebook, Shown
from autokode.base.tables import HEADINGS
from autokode.corpus.transcript import Transcript
from autokode.model.linear_model import Model
from autokode.model.suggestion_rule import CATEGORY_THRESHOLD, CODE, Limits, Proposal, Words, proposals, reasons
from autokode.nlp.content_words import carries_content

EVIDENCE = 5
"""Words shown for a suggestion, at the most."""

COLUMNS = (
    "transcript",
    "utterance",
    "speaker",
    "start",
    "end",
    "quote",
    "code",
    "level",
    "probability",
    "part_start",
    "part_end",
    "evidence",
    "question",
)

_NUMBERS = ("utterance", "start", "end", "part_start", "part_end")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that speaks for a code: `text[start:end]` of the transcript, and its contribution to the logit."""

    word: str = field(repr=False)
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A coding that a model proposes; nobody's coding yet.

    Attributes:
        transcript: the transcript's name.
        utterance: index into its utterances.
        speaker: who says it.
        start, end: code points into the transcript's text, half-open.
        quote: the text there.
        code: the code proposed, or the category.
        level: "code", or "category" where none of its codes is sure enough but it is likely that one of them fits.
        probability: 0–1, calibrated on interviews held out.
        part_start, part_end: the sentence of the quote (or `text_windows.WINDOW` words of it) whose words add most to the code;
            code points into the transcript's text.
        evidence: the words that add most, strongest first; a word that stands there twice is counted once, at its first
            place, with the sum.
        question: the question it answers, or "".
        question_share: the question's contribution to the logit.
    """

    transcript: str
    utterance: int
    speaker: str
    start: int
    end: int
    quote: str = field(repr=False)
    code: str
    level: str
    probability: float
    part_start: int
    part_end: int
    evidence: tuple[Evidence, ...] = field(repr=False)
    question: str = field(default="", repr=False)
    question_share: float = 0.0


class Suggestions(tuple[Suggestion, ...], AsTable, InNotebook):
    """Suggestions for a transcript, in the order of the text: a tuple of them, and as a table of the columns `COLUMNS`."""

    __slots__ = ()

    def __repr__(self) -> str:
        counts = Counter(one.code for one in self).most_common(5)
        told = ", ".join(f"{code} {count}" for code, count in counts) + ", …" * (
            len({one.code for one in self}) > len(counts)
        )
        return f"<{len(self)} suggestions{': ' * bool(told)}{told}>"

    def columns(self) -> dict[str, str]:
        """The columns of the table, `COLUMNS`; the evidence is a list of words."""
        kinds = {"evidence": TEXTS, "probability": NUMBER, **dict.fromkeys(_NUMBERS, WHOLE)}
        return {name: kinds.get(name, TEXT) for name in COLUMNS}

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each suggestion."""
        return [
            {name: getattr(one, name) for name in COLUMNS} | {"evidence": [word.word for word in one.evidence]}
            for one in self
        ]

    def to_json(self) -> str:
        """The suggestions as JSON, every field included."""
        return to_json(self)

    def show(self, *, text: bool = False) -> Shown:
        """The suggestions as a table to look at; what was said, and the words that speak for a code, only where asked for."""
        headings = [*(say(*HEADINGS[name]) for name in ("utterance", "speaker", "code", "probability"))]
        headings += [say(*HEADINGS[name]) for name in ("evidence", "quote")] if text else []
        rows = [
            (one.utterance + 1, one.speaker, one.code, one.probability)
            + ((", ".join(word.word for word in one.evidence), one.quote) if text else ())
            for one in self
        ]
        return self._shown(headings, rows)


def suggest(
    coder: AutoCoder,
    transcript: Transcript,
    *,
    threshold: float | None = None,
    top: int | None = None,
    precision: float | None = None,
    recall: float | None = None,
) -> Suggestions:
    """Suggest codes for the answers of a transcript, in the order of the text, most probable first.

    Warns where the model knows next to nothing of a tenth of the answers or more; see `AutoCoder.coverage`.

    Args:
        coder: a fitted coder.
        transcript: the transcript; turns of an interviewer are questions and get no suggestion.
        threshold: probability from which to suggest, 0–1; None for the model's own (`Model.thresholds_for`).
        top: largest number of suggestions for an utterance; None for no bound.
        precision: the share of the suggestions that should be right, 0.05–0.95: higher for fewer and surer ones. A category is
            suggested where none of its codes is, from that probability on.
        recall: suggest so much that at most 1 - recall is missed, and only codes that can promise that; see `AutoCoder.limits`.

    Raises:
        DataError: a threshold outside 0–1, or more than one of threshold, precision and recall.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        what = f"terskel {threshold}; ventet et tall fra 0 til 1", f"threshold {threshold}; expected 0 to 1"
        raise failure(*what, try_next="--threshold 0.5")
    if sum(given is not None for given in (threshold, precision, recall)) > 1:
        what = "terskel, presisjon og dekning på én gang", "threshold, precision and recall at once"
        raise failure(*what, try_next=say("velg én av dem", "choose one of them"))
    answers = [transcript.utterances[i] for i in transcript.answers]
    texts, questions = [u.text for u in answers], [transcript.question_of(u) for u in answers]
    limits = _limits(coder, threshold, precision, recall)
    warn_of_little_known(coder.model_, texts)
    proposed = proposals(coder.model_, texts, coder.predict_proba(texts, questions), limits)
    found: list[Suggestion] = []
    for index, own in zip(transcript.answers, proposed, strict=True):
        found += _of_utterance(coder.model_, transcript, index, own[:top])
    return Suggestions(found)


def _limits(coder: AutoCoder, threshold: float | None, precision: float | None, recall: float | None) -> Limits:
    """The probabilities from which to suggest, by the one of three that a person asks for, or by the usual rule."""
    if threshold is not None:
        return Limits(np.full(len(coder.codes_), threshold, np.float32), threshold, every=True)
    if recall is not None:
        return Limits(coder.limits(recall=recall), every=True)
    return Limits(coder.thresholds_for(precision), CATEGORY_THRESHOLD if precision is None else precision)


def explained(
    coder: AutoCoder, transcript: Transcript, utterance: int, probabilities: Mapping[str, float]
) -> tuple[Suggestion, ...]:
    """Suggestions of these codes for an utterance, with their evidence, in the order given.

    Args:
        coder: a fitted coder.
        transcript: the transcript.
        utterance: index into its utterances.
        probabilities: code → its probability, as `coder.predict_proba` gave it.
    """
    unit = np.eye(len(coder.codes_))
    proposed = [Proposal(code, CODE, p, unit[coder.codes_.index(code)]) for code, p in probabilities.items()]
    return tuple(_of_utterance(coder.model_, transcript, utterance, proposed))


def _of_utterance(model: Model, transcript: Transcript, index: int, proposed: Sequence[Proposal]) -> list[Suggestion]:
    if not proposed:
        return []
    utterance = transcript.utterances[index]
    question = transcript.question_of(utterance)
    found = reasons(model, utterance.text, question, proposed)
    words = _words(utterance.text, found.words, names={name.lower() for name in transcript.speakers})
    return [
        Suggestion(
            transcript=transcript.name,
            utterance=index,
            speaker=utterance.speaker,
            start=utterance.start,
            end=utterance.end,
            quote=transcript.text[utterance.start : utterance.end],
            code=one.name,
            level=one.level,
            probability=round(one.probability, 4),
            part_start=utterance.start + start,
            part_end=utterance.start + end,
            evidence=_evidence(words, column, utterance.start, model.lang),
            question=question,
            question_share=round(float(found.question[column]), 4),
        )
        for column, (one, (start, end)) in enumerate(zip(proposed, found.sentences, strict=True))
    ]


@dataclass(slots=True)
class _Word:
    """A word of an utterance at its first place, how often it stands there, and what it adds each time, (n_suggestions,)."""

    token: str
    start: int
    end: int
    row: Floats
    name: bool
    count: int = 0


def _words(text: str, spoken: Words, names: Collection[str]) -> list[_Word]:
    words: dict[str, _Word] = {}
    for token, start, end, row in spoken:
        name = token.lower() in names or _is_name(text, token, start)
        words.setdefault(token.lower(), _Word(token, start, end, row, name)).count += 1
    return list(words.values())


def _is_name(text: str, token: str, start: int) -> bool:
    """Whether a word has a capital where no sentence begins; abbreviations such as NAV are no names."""
    before = text[:start].rstrip(" \"«»'“”(–-")
    return token[:1].isupper() and not token.isupper() and before != "" and before[-1] not in ".!?…:\n"


def _evidence(words: list[_Word], column: int, offset: int, lang: str) -> tuple[Evidence, ...]:
    """The words that add most: words of content, and others only where there are none of these."""
    shares = [float(word.row[column]) * word.count for word in words]
    over = [i for i, share in enumerate(shares) if share > 0]
    telling = [i for i in over if not words[i].name and carries_content(words[i].token.lower(), lang)]
    strongest = heapq.nsmallest(EVIDENCE, telling or over, key=lambda i: (-shares[i], words[i].start))
    return tuple(
        Evidence(words[i].token, offset + words[i].start, offset + words[i].end, round(shares[i], 4)) for i in strongest
    )


def to_csv(suggestions: Iterable[Suggestion]) -> str:
    """Suggestions as CSV, one row each; the columns are `COLUMNS`."""
    return Suggestions(suggestions).to_csv()


def to_json(suggestions: Iterable[Suggestion]) -> str:
    """Suggestions as a JSON array of objects, every field included."""
    return json.dumps([asdict(suggestion) for suggestion in suggestions], ensure_ascii=False, indent=2) + "\n"


def write_suggestions(path: str | Path, suggestions: Iterable[Suggestion]) -> None:
    """Write suggestions as .csv or .json, by the file's ending; whole or not at all.

    Raises:
        DataError: another ending, or a place that cannot be written.
    """
    path = Path(path)
    writers = {".csv": to_csv, ".json": to_json}
    if path.suffix.lower() not in writers:
        raise failure(
            f"ukjent filtype «{path.suffix}»; ventet .csv eller .json",
            f"expected .csv or .json: «{path.suffix}»",
            where=path,
            try_next=f"--out {quoted(path.with_suffix('.csv'))}",
        )
    write_whole(path, writers[path.suffix.lower()](suggestions))
