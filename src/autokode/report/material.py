"""The material of a report: codings laid over the answers of informants.

Informants' speech counts, and text outside the utterances that somebody coded, as nobody's. The part of a coding that covers an
interviewer's turn is left out.
"""

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding
from autokode.corpus.model_coder import is_model
from autokode.corpus.outside import numbers_of, with_outside
from autokode.corpus.overlap import longest, overlap, overlapped
from autokode.corpus.study import Study
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import OUTSIDE, Place
from autokode.model.features import forms_of
from autokode.model.vectors import BY_LANGUAGE, load
from autokode.nlp.text_windows import text_parts
from autokode.report.quote import Quote, Span, attributed, group_named, located

By = Literal["interview", "office", "speaker"]
Unit = tuple[str, str]
"""(name, office): an interview by its transcript's name, an office by its own, a speaker by the label in the transcript."""


_BLOCK, _NOTHING = 4096, 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """Vectors of quotes without their common mean, so that they differ more (Mu and Viswanath, ICLR 2018).

    Attributes:
        row: a quote's span → its row.
        vectors: unit vectors minus their mean, scaled to length 1 (or 0) again, float64 (n_quotes, n_dimensions).
        mean: that mean, float64 (n_dimensions,).
    """

    row: dict[Span, int]
    vectors: Floats
    mean: Floats

    def of(self, quotes: Sequence[Quote]) -> Floats:
        """The vectors of quotes, float64 (n, n_dimensions)."""
        return np.asarray(self.vectors[[self.row[quote.span] for quote in quotes]])


@dataclass(frozen=True, eq=False)
class Material:
    """A codebook, transcripts by name, offices by transcript's name, and codings; everything else is computed once.

    Coded text outside the utterances becomes an utterance of nobody's in its transcript (see `corpus.outside`).

    Raises:
        DataError: codings belong to transcripts that are not here.
    """

    codebook: Codebook
    transcripts: dict[str, Transcript]
    offices: dict[str, str]
    codings: tuple[Coding, ...]

    def __post_init__(self) -> None:
        absent = sorted({coding.segment.transcript for coding in self.codings} - set(self.transcripts))
        if absent:
            raise DataError(
                [Problem(say(f"«{x}» er kodet, men ikke her", f"«{x}» is coded, but not here")) for x in absent]
            )
        spans: dict[str, list[tuple[int, int]]] = {}
        for segment in (coding.segment for coding in self.codings):
            spans.setdefault(segment.transcript, []).append((segment.start, segment.end))
        whole = {name: with_outside(one, spans.get(name, ())) for name, one in self.transcripts.items()}
        object.__setattr__(self, "transcripts", whole)  # frozen for all others

    @classmethod
    def of(cls, study: Study) -> "Material":
        """The material of a study."""
        return cls(study.codebook, study.transcripts, study.offices, study.codings)

    @functools.cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of every table: the codable ones in the order of the codebook, then other codes of codings, by name."""
        known = self.codebook.codable
        return (*known, *sorted({coding.code for coding in self.codings} - set(known)))

    @functools.cached_property
    def answers(self) -> tuple[Place, ...]:
        """The utterances of informants, and coded text outside the utterances, in order: the units of every count."""
        return tuple((name, i) for name, transcript in self.transcripts.items() for i in transcript.answers)

    @functools.cached_property
    def row(self) -> dict[Place, int]:
        """Answer → its row in tables, its number among `answers`."""
        return {place: i for i, place in enumerate(self.answers)}

    @functools.cached_property
    def places(self) -> tuple[tuple[Place, ...], ...]:
        """The answers that each coding overlaps; aligned with `codings`."""
        found = []
        for segment in (coding.segment for coding in self.codings):
            over = overlapped(self.transcripts[segment.transcript].utterances, segment.start, segment.end)
            places = ((segment.transcript, i) for i in over)
            found.append(tuple(place for place in places if place in self.row))
        return tuple(found)

    @functools.cached_property
    def outside(self) -> int:
        """How many codings stand outside the utterances."""
        return sum(bool(own) and all(self.is_outside(place) for place in own) for own in self.places)

    @functools.cached_property
    def of_questions(self) -> Counter[str]:
        """Code → its codings that stand in interviewers' turns alone, so that nothing counts them."""
        return Counter(coding.code for coding, own in zip(self.codings, self.places, strict=True) if not own)

    @functools.cached_property
    def numbers(self) -> dict[str, tuple[int | None, ...]]:
        """Transcript's name → the number of each of its utterances among what somebody says; None outside the utterances."""
        return {name: numbers_of(transcript) for name, transcript in self.transcripts.items()}

    @functools.cached_property
    def coded(self) -> npt.NDArray[np.bool_]:
        """Whether an answer has a code, bool (n_answers, n_codes)."""
        column = {code: k for k, code in enumerate(self.codes)}
        cells = {(self.row[p], column[c.code]) for c, own in zip(self.codings, self.places, strict=True) for p in own}
        table = np.zeros((len(self.answers), len(self.codes)), np.bool_)
        table[[i for i, _ in cells], [k for _, k in cells]] = True
        return table

    @functools.cached_property
    def by_models_alone(self) -> dict[Place, set[str]]:
        """Answer → the codes that a model gave it and no person did; for answers with any."""
        rows = zip(self.codings, self.places, strict=True)
        given = [(place, coding.code, is_model(coding.coder)) for coding, places in rows for place in places]
        people = {(place, code) for place, code, by_model in given if not by_model}
        found: dict[Place, set[str]] = {}
        for place, code, by_model in given:
            if by_model and (place, code) not in people:
                found.setdefault(place, set()).add(code)
        return found

    @functools.cached_property
    def quotes(self) -> dict[str, tuple[Quote, ...]]:
        """Code → its quotes, in order.

        A coding across several utterances is quoted from the one with most of it, so that nobody gets another's words. Of
        overlapping segments of one utterance with one code (by two coders) the longest is quoted; a model's only where no person
        gave the code.
        """
        cut: dict[Place, dict[str, list[tuple[int, int, str]]]] = {}
        for coding, places in zip(self.codings, self.places, strict=True):
            if places:
                spans = [self._inside(coding, place) for place in places]
                most = max(range(len(places)), key=lambda i: spans[i][1] - spans[i][0])
                cut.setdefault(places[most], {}).setdefault(coding.code, []).append((*spans[most], coding.coder))
        found: dict[str, list[Quote]] = {code: [] for code in self.codes}
        for place in sorted(cut, key=self.row.__getitem__):
            for code in self.codes:
                given = cut[place].get(code, [])
                by_people = [one for one in given if not is_model(one[2])]
                in_order = sorted(by_people or given, key=itemgetter(0))
                for start, end, coder in longest(in_order, itemgetter(0, 1)):
                    found[code].append(self._quote(place, start, end, coder))
        return {code: tuple(quotes) for code, quotes in found.items()}

    @functools.cached_property
    def covered(self) -> dict[Place, tuple[tuple[int, int, int], ...]]:
        """Answer → (start, end, number of the code among `codes`) of each of its codings, cut to the answer."""
        column = {code: k for k, code in enumerate(self.codes)}
        found: dict[Place, list[tuple[int, int, int]]] = {}
        for coding, places in zip(self.codings, self.places, strict=True):
            for place in places:
                found.setdefault(place, []).append((*self._inside(coding, place), column[coding.code]))
        return {place: tuple(spans) for place, spans in found.items()}

    @functools.cached_property
    def meaning(self) -> "Meaning":
        """The vectors of all quotes, by which they are compared in meaning."""
        rows = {quote.span: quote for quotes in self.quotes.values() for quote in quotes}
        vectors = vectors_of([self.spoken_text(quote) for quote in rows.values()], self.codebook.language)
        mean = unit(vectors).mean(axis=0) if len(vectors) else vectors.sum(axis=0)
        return Meaning({span: i for i, span in enumerate(rows)}, unit(unit(vectors) - mean), mean)

    def under(self, name: str, *, below: bool = False) -> tuple[str, ...]:
        """The codes that a name stands for: the code itself; with `below`, or for an uncodable category, all codes under it."""
        if name not in self.codebook:
            return (name,) if name in self.codes else ()
        own = [code.name for code in self.codebook[name].walk() if code.name in self.codes]
        return tuple(own if below or name not in self.codes else [name])

    def units(self, by: By) -> list[Unit | None]:
        """The interview, office or speaker of each answer, (n_answers,). The same label and office mean the same speaker.

        Text outside the utterances has no speaker: None.
        """
        if by == "interview":
            return [(name, self.office(name)) for name, _ in self.answers]
        if by == "office":
            return [(self.office(name), self.office(name)) for name, _ in self.answers]
        said = [(self.transcripts[name].utterances[i], self.office(name)) for name, i in self.answers]
        return [None if one.role == OUTSIDE else (one.speaker, office) for one, office in said]

    def is_outside(self, place: Place) -> bool:
        """Whether a place is text that nobody says."""
        return self.transcripts[place[0]].utterances[place[1]].role == OUTSIDE

    def attribution(self, place: Place) -> str:
        """The speaker and the group of an answer, as of a quote."""
        speaker = self.transcripts[place[0]].utterances[place[1]].speaker
        return attributed(speaker, self.place_of(place[0], speaker), outside=self.is_outside(place))

    def location(self, place: Place) -> str:
        """Where an answer stands, beside its attribution, as of a quote."""
        speaker = self.transcripts[place[0]].utterances[place[1]].speaker
        return located(place[0], self.numbers[place[0]][place[1]], (speaker, self.place_of(place[0], speaker)))

    def group(self, transcript: str) -> str:
        """The group of a transcript; "" if it has none, since the name of a file is no group."""
        office = self.office(transcript)
        return "" if office == transcript else office

    def place_of(self, transcript: str, speaker: str) -> str:
        """What an attribution names beside a speaker.

        The group; else the interview, if the label is none or another interview has it too; else "".
        """
        named = group_named(self.group(transcript))
        return named or (transcript if not speaker or self._heard[speaker] > 1 else "")

    @functools.cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups, in the order of the transcripts."""
        return tuple(dict.fromkeys(filter(None, map(self.group, self.transcripts))))

    @functools.cached_property
    def _heard(self) -> Counter[str]:
        """Label → the interviews in which somebody answers under it."""
        said = {(name, self.transcripts[name].utterances[i].speaker) for name, i in self.answers}
        return Counter(speaker for _, speaker in said)

    def office(self, transcript: str) -> str:
        """The office of a transcript; the transcript's name if it has none."""
        return self.offices.get(transcript, transcript)

    def spoken_text(self, quote: Quote) -> str:
        """A quote's text with time stamps replaced by blanks; of the same length."""
        utterance = self.transcripts[quote.transcript].utterances[quote.utterance]
        return utterance.text[quote.start - utterance.start : quote.end - utterance.start]

    def _inside(self, coding: Coding, place: Place) -> tuple[int, int]:
        utterance = self.transcripts[place[0]].utterances[place[1]]
        return max(coding.segment.start, utterance.start), min(coding.segment.end, utterance.end)

    def _quote(self, place: Place, start: int, end: int, coder: str) -> Quote:
        transcript = self.transcripts[place[0]]
        codes = sorted({k for first, last, k in self.covered[place] if overlap(first, last, start, end)})
        named = tuple(self.codes[k] for k in codes)
        speaker = transcript.utterances[place[1]].speaker
        number, group, said_at = (
            self.numbers[place[0]][place[1]],
            self.group(place[0]),
            self.place_of(place[0], speaker),
        )
        return Quote(*place, number, speaker, group, said_at, start, end, transcript.text[start:end], named, coder)


def vectors_of(texts: Sequence[str], lang: str) -> Floats:
    """Vectors of texts, float64 (n_texts, n_dimensions), with the language's word vectors or else the Norwegian ones."""
    words = load(BY_LANGUAGE.get(lang, BY_LANGUAGE["nb"]))
    blocks = [texts[i : i + _BLOCK] for i in range(0, len(texts), _BLOCK)] or [()]
    return np.concatenate([words.of([_forms_by_part(text, lang) for text in block]) for block in blocks])


def _forms_by_part(text: str, lang: str) -> Counter[str]:
    """Count the forms of a text part by part, since the forms of each part are cached."""
    forms: Counter[str] = Counter()
    for start, end in text_parts(text):
        forms.update(forms_of(text[start:end], lang))
    return forms


def unit(vectors: Floats) -> Floats:
    """Scale vectors, (n, n_dimensions), to length 1; zero vectors stay zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > _NOTHING))
