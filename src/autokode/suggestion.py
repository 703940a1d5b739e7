"""Scores to suggestions: codings a model proposes, each with its probability and the words that spoke for it."""

import heapq
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.autocoder import AutoCoder
from autokode.base.arrays import Floats
from autokode.base.csv_files import csv_text
from autokode.base.errors import failure, quoted
from autokode.base.files import write_whole
from autokode.base.messages import say
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.model.calibration import any_of
from autokode.model.linear_model import QUESTION, Model
from autokode.nlp.content_words import carries_content, says_nothing
from autokode.nlp.text_windows import text_parts

CODE, CATEGORY = "code", "category"
"""Levels of what is suggested."""

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

LIKELY = 0.5
"""Probability from which a category is suggested where its codes are not, unless a promise or threshold says otherwise."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that spoke for a code: `text[start:end]` of the transcript, and what it added to the logit."""

    word: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A coding a model proposes; nobody's coding yet.

    Attributes:
        transcript: the transcript's name.
        utterance: index into its utterances.
        speaker: who says it.
        start, end: code points into the transcript's text, half-open.
        quote: the text there.
        code: the code proposed, or the category.
        level: "code", or "category" where none of its codes is sure enough but it is likely that one of them fits.
        probability: 0–1, calibrated on interviews held out.
        part_start, part_end: the sentence of the quote (or `parts.WINDOW` words of it) whose words add most to the code; code
            points into the transcript's text.
        evidence: the words that add most, strongest first; a word that stands there twice is counted once, at its first
            place, with the sum.
        question: the question it answers, or "".
        question_share: what the question added to the logit.
    """

    transcript: str
    utterance: int
    speaker: str
    start: int
    end: int
    quote: str
    code: str
    level: str
    probability: float
    part_start: int
    part_end: int
    evidence: tuple[Evidence, ...]
    question: str = ""
    question_share: float = 0.0


def suggest(
    coder: AutoCoder,
    transcript: Transcript,
    *,
    threshold: float | None = None,
    top: int | None = None,
    precision: float | None = None,
    recall: float | None = None,
) -> tuple[Suggestion, ...]:
    """Suggest codes for the answers of a transcript, in the order of the text, most probable first.

    Args:
        coder: a fitted coder.
        transcript: the transcript; turns of an interviewer are questions and get no suggestion.
        threshold: probability from which to suggest, 0–1; None for the model's rule (`Model.suggested`).
        top: at most so many suggestions an utterance; None for no bound.
        precision: the share of what is suggested that is to be right, 0.05–0.95: higher for fewer and surer suggestions. A
            category is suggested where none of its codes is, from that probability on.
        recall: suggest so much that at most 1 - recall is missed, and no code that cannot promise that; see `AutoCoder.limits`.

    Raises:
        DataError: a threshold outside 0–1, or more than one of threshold, precision and recall.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        raise failure(
            f"terskel {threshold}; ventet et tall fra 0 til 1",
            f"threshold {threshold}; expected 0 to 1",
            try_next="--threshold 0.5",
        )
    if sum(given is not None for given in (threshold, precision, recall)) > 1:
        raise failure(
            "terskel, presisjon og dekning på én gang",
            "threshold, precision and recall at once",
            try_next=say("velg én av dem", "choose one of them"),
        )
    answers = [transcript.utterances[i] for i in transcript.answers]
    texts, contexts = [u.text for u in answers], [transcript.question_of(u) for u in answers]
    promise = _Promise(threshold, precision, recall)
    probabilities = coder.predict_proba(texts, contexts)
    suggested = _suggested(coder, texts, probabilities, promise)
    found: list[Suggestion] = []
    rows = zip(transcript.answers, answers, contexts, probabilities, suggested, strict=True)
    for index, utterance, context, row, over in rows:
        of_category = np.inf if says_nothing(utterance.text) else promise.of_category
        likely = _likely(coder.model_, row, over, of_category)[:top]
        if likely:
            found += _of_utterance(coder.model_, transcript, utterance, likely, index=index, context=context)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a person asks for, one of three or nothing."""

    threshold: float | None
    precision: float | None
    recall: float | None

    @property
    def of_category(self) -> float:
        """Probability from which a category is suggested where its codes are not; never for a promise of recall."""
        if self.recall is not None:
            return np.inf
        given = [asked for asked in (self.threshold, self.precision) if asked is not None]
        return given[0] if given else LIKELY


def explained(
    coder: AutoCoder, transcript: Transcript, utterance: int, probabilities: Mapping[str, float]
) -> tuple[Suggestion, ...]:
    """Return suggestions of these codes for an utterance, with their evidence, in the order given.

    Args:
        coder: a fitted coder.
        transcript: the transcript.
        utterance: index into its utterances.
        probabilities: code → its probability, as `coder.predict_proba` gave it.
    """
    model, one = coder.model_, transcript.utterances[utterance]
    unit = np.eye(len(model.codes))
    likely = [_Likely(code, CODE, p, unit[model.codes.index(code)]) for code, p in probabilities.items()]
    context = transcript.question_of(one)
    return tuple(_of_utterance(model, transcript, one, likely, index=utterance, context=context))


@dataclass(frozen=True, slots=True)
class _Likely:
    """What is suggested; `shares` (n_codes,) of the codes' evidence speak for it."""

    name: str
    level: str
    probability: float
    shares: Floats


def _suggested(
    coder: AutoCoder, texts: list[str], probabilities: npt.NDArray[np.float32], promise: _Promise
) -> npt.NDArray[np.bool_]:
    """Return what is suggested, bool (n_texts, n_codes): by the model's rule, or all over a threshold or that recall takes."""
    if promise.threshold is not None:
        return np.asarray(probabilities >= promise.threshold)
    if promise.recall is not None:
        return np.asarray(probabilities >= coder.limits(recall=promise.recall))
    return coder.model_.suggested(texts, probabilities, coder.least(promise.precision))


def _likely(
    model: Model, row: npt.NDArray[np.float32], over: npt.NDArray[np.bool_], of_category: float
) -> list[_Likely]:
    """Return the codes to suggest, most probable first, then the categories that are likely where no code of theirs is.

    A category's log odds change by p_k where those of its code k change by 1, so these are the shares of their evidence.
    """
    unit = np.eye(len(row))
    codes = [k for k in np.argsort(-row, kind="stable") if over[k]]
    found = [_Likely(model.codes[k], CODE, float(row[k]), unit[k]) for k in codes]
    for name, own in model.categories.items():
        probability = float(any_of(row[own]))
        if len(own) > 1 and not over[own].any() and probability >= of_category:
            found.append(_Likely(name, CATEGORY, probability, row * unit[own].sum(axis=0)))
    return found


def _of_utterance(
    model: Model, transcript: Transcript, utterance: Utterance, likely: list[_Likely], *, index: int, context: str
) -> list[Suggestion]:
    shares = np.stack([one.shares for one in likely], axis=1)
    parts = _contributions(model, utterance.text, context, shares)
    best = _best_parts(utterance.text, parts, model.lang)
    words = _words(utterance.text, parts, names={name.lower() for name in transcript.speakers})
    asked = next((row for name, _s, _e, row in parts if name == QUESTION), np.zeros(len(likely)))
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
            part_start=utterance.start + best[column][0],
            part_end=utterance.start + best[column][1],
            evidence=_evidence(words, column, utterance.start, model.lang),
            question=context,
            question_share=round(float(asked[column]), 4),
        )
        for column, one in enumerate(likely)
    ]


def speaking_parts(model: Model, text: str, context: str, shares: Floats) -> list[tuple[int, int]]:
    """Return the part of a text that speaks most for each of some suggestions, (start, end) in code points.

    It is a sentence, or a window of words where there are no marks, and the one whose words of content add most.

    Args:
        model: what suggests.
        text, context: the text and the question it answers, or "".
        shares: what of each code's evidence speaks for a suggestion, float64 (n_codes, n_suggestions).
    """
    return _best_parts(text, _contributions(model, text, context, shares), model.lang) if shares.shape[1] else []


def _contributions(model: Model, text: str, context: str, shares: Floats) -> list[tuple[str, int, int, Floats]]:
    return [(token, start, end, row @ shares) for token, start, end, row in model.contributions(text, context)]


def _best_parts(text: str, parts: list[tuple[str, int, int, Floats]], lang: str) -> list[tuple[int, int]]:
    """Return for each column of the rows the part of the text whose words of content add most to it, (start, end)."""
    spans = text_parts(text)
    ends = np.array([end for _start, end in spans])
    sums = np.zeros((len(spans), len(parts[0][3])))
    for token, start, end, row in parts:
        if end and carries_content(token.lower(), lang):  # the question and the prior have no place
            sums[min(int(np.searchsorted(ends, start, side="right")), len(spans) - 1)] += row
    return [spans[row] for row in sums.argmax(axis=0).tolist()]


@dataclass(slots=True)
class _Word:
    """A word of an utterance at its first place, how often it stands there, and what it adds each time, (n_suggestions,)."""

    token: str
    start: int
    end: int
    row: Floats
    name: bool
    count: int = 0


def _words(text: str, parts: list[tuple[str, int, int, Floats]], names: Collection[str]) -> list[_Word]:
    words: dict[str, _Word] = {}
    for token, start, end, row in parts:
        if end:  # the question and the prior have no place
            name = token.lower() in names or _is_name(text, token, start)
            words.setdefault(token.lower(), _Word(token, start, end, row, name)).count += 1
    return list(words.values())


def _is_name(text: str, token: str, start: int) -> bool:
    """Tell whether a word has a capital where no sentence begins; abbreviations such as NAV are no names."""
    before = text[:start].rstrip(" \"«»'“”(–-")
    return token[:1].isupper() and not token.isupper() and before != "" and before[-1] not in ".!?…:\n"


def _evidence(words: list[_Word], column: int, offset: int, lang: str) -> tuple[Evidence, ...]:
    """Return the words that add most: words of content, and others only where there are none of these."""
    shares = [float(word.row[column]) * word.count for word in words]
    over = [i for i, share in enumerate(shares) if share > 0]
    telling = [i for i in over if not words[i].name and carries_content(words[i].token.lower(), lang)]
    strongest = heapq.nsmallest(EVIDENCE, telling or over, key=lambda i: (-shares[i], words[i].start))
    return tuple(
        Evidence(words[i].token, offset + words[i].start, offset + words[i].end, round(shares[i], 4)) for i in strongest
    )


def to_csv(suggestions: Iterable[Suggestion]) -> str:
    """Return suggestions as CSV, one row each; the columns are `COLUMNS`."""
    return csv_text(COLUMNS, map(_row, suggestions))


def _row(suggestion: Suggestion) -> list[Any]:
    evidence = " | ".join(word.word for word in suggestion.evidence)
    return [evidence if name == "evidence" else getattr(suggestion, name) for name in COLUMNS]


def to_json(suggestions: Iterable[Suggestion]) -> str:
    """Return suggestions as a JSON array of objects, every field included."""
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
