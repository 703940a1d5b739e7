"""What a coded transcript shows: every line of the interviews in rows, their coded pieces, and the codes for the margin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from autokode.corpus.codebook import Codebook
from autokode.corpus.outside import numbers_of, unsaid_lines, with_outside
from autokode.corpus.overlap import overlap, overlapped
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INTERVIEWER, OUTSIDE, Utterance
from autokode.report.code_colours import STRAY, colours_of

Written = tuple[str, str]
"""A memo: its coder's name and its text."""


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code on a span of an interview.

    Attributes:
        start, end: code points into the interview's text, half-open.
        code: its name.
        coders: who gave it there, by name.
        is_good: whether one of them marked it as a good quote.
        memos: about these codings.
    """

    start: int
    end: int
    code: str
    coders: tuple[str, ...]
    is_good: bool = False
    memos: tuple[Written, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class InMargin:
    """A code beside a row.

    Attributes:
        given: the code and who gave it.
        number: of its place in the row, between brackets in the text; 0 where its place is plain to see.
        goes_on: whether it began in a row above.
    """

    given: GivenCode
    number: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a row's text.

    Attributes:
        text: the piece.
        codes: those that cover it, the one of the shortest place first.
        opens, closes: numbers of the places that begin before it, and end after it.
        shown: indices into the row's margin of the codes that cover it.
    """

    text: str = field(repr=False)
    codes: tuple[str, ...] = ()
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """An utterance, or a stretch of text that nobody says.

    Attributes:
        number: of the utterance in the interview, from 1; None for text that nobody says.
        speaker: the label, or "".
        asks: whether the interviewer speaks.
        pieces: its text.
        margin: the codes beside it, in the order of their places.
        memos: about the utterance.
    """

    number: int | None
    speaker: str
    asks: bool
    pieces: tuple[Piece, ...]
    margin: tuple[InMargin, ...]
    memos: tuple[Written, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CodedInterview:
    """An interview: its name and group ("" for none), its rows, how many codings it has, and the memos about it."""

    name: str
    group: str
    rows: tuple[Row, ...] = field(repr=False)
    codings: int
    memos: tuple[Written, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class InLegend:
    """A code that is used: its name, colour, number of codings, and the memos about it."""

    code: str
    colour: str
    codings: int
    memos: tuple[Written, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CodedText:
    """Coded interviews, with all that a document shows of them.

    Attributes:
        title: of the project.
        interviews: in order.
        legend: the codes that are used, in the order of the codebook, then others by name.
        coders: whose codings these are, by name.
        memos: about the project.
    """

    title: str
    interviews: tuple[CodedInterview, ...] = field(repr=False)
    legend: tuple[InLegend, ...]
    coders: tuple[str, ...]
    memos: tuple[Written, ...] = field(default=(), repr=False)

    @property
    def codings(self) -> int:
        """How many codings there are; a code that two coders gave to one span counts as two."""
        return sum(one.codings for one in self.interviews)

    @property
    def memo_count(self) -> int:
        """How many memos are shown; one that is beside two rows counts once."""
        rows = [row for one in self.interviews for row in one.rows]
        given = [code.given for row in rows for code in row.margin if not code.goes_on]
        about = [one.memos for one in self.interviews] + [one.memos for one in self.legend]
        about += [row.memos for row in rows] + [one.memos for one in given]
        return len(self.memos) + sum(map(len, about))


def coded_interview(
    transcript: Transcript,
    given: Sequence[GivenCode],
    *,
    group: str = "",
    memos: Sequence[Written] = (),
    turn_memos: Mapping[int, Sequence[Written]] | None = None,
) -> CodedInterview:
    """Lay codes over an interview, whose every line is shown, also those that nobody says.

    Args:
        transcript: the interview.
        given: its codes.
        group: what the interview belongs to; "" for nothing.
        memos: about the interview.
        turn_memos: memos about its utterances, by the utterance's start in the text.
    """
    lines = [] if transcript.cues or transcript.labels == "cues" else list(unsaid_lines(transcript))
    whole = with_outside(transcript, [*((one.start, one.end) for one in given), *lines])
    there: dict[int, dict[GivenCode, bool]] = {}
    for one in given:
        for nth, index in enumerate(overlapped(whole.utterances, one.start, one.end)):
            there.setdefault(index, {})[one] = nth > 0
    about = turn_memos or {}
    rows = (
        _row(utterance, number, there.get(index, {}), about.get(utterance.start, ()))
        for index, (utterance, number) in enumerate(zip(whole.utterances, numbers_of(whole), strict=True))
    )
    count = sum(len(one.coders) for one in given)
    return CodedInterview(transcript.name, group, tuple(rows), count, tuple(memos))


def legend_of(
    codebook: Codebook, given: Iterable[GivenCode], memos: Mapping[str, Sequence[Written]]
) -> tuple[InLegend, ...]:
    """List the codes that are used with their colours; `memos` are those about codes, by name."""
    counts: dict[str, int] = {}
    for one in given:
        counts[one.code] = counts.get(one.code, 0) + len(one.coders)
    colours = colours_of(codebook)
    names = [*(name for name in colours if name in counts), *sorted(set(counts) - set(colours))]
    return tuple(InLegend(name, colours.get(name, STRAY), counts[name], tuple(memos.get(name, ()))) for name in names)


def _row(utterance: Utterance, number: int | None, given: Mapping[GivenCode, bool], memos: Sequence[Written]) -> Row:
    """Make the row of an utterance; `given` says of each code there whether it began in a row above."""
    spans = {one: _inside(one, utterance) for one in given}
    ordered = sorted(given, key=lambda one: (spans[one][0], -spans[one][1]))
    places = list(dict.fromkeys(spans[one] for one in ordered))
    whole = (0, len(utterance.text))
    marked = {span: i for i, span in enumerate((p for p in places if p != whole), 1)} if len(places) > 1 else {}
    margin = tuple(InMargin(one, marked.get(spans[one], 0), given[one]) for one in ordered)
    return Row(
        number=None if number is None else number + 1,
        speaker=utterance.speaker if utterance.role != OUTSIDE else "",
        asks=utterance.role == INTERVIEWER,
        pieces=tuple(_pieces(utterance.text, [spans[one] for one in ordered], ordered, marked)),
        margin=margin,
        memos=tuple(memos),
    )


def _inside(one: GivenCode, utterance: Utterance) -> tuple[int, int]:
    return max(one.start, utterance.start) - utterance.start, min(one.end, utterance.end) - utterance.start


def _pieces(
    text: str, spans: Sequence[tuple[int, int]], given: Sequence[GivenCode], marked: Mapping[tuple[int, int], int]
) -> Iterable[Piece]:
    cuts = sorted({0, len(text), *(cut for span in spans for cut in span)})
    for start, end in pairwise(cuts):
        over = [i for i, span in enumerate(spans) if overlap(*span, start, end)]
        shortest = sorted(over, key=lambda i: (spans[i][1] - spans[i][0], i))
        yield Piece(
            text[start:end],
            tuple(dict.fromkeys(given[i].code for i in shortest)),
            tuple(number for span, number in marked.items() if span[0] == start),
            tuple(number for span, number in reversed(list(marked.items())) if span[1] == end),
            tuple(over),
        )
