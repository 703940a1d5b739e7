"""Proposed codes of answers that nobody coded: groups of answers that say the same, for a person to take over or refuse.

An answer is its content words' vectors and those of the question it answers. The groups are cut from a tree by Ward's rule, which
has no seed: the same answers always give the same groups. Nothing here codes an answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.transcript import Transcript
from autokode.model.encoder import Encoder
from autokode.model.vectors import BY_LANGUAGE, load
from autokode.nlp.content_words import says_nothing
from autokode.report.answer_groups import SMALLEST, Labels, grouped
from autokode.report.category_headings import free_name
from autokode.report.material import unit
from autokode.report.open_code_stability import stability
from autokode.report.open_code_words import GroupWords, content_words, words_of_groups

FEWEST_WORDS = 3
"""Different content words from which an answer is grouped; shorter ones are left out and counted."""

FEWEST_ANSWERS = 12
"""Fewest answers for a proposal."""


TYPICAL = 3
_ROUNDING = 1e-6
"""Length up to which what is left of a unit vector is rounding, as where all answer one question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its interview, its utterance's number there, its text and the question it answers ("" for none)."""

    interview: str
    utterance: int
    text: str = field(repr=False)
    question: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProposedCode:
    """A group of answers that say the same.

    Attributes:
        name: of its own words, none twice among the proposals.
        words: those that set it apart from all other answers, the most telling first.
        typical: the answers nearest to its middle, of different interviews where there are.
        answers: all of them, in the order in which they were said.
        stability: how far the group comes again where only some of the answers are there, 0–1 (`open_code_stability`).
    """

    name: str
    words: tuple[str, ...]
    typical: tuple[Answer, ...]
    answers: tuple[Answer, ...] = field(repr=False)
    stability: float

    @property
    def interviews(self) -> int:
        """How many interviews it is from."""
        return len({answer.interview for answer in self.answers})


@dataclass(frozen=True, slots=True)
class CodeProposals:
    """Proposed codes, the largest first; how many answers were left out as too short, and how many are in no group."""

    codes: tuple[ProposedCode, ...]
    too_short: int
    alone: int

    def codebook(self, language: str = "nb") -> Codebook:
        """The proposals as a codebook for a person to edit: typical answers as examples, telling words as keywords."""
        codes = tuple(
            Code(
                one.name,
                examples=tuple(dict.fromkeys(" ".join(answer.text.split()) for answer in one.typical)),
                keywords=one.words,
            )
            for one in self.codes
        )
        return Codebook(say("Foreslåtte koder", "Proposed codes"), codes, language=language)


def answers_of(transcripts: Sequence[Transcript]) -> tuple[Answer, ...]:
    """The answers of transcripts, in order."""
    return tuple(
        Answer(one.name, i, one.utterances[i].text, one.question_of(one.utterances[i]))
        for one in transcripts
        for i in one.answers
    )


def propose_codes(
    answers: Sequence[Answer],
    *,
    language: str = "nb",
    count: int | None = None,
    unnamed: frozenset[str] = frozenset(),
    encoder: Encoder | None = None,
) -> CodeProposals:
    """Group the answers that say the same, and name each group.

    Args:
        answers: in the order in which they were said.
        language: spaCy's code of their language.
        count: number of groups; None for the best mean silhouette (Rousseeuw 1987) of the cosine among 3 to `MOST_GROUPS` groups.
        unnamed: words, in lower case, that no name may have, such as speakers' labels.
        encoder: whose vectors of answers and questions are compared too (`model.encoder.of`); None for those of words alone.

    Raises:
        DataError: fewer than `FEWEST_ANSWERS` answers have `FEWEST_WORDS` content words, or `count` is no number of groups.
    """
    words = [content_words(answer.text, language) for answer in answers]
    kept = [i for i, own in enumerate(words) if len(set(own)) >= FEWEST_WORDS and not says_nothing(answers[i].text)]
    if len(kept) < FEWEST_ANSWERS:
        raise failure(
            f"{len(kept)} svar sier nok til å grupperes; det trengs {FEWEST_ANSWERS}",
            f"{len(kept)} answers say enough to be grouped; {FEWEST_ANSWERS} are needed",
            try_next=say("ta med flere intervjuer", "take in more interviews"),
        )
    if count is not None and not 2 <= count <= len(kept) // 2:
        raise failure(
            f"kan ikke dele {len(kept)} svar i {count} grupper",
            f"cannot divide {len(kept)} answers into {count} groups",
            try_next=say(f"et tall fra 2 til {len(kept) // 2}", f"a number from 2 to {len(kept) // 2}"),
        )
    own = [answers[i] for i in kept]
    rows = answer_vectors(own, language, encoder)
    labels = grouped(rows, count)
    named = words_of_groups([words[i] for i in kept], labels, unnamed)
    found = _proposals(own, rows, labels, named, stability(rows, labels))
    return CodeProposals(found, len(answers) - len(kept), len(kept) - sum(len(one.answers) for one in found))


def answer_vectors(answers: Sequence[Answer], language: str, encoder: Encoder | None = None) -> Floats:
    """Unit vectors of answers beside those of their questions, float64 (n_answers, n_dimensions).

    An encoder's vectors stand beside those of words; what that brings is in docs/report.md.
    """
    sides = [[answer.text for answer in answers], [answer.question for answer in answers]]
    rows = [_weighted_means([content_words(text, language) for text in side], language) for side in sides]
    if encoder is not None:
        rows += [_encoded(side, encoder) for side in sides]
    return unit(np.hstack(rows))


def _encoded(texts: Sequence[str], encoder: Encoder) -> Floats:
    """An encoder's vectors of texts without their common mean, each text encoded once; unit length, or 0 for no text."""
    different = sorted({text for text in texts if text.strip()})
    if not different:
        return np.zeros((len(texts), 1))
    found = dict(zip(different, np.asarray(encoder.encode(different), np.float64), strict=True))
    rows = np.array([found.get(text, np.zeros(len(found[different[0]]))) for text in texts])
    return _centred(rows)


def _weighted_means(words: Sequence[Sequence[str]], language: str) -> Floats:
    """Mean vectors of words, each weighed by its inverse document frequency, without their common mean; unit length or 0."""
    vectors = load(BY_LANGUAGE.get(language, BY_LANGUAGE["nb"]))
    having = Counter(word for own in words for word in set(own))
    place = {word: i for i, word in enumerate(having)}
    known = unit(vectors.of([Counter([word]) for word in having])) if having else np.zeros((0, vectors.dimensions))
    weight = {word: float(np.log((1 + len(words)) / (1 + n))) for word, n in having.items()}
    rows = np.zeros((len(words), vectors.dimensions))
    for i, own in enumerate(words):
        for word, n in Counter(own).items():
            rows[i] += min(n, 2) ** 0.5 * weight[word] * known[place[word]]
    return _centred(unit(rows))


def _centred(rows: Floats) -> Floats:
    """Rows without their common mean, of unit length; those of nothing, or of nothing but the mean, are 0."""
    there = rows.any(axis=1, keepdims=True)
    left = (rows - rows.sum(axis=0) / max(int(there.sum()), 1)) * there
    return unit(np.where(np.linalg.norm(left, axis=1, keepdims=True) > _ROUNDING, left, 0))


def _proposals(
    answers: Sequence[Answer],
    rows: Floats,
    labels: Labels,
    named: Sequence[GroupWords],
    stable: Mapping[int, float],
) -> tuple[ProposedCode, ...]:
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    taken: set[str] = set()
    found: list[ProposedCode] = []
    for own, words in sorted(zip(groups, named, strict=True), key=lambda pair: (-len(pair[0]), int(pair[0][0]))):
        if len(own) < SMALLEST:
            continue
        near = own[np.argsort(-(rows[own] @ rows[own].sum(axis=0)), kind="stable")].tolist()
        base = ", ".join(words.name) or say(f"gruppe {len(found) + 1}", f"group {len(found) + 1}")
        typical = _of_different_interviews([answers[i] for i in near])
        found.append(
            ProposedCode(
                free_name(base, taken),
                words.apart,
                typical,
                tuple(answers[i] for i in own.tolist()),
                stable[int(labels[own[0]])],
            )
        )
    return tuple(found)


def _of_different_interviews(nearest: Sequence[Answer]) -> tuple[Answer, ...]:
    firsts = list({answer.interview: answer for answer in reversed(nearest)}.values())[::-1]
    others = [answer for answer in nearest if answer not in firsts]
    return tuple([*sorted(firsts, key=nearest.index), *others][:TYPICAL])
