"""Codes the rest of a code automatically, but only after a random sample, judged blind, has shown that a promise holds for it.

A person states a promise: of what the model would code, at least so much is right (precision), or of what has the code, at least
so much would be coded (recall). A sample of what nobody looked at is drawn, mixed with answers that belong to no sample, and the
person judges each without seeing what the model says of it. `evaluation.acceptance` says what the sample proves; every draw for
the code costs a part of the permitted error, so that drawing until it passes does not help.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autokode.base.errors import DataError, failure, quoted
from autokode.evaluation.acceptance import error_of_look, to_draw, to_draw_for_recall
from autokode.project.active_learning.coded_utterances import CodedUtterance, coded_utterances_now
from autokode.project.store.coders import Coder
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.rest_coded import coded_by_models
from autokode.project.store.rest_rows import (
    DECOY,
    GIVEN,
    PASSED,
    PRECISION,
    RECALL,
    Draw,
    in_one_piece,
    last_draw,
    look_at,
    state_now,
    write_draw,
)
from autokode.project.store.round_rows import RoundRow, likely, round_shown
from autokode.project.store.utterance_rows import UtteranceId

LOWEST, HIGHEST = 0.5, 0.99
"""Bounds of what can be promised, and of the confidence in it."""

DECOYS = 3
"""One answer that belongs to no sample is mixed in for so many that do, for a promise of precision."""

NEAREST = 3
"""Answers that belong to no sample are drawn from the likeliest of the others: so many times as many as are mixed in."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person wants to rely on.

    Attributes:
        kind: `PRECISION` or `RECALL`.
        stated: the least share, 0–1.
        confidence: how sure it must be over all draws together, 0–1.
    """

    kind: str
    stated: float
    confidence: float = 0.95

    def check(self) -> None:
        """Raise a DataError if it cannot be tested."""
        if self.kind not in (PRECISION, RECALL):
            raise ValueError(self.kind)
        for name, value in ((self.kind, self.stated), ("confidence", self.confidence)):
            if not LOWEST <= value <= HIGHEST:
                raise failure(
                    f"--{name} {value} er utenfor {LOWEST}–{HIGHEST}",
                    f"--{name} {value} is outside {LOWEST}–{HIGHEST}",
                    try_next=f"--{name} 0.9",
                )


def draw_sample(
    project: Project, coder: Coder, code: str, promise: Promise, *, seed: int | None = None, size: int | None = None
) -> Draw:
    """Draw a sample for a code, and keep it in the log.

    Args:
        project: the project.
        coder: whose rest it is, by the model whose suggestions the coder sees.
        code: the code.
        promise: what is to hold.
        seed: of the draw; by chance if None. It is kept.
        size: how many to judge of each list; as many as are enough if things are as the model expects, if None.

    Raises:
        DataError: the promise cannot be tested, no model, a code that the model or the codebook lacks, nothing left to code, or
            answers that the model has not seen.
    """
    promise.check()
    with in_one_piece(project):
        known = _known_code(project, code)
        row = _round(project, coder)
        left, likelihood = _left(project, coder, known, row)
        threshold = _threshold(project, coder, row, known, promise)
        given = [place for place, likely_ in zip(left, likelihood, strict=True) if likely_ >= threshold]
        others = [place for place, likely_ in zip(left, likelihood, strict=True) if likely_ < threshold]
        if not given:
            raise failure(
                f"modellen ville ikke gi «{known}» til noen av de {len(left)} svarene som er igjen",
                f"the model would not give «{known}» to any of the {len(left)} answers left",
                try_next=f"autokode review --project {quoted(project.folder)}",
            )
        look, seed = look_at(project, known), secrets.randbelow(2**32) if seed is None else seed
        sure = dict(zip(left, likelihood, strict=True))
        asked = _asked(given, others, sure, promise, look=look, seed=seed, size=size)
        transcripts = sorted({transcript for transcript, _number in left})
        about = {
            "code": known,
            "promise": promise.kind,
            "stated": promise.stated,
            "error": round(1 - promise.confidence, 6),
            "threshold": round(threshold, 6),
            "model": row.model,
            "seed": seed,
            "look": look,
            "passed": len(others),
            "state": state_now(project, coder, known, transcripts),
            "transcripts": transcripts,
        }
        write_draw(project, coder.id, about, given, asked)
        made = last_draw(project, coder, known)
    assert made is not None  # noqa: S101 - it was just written
    return made


def _known_code(project: Project, code: str) -> str:
    known = project.codebook.find(code)
    if known is None or known not in project.codebook.codable:
        raise failure(
            f"koden «{code}» er ikke i kodeboken",
            f"the code «{code}» is not in the codebook",
            try_next=", ".join(project.codebook.codable[:5]),
        )
    return known


def _round(project: Project, coder: Coder) -> RoundRow:
    row = round_shown(project, coder)
    if row is None:
        raise failure(
            f"ingen modell har lært av {coder.name} ennå",
            f"no model has learnt from {coder.name} yet",
            try_next=f"autokode learn --project {quoted(project.folder)}",
        )
    return row


def _left(project: Project, coder: Coder, code: str, row: RoundRow) -> tuple[list[UtteranceId], list[float]]:
    """The answers that nobody has decided on about a code, in order, with the model's probabilities."""
    names = names_in(project, codes=row.about["codes"])
    codes = [names.get(one, one) for one in row.about["codes"]]
    if code not in codes:
        raise _learn_first(project, f"modellen har ikke koden «{code}»", f"the model has no code «{code}»")
    k, blocks, taken = codes.index(code), likely(project, row), coded_by_models(project, code)
    turns = [turn for turn in coded_utterances_now(project, coder) if turn.answer and turn.text.strip()]
    places = sorted(turn.place for turn in turns if not is_decided(turn, code) and turn.place not in taken)
    unseen = sum(transcript not in blocks or number >= len(blocks[transcript]) for transcript, number in places)
    if unseen:
        said = (
            f"{unseen} svar er kommet til eller endret siden modellen lærte",
            f"{unseen} answers are newer than the model",
        )
        raise _learn_first(project, *said)
    return places, [float(blocks[transcript][number, k]) for transcript, number in places]


def _learn_first(project: Project, norsk: str, english: str) -> DataError:
    return failure(norsk, english, try_next=f"autokode learn --project {quoted(project.folder)}")


def is_decided(turn: CodedUtterance | None, code: str) -> bool:
    """Whether a coder has decided if an answer has a code; one that was read has it or not."""
    return turn is not None and (turn.read or code in turn.codes or code in turn.rejected)


def _threshold(project: Project, coder: Coder, row: RoundRow, code: str, promise: Promise) -> float:
    """The probability from which the model keeps the promise; where it knows none, that from which it suggests."""
    from autokode.project.active_learning.coder_model import model_names, model_of  # loads what fits models

    fitted = model_of(project, coder, row)
    named = model_names(project, fitted, row)
    k = next(i for i, one in enumerate(fitted.codes_) if named[one] == code)
    stated = min(promise.stated, 0.95)
    limits = fitted.limits(**{promise.kind: stated})
    found = limits[k] if np.isfinite(limits[k]) else fitted.thresholds_for(project.precision)[k]
    return float(np.float32(np.float16(found)))


def _asked(
    given: Sequence[UtteranceId],
    others: Sequence[UtteranceId],
    sure: Mapping[UtteranceId, float],
    promise: Promise,
    *,
    look: int,
    seed: int,
    size: int | None,
) -> dict[UtteranceId, str]:
    """Draw the samples and what is mixed in, in the order of asking; the same for the same seed."""
    random = np.random.default_rng(seed)
    error = error_of_look(look, 1 - promise.confidence)
    expected = [float(np.mean([sure[place] for place in part])) if part else 0.0 for part in (given, others)]

    def drawn(part: Sequence[UtteranceId], count: int) -> list[UtteranceId]:
        return [part[i] for i in random.permutation(len(part))[:count].tolist()]

    if promise.kind == PRECISION:
        count = size or to_draw(len(given), expected[0], promise.stated, error)
        asked = dict.fromkeys(drawn(given, count), GIVEN)
        mixed = math.ceil(min(count, len(given)) / DECOYS)
        nearest = sorted(others, key=lambda place: (-sure[place], place))[: NEAREST * mixed]
        asked |= dict.fromkeys(drawn(nearest, mixed), DECOY)
    else:
        parts = (len(given), expected[0]), (len(others), expected[1])
        counts = (size, size) if size else to_draw_for_recall(*parts, promise.stated, error)
        asked = dict.fromkeys(drawn(given, counts[0]), GIVEN) | dict.fromkeys(drawn(others, counts[1]), PASSED)
    order = list(asked)
    return {order[i]: asked[order[i]] for i in random.permutation(len(order)).tolist()}
